package incident

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// maxLimit is the largest page of previews and incidents (docs: Limit at most 100).
const maxLimit = 100

// queryString writes a Query in the API's language. Terms beside each other mean AND. There is no escape in it, so a
// value stands in double quotes and may not hold one; a backslash at the end is refused too, in case there is one after
// all. Keyed labels are not asked for: the API does not find them (grafana/gcx).
//
// statuses are the names that Status stands for, see statusNames; they are quotable.
func (q Query) queryString(statuses []string) (string, error) {
	var terms []string
	if q.Drills != nil {
		// status:active alone may include drills or not: say it always.
		terms = append(terms, "isdrill:"+strconv.FormatBool(*q.Drills))
	}
	label := q.Label.Value
	if q.Label.Key != "" {
		label = ""
	}
	for _, t := range []struct{ name, value string }{
		{"status", q.Status}, {"severity", q.Severity}, {"title", q.Title}, {"context", q.Context}, {"label", label},
	} {
		value := strings.TrimSpace(t.value)
		if value == "" {
			continue
		}
		if t.name == "status" && len(statuses) > 1 {
			terms = append(terms, `or(status:"`+strings.Join(statuses, `" status:"`)+`")`) // any(…), as the docs have it, gives 400 (grafana/gcx)
			continue
		}
		if !quotable(value) {
			return "", &Error{Op: "search incidents", Code: Invalid, Reason: ReasonQuery,
				Message: "a search cannot hold double quotes or control characters (in the " + t.name + ")"}
		}
		terms = append(terms, t.name+`:"`+value+`"`)
	}
	return strings.Join(terms, " "), nil
}

// statusNames are the stack's statuses of a category, when that is asked for: status:"active" finds the one of that name
// alone, and an incident that is mitigated is active too. nil, where the stack has no more than that.
func (s *Stack) statusNames(ctx context.Context, q Query) []string {
	category := strings.ToLower(strings.TrimSpace(q.Status))
	if category != statusActive && category != statusResolved {
		return nil
	}
	all, _ := s.statuses.get(ctx) // none, when they cannot be had
	names := []string{category}
	for _, st := range all {
		known := slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, st.Name) })
		if st.Category == category && !known && quotable(st.Name) {
			names = append(names, st.Name)
		}
	}
	return names
}

func quotable(value string) bool {
	return !strings.ContainsFunc(value, func(r rune) bool { return r == '"' || unicode.IsControl(r) }) &&
		!strings.HasSuffix(value, `\`)
}

// limit is the page size to ask for.
func (q Query) limit() int {
	if q.Limit < 1 || q.Limit > maxLimit {
		return maxLimit
	}
	return q.Limit
}

// keeps says whether an incident passes what is filtered on our side.
func (q Query) keeps(i Incident) bool {
	if q.Drills != nil && i.Drill != *q.Drills {
		return false
	}
	if q.Label.Key == "" {
		return true
	}
	for _, l := range i.Labels {
		if strings.EqualFold(l.Key, q.Label.Key) && (q.Label.Value == "" || strings.EqualFold(l.Value, q.Label.Value)) {
			return true
		}
	}
	return false
}
