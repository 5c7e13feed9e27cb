package slacktest

import (
	"slices"
)

// messageObject is a message as the Web API shows it. The caller holds mu.
func (s *Server) messageObject(ch *Channel, m *Message, metadata bool) reply {
	out := reply{"type": "message", "user": m.User, "text": m.Text, "ts": m.TS, "team": ch.ws.TeamID}
	if u := s.users[m.User]; u != nil {
		out["team"] = u.TeamID
	}
	if m.BotID != "" {
		out["bot_id"], out["app_id"] = m.BotID, s.appID
		out["bot_profile"] = reply{
			"id": m.BotID, "app_id": s.appID, "user_id": m.User, "name": "incident-bot", "deleted": false,
			"updated": ch.created, "team_id": ch.ws.TeamID, "icons": reply{"image_36": "https://a.slack-edge.com/36.png"},
		}
	}
	if m.Blocks != nil {
		out["blocks"] = m.Blocks
	}
	if m.Attachments != nil {
		out["attachments"] = m.Attachments
	}
	if m.Edited {
		out["edited"] = reply{"user": m.User, "ts": m.TS[:10] + ".000000"}
	}
	if metadata && m.Metadata != nil {
		out["metadata"] = m.Metadata
	}
	if len(m.Reactions) > 0 {
		out["reactions"] = reactionObjects(m)
	}
	s.threadObject(ch, m, out)
	return out
}

func reactionObjects(m *Message) []any {
	var names []string
	for name := range m.Reactions {
		names = append(names, name)
	}
	slices.Sort(names)
	var out []any
	for _, name := range names {
		out = append(out, reply{"name": name, "users": m.Reactions[name], "count": len(m.Reactions[name])})
	}
	return out
}

// threadObject adds what tells a thread's parent and its replies.
func (s *Server) threadObject(ch *Channel, m *Message, out reply) {
	if m.ThreadTS != "" {
		out["thread_ts"] = m.ThreadTS
		if parent := ch.byTS[m.ThreadTS]; parent != nil {
			out["parent_user_id"] = parent.User
		}
		return
	}
	replies := ch.thread(m.TS)
	if len(replies) == 0 {
		return
	}
	var users []string
	for _, r := range replies {
		if !slices.Contains(users, r.User) {
			users = append(users, r.User)
		}
	}
	out["thread_ts"], out["reply_count"], out["reply_users"] = m.TS, len(replies), users
	out["reply_users_count"], out["latest_reply"] = len(users), replies[len(replies)-1].TS
}

// thread lists the lasting replies to a message, oldest first.
func (c *Channel) thread(ts string) []*Message {
	var out []*Message
	for _, m := range c.threads[ts] {
		if m.lasts() {
			out = append(out, m)
		}
	}
	return out
}

// lasts says whether the Web API shows the message.
func (m *Message) lasts() bool { return !m.Deleted && !m.Ephemeral }

// between applies oldest, latest and inclusive.
func (c *call) between(ts string) bool {
	oldest, latest := c.str("oldest"), c.str("latest")
	if c.bool("inclusive") {
		return (oldest == "" || ts >= oldest) && (latest == "" || ts <= latest)
	}
	return (oldest == "" || ts > oldest) && (latest == "" || ts < latest)
}

// conversationsHistory lists the channel newest first, without the replies in threads.
func conversationsHistory(c *call) (reply, *apiError) {
	ch, err := c.member("history")
	if err != nil {
		return nil, err
	}
	var list []*Message
	ch.messages.each(func(m *Message) {
		if m.lasts() && (m.ThreadTS == "" || m.Broadcast) && c.between(m.TS) {
			list = append(list, m)
		}
	})
	slices.Reverse(list)
	return c.messagePage(ch, list)
}

// conversationsReplies lists a thread, its first message in front.
func conversationsReplies(c *call) (reply, *apiError) {
	ts, err := c.need("ts")
	if err != nil {
		return nil, err
	}
	ch, err := c.member("history")
	if err != nil {
		return nil, err
	}
	parent := ch.byTS[ts]
	if parent == nil || !parent.lasts() {
		return nil, fail("thread_not_found")
	}
	list := []*Message{parent}
	for _, m := range ch.thread(ts) {
		if c.between(m.TS) {
			list = append(list, m)
		}
	}
	return c.messagePage(ch, list)
}

func (c *call) messagePage(ch *Channel, list []*Message) (reply, *apiError) {
	all := make([]any, len(list))
	for i, m := range list {
		all[i] = m
	}
	page, next, err := c.page(all, 100)
	if err != nil {
		return nil, err
	}
	for i, m := range page {
		page[i] = c.s.messageObject(ch, m.(*Message), c.bool("include_all_metadata"))
	}
	out := reply{"messages": page, "has_more": next != ""}
	if next != "" {
		out["response_metadata"] = reply{"next_cursor": next}
	}
	return out, nil
}
