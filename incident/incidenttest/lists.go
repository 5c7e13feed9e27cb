package incidenttest

import "slices"

// empty is a request without fields.
type empty struct{}

type severitiesOut struct {
	Severities []Severity `json:"severities"`
}

func getOrgSeverities(s *Server, _ *account, _ empty) (severitiesOut, error) {
	return severitiesOut{list(slices.Clone(s.org.severities))}, nil
}

type rolesOut struct {
	Roles []OrgRole `json:"roles"`
}

func getRoles(s *Server, _ *account, _ empty) (rolesOut, error) {
	return rolesOut{list(slices.Clone(s.org.roles))}, nil
}

type statusesIn struct {
	IncidentType string `json:"incidentType"`
}

type configuration struct {
	Statuses     []Status `json:"statuses"`
	IncidentType string   `json:"incidentType"`
	Default      bool     `json:"default"`
}

type statusesOut struct {
	Configurations []configuration `json:"configurations"`
}

// queryOrgStatuses gives the statuses of one incident type, or of each.
func queryOrgStatuses(s *Server, _ *account, in statusesIn) (statusesOut, error) {
	out := statusesOut{Configurations: []configuration{}}
	for _, kind := range []string{"internal", "private"} {
		if in.IncidentType != "" && in.IncidentType != kind {
			continue
		}
		c := configuration{Statuses: []Status{}, IncidentType: kind, Default: true}
		for _, st := range s.org.statuses {
			if st.IncidentType == kind {
				c.Statuses = append(c.Statuses, st)
				c.Default = c.Default && st.Immutable
			}
		}
		out.Configurations = append(out.Configurations, c)
	}
	return out, nil
}

type usersQuery struct {
	Limit int `json:"limit"`
}

type usersIn struct {
	Query  usersQuery `json:"query"`
	Cursor cursor     `json:"cursor"`
}

type usersOut struct {
	Users  []User     `json:"users"`
	Query  usersQuery `json:"query"`
	Cursor cursor     `json:"cursor"`
}

// queryUsers lists the people known to the stack. There is no search.
func queryUsers(s *Server, _ *account, in usersIn) (usersOut, error) {
	cut, next, err := pageOf(s.org.users, in.Query.Limit, in.Cursor)
	return usersOut{list(slices.Clone(cut)), in.Query, next}, err
}
