package slacktest

import (
	"slices"
	"strings"
)

// Command types a slash command in a channel: Command(ch, "/incident", "list"). The text is as a person types it: @ana
// and #ops become <@U…|ana> and <#C…|ops>, & < > become entities, as should_escape does. Text that holds <@…> already
// is taken for text.
func (u *User) Command(ch *Channel, command, text string) *Act {
	s := u.s
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.act("slash_commands", isCommand, true)
	a.user, a.ch, a.command = u, ch, command
	if !u.ws.in.scopes["commands"] {
		return a.refuse("the app is not installed with the scope commands")
	}
	if !s.opts.NoEscape {
		text = s.escapeTyped(u, text, true)
	}
	w := u.ws
	p := obj{
		"token": "legacy", "team_id": w.TeamID, "team_domain": w.Domain, "channel_id": ch.ID,
		"channel_name": ch.payloadName(), "user_id": u.ID, "user_name": u.Name, "command": command, "text": text,
		"api_app_id": s.appID, "is_enterprise_install": "false", "response_url": s.newHook(u, ch, nil),
		"trigger_id": s.newTrigger(u),
	}
	if w.EnterpriseID != "" {
		p["enterprise_id"], p["enterprise_name"] = w.EnterpriseID, w.in.entName
		if w.in.org() {
			p["is_enterprise_install"] = "true"
		}
	}
	a.payload = mustJSON(p)
	s.send(a, 0)
	return a
}

// Mention posts "<@BOT> text" and so sends app_mention; in a direct message, where Slack sends no app_mention, it sends
// message.im. threadTS "" is no thread. The bot meant is that of the person's workspace.
func (u *User) Mention(ch *Channel, threadTS, text string) *Act {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	return u.say(ch, threadTS, "<@"+u.ws.BotUserID+"> "+u.s.escapeTyped(u, text, false))
}

// Say posts a message. It is delivered as far as the app is subscribed to messages of that kind of channel, as in a
// direct message with the bot.
func (u *User) Say(ch *Channel, threadTS, text string) Message {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	return u.say(ch, threadTS, u.s.escapeTyped(u, text, false)).message
}

// say posts and gives the act of the event that the bot is to answer: app_mention before message. The caller holds mu.
func (u *User) say(ch *Channel, threadTS, text string) *Act {
	s := u.s
	m := s.add(ch, &Message{User: u.ID, ThreadTS: threadTS, Text: text})
	var act *Act
	if !ch.im {
		act = s.tellMention(ch, m)
	}
	if told := s.tellMessage(ch, m); act == nil {
		act = told
	}
	s.tellLinks(ch, m)
	if act == nil {
		act = s.act("events_api", isEvent, false).refuse("the app gets no event for it")
	}
	act.user, act.ch, act.message = u, ch, m.copy(u)
	return act
}

// tellMention sends app_mention to the first installation that is mentioned and in the channel.
func (s *Server) tellMention(ch *Channel, m *Message) *Act {
	i := slices.IndexFunc(ch.installs(), func(w *Workspace) bool {
		return strings.Contains(m.Text, "<@"+w.BotUserID+">") && s.subscribed(w.in, "app_mention")
	})
	if i < 0 {
		return nil
	}
	ev := s.messageEvent(ch, m)
	ev["type"] = "app_mention"
	a := s.event(ch.installs()[i], ch, ev)
	s.send(a, 0)
	return a
}

// Edit changes the person's message. It is delivered where the app is subscribed.
func (u *User) Edit(m Message, text string) {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	if ch, own := u.ownMessage(m); own != nil {
		own.Text, own.Edited = u.s.escapeTyped(u, text, false), true
		own.refresh()
		u.s.touch()
		u.s.tellChanged(ch, own)
	}
}

// Delete takes the person's message back. It is delivered where the app is subscribed.
func (u *User) Delete(m Message) {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	if ch, own := u.ownMessage(m); own != nil {
		own.Deleted = true
		u.s.touch()
		u.s.tellDeleted(ch, own)
	}
}

func (u *User) ownMessage(m Message) (*Channel, *Message) {
	ch := u.s.channels[m.Channel]
	if ch == nil || ch.byTS[m.TS] == nil || ch.byTS[m.TS].User != u.ID {
		return nil, nil
	}
	return ch, ch.byTS[m.TS]
}

// React puts an emoji, named without colons, on a message: reaction_added.
func (u *User) React(m Message, name string) *Act { return u.reaction("reaction_added", m, name) }

// Unreact takes an emoji off a message: reaction_removed.
func (u *User) Unreact(m Message, name string) *Act { return u.reaction("reaction_removed", m, name) }

func (u *User) reaction(event string, m Message, name string) *Act {
	s := u.s
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.act("events_api", isEvent, false)
	ch := s.channels[m.Channel]
	if ch == nil || ch.byTS[m.TS] == nil {
		return a.refuse("no such message")
	}
	msg := ch.byTS[m.TS]
	if changed := event == "reaction_added" && msg.react(name, u.ID) || event == "reaction_removed" && msg.unreact(name, u.ID); !changed {
		return a.refuse("nothing changes")
	}
	s.touch()
	for _, w := range ch.installs() {
		if !s.subscribed(w.in, event) {
			continue
		}
		a.user, a.ch = u, ch
		a.eventPayload(s, w, ch, obj{
			"type": event, "user": u.ID, "reaction": name, "item_user": msg.User, "event_ts": s.ts(),
			"item": obj{"type": "message", "channel": ch.ID, "ts": msg.TS},
		})
		s.send(a, 0)
		return a
	}
	return a.refuse("the app is not subscribed to %s", event)
}
