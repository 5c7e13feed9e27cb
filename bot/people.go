package bot

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/slack-go/slack"
	"golang.org/x/sync/singleflight"
)

// How long a person is remembered: long enough that a busy incident asks once, short enough that a guest who became a
// member, or a member who left, is seen soon.
const (
	personKept   = 10 * time.Minute
	noPersonKept = 30 * time.Second
	personsKept  = 10_000
)

// People looks persons up (users.info) and remembers them for ten minutes, failures for half a minute.
type People struct {
	ws     *Workspaces
	flight singleflight.Group

	mu    sync.Mutex
	known *lru[personKey, *knownPerson]
}

type personKey struct{ workspace, user string }

type knownPerson struct {
	profile
	err   error
	until time.Time
}

// profile is a person with what access is decided by.
type profile struct {
	Person
	deleted bool
}

func newPeople(ws *Workspaces) *People {
	return &People{ws: ws, known: newLRU[personKey, *knownPerson](personsKept)}
}

// Get looks a person up by workspace (as in Request.Workspace) and user id.
func (p *People) Get(ctx context.Context, workspace, user string) (Person, error) {
	found, err := p.profile(ctx, workspace, user)
	return found.Person, err
}

// profile asks Slack at most once at a time for the same person. Whoever stops waiting does not stop the asking: others
// may wait for the same answer.
func (p *People) profile(ctx context.Context, workspace, user string) (profile, error) {
	if known, ok := p.remembered(workspace, user); ok {
		return known.profile, known.err
	}
	asking := context.WithoutCancel(ctx)
	done := p.flight.DoChan(workspace+"/"+user, func() (any, error) {
		if known, ok := p.remembered(workspace, user); ok {
			return known, nil
		}
		return p.ask(asking, workspace, user), nil
	})
	select {
	case result := <-done:
		known := result.Val.(*knownPerson)
		return known.profile, known.err
	case <-ctx.Done():
		return profile{}, ctx.Err()
	}
}

// remembered gives what is known without asking.
func (p *People) remembered(workspace, user string) (*knownPerson, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	known, ok := p.known.get(personKey{workspace, user})
	if !ok || time.Now().After(known.until) {
		return nil, false
	}
	return known, true
}

func (p *People) ask(ctx context.Context, workspace, user string) *knownPerson {
	one, ok := p.ws.byID(workspace)
	if !ok {
		return &knownPerson{err: errNotConnected}
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	u, err := one.api.GetUserInfoContext(ctx, user)
	one.note(err)
	known := &knownPerson{err: err, until: time.Now().Add(noPersonKept)}
	if err == nil {
		known.profile, known.until = profileOf(u, one.who.Load()), time.Now().Add(personKept)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.known.put(personKey{workspace, user}, known)
	return known
}

func profileOf(u *slack.User, home *identity) profile {
	return profile{
		deleted: u.Deleted,
		Person: Person{
			ID:       u.ID,
			Name:     firstOf(u.Profile.DisplayName, u.RealName, u.Profile.RealName, u.Name),
			Location: location(u),
			Guest:    u.IsRestricted || u.IsUltraRestricted,
			Stranger: u.IsStranger || !member(u, home),
			Bot:      u.IsBot || u.ID == "USLACKBOT",
		},
	}
}

// member says whether a person belongs to the installation's workspace or, in an org-wide installation, organisation.
// is_stranger does not tell: Slack leaves it false for people of other workspaces who share a channel with the bot
// (docs: users.info, user type).
func member(u *slack.User, home *identity) bool {
	org := u.Enterprise
	switch {
	case home == nil:
		return false
	case home.orgWide && org.EnterpriseID != "":
		return org.EnterpriseID == home.enterprise
	case home.orgWide: // docs: users.info has enterprise_user for everybody in a Grid
		return u.TeamID == "" || u.TeamID == home.enterprise
	case u.TeamID == "" || u.TeamID == home.team:
		return true
	case home.enterprise == "":
		return false
	}
	// In a Grid the home workspace of a member may be another one of the same organisation.
	if len(org.Teams) > 0 {
		return org.EnterpriseID == home.enterprise && slices.Contains(org.Teams, home.team)
	}
	return u.TeamID == home.enterprise || org.EnterpriseID == home.enterprise
}

// location is the person's time zone, by name or by offset where this system does not know the name.
func location(u *slack.User) *time.Location {
	if loc, err := time.LoadLocation(u.TZ); err == nil && u.TZ != "" {
		return loc
	}
	if u.TZOffset != 0 {
		return time.FixedZone(u.TZLabel, u.TZOffset)
	}
	return time.UTC
}
