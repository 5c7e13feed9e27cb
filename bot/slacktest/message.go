package slacktest

import (
	"encoding/json"
	"maps"
	"slices"
	"time"
)

// Message is a message as the fake keeps it. Values handed out are copies.
type Message struct {
	Channel, TS, ThreadTS string
	User, BotID           string
	Text                  string          // as sent, escaped
	Blocks                json.RawMessage // as sent, with the block ids that Slack gave; nil without
	Attachments           json.RawMessage
	Metadata              json.RawMessage // {"event_type", "event_payload"}; nil without
	Ephemeral             bool
	To                    string // who sees an ephemeral message
	Edited, Deleted       bool
	Broadcast             bool                // a reply that is shown in the channel too
	Reactions             map[string][]string // name to user ids
	// Notifies lists whom the message would alert: "channel", "here", "everyone", "U…", "S…". It is what Slack makes of
	// the text and of every block, so a test can assert that foreign text stays inert.
	Notifies []string

	parse  string // the parse argument
	viewer *User
	s      *Server
}

// add appends a message to the channel, gives it its timestamp and tells the app. The caller holds mu.
func (s *Server) add(c *Channel, m *Message) *Message {
	m.Channel, m.TS, m.s = c.ID, s.ts(), s
	if m.ThreadTS == m.TS {
		m.ThreadTS = ""
	}
	m.refresh()
	if len(c.messages.v) == c.messages.max {
		oldest := c.messages.v[c.messages.next].TS
		delete(c.byTS, oldest)
		delete(c.threads, oldest)
	}
	c.messages.add(m)
	if m.ThreadTS != "" {
		c.threads[m.ThreadTS] = append(c.threads[m.ThreadTS], m)
	}
	c.byTS[m.TS] = m
	s.touch()
	return m
}

// refresh works out what follows from the content.
func (m *Message) refresh() {
	m.Blocks = m.s.withBlockIDs(m.Blocks)
	m.Notifies = notifies(m.Text, m.Blocks, m.parse)
}

// copy gives a value that no later change reaches. The caller holds mu.
func (m *Message) copy(viewer *User) Message {
	out := *m
	out.viewer = viewer
	out.Blocks = slices.Clone(m.Blocks)
	out.Reactions = maps.Clone(m.Reactions)
	for k, v := range out.Reactions {
		out.Reactions[k] = slices.Clone(v)
	}
	return out
}

// Messages lists everything in the channel, oldest first, deleted and ephemeral messages too.
func (c *Channel) Messages() []Message {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	var out []Message
	c.messages.each(func(m *Message) { out = append(out, m.copy(nil)) })
	return out
}

// Sees lists what the person sees in the channel and its threads, oldest first: the messages for everybody and those
// for this person alone. Somebody who is no member sees nothing of a private channel or direct message.
func (u *User) Sees(ch *Channel) []Message {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	if (ch.private || ch.im) && !ch.has(u.ID) {
		return nil
	}
	var out []Message
	ch.messages.each(func(m *Message) {
		if !m.Deleted && (!m.Ephemeral || m.To == u.ID) {
			out = append(out, m.copy(u))
		}
	})
	return out
}

// Last is the newest message that the person sees in the channel; the zero Message when there is none.
func (u *User) Last(ch *Channel) Message {
	seen := u.Sees(ch)
	if len(seen) == 0 {
		return Message{}
	}
	return seen[len(seen)-1]
}

// zone is where the reader is.
func (m Message) zone() *time.Location {
	if m.viewer != nil && m.viewer.tz != nil {
		return m.viewer.tz
	}
	return time.UTC
}
