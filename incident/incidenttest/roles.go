package incidenttest

import (
	"slices"
	"strings"
)

type rolesOut struct {
	Roles []OrgRole `json:"roles"`
}

// getRoles lists the roles, archived ones too.
func getRoles(s *Server, _ *account, _ empty) (rolesOut, error) {
	return rolesOut{list(s.org.roles)}, nil
}

type orgRoleIn struct {
	Role OrgRole `json:"role"`
}

type orgRoleOut struct {
	Role OrgRole `json:"role"`
}

// createRole makes a role. Ids and times are the stack's, whatever is sent.
func createRole(s *Server, _ *account, in orgRoleIn) (orgRoleOut, error) {
	if err := s.org.freeRole(0, in.Role.Name); err != nil {
		return orgRoleOut{}, err
	}
	r := in.Role
	r.RoleID, r.OrgID, r.CreatedAt, r.UpdatedAt = 1, "1", s.stamp(), s.stamp()
	for _, other := range s.org.roles {
		r.RoleID = max(r.RoleID, other.RoleID+1)
	}
	s.org.roles = append(s.org.roles, r)
	return orgRoleOut{r}, nil
}

// freeRole refuses a name that is empty or that another role has.
func (o *org) freeRole(id int, name string) error {
	if strings.TrimSpace(name) == "" {
		return invalid("role.name: must not be empty")
	}
	if other, ok := o.role(name); ok && other.RoleID != id {
		return invalid("role %q already exists", name)
	}
	return nil
}

func updateRole(s *Server, _ *account, in orgRoleIn) (orgRoleOut, error) {
	if err := s.org.freeRole(in.Role.RoleID, in.Role.Name); err != nil {
		return orgRoleOut{}, err
	}
	var out orgRoleOut
	err := s.editRole(in.Role.RoleID, func(r *OrgRole) {
		r.Name, r.Description, r.Important, r.Mandatory = in.Role.Name, in.Role.Description, in.Role.Important, in.Role.Mandatory
		out.Role = *r
	})
	return out, err
}

type roleIDIn struct {
	RoleID int `json:"roleID"`
}

func archiveRole(s *Server, _ *account, in roleIDIn) (empty, error) {
	return empty{}, s.editRole(in.RoleID, func(r *OrgRole) { r.Archived = true })
}

func unarchiveRole(s *Server, _ *account, in roleIDIn) (empty, error) {
	return empty{}, s.editRole(in.RoleID, func(r *OrgRole) { r.Archived = false })
}

// editRole changes a role by f.
func (s *Server) editRole(id int, f func(*OrgRole)) error {
	at := slices.IndexFunc(s.org.roles, func(r OrgRole) bool { return r.RoleID == id })
	if at < 0 {
		return pluginError(404, "role not found")
	}
	s.org.roles[at].UpdatedAt = s.stamp()
	f(&s.org.roles[at])
	return nil
}

// deleteRole removes a role. Whoever holds it keeps it.
func deleteRole(s *Server, _ *account, in roleIDIn) (empty, error) {
	if err := s.editRole(in.RoleID, func(*OrgRole) {}); err != nil {
		return empty{}, err
	}
	s.org.roles = slices.DeleteFunc(s.org.roles, func(r OrgRole) bool { return r.RoleID == in.RoleID })
	return empty{}, nil
}
