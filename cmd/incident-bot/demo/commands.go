package demo

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"incident-bot/bot/slacktest"
)

// command is a word that this terminal adds to what can be typed in Slack.
type command struct {
	name, usage, summary string
	run                  func(s *session, ctx context.Context, rest string) error
}

// commands lists them in the order of help.
func commands() []command {
	return []command{
		{"click", "click LABEL [on 42]", "clicks a button, on the newest message that has it", (*session).click},
		{"submit", "submit", "sends the open form", (*session).submit},
		{"cancel", "cancel", "closes the open form", (*session).cancel},
		{"as", "as ana|ben|gus", "changes the person; gus is a guest", (*session).as},
		{"in", "in #ops|#payments|#random", "changes the channel; the bot is not in #random", (*session).in},
		{"dm", "dm", "goes to the direct message with the bot", (*session).dm},
		{"thread", "thread [42]", "enters the thread of the newest card, or of that incident's", (*session).enter},
		{"back", "back", "leaves the thread", (*session).back},
		{"look", "look", "shows the latest messages here again", (*session).look},
		{"grafana", "grafana [down|up|slow|asleep|401|429]", "shows what the stack holds, or troubles it", (*session).stack},
		{"slack", "slack drop|refresh|limit|up", "troubles Slack", (*session).trouble},
		{"kill", "kill bot", "kills the bot without a word and starts it again", (*session).killBot},
		{"restart", "restart bot", "stops the bot in order and starts it again", (*session).stopBot},
		{"log", "log", "shows the end of the bot's log", (*session).showLog},
		{"wait", "wait", "waits until nothing happens any more", (*session).wait},
		{"?", "? TEXT", "fails unless the last answer has the text", (*session).expect},
		{"help", "help", "shows this", (*session).help},
		{"quit", "quit", "ends the demo", func(*session, context.Context, string) error { return errQuit }},
	}
}

// do does one line.
func (s *session) do(ctx context.Context, l line) error {
	word, rest, _ := strings.Cut(l.text, " ")
	rest = strings.TrimSpace(rest)
	if word != "?" {
		s.mu.Lock()
		s.printed.Reset()
		s.mu.Unlock()
	}
	switch {
	case strings.HasPrefix(word, "/"):
		return s.act(ctx, s.person().Command(s.place, word, rest))
	case word == "@incident-bot":
		return s.act(ctx, s.person().Mention(s.place, s.thread, rest))
	}
	if s.person().View() != nil && s.enterField(l.text) {
		return nil
	}
	for _, c := range commands() {
		if strings.EqualFold(c.name, word) {
			return c.run(s, ctx, rest)
		}
	}
	return fmt.Errorf("there is no command %q; say what you would say in Slack (/incident …, @incident-bot …), or: help", word)
}

// act waits for what becomes of an act, and shows it.
func (s *session) act(ctx context.Context, a *slacktest.Act) error {
	acked, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	_, err := a.Acked(acked)
	if errors.Is(err, slacktest.ErrNotSent) {
		s.settle(ctx, false, quietTime)
		return nil // the form shows why
	}
	s.settle(ctx, true, quietTime)
	return nil
}

// click finds the newest message with the button.
func (s *session) click(ctx context.Context, rest string) error {
	label, incident, _ := strings.Cut(rest, " on ")
	if v := s.person().View(); v != nil && hasLabel(v.Buttons(), label) != "" {
		return s.act(ctx, s.person().ClickView(hasLabel(v.Buttons(), label)))
	}
	incident = strings.TrimPrefix(strings.TrimSpace(incident), "#")
	var labels []string
	for _, ch := range s.places() {
		for _, m := range slices.Backward(s.person().Sees(ch)) {
			if m.Deleted || incident != "" && !mentions(m, incident) {
				continue
			}
			if found := hasLabel(m.Buttons(), label); found != "" {
				return s.act(ctx, s.person().Click(m, found))
			}
			labels = append(labels, m.Buttons()...)
		}
	}
	if len(labels) > 8 {
		labels = labels[:8]
	}
	return fmt.Errorf("there is no button %q here; there are: %s", rest, strings.Join(labels, ", "))
}

// mentions says whether a message is about an incident.
func mentions(m slacktest.Message, id string) bool {
	for word := range strings.FieldsSeq(m.Plain()) {
		if strings.Trim(word, ".,:") == "#"+id {
			return true
		}
	}
	return false
}

// hasLabel finds a label by its beginning, whatever the case.
func hasLabel(labels []string, said string) string {
	for _, l := range labels {
		if strings.EqualFold(l, said) {
			return l
		}
	}
	for _, l := range labels {
		if said != "" && strings.HasPrefix(strings.ToLower(l), strings.ToLower(said)) {
			return l
		}
	}
	return ""
}

// enterField takes "title: checkout is down".
func (s *session) enterField(text string) bool {
	name, value, ok := strings.Cut(text, ":")
	if !ok {
		return false
	}
	for _, in := range s.person().View().Inputs() {
		if strings.HasPrefix(strings.ToLower(in.Label), strings.ToLower(strings.TrimSpace(name))) {
			err := s.person().Enter(map[string]string{in.BlockID: chosen(in, strings.TrimSpace(value))})
			if err != nil {
				s.say("%s takes: %s", in.Label, strings.Join(in.Options, ", "))
			}
			s.refresh()
			return true
		}
	}
	return false
}

// chosen finds the option that was meant, for fields that have options.
func chosen(in slacktest.Input, said string) string {
	if found := hasLabel(in.Options, said); found != "" {
		return found
	}
	return said
}

func (s *session) submit(ctx context.Context, _ string) error {
	if s.person().View() == nil {
		return errors.New("no form is open")
	}
	return s.act(ctx, s.person().Submit(nil))
}

func (s *session) cancel(ctx context.Context, _ string) error {
	if s.person().View() == nil {
		return errors.New("no form is open")
	}
	s.person().CloseView()
	s.settle(ctx, true, quietTime)
	return nil
}
