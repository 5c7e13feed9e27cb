package demo

import (
	"regexp"
	"strings"

	"incident-bot/bot/slacktest"
)

// drawn is a message as a person sees it: who, where if it is not here, to whom, and what.
func (s *session) drawn(ch *slacktest.Channel, m slacktest.Message, again bool) string {
	head := "incident-bot"
	if m.BotID == "" && m.User != s.team.BotUserID {
		head = "Slackbot"
	}
	var notes []string
	if ch.ID != s.place.ID {
		notes = append(notes, "in "+s.placeName(ch))
	}
	if m.ThreadTS != "" && m.ThreadTS != m.TS {
		notes = append(notes, "in the thread")
	}
	if m.Ephemeral {
		notes = append(notes, "only you see this")
	}
	if again {
		notes = append(notes, "edited")
	}
	if len(notes) > 0 {
		head += " (" + strings.Join(notes, ", ") + ")"
	}
	return "  " + head + "\n" + indented(m.Plain(), "    ")
}

// boxed is a form.
func boxed(text, foot string) string {
	return "  ┌─ form\n" + indented(text, "  │ ") + "\n  └─ " + foot
}

func indented(text, with string) string {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(with+l, " ")
	}
	return strings.Join(lines, "\n")
}

// steady replaces what differs from run to run: references and times.
func steady(text string) string {
	text = regexp.MustCompile(`ref [0-9a-z]{5}\b`).ReplaceAllString(text, "ref 7f3k2")
	return regexp.MustCompile(`\b(Today|Yesterday|[A-Z][a-z]+ \d{1,2}[a-z]*(, \d{4})?) at \d{1,2}:\d{2}( [AP]M)?`).ReplaceAllString(text, "Today at 03:07")
}
