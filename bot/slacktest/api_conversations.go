package slacktest

import (
	"slices"
	"strings"
)

// kind is the channel's kind in the names of scopes: channels, groups or im.
func (c *Channel) kind() string {
	switch {
	case c.im:
		return "im"
	case c.private:
		return "groups"
	}
	return "channels"
}

// seen finds a channel the app can look at, with the scope for its kind ("channels:read", "groups:history").
func (c *call) seen(right string) (*Channel, *apiError) {
	ch := c.s.channels[c.str("channel")]
	if ch == nil || !ch.reaches(c.in) || (ch.private || ch.im) && !ch.has(c.in.botUser) {
		return nil, fail("channel_not_found")
	}
	return ch, c.scoped(ch.kind() + ":" + right)
}

// member finds a channel the app is in.
func (c *call) member(right string) (*Channel, *apiError) {
	ch, err := c.seen(right)
	if err == nil && !ch.has(c.in.botUser) {
		err = fail("not_in_channel")
	}
	return ch, err
}

// object is a channel as conversations.info shows it. The caller holds mu.
func (c *Channel) object(in *install) reply {
	out := reply{
		"id": c.ID, "created": c.created, "is_archived": c.archived, "is_im": c.im, "is_channel": !c.im && !c.private,
		"is_group": c.private, "is_mpim": false, "is_private": c.private || c.im, "is_org_shared": false,
		"context_team_id": c.ws.TeamID, "updated": c.created * 1000,
	}
	if c.im {
		i := slices.IndexFunc(c.members, func(id string) bool { return id != in.botUser })
		out["user"], out["is_user_deleted"], out["priority"] = c.members[max(i, 0)], false, 0
		return out
	}
	ext := c.external()
	teams := []string{c.ws.TeamID}
	for _, w := range c.shared {
		teams = append(teams, w.TeamID)
	}
	for k, v := range (reply{
		"name": c.Name, "name_normalized": c.Name, "is_general": false, "unlinked": 0, "is_shared": ext,
		"is_ext_shared": ext, "is_pending_ext_shared": false, "pending_shared": []string{}, "shared_team_ids": teams,
		"creator": c.creator, "is_member": c.has(in.botUser), "previous_names": []string{},
		"topic":   reply{"value": c.topic, "creator": "", "last_set": 0},
		"purpose": reply{"value": c.purpose, "creator": "", "last_set": 0},
	}) {
		out[k] = v
	}
	return out
}

func conversationsInfo(c *call) (reply, *apiError) {
	ch, err := c.seen("read")
	if err != nil {
		return nil, err
	}
	out := ch.object(c.in)
	if c.bool("include_num_members") {
		out["num_members"] = len(ch.members)
	}
	return reply{"channel": out}, nil
}

func conversationsList(c *call) (reply, *apiError) {
	types := strings.Split(orDefault(c.str("types"), "public_channel"), ",")
	want := map[string]string{"public_channel": "channels", "private_channel": "groups", "im": "im", "mpim": "mpim"}
	var kinds []string
	for _, t := range types {
		kind, ok := want[strings.TrimSpace(t)]
		if !ok {
			return nil, fail("invalid_types")
		}
		if err := c.scoped(kind + ":read"); err != nil {
			return nil, err
		}
		kinds = append(kinds, kind)
	}
	var all []any
	for _, ch := range c.s.channelsOf(c.in, func(ch *Channel) bool {
		return slices.Contains(kinds, ch.kind()) && (!ch.private && !ch.im || ch.has(c.in.botUser)) &&
			!(c.bool("exclude_archived") && ch.archived)
	}) {
		all = append(all, ch.object(c.in))
	}
	page, next, err := c.page(all, 100)
	if err != nil {
		return nil, err
	}
	return reply{"channels": page, "response_metadata": reply{"next_cursor": next}}, nil
}

func conversationsMembers(c *call) (reply, *apiError) {
	ch, err := c.seen("read")
	if err != nil {
		return nil, err
	}
	var all []any
	for _, id := range ch.members {
		all = append(all, id)
	}
	page, next, err := c.page(all, 100)
	if err != nil {
		return nil, err
	}
	return reply{"members": page, "response_metadata": reply{"next_cursor": next}}, nil
}

// conversationsOpen opens the direct message with one person.
func conversationsOpen(c *call) (reply, *apiError) {
	if id := c.str("channel"); id != "" {
		ch, err := c.seen("write")
		if err != nil {
			return nil, err
		}
		return reply{"channel": reply{"id": ch.ID}, "no_op": true, "already_open": true}, nil
	}
	users, err := c.need("users")
	if err != nil {
		return nil, err
	}
	if strings.Contains(users, ",") {
		return nil, fail("not_enough_users") // group direct messages are not simulated
	}
	if err := c.scoped("im:write"); err != nil {
		return nil, err
	}
	u := c.s.users[users]
	switch {
	case u == nil || !u.visible(c.in):
		return nil, fail("user_not_found")
	case u.bot:
		return nil, fail("cannot_dm_bot")
	case u.deleted:
		return nil, fail("user_disabled")
	}
	ch := c.s.dm(u.ws, u.ID, c.in.botUser)
	if c.bool("return_im") {
		return reply{"channel": ch.object(c.in)}, nil
	}
	return reply{"channel": reply{"id": ch.ID}}, nil
}

func conversationsJoin(c *call) (reply, *apiError) {
	ch := c.s.channels[c.str("channel")]
	switch {
	case ch == nil || !ch.reaches(c.in):
		return nil, fail("channel_not_found")
	case ch.private || ch.im:
		return nil, fail("method_not_supported_for_channel_type")
	case ch.archived:
		return nil, fail("is_archived")
	}
	if ch.has(c.in.botUser) {
		c.warn = append(c.warn, "already_in_channel")
	}
	ch.join(c.in.botUser)
	c.s.touch()
	return reply{"channel": ch.object(c.in)}, nil
}
