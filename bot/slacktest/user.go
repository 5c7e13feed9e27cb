package slacktest

import (
	"strings"
	"time"
)

// User is a person (or the bot). Its exported fields do not change.
type User struct {
	ID, Name, TeamID string

	s        *Server
	ws       *Workspace // where the person is seen
	realName string
	email    string
	tz       *time.Location
	guest    bool
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

// Stranger makes somebody of another workspace, as Slack Connect brings them (is_stranger).
func Stranger() UserOption { return func(u *User) { u.stranger = true } }

// Admin makes a workspace admin.
func Admin() UserOption { return func(u *User) { u.admin = true } }

// Deleted makes a deactivated person.
func Deleted() UserOption { return func(u *User) { u.deleted = true } }

// RealName sets the full name. Default is the handle with a capital.
func RealName(name string) UserOption { return func(u *User) { u.realName = name } }

// TZ sets the time zone, "Europe/Berlin". Default UTC. An unknown name panics.
func TZ(name string) UserOption {
	l, err := time.LoadLocation(name)
	if err != nil {
		panic("slacktest: " + err.Error())
	}
	return func(u *User) { u.tz = l }
}

// NewUser adds a person to the workspace.
func (w *Workspace) NewUser(name string, o ...UserOption) *User {
	s := w.s
	s.mu.Lock()
	defer s.mu.Unlock()
	u := &User{
		ID: s.id("U"), Name: name, TeamID: w.TeamID, s: s, ws: w, tz: time.UTC, email: name + "@example.com",
		realName: strings.ToUpper(name[:1]) + name[1:],
	}
	for _, f := range o {
		f(u)
	}
	if u.stranger {
		u.TeamID = s.id("T")
	}
	s.users[u.ID] = u
	return u
}
