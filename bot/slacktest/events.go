package slacktest

import (
	"net/url"
	"slices"
	"strings"
)

// subscribed says whether the app gets an event of this type from this installation.
func (s *Server) subscribed(in *install, event string) bool {
	if !s.events[event] {
		return false
	}
	scopes := map[string]string{
		"app_mention": "app_mentions:read", "message.channels": "channels:history", "message.groups": "groups:history",
		"message.im": "im:history", "message.mpim": "mpim:history", "reaction_added": "reactions:read",
		"reaction_removed": "reactions:read", "link_shared": "links:read",
	}
	need := scopes[event]
	return in.dead == "" && (need == "" || in.scopes[need])
}

// event makes the outer event. authorizations has one entry even if several installations see the event, and in a
// shared channel it is the owner's, whoever was meant (facts: bolt-js#2008). The caller holds mu.
func (s *Server) event(w *Workspace, ch *Channel, inner obj) *Act {
	a := s.act("events_api", isEvent, false)
	a.eventPayload(s, w, ch, inner)
	return a
}

func (a *Act) eventPayload(s *Server, w *Workspace, ch *Channel, inner obj) {
	auth := w
	shared := false
	if ch != nil {
		if shared = ch.external(); len(ch.shared) > 0 {
			auth = ch.ws
		}
	}
	var enterprise, installed any
	if w.EnterpriseID != "" {
		enterprise = w.EnterpriseID
	}
	installed = auth.TeamID
	if auth.in.org() {
		installed = w.TeamID
	}
	p := obj{
		"token": "legacy", "team_id": w.TeamID, "context_team_id": w.TeamID, "context_enterprise_id": enterprise,
		"api_app_id": s.appID, "event": inner, "type": "event_callback", "event_id": s.id("Ev"),
		"event_time": s.opts.Now().Unix(), "is_ext_shared_channel": shared, "event_context": "4-" + s.secret(40),
		"authorizations": []any{obj{
			"enterprise_id": enterprise, "team_id": installed, "user_id": auth.BotUserID, "is_bot": true,
			"is_enterprise_install": auth.in.org(),
		}},
	}
	if w.EnterpriseID != "" {
		p["enterprise_id"] = w.EnterpriseID
	}
	a.payload = mustJSON(p)
}

// messageEvent is a message as an event shows it.
func (s *Server) messageEvent(ch *Channel, m *Message) obj {
	ev := obj(s.messageObject(ch, m, true))
	ev["channel"], ev["event_ts"] = ch.ID, m.TS
	delete(ev, "reply_count")
	if u := s.users[m.User]; u != nil && u.stranger {
		ev["user_team"], ev["source_team"] = u.TeamID, u.TeamID
	}
	if m.BotID == "" {
		ev["client_msg_id"] = s.uuid()
		ev["blocks"] = richBlocks(s.secret(5), m.Text)
	}
	return ev
}

var mention = lazy(`<@([UW][A-Z0-9]+)(\|[^>]*)?>`)

// richBlocks is the rich_text block that Slack makes of what a person types.
func richBlocks(id, text string) []any {
	var elements []any
	for text != "" {
		at := mention().FindStringSubmatchIndex(text)
		if at == nil {
			elements = append(elements, obj{"type": "text", "text": unescape(text)})
			break
		}
		if at[0] > 0 {
			elements = append(elements, obj{"type": "text", "text": unescape(text[:at[0]])})
		}
		elements = append(elements, obj{"type": "user", "user_id": text[at[2]:at[3]]})
		text = text[at[1]:]
	}
	return []any{obj{"type": "rich_text", "block_id": id, "elements": []any{
		obj{"type": "rich_text_section", "elements": elements},
	}}}
}

func unescape(s string) string {
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(s)
}

// kindEvent is the subscription for messages of the channel's kind, and the channel_type in them.
func (c *Channel) kindEvent() (event, kind string) {
	switch {
	case c.im:
		return "message.im", "im"
	case c.private:
		return "message.groups", "group"
	}
	return "message.channels", "channel"
}

// installs lists the workspaces whose bot is in the channel.
func (c *Channel) installs() []*Workspace {
	var out []*Workspace
	for _, w := range append([]*Workspace{c.ws}, c.shared...) {
		if c.has(w.BotUserID) {
			out = append(out, w)
		}
	}
	return out
}

// tellMessage sends the message events of a new message, the app's own too, and gives the act of the first. The caller
// holds mu.
func (s *Server) tellMessage(ch *Channel, m *Message) *Act {
	event, kind := ch.kindEvent()
	for _, w := range ch.installs() {
		if s.subscribed(w.in, event) {
			ev := s.messageEvent(ch, m)
			ev["channel_type"] = kind
			a := s.event(w, ch, ev)
			s.send(a, 0)
			return a
		}
	}
	return nil
}

// tellChanged sends message_changed.
func (s *Server) tellChanged(ch *Channel, m *Message) {
	s.tellSub(ch, "message_changed", s.messageObject(ch, m, true), m)
}

// tellDeleted sends message_deleted.
func (s *Server) tellDeleted(ch *Channel, m *Message) { s.tellSub(ch, "message_deleted", nil, m) }

func (s *Server) tellSub(ch *Channel, subtype string, now reply, m *Message) {
	event, kind := ch.kindEvent()
	for _, w := range ch.installs() {
		if !s.subscribed(w.in, event) {
			continue
		}
		ev := obj{
			"type": "message", "subtype": subtype, "channel": ch.ID, "channel_type": kind, "hidden": true, "ts": s.ts(),
			"previous_message": s.messageObject(ch, m, true),
		}
		ev["event_ts"] = ev["ts"]
		if now != nil {
			ev["message"] = now
		} else {
			ev["deleted_ts"] = m.TS
		}
		s.send(s.event(w, ch, ev), 0)
		return
	}
}

var sharedLink = lazy(`https?://[^\s<>|]+`)

// tellLinks sends link_shared for what a person posts; never for the app's own messages (facts §9).
func (s *Server) tellLinks(ch *Channel, m *Message) {
	var links []any
	for _, link := range sharedLink().FindAllString(m.Text, -1) {
		u, err := url.Parse(unescape(link))
		if err == nil && slices.Contains(s.opts.UnfurlDomains, u.Hostname()) {
			links = append(links, obj{"domain": u.Hostname(), "url": unescape(link)})
		}
	}
	if len(links) == 0 || !s.subscribed(ch.ws.in, "link_shared") {
		return
	}
	s.send(s.event(ch.ws, ch, obj{
		"type": "link_shared", "user": m.User, "channel": ch.ID, "message_ts": m.TS, "thread_ts": m.ThreadTS,
		"links": links, "source": "conversations_history", "unfurl_id": "conversations_history." + s.uuid(),
		"is_bot_user_member": ch.has(ch.ws.BotUserID), "event_ts": s.ts(),
	}), 0)
}
