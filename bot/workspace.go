package bot

import (
	"sync/atomic"
	"time"

	"github.com/slack-go/slack"
)

// Credentials are what acts in one workspace.
type Credentials struct {
	// TeamID is T…, or E… for an org-wide installation. "" learns it from Slack (auth.test).
	TeamID   string
	BotToken Secret
}

// workspace is one installation with its token and the client that uses it.
type workspace struct {
	credentials Credentials
	api         *slack.Client
	who         atomic.Pointer[identity] // nil while nobody knows whose the token is
	trouble     atomic.Pointer[error]    // why the token does not work at present
}

// identity is whose a token is.
type identity struct {
	id         string // Request.Workspace: as configured, else team or enterprise
	team       string // T…, "" of an org-wide installation
	enterprise string // E…, "" outside a Grid
	orgWide    bool
	botUser    string // U…, "" while Slack has not said
	asked      bool   // Slack has said; before that it is what the configuration says
}

// configured is the identity that the configuration gives, nil when it does not say.
func (c Credentials) configured() *identity {
	switch {
	case c.TeamID == "":
		return nil
	case c.TeamID[0] == 'E':
		return &identity{id: c.TeamID, enterprise: c.TeamID, orgWide: true}
	default:
		return &identity{id: c.TeamID, team: c.TeamID}
	}
}

// identify makes an identity of auth.test's answer, or a TokenError when the token is another workspace's.
func (c Credentials) identify(a answer) (*identity, error) {
	i := &identity{
		id: c.TeamID, team: a.TeamID, enterprise: a.EnterpriseID, botUser: a.UserID, asked: true,
		orgWide: a.EnterpriseInstall || a.TeamID == "" && a.EnterpriseID != "",
	}
	if len(i.team) > 0 && i.team[0] == 'E' { // some org-wide tokens give the organisation here
		i.enterprise, i.team, i.orgWide = i.team, "", true
	}
	if i.id == "" {
		i.id = i.team
		if i.orgWide {
			i.id = i.enterprise
		}
	}
	if c.TeamID != "" && c.TeamID != i.team && c.TeamID != i.enterprise {
		return nil, &TokenError{TeamID: c.TeamID, Code: "wrong_workspace", Got: firstOf(i.team, i.enterprise)}
	}
	return i, nil
}

// id is the workspace's name in requests, "" while unknown.
func (w *workspace) id() string {
	if who := w.who.Load(); who != nil {
		return who.id
	}
	return ""
}

// botUser is the bot's own user id, "" while unknown.
func (w *workspace) botUser() string {
	if who := w.who.Load(); who != nil {
		return who.botUser
	}
	return ""
}

// note remembers whether the token works, from the outcome of any call.
func (w *workspace) note(err error) {
	if err == nil {
		if w.trouble.Load() != nil {
			w.trouble.Store(nil)
		}
		return
	}
	if f := faultOf(err); f.deadToken() {
		var dead error = &TokenError{TeamID: firstOf(w.credentials.TeamID, w.id()), Code: f.code}
		w.trouble.Store(&dead)
	}
}

// err says why the token does not work, nil when it does.
func (w *workspace) err() error {
	if p := w.trouble.Load(); p != nil {
		return *p
	}
	return nil
}

func firstOf(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

// resolveBackoff is how long the n-th pause between two rounds of asking is, before jitter.
func resolveBackoff(n int) time.Duration {
	if n < quickRounds {
		return min(time.Second<<n, 10*time.Second) // people wait, and Slack is back soon as a rule
	}
	return min(10*time.Second<<min(n-quickRounds, 5), 5*time.Minute)
}

// quickRounds is how often is asked before the pauses grow long.
const quickRounds = 12
