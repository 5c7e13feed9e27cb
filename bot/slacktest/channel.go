package slacktest

import (
	"slices"
	"strings"
)

// Channel is a channel, a private channel or a direct message with the bot. ID does not change.
type Channel struct {
	ID, Name string

	s        *Server
	ws       *Workspace // the owner
	private  bool
	im       *User // a direct message with this person
	archived bool
	shared   []*Workspace
	members  []string
	topic    string
	purpose  string
	pins     []string
	messages []*Message
}

// A ChannelOption changes what NewChannel makes.
type ChannelOption func(*Channel)

// Private makes a private channel.
func Private() ChannelOption { return func(c *Channel) { c.private = true } }

// WithBot makes the bot a member, which is the default.
func WithBot() ChannelOption { return func(c *Channel) { c.join(c.ws.BotUserID) } }

// WithoutBot leaves the bot out.
func WithoutBot() ChannelOption { return func(c *Channel) { c.leave(c.ws.BotUserID) } }

// SharedWith makes a Slack Connect channel of this and the other workspaces.
func SharedWith(others ...*Workspace) ChannelOption {
	return func(c *Channel) { c.shared = append(c.shared, others...) }
}

// Archived makes an archived channel.
func Archived() ChannelOption { return func(c *Channel) { c.archived = true } }

// NewChannel makes a public channel with the bot as a member.
func (w *Workspace) NewChannel(name string, o ...ChannelOption) *Channel {
	w.s.mu.Lock()
	defer w.s.mu.Unlock()
	c := w.s.newChannel(w, name)
	c.join(w.BotUserID)
	for _, f := range o {
		f(c)
	}
	return c
}

// newChannel makes a public channel without members. The caller holds mu.
func (s *Server) newChannel(w *Workspace, name string) *Channel {
	c := &Channel{ID: s.id("C"), Name: name, s: s, ws: w}
	s.channels[c.ID] = c
	return c
}

// DM is the direct message between the person and the bot. It is made when it is first asked for.
func (w *Workspace) DM(u *User) *Channel {
	w.s.mu.Lock()
	defer w.s.mu.Unlock()
	return w.s.dm(w, u)
}

func (s *Server) dm(w *Workspace, u *User) *Channel {
	for _, c := range s.channels {
		if c.im == u && c.ws.in == w.in {
			return c
		}
	}
	c := &Channel{ID: s.id("D"), s: s, ws: w, im: u, members: []string{u.ID, w.BotUserID}}
	s.channels[c.ID] = c
	return c
}

func (c *Channel) join(id string) {
	if !slices.Contains(c.members, id) {
		c.members = append(c.members, id)
	}
}

func (c *Channel) leave(id string) {
	c.members = slices.DeleteFunc(c.members, func(m string) bool { return m == id })
}

func (c *Channel) has(id string) bool { return slices.Contains(c.members, id) }

// Invite adds people, as /invite does.
func (c *Channel) Invite(ids ...string) {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	for _, id := range ids {
		c.join(id)
	}
}

// Remove takes people out.
func (c *Channel) Remove(ids ...string) {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	for _, id := range ids {
		c.leave(id)
	}
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
