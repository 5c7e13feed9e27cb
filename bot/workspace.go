package bot

import (
	"context"
	"net/http"

	"github.com/rs/zerolog"
)

// Credentials are what acts in one workspace.
type Credentials struct {
	// TeamID is T…, or E… for an org-wide installation. "" learns it from Slack (auth.test).
	TeamID   string
	BotToken Secret
}

// Workspaces are the configured workspaces with a client each. A delivery reaches a token only through Lookup.
type Workspaces struct{}

// NewWorkspaces takes the credentials without asking Slack anything yet. An empty apiURL is Slack's own; a nil client
// is one with timeouts of ours.
func NewWorkspaces(credentials []Credentials, apiURL string, client *http.Client, log zerolog.Logger) *Workspaces {
	return &Workspaces{}
}

// Resolve asks Slack whose each token is, all at once. It returns when at least one workspace can be served, and with an
// error when none ever will be. Call it before the first socket opens.
func (w *Workspaces) Resolve(ctx context.Context) error { return nil }

// Watch asks again, until ctx is done, for the workspaces that Resolve could not reach.
func (w *Workspaces) Watch(ctx context.Context) {}

// Err says which tokens do not work at present, and why; nil when all do.
func (w *Workspaces) Err() error { return nil }
