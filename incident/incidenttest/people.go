package incidenttest

import "slices"

type roleIn struct {
	IncidentID string `json:"incidentID"`
	UserID     string `json:"userID"`
	Role       string `json:"role"` // the name
}

type roleOut struct {
	incidentOut
	DidChange bool `json:"didChange"`
}

func assignRole(s *Server, who *account, in roleIn) (roleOut, error) {
	return s.staff(who, in, func(r *record, a Assignment, held bool) *Activity {
		if held {
			return nil
		}
		r.Assignments = append(r.Assignments, a)
		return &Activity{ActivityKind: "roleAssigned", Body: "assigned " + a.User.Name + " as " + a.Role.Name}
	})
}

func unassignRole(s *Server, who *account, in roleIn) (roleOut, error) {
	return s.staff(who, in, func(r *record, a Assignment, held bool) *Activity {
		if !held {
			return nil
		}
		r.Assignments = slices.DeleteFunc(slices.Clone(r.Assignments), a.is)
		return &Activity{ActivityKind: "roleUnassigned", Body: "unassigned " + a.User.Name + " as " + a.Role.Name}
	})
}

func (a Assignment) is(other Assignment) bool {
	return a.RoleID == other.RoleID && a.User.UserID == other.User.UserID
}

// staff changes who holds a role by f, which gives nil when nothing changes.
func (s *Server) staff(who *account, in roleIn, f func(*record, Assignment, bool) *Activity) (roleOut, error) {
	r, err := s.visible(who, in.IncidentID)
	if err != nil {
		return roleOut{}, s.unknown(err)
	}
	role, ok := s.org.role(in.Role)
	if !ok || role.Archived {
		return roleOut{}, invalid("role: unknown role %q", in.Role)
	}
	user, ok := s.org.user(in.UserID)
	if !ok {
		return roleOut{}, pluginError(404, "user not found")
	}
	a := Assignment{User: user.preview(), Role: role, RoleID: role.RoleID}
	item := f(r, a, slices.ContainsFunc(r.Assignments, a.is))
	if item != nil {
		item.SubjectUser, item.Immutable = a.User, true
		s.changed(r, who, *item)
	}
	return roleOut{s.shown(r), item != nil}, nil
}

type membershipOut struct {
	Assignments []Assignment `json:"assignments"`
}

func getMembership(s *Server, who *account, in idIn) (membershipOut, error) {
	r, err := s.visible(who, in.IncidentID)
	if err != nil {
		return membershipOut{}, err
	}
	return membershipOut{list(slices.Clone(r.Assignments))}, nil
}

type userIn struct {
	UserID string `json:"userID"`
}

type userOut struct {
	User User `json:"user"`
}

func getUser(s *Server, _ *account, in userIn) (userOut, error) {
	u, ok := s.org.user(in.UserID)
	if !ok {
		return userOut{}, pluginError(404, "user not found")
	}
	return userOut{u}, nil
}

// AddUser makes a person known to the stack and gives the id, filled in when it is "".
func (s *Server) AddUser(u User) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if u.UserID == "" {
		u.UserID = "grafana-incident:" + s.nextID("user")
	}
	s.org.users = append(s.org.users, u)
	return u.UserID
}

// AddStatus makes a status of the stack's own, for incidents of one type ("" is internal), in a category "active" or
// "resolved", and gives its id.
func (s *Server) AddStatus(incidentType, name, category string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if incidentType == "" {
		incidentType = "internal"
	}
	return s.addStatus(statusEdit{IncidentType: incidentType, Name: name, Category: category}).StatusID
}

// SetSeverities replaces the stack's severities by labels, the highest first. New incidents start with the last. What
// is declared already keeps its label.
func (s *Server) SetSeverities(labels ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.org.severities = nil
	for n, label := range labels {
		s.org.severities = append(s.org.severities, Severity{SeverityID: s.nextID("severity"), OrgID: "1", DisplayLabel: label, Level: n + 1})
	}
}
