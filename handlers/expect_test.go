package handlers_test

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"incident-bot/bot/slacktest"
)

// now is everything that everybody sees.
func (s *stage) now() map[string]bool {
	all := map[string]bool{}
	for name, u := range s.people {
		for _, ch := range s.places(u) {
			for _, m := range u.Sees(ch) {
				all[key(name, m)] = true
			}
		}
	}
	return all
}

func key(who string, m slacktest.Message) string { return who + m.Channel + m.TS + m.Plain() }

// news is what is new or changed for a person, on one line, without what people said themselves. how reads a message.
func (s *stage) news(who string, how func(slacktest.Message) string) string {
	var parts []string
	u := s.people[who]
	for _, ch := range s.places(u) {
		for _, m := range u.Sees(ch) {
			if !m.Deleted && !s.before[key(who, m)] && !slices.ContainsFunc(s.humans(), func(id string) bool { return id == m.User }) {
				parts = append(parts, how(m))
			}
		}
	}
	return strings.Join(strings.Fields(strings.Join(parts, " ⏎ ")), " ")
}

func (s *stage) humans() []string {
	ids := make([]string, 0, len(s.people))
	for _, u := range s.people {
		ids = append(ids, u.ID)
	}
	return ids
}

func (s *stage) await(ok func() bool) bool {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	return s.slack.Await(ctx, ok) == nil
}

// expect checks one line that begins with >.
func (s *stage) expect(text string) {
	who, rest, _ := strings.Cut(text, " ")
	switch {
	case who == "grafana":
		s.expectGrafana(rest)
	case text == "the log has the reference":
		s.expectLogged()
	case strings.HasSuffix(text, " alerts nobody"):
		s.inert(strings.TrimSuffix(text, " alerts nobody"))
	case strings.HasPrefix(rest, "sees no form"):
		if !s.await(func() bool { return s.people[who].View() == nil }) {
			s.fatalf("the form is still open")
		}
	case strings.HasPrefix(rest, "sees a form with "):
		s.expectForm(who, strings.TrimPrefix(rest, "sees a form with "))
	case strings.HasPrefix(rest, "sees "):
		s.expectNews(who, strings.TrimPrefix(rest, "sees "), slacktest.Message.Plain)
	case strings.HasPrefix(rest, "reads "):
		s.expectNews(who, strings.TrimPrefix(rest, "reads "), slacktest.Message.TextPlain)
	case strings.HasPrefix(rest, "does not see "):
		if not := strings.TrimPrefix(rest, "does not see "); strings.Contains(s.news(who, slacktest.Message.Plain), not) {
			s.fatalf("%s sees %q:\n%s", who, not, s.news(who, slacktest.Message.Plain))
		}
	default:
		s.fatalf("what is %q?", text)
	}
}

func (s *stage) expectNews(who, want string, how func(slacktest.Message) string) {
	if !s.await(func() bool { return strings.Contains(s.news(who, how), want) }) {
		s.fatalf("%s does not see %q, but\n%s", who, want, s.news(who, how))
	}
}

// expectLogged looks up the reference that ana reads in the log.
func (s *stage) expectLogged() {
	_, ref, ok := strings.Cut(s.news("ana", slacktest.Message.Plain), "`ref ")
	ref, _, closed := strings.Cut(ref, "`")
	if !ok || !closed || !s.await(func() bool { return strings.Contains(s.log.String(), `"ref":"`+ref+`"`) }) {
		s.fatalf("no reference, or the log does not have it: %q", ref)
	}
}

func (s *stage) expectForm(who, want string) {
	shown := func() string {
		if v := s.people[who].View(); v != nil {
			return strings.Join(strings.Fields(v.Plain()), " ")
		}
		return "no form"
	}
	if !s.await(func() bool { return strings.Contains(shown(), want) }) {
		s.fatalf("the form has no %q:\n%s", want, shown())
	}
}

// inert fails when a message with the text would alert more than the people it names.
func (s *stage) inert(text string) {
	for _, ch := range s.channels {
		for _, m := range ch.Messages() {
			if strings.Contains(m.Plain(), text) && m.BotID != "" && len(m.Notifies) > 0 {
				s.fatalf("%q alerts %v", m.Plain(), m.Notifies)
			}
		}
	}
}

// expectGrafana checks the stack.
func (s *stage) expectGrafana(text string) {
	words := strings.Fields(text)
	switch {
	case len(words) == 3 && words[0] == "heard":
		if got := strconv.Itoa(len(s.grafana.Calls(words[1]))); got != words[2] {
			s.fatalf("%s was called %s times", words[1], got)
		}
	case len(words) == 3 && words[0] == "has" && words[2] == "incidents":
		if got := strconv.Itoa(len(s.grafana.Incidents())); got != words[1] {
			s.fatalf("the stack has %s incidents", got)
		}
	default:
		id, want, ok := strings.Cut(text, " has ")
		if !ok {
			s.fatalf("what is %q?", text)
		}
		if !s.await(func() bool { return strings.Contains(s.story(id), want) }) {
			s.fatalf("incident %s has no %q:\n%s", id, want, s.story(id))
		}
	}
}

// story is an incident on one line.
func (s *stage) story(id string) string {
	i, ok := s.grafana.Incident(id)
	if !ok {
		return "no such incident"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "title %s, severity %s, status %s, drill %t", i.Title, i.Severity, i.Status, i.IsDrill)
	for _, l := range i.Labels {
		fmt.Fprintf(&b, ", label %s=%s", l.Key, l.Label)
	}
	for _, a := range i.Activity {
		fmt.Fprintf(&b, ", %s at %s: %s", a.ActivityKind, a.EventTime, a.Body)
	}
	for _, u := range i.KeyUpdates {
		fmt.Fprintf(&b, ", update: %s", u.Content)
	}
	for _, c := range i.Context {
		fmt.Fprintf(&b, ", context %s", c)
	}
	return strings.Join(strings.Fields(b.String()), " ")
}
