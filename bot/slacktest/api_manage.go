package slacktest

import (
	"slices"
	"strings"
)

// nameMax is the length of a channel name (docs: conversations.create).
const nameMax = 80

// channelName checks a name as conversations.create does: lower case letters of any script, digits, hyphens,
// underscores.
func channelName(name string) *apiError {
	switch {
	case name == "":
		return fail("invalid_name_required")
	case length(name) > nameMax:
		return fail("invalid_name_maxlength")
	case strings.ToLower(name) != name:
		return fail("invalid_name_specials")
	case strings.Trim(name, "-_") == "":
		return fail("invalid_name_punctuation")
	case strings.ContainsAny(name, " \t\n.,:;!?@#$%^&*()[]{}<>/\\|'\"`~=+"):
		return fail("invalid_name_specials")
	}
	return nil
}

func (c *call) taken(w *Workspace, name string) bool {
	return slices.ContainsFunc(c.s.channelsOf(c.in, func(ch *Channel) bool { return ch.ws == w }), func(ch *Channel) bool {
		return ch.Name == name // archived channels keep their name
	})
}

// conversationsCreate makes a channel with the app as its only member. An org-wide token must say in which team.
func conversationsCreate(c *call) (reply, *apiError) {
	if err := channelName(c.str("name")); err != nil {
		return nil, err
	}
	w := c.in.team
	if w == nil {
		if w = c.s.teams[c.str("team_id")]; w == nil || w.in != c.in {
			return nil, missing("team_id")
		}
	}
	private := c.bool("is_private")
	scope := "channels:manage"
	if private {
		scope = "groups:write"
	}
	if err := c.scoped(scope); err != nil {
		return nil, err
	}
	if c.taken(w, c.str("name")) {
		return nil, fail("name_taken")
	}
	ch := c.s.newChannel(w, c.str("name"))
	ch.private, ch.creator = private, c.in.botUser
	ch.join(c.in.botUser)
	c.s.touch()
	return reply{"channel": ch.object(c.in)}, nil
}

// manage finds a channel the app may change.
func (c *call) manage(scopes ...string) (*Channel, *apiError) {
	ch := c.s.channels[c.str("channel")]
	if ch == nil || !ch.reaches(c.in) || ch.private && !ch.has(c.in.botUser) {
		return nil, fail("channel_not_found")
	}
	needs := append([]string{"channels:manage"}, scopes...)
	if ch.private {
		needs = append([]string{"groups:write"}, scopes...)
	}
	if err := c.scoped(needs...); err != nil {
		return nil, err
	}
	switch {
	case ch.im:
		return nil, fail("method_not_supported_for_channel_type")
	case !ch.has(c.in.botUser):
		return nil, fail("not_in_channel")
	case ch.archived:
		return nil, fail("is_archived")
	}
	return ch, nil
}

// inviteMax is the number of people one call invites (facts: conversations.invite, 100).
const inviteMax = 100

// conversationsInvite adds people. One bad id refuses all of them, unless force is given.
func conversationsInvite(c *call) (reply, *apiError) {
	users, err := c.need("users")
	if err != nil {
		return nil, err
	}
	ch, err := c.manage("channels:write.invites")
	if err != nil {
		return nil, err
	}
	ids := strings.Split(users, ",")
	if len(ids) > inviteMax {
		return nil, fail("too_many_users")
	}
	var good []string
	var bad []reply
	for _, id := range ids {
		if code := c.invitable(ch, id); code != "" {
			bad = append(bad, reply{"user": id, "ok": false, "error": code})
			continue
		}
		good = append(good, id)
	}
	if len(bad) > 0 && (!c.bool("force") || len(good) == 0) {
		return nil, &apiError{bad[0]["error"].(string), reply{"errors": bad}}
	}
	for _, id := range good {
		ch.join(id)
	}
	c.s.touch()
	return reply{"channel": ch.object(c.in)}, nil
}

func (c *call) invitable(ch *Channel, id string) string {
	u := c.s.users[id]
	switch {
	case u == nil || !u.visible(c.in):
		return "user_not_found"
	case id == c.in.botUser:
		return "cant_invite_self"
	case u.deleted:
		return "cant_invite"
	case ch.has(id):
		return "already_in_channel"
	case u.single:
		return "ura_max_channels"
	}
	return ""
}

// topicMax is the length of a topic or purpose (docs: conversations.setTopic).
const topicMax = 250

func conversationsSetTopic(c *call) (reply, *apiError) {
	ch, err := c.manage("channels:write.topic")
	if err != nil {
		return nil, err
	}
	if length(c.str("topic")) > topicMax {
		return nil, fail("too_long")
	}
	ch.topic = c.str("topic")
	c.s.touch()
	return reply{"channel": ch.object(c.in)}, nil
}

func conversationsSetPurpose(c *call) (reply, *apiError) {
	ch, err := c.manage("channels:write.topic")
	if err != nil {
		return nil, err
	}
	if length(c.str("purpose")) > topicMax {
		return nil, fail("too_long")
	}
	ch.purpose = c.str("purpose")
	c.s.touch()
	return reply{"channel": ch.object(c.in)}, nil
}

func conversationsArchive(c *call) (reply, *apiError) {
	ch, err := c.manage()
	if err != nil {
		if err.code == "is_archived" {
			return nil, fail("already_archived")
		}
		return nil, err
	}
	ch.archived = true
	c.s.touch()
	return nil, nil
}

func conversationsRename(c *call) (reply, *apiError) {
	if err := channelName(c.str("name")); err != nil {
		return nil, err
	}
	ch, err := c.manage()
	if err != nil {
		return nil, err
	}
	if c.taken(ch.ws, c.str("name")) {
		return nil, fail("name_taken")
	}
	ch.Name = c.str("name")
	c.s.touch()
	return reply{"channel": ch.object(c.in)}, nil
}
