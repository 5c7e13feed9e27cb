package incident

import (
	"context"
	"slices"

	api "github.com/grafana/incident-go"
)

// Role is one that people can hold in an incident of this stack.
type Role struct {
	ID                             int
	Name, Description              string
	Important, Mandatory, Archived bool
}

// User is a person known to the stack.
type User struct {
	ID                       string // "grafana-incident:<id>" or another provider's; the API takes all of them
	Name, Email              string
	SlackUserID, SlackTeamID string // "" when the person linked no Slack account
	GrafanaLogin             string
}

// maxUserPages bounds the walk over a stack's users: 100 users a page.
const maxUserPages = 100

// Roles gives the stack's roles, archived ones too, at most five minutes old; an older list when Grafana cannot be asked.
func (s *Stack) Roles(ctx context.Context) ([]Role, error) {
	all, err := s.roles.get(ctx)
	return slices.Clone(all), err
}

// Users gives the people known to the stack, at most five minutes old and at most 10,000; an older list when Grafana
// cannot be asked.
func (s *Stack) Users(ctx context.Context) ([]User, error) {
	all, err := s.users.get(ctx)
	return slices.Clone(all), err
}

func (s *Stack) fetchRoles(ctx context.Context) ([]Role, error) {
	out, err := look(ctx, s, "list roles", api.NewRolesService(s.api).GetRoles, api.GetRolesRequest{})
	if err != nil {
		return nil, err
	}
	all := make([]Role, 0, len(out.Roles))
	for _, r := range out.Roles {
		all = append(all, Role{ID: r.RoleID, Name: r.Name, Description: r.Description,
			Important: r.Important, Mandatory: r.Mandatory, Archived: r.Archived})
	}
	return all, nil
}

// fetchUsers walks the pages: the API has no search for people.
func (s *Stack) fetchUsers(ctx context.Context) ([]User, error) {
	var all []User
	in := api.QueryUsersRequest{Query: api.UsersQuery{Limit: maxLimit}}
	for range maxUserPages {
		out, err := look(ctx, s, "list users", api.NewUsersService(s.api).QueryUsers, in)
		if err != nil {
			return nil, err
		}
		for _, u := range out.Users {
			all = append(all, User{ID: u.UserID, Name: u.Name, Email: u.Email,
				SlackUserID: u.SlackUserID, SlackTeamID: u.SlackTeamID, GrafanaLogin: u.GrafanaLogin})
		}
		next := nextPage(in.Cursor.NextValue, out.Cursor, len(out.Users))
		if next == "" {
			return all, nil
		}
		in.Cursor = out.Cursor
	}
	s.log.Warn().Int("users", len(all)).Msg("more users than are read")
	return all, nil
}

// roleName finds a role in the list as it is; "" when it is not there.
func (s *Stack) roleName(id int) string {
	for _, r := range s.roles.known() {
		if r.ID == id {
			return r.Name
		}
	}
	return ""
}
