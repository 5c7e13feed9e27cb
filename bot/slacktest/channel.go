package slacktest

import (
	"cmp"
	"slices"
	"strings"
)

// Channel is a channel, a private channel or a direct message. ID does not change.
type Channel struct {
	ID, Name string

	s        *Server
	ws       *Workspace // the owner
	private  bool
	im       bool // a direct message
	archived bool
	shared   []*Workspace // the others of a Slack Connect channel
	members  []string
	topic    string
	purpose  string
	created  int64
	creator  string
	pins     []string
	marks    []bookmark
	messages ring[*Message]
	byTS     map[string]*Message
	threads  map[string][]*Message // replies by the timestamp of the thread's first message
	everyone bool                  // people who come to the workspace later are members too
}

// A ChannelOption changes what NewChannel makes.
type ChannelOption func(*Channel)

// Private makes a private channel.
func Private() ChannelOption { return func(c *Channel) { c.private = true } }

// WithBot makes the bot a member, which is the default.
func WithBot() ChannelOption { return func(c *Channel) { c.join(c.ws.BotUserID) } }

// WithoutBot leaves the bot out.
func WithoutBot() ChannelOption { return func(c *Channel) { c.leave(c.ws.BotUserID) } }

// SharedWith makes a Slack Connect channel of this and the other workspaces. Their bots are members.
func SharedWith(others ...*Workspace) ChannelOption {
	return func(c *Channel) {
		c.shared = append(c.shared, others...)
		for _, w := range others {
			c.join(w.BotUserID)
		}
	}
}

// Archived makes an archived channel.
func Archived() ChannelOption { return func(c *Channel) { c.archived = true } }

// NewChannel makes a public channel with the bot and everybody who is seen in the workspace as members, guests and
// strangers too; people who come later join a public channel by themselves. Remove keeps somebody out.
func (w *Workspace) NewChannel(name string, o ...ChannelOption) *Channel {
	w.s.mu.Lock()
	defer w.s.mu.Unlock()
	c := w.s.newChannel(w, name)
	c.join(w.BotUserID)
	for _, u := range w.s.usersOf(func(u *User) bool { return u.ws == w && !u.bot && !u.deleted }) {
		c.join(u.ID)
	}
	for _, f := range o {
		f(c)
	}
	c.everyone = !c.private
	return c
}

// newChannel makes a public channel without members. The caller holds mu.
func (s *Server) newChannel(w *Workspace, name string) *Channel {
	c := s.emptyChannel(w, "C")
	c.Name = name
	return c
}

func (s *Server) emptyChannel(w *Workspace, prefix string) *Channel {
	c := &Channel{
		ID: s.id(prefix), s: s, ws: w, created: s.opts.Now().Unix(), byTS: map[string]*Message{},
		threads:  map[string][]*Message{},
		messages: ring[*Message]{max: s.opts.KeepMessages},
	}
	s.channels[c.ID] = c
	return c
}

// DM is the direct message between the person and the bot. It is made when it is first asked for.
func (w *Workspace) DM(u *User) *Channel {
	w.s.mu.Lock()
	defer w.s.mu.Unlock()
	return w.s.dm(w, u.ID, w.BotUserID)
}

// DirectMessage is the direct message between two people, in which commands can be typed and the bot is no member.
func (w *Workspace) DirectMessage(a, b *User) *Channel {
	w.s.mu.Lock()
	defer w.s.mu.Unlock()
	return w.s.dm(w, a.ID, b.ID)
}

func (s *Server) dm(w *Workspace, a, b string) *Channel {
	for _, c := range s.channels {
		if c.im && c.has(a) && c.has(b) {
			return c
		}
	}
	c := s.emptyChannel(w, "D")
	c.im, c.members = true, []string{a, b}
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

// reaches says whether the channel belongs to a workspace of the installation.
func (c *Channel) reaches(in *install) bool {
	return c.ws.in == in || slices.ContainsFunc(c.shared, func(w *Workspace) bool { return w.in == in })
}

// external says whether it is a Slack Connect channel: shared, or with somebody of another workspace in it.
func (c *Channel) external() bool {
	return len(c.shared) > 0 || slices.ContainsFunc(c.members, func(id string) bool {
		u := c.s.users[id]
		return u != nil && u.stranger
	})
}

// payloadName is what Slack writes for the channel's name in commands and interactions.
func (c *Channel) payloadName() string {
	switch {
	case c.im:
		return "directmessage"
	case c.private:
		return "privategroup"
	}
	return c.Name
}

// Invite adds people or bots by id, as /invite does.
func (c *Channel) Invite(ids ...string) {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	for _, id := range ids {
		c.join(id)
	}
}

// Remove takes people or bots out by id, as /remove does.
func (c *Channel) Remove(ids ...string) {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	for _, id := range ids {
		c.leave(id)
	}
}

// Members lists who is in, the bot too.
func (c *Channel) Members() []string {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	return slices.Clone(c.members)
}

// Topic and Purpose are what the channel's header shows.
func (c *Channel) Topic() string {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	return c.topic
}

// Purpose is the channel's description.
func (c *Channel) Purpose() string {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	return c.purpose
}

// Archive archives the channel, as a person does.
func (c *Channel) Archive() {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	c.archived = true
}

// Pins lists the timestamps of the pinned messages.
func (c *Channel) Pins() []string {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	return slices.Clone(c.pins)
}

// Channels lists the workspace's channels without direct messages, those that the app made too, by age.
func (w *Workspace) Channels() []*Channel {
	w.s.mu.Lock()
	defer w.s.mu.Unlock()
	return w.s.channelsOf(w.in, func(c *Channel) bool { return !c.im && c.ws == w })
}

func (s *Server) channelsOf(in *install, ok func(*Channel) bool) []*Channel {
	var out []*Channel
	for _, c := range s.channels {
		if c.reaches(in) && ok(c) {
			out = append(out, c)
		}
	}
	slices.SortFunc(out, func(a, b *Channel) int {
		return cmp.Or(cmp.Compare(a.created, b.created), strings.Compare(a.ID, b.ID))
	})
	return out
}
