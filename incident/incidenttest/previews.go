package incidenttest

import "slices"

type previewsQuery struct {
	Limit          int    `json:"limit"`
	OrderDirection string `json:"orderDirection"`
	OrderField     string `json:"orderField"`
	QueryString    string `json:"queryString"`
	misplaced
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
	all, err = order(all, in.Query.OrderField, in.Query.OrderDirection)
	if err != nil {
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
func (s *Server) search(who *account, query string) ([]*Incident, error) {
	match, err := parseQuery(query)
	if err != nil && s.o.BadQueryInBand {
		return nil, &refusal{status: 200, body: map[string]any{"incidentPreviews": []any{}, "incidents": []any{}, "cursor": map[string]any{}, "error": "Invalid query string"}}
	}
	if err != nil {
		return nil, invalid("Invalid query string")
	}
	var all []*Incident
	for _, r := range s.records {
		if i := s.searchable(r); i != nil && i.visibleTo(who) && match(subject{i, &s.org}) {
			all = append(all, i)
		}
	}
	return all, nil
}

func (s *Server) preview(i *Incident, with previewsIn) preview {
	p := preview{ID: i.ID, SeverityID: s.org.severityID(i.Severity), SeverityLabel: i.Severity, IncidentType: i.IncidentType,
		Labels: list(slices.Clone(i.Labels)), IsDrill: i.IsDrill, CreatedTime: i.CreatedTime, ModifiedTime: i.ModifiedTime, ClosedTime: i.ClosedTime,
		CreatedBy: i.CreatedBy, Title: i.Title, Summary: i.Summary, Status: i.Status, Slug: slug(i.Title),
		IncidentStart: i.IncidentStart, IncidentEnd: i.IncidentEnd, Version: i.Version,
		FieldValues: []FieldValue{}, Channels: []Channel{}, Membership: membershipPreview{Important: []assignmentPreview{}}}
	if s.o.SpacedTimes {
		p.IncidentStart, p.IncidentEnd = spaced(p.IncidentStart), spaced(p.IncidentEnd)
	}
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
