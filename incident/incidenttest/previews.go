package incidenttest

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

type previewsQuery struct {
	Limit          int    `json:"limit"`
	OrderDirection string `json:"orderDirection"`
	OrderField     string `json:"orderField"`
	QueryString    string `json:"queryString"`
}

type previewsIn struct {
	Query       previewsQuery `json:"query"`
	Cursor      cursor        `json:"cursor"`
	FieldValues bool          `json:"includeCustomFieldValues"`
	Membership  bool          `json:"includeMembershipPreview"`
	Channels    bool          `json:"includeIncidentChannels"`
}

type previewsOut struct {
	Previews []preview     `json:"incidentPreviews"`
	Query    previewsQuery `json:"query"`
	Cursor   cursor        `json:"cursor"`
}

// preview is an incident in the API's smaller shape.
type preview struct {
	ID            string            `json:"incidentID"`
	SeverityID    string            `json:"severityID"`
	SeverityLabel string            `json:"severityLabel"`
	IncidentType  string            `json:"incidentType"`
	Labels        []Label           `json:"labels"`
	IsDrill       bool              `json:"isDrill"`
	CreatedTime   string            `json:"createdTime"`
	ModifiedTime  string            `json:"modifiedTime"`
	ClosedTime    string            `json:"closedTime"`
	CreatedBy     UserPreview       `json:"createdByUser"`
	Title         string            `json:"title"`
	Description   string            `json:"description"`
	Summary       string            `json:"summary"`
	Status        string            `json:"status"`
	Slug          string            `json:"slug"`
	IncidentStart string            `json:"incidentStart"`
	IncidentEnd   string            `json:"incidentEnd"`
	FieldValues   []FieldValue      `json:"fieldValues"`
	Membership    membershipPreview `json:"incidentMembershipPreview"`
	Channels      []Channel         `json:"incidentChannels"`
	Version       int               `json:"version"`
}

type membershipPreview struct {
	Important         []assignmentPreview `json:"importantAssignments"`
	TotalAssignments  int                 `json:"totalAssignments"`
	TotalParticipants int                 `json:"totalParticipants"`
}

type assignmentPreview struct {
	User   UserPreview `json:"user"`
	RoleID int         `json:"roleID"`
}

func queryPreviews(s *Server, who *account, in previewsIn) (previewsOut, error) {
	all, err := s.search(who, in.Query.QueryString)
	if err != nil {
		return previewsOut{}, err
	}
	if err := order(all, in.Query.OrderField, in.Query.OrderDirection); err != nil {
		return previewsOut{}, err
	}
	cut, next, err := pageOf(all, in.Query.Limit, in.Cursor)
	if err != nil {
		return previewsOut{}, err
	}
	out := previewsOut{Previews: []preview{}, Query: in.Query, Cursor: next}
	for _, i := range cut {
		out.Previews = append(out.Previews, s.preview(i, in))
	}
	return out, nil
}

// search finds the incidents that an account sees and a query names, as they were the search lag ago.
func (s *Server) search(who *account, query string) ([]Incident, error) {
	match, err := parseQuery(query)
	if err != nil && s.o.BadQueryInBand {
		return nil, &refusal{status: 200, body: map[string]any{"incidentPreviews": []any{}, "incidents": []any{}, "cursor": map[string]any{}, "error": "Invalid query string"}}
	}
	if err != nil {
		return nil, invalid("Invalid query string")
	}
	var all []Incident
	for _, r := range s.records {
		if i, ok := s.searchable(r); ok && i.visibleTo(who) && match(subject{i, &s.org}) {
			all = append(all, i)
		}
	}
	return all, nil
}

func (s *Server) preview(i Incident, with previewsIn) preview {
	p := preview{ID: i.ID, SeverityID: s.org.severityID(i.Severity), SeverityLabel: i.Severity, IncidentType: i.IncidentType,
		Labels: list(slices.Clone(i.Labels)), IsDrill: i.IsDrill, CreatedTime: i.CreatedTime, ModifiedTime: i.ModifiedTime, ClosedTime: i.ClosedTime,
		CreatedBy: i.CreatedBy, Title: i.Title, Summary: i.Summary, Status: i.Status, Slug: slug(i.Title),
		IncidentStart: i.IncidentStart, IncidentEnd: i.IncidentEnd, Version: i.Version,
		FieldValues: []FieldValue{}, Channels: []Channel{}, Membership: membershipPreview{Important: []assignmentPreview{}}}
	if with.FieldValues {
		p.FieldValues = list(slices.Clone(i.FieldValues))
	}
	if with.Channels {
		p.Channels = list(slices.Clone(i.Channels))
	}
	if with.Membership {
		m := membersOf(i)
		p.Membership.TotalAssignments, p.Membership.TotalParticipants = m.TotalAssignments, m.TotalParticipants
		for _, a := range i.Assignments {
			if a.Role.Important {
				p.Membership.Important = append(p.Membership.Important, assignmentPreview{a.User, a.RoleID})
			}
		}
	}
	return p
}

// orders are the fields incidents may be ordered by, "" being createdTime.
func orders() map[string]func(a, b Incident) int {
	text := func(of func(Incident) string) func(a, b Incident) int {
		return func(a, b Incident) int { return strings.Compare(of(a), of(b)) }
	}
	created := func(a, b Incident) int { return compareTimes(a.CreatedTime, b.CreatedTime) }
	return map[string]func(a, b Incident) int{
		"":              created,
		"createdTime":   created,
		"modifiedTime":  func(a, b Incident) int { return compareTimes(a.ModifiedTime, b.ModifiedTime) },
		"incidentStart": func(a, b Incident) int { return compareTimes(a.IncidentStart, b.IncidentStart) },
		"incidentEnd":   func(a, b Incident) int { return compareTimes(a.IncidentEnd, b.IncidentEnd) },
		"closedTime":    func(a, b Incident) int { return compareTimes(a.ClosedTime, b.ClosedTime) },
		"incidentID":    byID,
		"title":         text(func(i Incident) string { return i.Title }),
		"status":        text(func(i Incident) string { return i.Status }),
		"severity":      text(func(i Incident) string { return i.Severity }),
		"prefix":        func(Incident, Incident) int { return 0 },
		"isDrill":       text(func(i Incident) string { return strconv.FormatBool(i.IsDrill) }),
	}
}

func byID(a, b Incident) int {
	m, _ := strconv.Atoi(a.ID)
	n, _ := strconv.Atoi(b.ID)
	return cmp.Or(cmp.Compare(m, n), strings.Compare(a.ID, b.ID))
}

// order sorts incidents, the latest first when nothing else is asked.
func order(all []Incident, field, direction string) error {
	by, ok := orders()[field]
	if !ok {
		return invalid("query.orderField: unknown field %q", field)
	}
	up, err := upwards(direction)
	if err != nil {
		return err
	}
	slices.SortStableFunc(all, func(a, b Incident) int {
		c := cmp.Or(by(a, b), byID(a, b))
		if up {
			return c
		}
		return -c
	})
	return nil
}

// upwards reads an orderDirection, down when it is left out.
func upwards(direction string) (bool, error) {
	switch direction {
	case "ASC":
		return true, nil
	case "", "DESC":
		return false, nil
	}
	return false, invalid("query.orderDirection: must be ASC or DESC, not %q", direction)
}

// compareTimes compares times as the API writes them; "" and what cannot be read come first.
func compareTimes(a, b string) int { return moment(a).Compare(moment(b)) }
