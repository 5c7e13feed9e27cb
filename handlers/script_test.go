package handlers_test

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"incident-bot/bot/slacktest"
)

func (s *stage) play(script string) {
	for n, text := range strings.Split(script, "\n") {
		s.line = n + 1
		text = s.filled(strings.TrimSpace(text))
		if text == "" || strings.HasPrefix(text, "#") {
			continue
		}
		if rest, ok := strings.CutPrefix(text, "> "); ok {
			s.expect(rest)
			continue
		}
		s.act(text)
	}
}

// filled puts in what a script cannot know, or is too long for it: PAGE is where the stack's incidents are, REPEAT N x is
// x N times.
func (s *stage) filled(text string) string {
	text = strings.ReplaceAll(text, "PAGE", s.grafana.URL()+"/a/grafana-irm-app/incidents")
	if before, after, ok := strings.Cut(text, "REPEAT "); ok {
		count, unit, _ := strings.Cut(after, " ")
		n, _ := strconv.Atoi(count)
		text = before + strings.TrimSpace(strings.Repeat(unit+" ", n))
	}
	return text
}

// act does one line of a person, of Grafana or of Slack.
func (s *stage) act(text string) {
	who, rest, _ := strings.Cut(text, " ")
	switch who {
	case "grafana":
		s.trouble(rest)
		return
	case "slack":
		s.troubleSlack(rest)
		return
	}
	u := s.people[who]
	if u == nil {
		s.fatalf("who is %q?", who)
	}
	s.before = s.now()
	place, thread, rest := s.where(u, rest)
	verb, args, _ := strings.Cut(rest, " ")
	var a *slacktest.Act
	switch verb {
	case "/incident":
		a = u.Command(place, verb, args)
	case "@bot":
		a = u.Mention(place, thread, args)
	case "says":
		u.Say(place, thread, args)
		return
	case "clicks":
		a = s.click(u, args)
	case "submits":
		a = u.Submit(values(args))
	default:
		s.fatalf("what is %q?", verb)
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if _, err := a.Acked(ctx); err != nil {
		s.fatalf("%s: %v", text, err)
	}
}

// where takes "in #random" or "in thread of 42" off the beginning of a line.
func (s *stage) where(u *slacktest.User, text string) (ch *slacktest.Channel, thread, rest string) {
	ch = s.channels["#ops"]
	after, ok := strings.CutPrefix(text, "in ")
	if !ok {
		return ch, "", text
	}
	if of, ok := strings.CutPrefix(after, "thread of "); ok {
		return s.thread(u, of)
	}
	name, rest, _ := strings.Cut(after, " ")
	if name == "dm" {
		return s.team.DM(u), "", rest
	}
	if s.channels[name] == nil {
		s.fatalf("where is %q?", name)
	}
	return s.channels[name], "", rest
}

// thread takes "42 " or "some text: " off the beginning of a line.
func (s *stage) thread(u *slacktest.User, text string) (ch *slacktest.Channel, ts, rest string) {
	about, rest, _ := strings.Cut(text, " ")
	if said, after, ok := strings.Cut(text, ": "); ok && strings.HasPrefix(after, "@bot") {
		about, rest = said, after
	}
	for _, ch := range s.places(u) {
		for _, m := range u.Sees(ch) {
			card := !m.Ephemeral && s.button(m, "Note") != "" && strings.Contains(m.Plain()+" ", "#"+about+" ")
			if card || m.ThreadTS == "" && strings.Contains(m.Plain(), about) && slices.Contains(s.humans(), m.User) {
				return ch, either(m.ThreadTS, m.TS), rest
			}
		}
	}
	s.fatalf("there is no thread of %q", about)
	return nil, "", ""
}

func either(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// click clicks a button on the newest message that has it.
func (s *stage) click(u *slacktest.User, args string) *slacktest.Act {
	label, id, _ := strings.Cut(args, " on ")
	if m, ok := s.find(u, label, id); ok {
		return u.Click(m, s.button(m, label))
	}
	s.fatalf("no message has the button %q", label)
	return nil
}

func (s *stage) button(m slacktest.Message, label string) string {
	for _, b := range m.Buttons() {
		if strings.HasPrefix(b, label) {
			return b
		}
	}
	return ""
}

func (s *stage) find(u *slacktest.User, label, id string) (slacktest.Message, bool) {
	var newest slacktest.Message
	for _, ch := range s.places(u) {
		for _, m := range u.Sees(ch) {
			about := id == "" || strings.Contains(m.Plain()+" ", "#"+id+" ")
			if !m.Deleted && about && s.button(m, label) != "" && m.TS > newest.TS {
				newest = m
			}
		}
	}
	return newest, newest.TS != ""
}

func (s *stage) places(u *slacktest.User) []*slacktest.Channel {
	all := []*slacktest.Channel{s.team.DM(u)}
	for _, ch := range s.channels {
		all = append(all, ch)
	}
	return all
}

// values reads "title=checkout is down; severity=Major".
func values(args string) map[string]string {
	fields := map[string]string{}
	for field := range strings.SplitSeq(args, ";") {
		if name, value, ok := strings.Cut(field, "="); ok {
			fields[strings.TrimSpace(name)] = strings.TrimSpace(value)
		}
	}
	return fields
}
