package incidenttest

// empty is a request without fields.
type empty struct{}

type severitiesOut struct {
	Severities []Severity `json:"severities"`
}

func getOrgSeverities(s *Server, _ *account, _ empty) (severitiesOut, error) {
	return severitiesOut{list(s.org.severities)}, nil
}

type usersQuery struct {
	Limit int `json:"limit"`
	misplaced
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
	return usersOut{cut, in.Query, next}, err
}
