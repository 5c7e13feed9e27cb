package slacktest

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// User is a person (or the bot). Its exported fields do not change.
type User struct {
	ID, Name string
	TeamID   string // the person's home: for a Stranger another workspace than the one they are seen in

	s        *Server
	ws       *Workspace // where the person is seen
	realName string
	display  string
	email    string
	tz       *time.Location
	guest    bool
	single   bool
	stranger bool
	bot      bool
	deleted  bool
	admin    bool
	modals   []*View // the last is on top
	home     *View
}

// A UserOption changes what NewUser makes.
type UserOption func(*User)

// Guest makes a multi-channel guest (is_restricted).
func Guest() UserOption { return func(u *User) { u.guest = true } }

// SingleGuest makes a single-channel guest (is_ultra_restricted).
func SingleGuest() UserOption { return func(u *User) { u.guest, u.single = true, true } }

// Stranger makes somebody of another workspace, as Slack Connect brings them (is_stranger, another team_id).
func Stranger() UserOption { return func(u *User) { u.stranger = true } }

// Admin makes a workspace admin.
func Admin() UserOption { return func(u *User) { u.admin = true } }

// Bot makes another app's bot user.
func Bot() UserOption { return func(u *User) { u.bot = true } }

// Deleted makes a deactivated person.
func Deleted() UserOption { return func(u *User) { u.deleted = true } }

// RealName sets the full name. Default is the handle with a capital.
func RealName(name string) UserOption { return func(u *User) { u.realName = name } }

// DisplayName sets the display name. Default is the handle.
func DisplayName(name string) UserOption { return func(u *User) { u.display = name } }

// TZ sets the time zone, "Europe/Berlin". Default UTC. An unknown name panics.
func TZ(name string) UserOption {
	l, err := time.LoadLocation(name)
	if err != nil {
		panic("slacktest: " + err.Error())
	}
	return func(u *User) { u.tz = l }
}

// NewUser adds a person to the workspace. name is the handle, without @.
func (w *Workspace) NewUser(name string, o ...UserOption) *User {
	s := w.s
	s.mu.Lock()
	defer s.mu.Unlock()
	_, n := utf8.DecodeRuneInString(name)
	u := &User{
		ID: s.id("U"), Name: name, TeamID: w.TeamID, s: s, ws: w, tz: time.UTC, email: name + "@example.com",
		realName: strings.ToUpper(name[:n]) + name[n:], display: name,
	}
	for _, f := range o {
		f(u)
	}
	if u.stranger {
		u.TeamID = s.id("T")
	}
	s.users[u.ID] = u
	for _, c := range s.channels {
		if c.everyone && c.ws == w && !u.bot && !u.deleted {
			c.join(u.ID)
		}
	}
	return u
}

// visible says whether an installation can look the person up.
func (u *User) visible(in *install) bool {
	if u.ws.in == in {
		return true
	}
	for _, c := range u.s.channels { // somebody met in a shared channel
		if c.has(u.ID) && c.reaches(in) {
			return true
		}
	}
	return false
}

// usersOf lists people by id. The caller holds mu.
func (s *Server) usersOf(ok func(*User) bool) []*User {
	var out []*User
	for _, u := range s.users {
		if ok(u) {
			out = append(out, u)
		}
	}
	slices.SortFunc(out, func(a, b *User) int { return strings.Compare(a.ID, b.ID) })
	return out
}

func (u *User) zone() *time.Location {
	if u.tz == nil {
		return time.UTC
	}
	return u.tz
}
