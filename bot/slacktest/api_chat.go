package slacktest

import (
	"strings"
)

// place finds the channel that the app may write to.
func (c *call) place(id string) (*Channel, *apiError) {
	ch := c.s.channels[id]
	if ch == nil {
		if u := c.s.users[id]; u != nil && u.visible(c.in) { // docs: a user id means the direct message
			if u.bot {
				return nil, fail("cannot_dm_bot")
			}
			return c.s.dm(u.ws, u.ID, c.in.botUser), nil
		}
		return nil, fail("channel_not_found")
	}
	if !ch.reaches(c.in) {
		return nil, fail("channel_not_found")
	}
	if !ch.has(c.in.botUser) {
		if ch.private || ch.im {
			return nil, fail("channel_not_found")
		}
		if !c.in.scopes["chat:write.public"] {
			return nil, fail("not_in_channel")
		}
	}
	if ch.archived {
		return nil, fail("is_archived")
	}
	return ch, nil
}

func chatPostMessage(c *call) (reply, *apiError) {
	id, err := c.need("channel")
	if err != nil {
		return nil, err
	}
	body, err := c.content("chat.postMessage")
	if err != nil {
		return nil, err
	}
	ch, err := c.place(id)
	if err != nil {
		return nil, err
	}
	if body.empty() {
		return nil, fail("no_text")
	}
	m := &Message{
		User: c.in.botUser, BotID: c.in.botID, Text: body.text, Blocks: body.blocks, Attachments: body.attachments,
		Metadata: body.metadata, ThreadTS: c.thread(ch, "chat.postMessage"), Broadcast: c.bool("reply_broadcast"),
		parse: c.parseMode(),
	}
	c.s.add(ch, m)
	c.s.tellMessage(ch, m)
	return reply{"channel": ch.ID, "ts": m.TS, "message": c.s.messageObject(ch, m, true)}, nil
}

// parseMode is how bare names in the text are read: "full" revives @channel and @name (docs: formatting, link_names).
func (c *call) parseMode() string {
	if c.str("parse") == "full" || c.bool("link_names") {
		return "full"
	}
	return "none"
}

// thread gives thread_ts. Slack posts into the channel when no such message is there, and advises against the timestamp
// of a reply; both are violations here.
func (c *call) thread(ch *Channel, method string) string {
	ts := c.str("thread_ts")
	if ts == "" {
		return ""
	}
	parent := ch.byTS[ts]
	switch {
	case parent == nil || parent.Ephemeral:
		c.s.violate(method + ": thread_ts names no message")
	case parent.ThreadTS != "":
		c.s.violate(method + ": thread_ts names a reply")
		return parent.ThreadTS
	}
	return ts
}

func chatPostEphemeral(c *call) (reply, *apiError) {
	id, err := c.need("channel")
	if err != nil {
		return nil, err
	}
	user, err := c.need("user")
	if err != nil {
		return nil, err
	}
	body, err := c.content("chat.postEphemeral")
	if err != nil {
		return nil, err
	}
	ch, err := c.place(id)
	if err != nil {
		return nil, err
	}
	if body.empty() {
		return nil, fail("no_text")
	}
	if !ch.has(user) {
		return nil, fail("user_not_in_channel")
	}
	m := c.s.add(ch, &Message{
		User: c.in.botUser, BotID: c.in.botID, Text: body.text, Blocks: body.blocks, Attachments: body.attachments,
		ThreadTS: c.thread(ch, "chat.postEphemeral"), Ephemeral: true, To: user, parse: c.parseMode(),
	})
	return reply{"message_ts": m.TS}, nil
}

// own finds a message of the app that can be changed.
func (c *call) own(refusal string) (*Channel, *Message, *apiError) {
	id, err := c.need("channel")
	if err != nil {
		return nil, nil, err
	}
	ts, err := c.need("ts")
	if err != nil {
		return nil, nil, err
	}
	ch := c.s.channels[id]
	if ch == nil || !ch.reaches(c.in) || (ch.private || ch.im) && !ch.has(c.in.botUser) {
		return nil, nil, fail("channel_not_found")
	}
	if ch.archived {
		return nil, nil, fail("is_archived")
	}
	m := ch.byTS[ts]
	if m == nil || m.Deleted || m.Ephemeral { // an ephemeral message can only be changed by its response URL
		return nil, nil, fail("message_not_found")
	}
	if m.User != c.in.botUser {
		return nil, nil, fail(refusal)
	}
	return ch, m, nil
}

// chatUpdate changes a message. Blocks that are not given stay, an empty list removes them (docs: chat.update).
func chatUpdate(c *call) (reply, *apiError) {
	body, err := c.content("chat.update")
	if err != nil {
		return nil, err
	}
	if length(body.text) > updateMax {
		return nil, fail("msg_too_long")
	}
	ch, m, err := c.own("cant_update_message")
	if err != nil {
		return nil, err
	}
	if body.empty() && !body.cleared {
		return nil, fail("no_text")
	}
	if body.hasText {
		m.Text = body.text
	}
	switch {
	case body.blocks != nil:
		m.Blocks = body.blocks
	case body.cleared:
		m.Blocks = nil
	case m.Blocks != nil:
		c.s.violate("chat.update: text without blocks: the old blocks stay")
	}
	if body.attachments != nil {
		m.Attachments = body.attachments
	}
	if body.metadata != nil {
		m.Metadata = body.metadata
	}
	m.parse, m.Edited = c.parseMode(), true
	m.refresh()
	c.s.touch()
	c.s.tellChanged(ch, m)
	return reply{"channel": ch.ID, "ts": m.TS, "text": m.Text, "message": c.s.messageObject(ch, m, true)}, nil
}

func chatDelete(c *call) (reply, *apiError) {
	ch, m, err := c.own("cant_delete_message")
	if err != nil {
		return nil, err
	}
	m.Deleted = true
	c.s.touch()
	c.s.tellDeleted(ch, m)
	return reply{"channel": ch.ID, "ts": m.TS}, nil
}

func chatGetPermalink(c *call) (reply, *apiError) {
	ch := c.s.channels[c.str("channel")]
	if ch == nil || !ch.reaches(c.in) || (ch.private || ch.im) && !ch.has(c.in.botUser) {
		return nil, fail("channel_not_found")
	}
	m := ch.byTS[c.str("message_ts")]
	if m == nil || m.Deleted || m.Ephemeral {
		return nil, fail("message_not_found")
	}
	return reply{"channel": ch.ID, "permalink": permalink(ch, m)}, nil
}

func permalink(ch *Channel, m *Message) string {
	link := "https://" + ch.ws.Domain + ".slack.com/archives/" + ch.ID + "/p" + strings.Replace(m.TS, ".", "", 1)
	if m.ThreadTS != "" {
		link += "?thread_ts=" + m.ThreadTS + "&cid=" + ch.ID
	}
	return link
}

// chatUnfurl attaches previews to a message that holds links (docs: chat.unfurl).
func chatUnfurl(c *call) (reply, *apiError) {
	unfurls, ok := parseObj(c.rawArg("unfurls"))
	if !ok || len(unfurls) == 0 {
		return nil, fail("invalid_unfurls_format")
	}
	if c.str("unfurl_id") != "" {
		if c.str("source") == "" {
			return nil, missing("source")
		}
		return nil, nil
	}
	ch := c.s.channels[c.str("channel")]
	if ch == nil || !ch.reaches(c.in) {
		return nil, fail("cannot_find_channel")
	}
	m := ch.byTS[c.str("ts")]
	if m == nil {
		return nil, fail("cannot_unfurl_message")
	}
	var list []any
	for link, v := range unfurls {
		a := asObj(v)
		if problems := checkMessageBlocks(mustJSON(a.list("blocks"))); a["blocks"] != nil && len(problems) > 0 {
			return nil, invalid("invalid_unfurls_format", problems)
		}
		if !strings.Contains(m.Text, link) {
			return nil, fail("cannot_unfurl_url")
		}
		list = append(list, v)
	}
	m.Attachments = mustJSON(list)
	c.s.touch()
	return nil, nil
}
