package slacktest

// interaction is what all interaction payloads have. An org-wide installation has team null (facts §2). The caller
// holds mu.
func (u *User) interaction(typ string) obj {
	w := u.ws
	p := obj{
		"type": typ, "token": "legacy", "api_app_id": u.s.appID, "is_enterprise_install": w.in.org(), "enterprise": nil,
		"user": obj{"id": u.ID, "username": u.Name, "name": u.Name, "team_id": u.TeamID},
		"team": obj{"id": w.TeamID, "domain": w.Domain},
	}
	if w.EnterpriseID != "" {
		p["enterprise"] = obj{"id": w.EnterpriseID, "name": w.in.entName}
		p["team"] = obj{"id": w.TeamID, "domain": w.Domain, "enterprise_id": w.EnterpriseID, "enterprise_name": w.in.entName}
	}
	if w.in.org() {
		p["team"] = nil
	}
	return p
}

func (c *Channel) interactionObject() obj { return obj{"id": c.ID, "name": c.payloadName()} }

// Click uses an element of a message: a button by its label or action_id, an option of a select or overflow menu by its
// label or value. The message is looked up as it is now.
func (u *User) Click(m Message, labelOrActionID string) *Act {
	s := u.s
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.act("interactive", isClick, false)
	ch := s.channels[m.Channel]
	if ch == nil || ch.byTS[m.TS] == nil {
		return a.refuse("no such message")
	}
	msg := ch.byTS[m.TS]
	switch {
	case msg.Deleted:
		return a.refuse("the message was deleted")
	case msg.Ephemeral && msg.To != u.ID:
		return a.refuse("the message is for somebody else")
	case ch.private && !ch.has(u.ID):
		return a.refuse("not in the channel")
	}
	v, _ := parse(msg.Blocks)
	list, _ := v.([]any)
	action := s.findAction(list, labelOrActionID)
	if action == nil {
		return a.refuse("no element %q in the message", labelOrActionID)
	}
	a.user, a.ch = u, ch
	p := u.interaction("block_actions")
	container := obj{"type": "message", "message_ts": msg.TS, "channel_id": ch.ID, "is_ephemeral": msg.Ephemeral}
	if msg.ThreadTS != "" {
		container["thread_ts"] = msg.ThreadTS
	}
	p["container"], p["channel"] = container, ch.interactionObject()
	if !msg.Ephemeral { // an ephemeral message is not shown to the app again
		p["message"] = s.messageObject(ch, msg, true)
	}
	p["state"] = obj{"values": obj{}}
	p["trigger_id"], p["response_url"] = s.newTrigger(u), s.newHook(u, ch, msg)
	p["actions"] = []any{action}
	a.payload = mustJSON(p)
	s.send(a, 0)
	return a
}

// ClickView uses an element of the person's top modal, as Click does.
func (u *User) ClickView(labelOrActionID string) *Act {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	return u.clickView(u.top(), labelOrActionID)
}

// ClickHome uses an element of the person's Home tab.
func (u *User) ClickHome(labelOrActionID string) *Act {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	return u.clickView(u.home, labelOrActionID)
}

func (u *User) clickView(v *View, labelOrActionID string) *Act {
	s := u.s
	a := s.act("interactive", isClick, false)
	if v == nil {
		return a.refuse("no view is open")
	}
	action := s.findAction(v.raw.list("blocks"), labelOrActionID)
	if action == nil {
		return a.refuse("no element %q in the view", labelOrActionID)
	}
	a.user, a.view = u, v
	p := u.interaction("block_actions")
	p["container"], p["view"] = obj{"type": "view", "view_id": v.ID}, v.payload()
	p["trigger_id"], p["actions"] = s.newTrigger(u), []any{action}
	a.payload = mustJSON(p)
	s.send(a, 0)
	return a
}

// findAction finds an element by action_id, label or option and gives the action of using it. The caller holds mu.
func (s *Server) findAction(blocks []any, name string) obj {
	for _, byID := range []bool{true, false} {
		for _, b := range blocks {
			block := asObj(b)
			for _, e := range interactive(block) {
				if action := actionOf(e, name, byID); action != nil {
					action["action_id"], action["block_id"] = e.str("action_id"), block.str("block_id")
					action["type"], action["action_ts"] = e.str("type"), s.ts()
					return action
				}
			}
		}
	}
	return nil
}

func actionOf(e obj, name string, byID bool) obj {
	if byID && e.str("action_id") != name {
		return nil
	}
	switch e.str("type") {
	case "button", "workflow_button", "icon_button":
		if !byID && e.obj("text").str("text") != name {
			return nil
		}
		out := obj{"text": e["text"]}
		if v := e.str("value"); v != "" {
			out["value"] = v
		}
		return out
	}
	for _, o := range allOptions(e) {
		if byID || o.obj("text").str("text") == name || o.str("value") == name {
			switch e.str("type") {
			case "checkboxes", "multi_static_select":
				return obj{"selected_options": []any{o}}
			}
			return obj{"selected_option": o}
		}
	}
	return nil
}

// allOptions lists the options of an element, those in groups too.
func allOptions(e obj) []obj {
	var out []obj
	for _, o := range e.list("options") {
		out = append(out, asObj(o))
	}
	for _, g := range e.list("option_groups") {
		out = append(out, allOptions(asObj(g))...)
	}
	return out
}

// Shortcut starts a global shortcut.
func (u *User) Shortcut(callbackID string) *Act {
	s := u.s
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.act("interactive", isClick, false)
	a.user = u
	p := u.interaction("shortcut")
	p["callback_id"], p["trigger_id"], p["action_ts"] = callbackID, s.newTrigger(u), s.ts()
	a.payload = mustJSON(p)
	s.send(a, 0)
	return a
}

// MessageShortcut starts a message shortcut from the menu of a message.
func (u *User) MessageShortcut(m Message, callbackID string) *Act {
	s := u.s
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.act("interactive", isClick, false)
	ch := s.channels[m.Channel]
	if ch == nil || ch.byTS[m.TS] == nil || ch.byTS[m.TS].Deleted || ch.byTS[m.TS].Ephemeral {
		return a.refuse("no such message")
	}
	msg := ch.byTS[m.TS]
	a.user, a.ch = u, ch
	p := u.interaction("message_action")
	p["callback_id"], p["trigger_id"], p["action_ts"] = callbackID, s.newTrigger(u), s.ts()
	p["response_url"], p["message_ts"], p["channel"] = s.newHook(u, ch, msg), msg.TS, ch.interactionObject()
	p["message"] = s.messageObject(ch, msg, true)
	a.payload = mustJSON(p)
	s.send(a, 0)
	return a
}
