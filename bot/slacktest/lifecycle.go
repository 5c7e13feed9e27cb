package slacktest

// OpenHome opens the Home tab: app_home_opened, with the view that was published.
func (u *User) OpenHome() *Act {
	s := u.s
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.subscribed(u.ws.in, "app_home_opened") {
		return s.act("events_api", isEvent, false).refuse("the app is not subscribed to app_home_opened")
	}
	ev := obj{
		"type": "app_home_opened", "user": u.ID, "channel": s.dm(u.ws, u.ID, u.ws.BotUserID).ID, "tab": "home",
		"event_ts": s.ts(),
	}
	if u.home != nil {
		ev["view"] = u.home.payload()
	}
	a := s.event(u.ws, nil, ev)
	a.user = u
	s.send(a, 0)
	return a
}

// Uninstall takes the app out of the workspace: tokens_revoked and app_uninstalled, after which every call answers
// account_inactive. It gives the act of app_uninstalled.
func (w *Workspace) Uninstall() *Act {
	s := w.s
	s.mu.Lock()
	defer s.mu.Unlock()
	w.in.dead = "account_inactive"
	s.send(s.event(w, nil, obj{
		"type": "tokens_revoked", "tokens": obj{"oauth": []string{}, "bot": []string{w.BotUserID}}, "event_ts": s.ts(),
	}), 0)
	a := s.event(w, nil, obj{"type": "app_uninstalled", "event_ts": s.ts()})
	s.send(a, 0)
	return a
}

// RateLimitEvents tells the app that it gets no more events in this minute: an envelope without an inner event (facts
// §1.3).
func (w *Workspace) RateLimitEvents() *Act {
	s := w.s
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.act("events_api", isEvent, false)
	a.payload = mustJSON(obj{
		"token": "legacy", "type": "app_rate_limited", "team_id": w.TeamID, "api_app_id": s.appID,
		"minute_rate_limited": s.opts.Now().Unix() / 60 * 60,
	})
	s.send(a, 0)
	return a
}
