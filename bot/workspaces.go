package bot

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/rs/zerolog"
	"github.com/slack-go/slack"
	"golang.org/x/sync/errgroup"
)

// Workspaces are the configured workspaces with a client each. A delivery reaches a token only through lookup, by the
// installation that Slack names; no client exists outside.
type Workspaces struct {
	call   caller
	log    zerolog.Logger
	people *People
	all    []*workspace

	mu    sync.RWMutex
	teams map[string]*workspace
	orgs  map[string]*workspace // org-wide installations only
	ids   map[string]*workspace
}

// NewWorkspaces takes the credentials without asking Slack anything yet. An empty apiURL is Slack's own; a nil client
// is one of ours, with timeouts.
func NewWorkspaces(credentials []Credentials, apiURL string, client *http.Client, log zerolog.Logger) *Workspaces {
	if client == nil {
		client = newHTTPClient()
	}
	if apiURL == "" {
		apiURL = slack.APIURL
	}
	apiURL = strings.TrimSuffix(apiURL, "/") + "/"
	w := &Workspaces{
		call: caller{http: client, url: apiURL}, log: log,
		teams: map[string]*workspace{}, orgs: map[string]*workspace{}, ids: map[string]*workspace{},
	}
	w.people = newPeople(w)
	for _, c := range credentials {
		one := &workspace{
			credentials: c,
			api:         slack.New(c.BotToken.Reveal(), slack.OptionHTTPClient(client), slack.OptionAPIURL(apiURL)),
		}
		w.all = append(w.all, one)
		w.take(one)
	}
	return w
}

// take files a workspace under what its configuration says.
func (w *Workspaces) take(one *workspace) {
	if one.credentials.BotToken.IsZero() {
		w.refuse(one, &TokenError{TeamID: one.credentials.TeamID, Code: "missing"})
		return
	}
	if who := one.credentials.configured(); who != nil {
		if err := w.register(one, who); err != nil {
			w.refuse(one, err)
		}
	}
}

// People gives the persons of these workspaces.
func (w *Workspaces) People() *People { return w.people }

// lookup finds the workspace of an installation: by its team, else by its organisation when it is org-wide. By nothing
// else: an actor's home or a shared channel's owner must never choose a token.
func (w *Workspaces) lookup(i Installation) (*workspace, bool) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if one, ok := w.teams[i.TeamID]; ok && i.TeamID != "" {
		return one, true
	}
	if one, ok := w.orgs[i.EnterpriseID]; ok && i.OrgWide && i.EnterpriseID != "" {
		return one, true
	}
	return nil, false
}

// byID finds a workspace by Request.Workspace.
func (w *Workspaces) byID(id string) (*workspace, bool) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	one, ok := w.ids[id]
	return one, ok
}

// Resolve asks Slack whose each token is, all at once. It returns when at least one workspace can be served, asking
// again while none can, and with an error when none ever will be. Call it before the first socket opens: what arrives
// for a workspace that is not known yet can only be refused.
func (w *Workspaces) Resolve(ctx context.Context) error {
	for n := 0; ; n++ {
		w.ask(ctx)
		if w.served() {
			return nil
		}
		if !w.pending() {
			return w.Err()
		}
		if err := pause(ctx, resolveBackoff(n)); err != nil {
			return errors.Join(err, w.Err())
		}
	}
}

// Watch asks again, until ctx is done, for the workspaces that Resolve could not reach.
func (w *Workspaces) Watch(ctx context.Context) {
	for n := 0; w.pending(); n++ {
		if pause(ctx, resolveBackoff(n)) != nil {
			return
		}
		w.ask(ctx)
	}
}

// Err says which tokens do not work at present, and why; nil when all do.
func (w *Workspaces) Err() error {
	var all []error
	for _, one := range w.all {
		all = append(all, one.err())
	}
	return errors.Join(all...)
}

// ask asks for every workspace that is still open.
func (w *Workspaces) ask(ctx context.Context) {
	var group errgroup.Group
	group.SetLimit(16)
	for _, one := range w.all {
		if one.open() {
			group.Go(func() error { w.askOne(ctx, one); return nil })
		}
	}
	_ = group.Wait()
}

func (w *Workspaces) askOne(ctx context.Context, one *workspace) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	a, err := w.call.method(ctx, "auth.test", one.credentials.BotToken, []byte("{}"))
	if f := faultOf(err); err != nil && !f.deadToken() {
		one.trouble.Store(&err)
		w.log.Warn().Err(err).Str("team", one.credentials.TeamID).Str("code", f.code).Msg("cannot ask Slack whose a bot token is")
		return
	} else if err != nil {
		w.refuse(one, &TokenError{TeamID: one.credentials.TeamID, Code: f.code})
		return
	}
	who, err := one.credentials.identify(a)
	if err == nil {
		err = w.register(one, who)
	}
	if err != nil {
		w.unregister(one)
		w.refuse(one, err)
		return
	}
	one.trouble.Store(nil)
	w.log.Info().Str("workspace", who.id).Str("team", who.team).Str("enterprise", who.enterprise).
		Bool("org_wide", who.orgWide).Msg("workspace connected")
}

// open says whether it is still to be learned whose the token is.
func (w *workspace) open() bool {
	if who := w.who.Load(); who != nil && who.asked {
		return false
	}
	_, dead := errors.AsType[*TokenError](w.err())
	return !dead
}

func (w *Workspaces) refuse(one *workspace, why error) {
	one.trouble.Store(&why)
	w.log.Error().Err(why).Str("team", one.credentials.TeamID).Msg("bot token does not work")
}

// register makes a workspace known under its identity. Another one that has the identity already keeps it.
func (w *Workspaces) register(one *workspace, who *identity) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	taken := w.ids[who.id]
	switch {
	case taken != nil:
	case who.orgWide:
		taken = w.orgs[who.enterprise]
	default:
		taken = w.teams[who.team]
	}
	if taken != nil && taken != one {
		return &TokenError{TeamID: one.credentials.TeamID, Code: "duplicate", Got: who.id}
	}
	w.ids[who.id] = one
	if who.orgWide {
		w.orgs[who.enterprise] = one
	} else {
		w.teams[who.team] = one
	}
	one.who.Store(who)
	return nil
}

// unregister forgets what the configuration said about a token that turned out to be another workspace's.
func (w *Workspaces) unregister(one *workspace) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, index := range []map[string]*workspace{w.ids, w.teams, w.orgs} {
		for key, known := range index {
			if known == one {
				delete(index, key)
			}
		}
	}
	one.who.Store(nil)
}

// served says whether a delivery of any workspace could be answered.
func (w *Workspaces) served() bool {
	for _, one := range w.all {
		if _, dead := errors.AsType[*TokenError](one.err()); one.who.Load() != nil && !dead {
			return true
		}
	}
	return false
}

// pending says whether asking again may help.
func (w *Workspaces) pending() bool {
	for _, one := range w.all {
		if one.open() {
			return true
		}
	}
	return false
}

// pause waits for d with jitter, between half of it and all of it.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d/2 + rand.N(d/2+1))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
