package slacktest

import "encoding/json"

// Command types a slash command in a channel, as `Command(ch, "/incident", "list")`.
func (u *User) Command(ch *Channel, command, text string) *Act {
	s := u.s
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.act("slash_commands", true)
	a.user, a.ch, a.command = u, ch, command
	p := map[string]any{
		"token": "legacy", "team_id": u.ws.TeamID, "team_domain": u.ws.Domain, "channel_id": ch.ID,
		"channel_name": ch.Name, "user_id": u.ID, "user_name": u.Name, "command": command, "text": text,
		"api_app_id": s.appID, "is_enterprise_install": "false",
		"response_url": s.newHook(u, ch, nil), "trigger_id": s.newTrigger(u, ch),
	}
	a.payload = mustJSON(p)
	s.send(a, 0)
	return a
}

// Mention posts "<@BOT> text" and so sends app_mention; in a direct message it sends message.im.
func (u *User) Mention(ch *Channel, threadTS, text string) *Act {
	s := u.s
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.act("events_api", false)
	a.user, a.ch = u, ch
	m := s.add(ch, &Message{User: u.ID, ThreadTS: threadTS, Text: "<@" + ch.ws.BotUserID + "> " + text})
	a.message = m.copy(u)
	ev := map[string]any{
		"type": "app_mention", "user": u.ID, "text": m.Text, "ts": m.TS, "channel": ch.ID, "event_ts": m.TS,
		"team": u.TeamID,
	}
	if threadTS != "" {
		ev["thread_ts"] = threadTS
	}
	if ch.im != nil {
		ev["type"], ev["channel_type"] = "message", "im"
	}
	a.eventID = s.id("Ev")
	a.payload = mustJSON(map[string]any{
		"token": "legacy", "team_id": u.ws.TeamID, "api_app_id": s.appID, "event": ev, "type": "event_callback",
		"event_id": a.eventID, "event_time": s.opts.Now().Unix(),
		"authorizations": []any{map[string]any{
			"enterprise_id": nil, "team_id": u.ws.TeamID, "user_id": u.ws.BotUserID, "is_bot": true,
			"is_enterprise_install": false,
		}},
		"is_ext_shared_channel": len(ch.shared) > 0, "event_context": "4-" + s.secret(20),
	})
	s.send(a, 0)
	return a
}

// Say posts a message that is not addressed to the bot.
func (u *User) Say(ch *Channel, threadTS, text string) Message {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	return u.s.add(ch, &Message{User: u.ID, ThreadTS: threadTS, Text: text}).copy(u)
}

// Click presses a button of a message, by its label or its action_id.
func (u *User) Click(m Message, labelOrActionID string) *Act {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	return u.s.act("interactive", false).refuse("no button %q", labelOrActionID)
}

// ClickView presses a button of the person's top modal.
func (u *User) ClickView(labelOrActionID string) *Act { return u.Click(Message{}, labelOrActionID) }

// Submit fills in the top modal and submits it. Values are by block id or by the input's label.
func (u *User) Submit(values map[string]string) *Act { return u.Click(Message{}, "submit") }

// CloseView closes the top modal.
func (u *User) CloseView() *Act { return u.Click(Message{}, "close") }

func mustJSON(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		panic("slacktest: " + err.Error())
	}
	return b
}
