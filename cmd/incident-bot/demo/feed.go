package demo

import (
	"cmp"
	"slices"

	"incident-bot/bot/slacktest"
)

// refresh shows what is new for the person: answers that took the place of others, new messages, what was edited, the
// form. It says whether there was anything.
func (s *session) refresh() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	fresh, changed := s.news()
	lines := s.formClosed()
	for _, m := range changed {
		if m.Ephemeral {
			lines = append(lines, s.drawChange(m)...)
		}
	}
	for _, m := range fresh {
		lines = append(lines, draw(m, s.shownAs(m))...)
	}
	for _, m := range changed {
		if !m.Ephemeral {
			lines = append(lines, s.drawChange(m)...)
		}
	}
	for _, m := range append(fresh, changed...) {
		s.seen[id(m)] = see(m)
	}
	lines = append(lines, s.formNews()...)
	s.print(lines...)
	s.screen.ask(s.prompt())
	return len(lines) > 0
}

// hasNews says whether refresh would find anything.
func (s *session) hasNews() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	fresh, changed := s.news()
	return len(fresh)+len(changed) > 0 || s.formState() != s.view
}

// hasMessages says whether refresh would find a message, and not a form alone.
func (s *session) hasMessages() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	fresh, changed := s.news()
	return len(fresh)+len(changed) > 0
}

// news lists the bot's and Slack's messages that the person has not seen, and those that have changed since, by age.
// What people say was typed here and is seen already.
func (s *session) news() (fresh, changed []slacktest.Message) {
	for _, ch := range s.places() {
		for _, m := range s.who.Sees(ch) {
			if s.typedBy(m) != nil {
				continue
			}
			switch before, known := s.seen[id(m)]; {
			case !known:
				fresh = append(fresh, m)
			case before.raw != raw(m):
				changed = append(changed, m)
			}
		}
	}
	byAge := func(a, b slacktest.Message) int { return cmp.Compare(a.TS, b.TS) }
	slices.SortStableFunc(fresh, byAge)
	slices.SortStableFunc(changed, byAge)
	return fresh, changed
}

// skip takes everything that is there as seen. mu is held.
func (s *session) skip() {
	s.seen = map[string]sight{}
	for _, ch := range s.places() {
		for _, m := range s.who.Sees(ch) {
			s.seen[id(m)] = see(m)
		}
	}
	s.view = s.formState()
}

// typedBy is the person of this demo who wrote a message, nil if none did.
func (s *session) typedBy(m slacktest.Message) *person {
	at := slices.IndexFunc(s.people, func(p person) bool { return p.ID == m.User })
	if at < 0 {
		return nil
	}
	return &s.people[at]
}

// shownAs says how a message stands to the person, seen from where they are.
func (s *session) shownAs(m slacktest.Message) shown {
	out := shown{author: s.author(m), zone: s.zone(), notes: s.notes(m), reply: isReply(m) && m.ThreadTS != s.thread}
	if m.Ephemeral {
		out.notes = append(out.notes, "only visible to you")
	}
	return out
}

// notes says where a message is, as far as it is not where the person is.
func (s *session) notes(m slacktest.Message) []string {
	var notes []string
	for _, ch := range s.places() {
		if ch.ID != m.Channel {
			continue
		}
		if isReply(m) && (m.ThreadTS != s.thread || ch.ID != s.place.ID) {
			notes = append(notes, "in the "+s.threadName(ch, m.ThreadTS))
		}
		if ch.ID != s.place.ID {
			notes = append(notes, "in "+s.placeName(ch))
		}
	}
	return notes
}

func (s *session) author(m slacktest.Message) string {
	if p := s.typedBy(m); p != nil {
		return p.Name
	}
	if m.User == slackbot {
		return "Slackbot"
	}
	return "incident-bot"
}

// drawChange draws a message that was edited: in short, or anew where only this person sees it, as that is an answer
// which took the place of another.
func (s *session) drawChange(m slacktest.Message) []line {
	as := s.shownAs(m)
	before := s.seen[id(m)].plain
	if !m.Ephemeral {
		return edited(m, before, as)
	}
	if len(changes(before, m.Plain())) == 0 {
		return nil
	}
	as.notes = append(as.notes, "edited")
	return draw(m, as)
}

// formState is the open form as it stands, "" when none is open.
func (s *session) formState() string { return stateOf(s.who.View()) }

func stateOf(v *slacktest.View) string {
	if v == nil {
		return ""
	}
	return v.ID + "\n" + v.Plain()
}

// formClosed says that the form was closed.
func (s *session) formClosed() []line {
	if s.view == "" || s.formState() != "" {
		return nil
	}
	s.view = ""
	return aside("the form is closed")
}

// formNews draws the form when it was opened or has changed. That it is sent once more, which takes its complaints away,
// is no news.
func (s *session) formNews() []line {
	v := s.who.View()
	now := stateOf(v)
	if now == s.view || now == "" {
		return nil
	}
	s.view = now
	inputs := v.ID + string(v.Blocks)
	if inputs == s.inputs && len(v.Errors) == 0 && v.Trouble == "" {
		return nil
	}
	s.inputs = inputs
	return drawForm(v)
}

// sight is a message as the person saw it last.
type sight struct{ raw, plain string }

func see(m slacktest.Message) sight { return sight{raw(m), m.Plain()} }

// raw is what a message is made of: it differs when the message was edited, and is had without drawing it.
func raw(m slacktest.Message) string { return m.Text + string(m.Blocks) + string(m.Attachments) }
