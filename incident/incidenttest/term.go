package incidenttest

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// newTerm makes the predicate of name:value.
func newTerm(name, value string) (predicate, error) {
	if slug, ok := strings.CutPrefix(name, "field:"); ok {
		return func(s subject) bool { return s.hasField(slug, value) }, nil
	}
	switch name {
	case "title":
		want := strings.ToLower(value)
		return func(s subject) bool { return strings.Contains(strings.ToLower(s.Title), want) }, nil
	case "status":
		return func(s subject) bool { return s.hasStatus(value) }, nil
	case "severity":
		return func(s subject) bool { return strings.EqualFold(s.Severity, value) }, nil
	case "isdrill":
		want, err := strconv.ParseBool(value)
		if err != nil {
			return nil, errQuery
		}
		return func(s subject) bool { return s.IsDrill == want }, nil
	case "label": // the default key alone: key:value finds nothing (grafana/gcx)
		return func(s subject) bool {
			return slices.ContainsFunc(s.Labels, func(l Label) bool { return l.Key == "tags" && strings.EqualFold(l.Label, value) })
		}, nil
	case "context":
		return func(s subject) bool { return slices.Contains(s.Context, value) }, nil
	case "createdby":
		return func(s subject) bool { return s.email(s.CreatedBy) == strings.ToLower(value) }, nil
	case "role":
		return func(s subject) bool {
			return slices.ContainsFunc(s.Assignments, func(a Assignment) bool { return strings.EqualFold(a.Role.Name, value) })
		}, nil
	case "user.email":
		return func(s subject) bool { return s.involves(strings.ToLower(value)) }, nil
	case "declared", "started", "resolved", "ended":
		return rangeTerm(name, value)
	}
	return nil, errQuery
}

// rangeTerm is a from,to of times in RFC 3339.
func rangeTerm(name, value string) (predicate, error) {
	first, second, ok := strings.Cut(value, ",")
	from, err := time.Parse(time.RFC3339, first)
	to, err2 := time.Parse(time.RFC3339, second)
	if !ok || err != nil || err2 != nil {
		return nil, errQuery
	}
	return func(s subject) bool {
		at := moment(map[string]string{"declared": s.CreatedTime, "started": s.IncidentStart, "resolved": s.ClosedTime, "ended": s.IncidentEnd}[name])
		return !at.IsZero() && !at.Before(from) && !at.After(to)
	}, nil
}

// hasStatus compares with the status's name or slug. A plain "active" or "resolved" is that status alone.
func (s subject) hasStatus(word string) bool {
	st, _ := s.org.statusNamed(s.IncidentType, s.Status)
	return strings.EqualFold(s.Status, word) || st.Slug != "" && strings.EqualFold(st.Slug, word)
}

func (s subject) hasField(slug, value string) bool {
	for _, f := range s.org.fields {
		if f.Slug != slug || f.DomainName != "incident" {
			continue
		}
		for _, v := range s.FieldValues {
			if v.FieldUUID == f.UUID && f.shows(v.Value, value) {
				return true
			}
		}
	}
	return false
}

// shows says whether a value kept for a field is the one a person means: its text, or its option's.
func (f Field) shows(kept, want string) bool {
	if text, err := strconv.Unquote(kept); err == nil {
		kept = text
	}
	if strings.EqualFold(kept, want) {
		return true
	}
	return slices.ContainsFunc(f.Options, func(o Option) bool {
		return strings.Contains(kept, o.UUID) && (strings.EqualFold(o.Value, want) || strings.EqualFold(o.Label, want))
	})
}

// email is a person's, "" for a service account.
func (s subject) email(who UserPreview) string {
	u, _ := s.org.user(who.UserID)
	return strings.ToLower(u.Email)
}

// involves says whether a person holds a role or wrote on the timeline.
func (s subject) involves(email string) bool {
	return slices.ContainsFunc(s.Assignments, func(a Assignment) bool { return s.email(a.User) == email }) ||
		slices.ContainsFunc(s.Activity, func(a Activity) bool { return s.email(a.User) == email })
}
