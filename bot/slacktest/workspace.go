package slacktest

import (
	"slices"
	"strings"
)

// Workspace is one workspace with the app installed. Its exported fields do not change.
type Workspace struct {
	TeamID, Name, Domain string
	EnterpriseID         string // "" outside Enterprise Grid
	BotToken             string // xoxb-…; in a Grid the same for all of its workspaces
	BotUserID, BotID     string
	AppID                string

	s  *Server
	in *install
}

// Grid is an Enterprise Grid organisation with the app installed org-wide: one token for all of its workspaces. Its
// exported fields do not change.
type Grid struct {
	EnterpriseID, Name string
	BotToken           string
	BotUserID, BotID   string

	s  *Server
	in *install
}

// install is one installation: a token and what it may do. Guarded by Server.mu.
type install struct {
	token, botUser, botID string
	team                  *Workspace // nil in an org-wide installation
	enterprise, entName   string     // "" outside Grid
	scopes                map[string]bool
	dead                  string // the error that every call answers
}

// org says whether the app is installed for the whole organisation.
func (in *install) org() bool { return in.team == nil }

// DefaultScopes are the bot scopes of an installation when nothing else is said: those that the bot's features need.
func DefaultScopes() []string {
	return []string{
		"app_mentions:read", "channels:history", "chat:write", "commands", "groups:history", "im:history", "im:write",
		"users:read",
	}
}

// A WorkspaceOption changes what NewWorkspace and NewGrid make.
type WorkspaceOption func(*install)

// WithScopes sets the bot scopes of the installation, in place of DefaultScopes.
func WithScopes(scopes ...string) WorkspaceOption {
	return func(in *install) { in.setScopes(scopes) }
}

// WithToken sets the bot token, for a demo whose configuration is fixed.
func WithToken(token string) WorkspaceOption { return func(in *install) { in.token = token } }

func (in *install) setScopes(scopes []string) {
	in.scopes = map[string]bool{}
	for _, sc := range scopes {
		in.scopes[sc] = true
	}
}

// provided lists the scopes as Slack prints them.
func (in *install) provided() string {
	var out []string
	for sc := range in.scopes {
		out = append(out, sc)
	}
	slices.Sort(out)
	return strings.Join(out, ",")
}

// newInstall makes an installation. The caller holds mu.
func (s *Server) newInstall(o []WorkspaceOption) *install {
	in := &install{
		token:   "xoxb-" + s.digits(12) + "-" + s.digits(13) + "-" + s.secret(24),
		botUser: s.id("U"), botID: s.id("B"),
	}
	in.setScopes(DefaultScopes())
	for _, f := range o {
		f(in)
	}
	s.tokens[in.token] = in
	return in
}

// NewWorkspace makes a workspace with the app installed and its bot user.
func (s *Server) NewWorkspace(name string, o ...WorkspaceOption) *Workspace {
	s.mu.Lock()
	defer s.mu.Unlock()
	in := s.newInstall(o)
	in.team = s.newTeam(name, in)
	return in.team
}

func (s *Server) newTeam(name string, in *install) *Workspace {
	w := &Workspace{
		TeamID: s.id("T"), Name: name, Domain: slug(name), EnterpriseID: in.enterprise, BotToken: in.token,
		BotUserID: in.botUser, BotID: in.botID, AppID: s.appID, s: s, in: in,
	}
	s.teams[w.TeamID] = w
	if s.users[in.botUser] == nil {
		s.users[in.botUser] = &User{
			ID: in.botUser, Name: "incident-bot", TeamID: w.TeamID, s: s, ws: w, bot: true, realName: "incident-bot",
		}
	}
	return w
}

// NewGrid makes an organisation with the app installed org-wide. Its workspaces come from Grid.NewWorkspace.
func (s *Server) NewGrid(name string, o ...WorkspaceOption) *Grid {
	s.mu.Lock()
	defer s.mu.Unlock()
	in := s.newInstall(o)
	in.enterprise, in.entName = s.id("E"), name
	return &Grid{
		EnterpriseID: in.enterprise, Name: name, BotToken: in.token, BotUserID: in.botUser, BotID: in.botID, s: s, in: in,
	}
}

// NewWorkspace adds a workspace to the organisation.
func (g *Grid) NewWorkspace(name string) *Workspace {
	g.s.mu.Lock()
	defer g.s.mu.Unlock()
	return g.s.newTeam(name, g.in)
}

// SetScopes changes what the installation may do from now on.
func (w *Workspace) SetScopes(scopes ...string) {
	w.s.mu.Lock()
	defer w.s.mu.Unlock()
	w.in.setScopes(scopes)
}

// Kill makes every call of the installation fail with the given error: token_revoked, account_inactive, invalid_auth.
// "" brings it back.
func (w *Workspace) Kill(reason string) {
	w.s.mu.Lock()
	defer w.s.mu.Unlock()
	w.in.dead = reason
}

func slug(name string) string {
	return strings.Trim(strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		}
		return '-'
	}, name), "-")
}
