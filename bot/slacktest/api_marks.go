package slacktest

import "slices"

// marked finds the message that a reaction or pin is for.
func (c *call) marked() (*Channel, *Message, *apiError) {
	ts, err := c.need("timestamp")
	if err != nil {
		return nil, nil, err
	}
	ch := c.s.channels[c.str("channel")]
	if ch == nil || !ch.reaches(c.in) || (ch.private || ch.im) && !ch.has(c.in.botUser) {
		return nil, nil, fail("channel_not_found")
	}
	if ch.archived {
		return nil, nil, fail("is_archived")
	}
	m := ch.byTS[ts]
	if m == nil || m.Deleted || m.Ephemeral {
		return nil, nil, fail("message_not_found")
	}
	return ch, m, nil
}

func reactionsAdd(c *call) (reply, *apiError) {
	name, err := c.need("name")
	if err != nil {
		return nil, err
	}
	ch, m, err := c.marked()
	if err != nil {
		return nil, err
	}
	if !ch.has(c.in.botUser) {
		return nil, fail("not_in_channel")
	}
	if !m.react(name, c.in.botUser) {
		return nil, fail("already_reacted")
	}
	c.s.touch()
	return nil, nil
}

func reactionsRemove(c *call) (reply, *apiError) {
	name, err := c.need("name")
	if err != nil {
		return nil, err
	}
	_, m, err := c.marked()
	if err != nil {
		return nil, err
	}
	if !m.unreact(name, c.in.botUser) {
		return nil, fail("no_reaction")
	}
	c.s.touch()
	return nil, nil
}

// react adds a reaction; false when it is there already.
func (m *Message) react(name, user string) bool {
	if slices.Contains(m.Reactions[name], user) {
		return false
	}
	if m.Reactions == nil {
		m.Reactions = map[string][]string{}
	}
	m.Reactions[name] = append(m.Reactions[name], user)
	return true
}

func (m *Message) unreact(name, user string) bool {
	users := m.Reactions[name]
	i := slices.Index(users, user)
	if i < 0 {
		return false
	}
	if m.Reactions[name] = slices.Delete(users, i, i+1); len(m.Reactions[name]) == 0 {
		delete(m.Reactions, name)
	}
	return true
}

func pinsAdd(c *call) (reply, *apiError) {
	ch, m, err := c.marked()
	if err != nil {
		return nil, err
	}
	if !ch.has(c.in.botUser) {
		return nil, fail("not_in_channel")
	}
	if slices.Contains(ch.pins, m.TS) {
		return nil, fail("already_pinned")
	}
	ch.pins = append(ch.pins, m.TS)
	c.s.touch()
	return nil, nil
}

type bookmark struct{ ID, Title, Link string }

func bookmarksAdd(c *call) (reply, *apiError) {
	id := c.str("channel_id")
	ch := c.s.channels[id]
	switch {
	case ch == nil || !ch.reaches(c.in):
		return nil, fail("channel_not_found")
	case !ch.has(c.in.botUser):
		return nil, fail("not_in_channel")
	case c.str("title") == "":
		return nil, missing("title")
	case c.str("type") != "link":
		return nil, fail("invalid_bookmark_type")
	case c.str("link") == "":
		return nil, fail("invalid_link")
	}
	b := bookmark{c.s.id("Bk"), c.str("title"), c.str("link")}
	ch.marks = append(ch.marks, b)
	c.s.touch()
	return reply{"bookmark": reply{
		"id": b.ID, "channel_id": ch.ID, "title": b.Title, "link": b.Link, "type": "link", "emoji": c.str("emoji"),
		"app_id": c.s.appID,
	}}, nil
}

// Bookmarks lists the links of the channel's bookmarks by title.
func (c *Channel) Bookmarks() map[string]string {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	out := map[string]string{}
	for _, b := range c.marks {
		out[b.Title] = b.Link
	}
	return out
}
