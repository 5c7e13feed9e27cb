package slacktest

import (
	"encoding/json"
	"slices"
)

// Message is a message as the fake keeps it. Values handed out are copies.
type Message struct {
	Channel, TS, ThreadTS string
	User, BotID           string
	Text                  string          // as sent, escaped
	Blocks                json.RawMessage // as sent; nil without
	Attachments           json.RawMessage
	Ephemeral             bool
	To                    string // who sees an ephemeral message
	Metadata              json.RawMessage
	Edited, Deleted       bool
	Reactions             map[string][]string // name to user ids

	viewer *User
	s      *Server
}

// add appends a message to the channel and gives it its timestamp. The caller holds mu.
func (s *Server) add(c *Channel, m *Message) *Message {
	m.Channel, m.TS, m.s = c.ID, s.ts(), s
	c.messages = append(c.messages, m)
	s.touch()
	return m
}

func (c *Channel) find(ts string) *Message {
	for i := len(c.messages) - 1; i >= 0; i-- {
		if c.messages[i].TS == ts {
			return c.messages[i]
		}
	}
	return nil
}

// copy gives a value that no later change reaches. The caller holds mu.
func (m *Message) copy(viewer *User) Message {
	out := *m
	out.viewer = viewer
	out.Blocks = slices.Clone(m.Blocks)
	return out
}

// Messages lists everything in the channel, deleted and ephemeral messages too.
func (c *Channel) Messages() []Message {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	var out []Message
	for _, m := range c.messages {
		out = append(out, m.copy(nil))
	}
	return out
}

// Sees lists what the person sees in the channel, oldest first: the messages for everybody and those for this person
// alone. Somebody who is no member sees nothing of a private channel.
func (u *User) Sees(ch *Channel) []Message {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	if ch.private && !ch.has(u.ID) {
		return nil
	}
	var out []Message
	for _, m := range ch.messages {
		if m.Deleted || m.Ephemeral && m.To != u.ID {
			continue
		}
		out = append(out, m.copy(u))
	}
	return out
}

// Plain is the message as its reader sees it, without markup.
func (m Message) Plain() string { return m.Text }

// Buttons lists the labels of the message's buttons, in order.
func (m Message) Buttons() []string { return nil }
