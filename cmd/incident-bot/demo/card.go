package demo

import (
	"regexp"
	"slices"
	"strings"

	"incident-bot/bot/slacktest"
)

// age is a time that passes by itself; a card that differs in nothing else has no news.
var age = regexp.MustCompile(`less than a minute|\d+ min\b|\d+ h \d\d min\b|\d+ days?\b`)

// edited is what has changed in a message, in short: "card of #42 now: Severity Major". It is nothing when only time has
// passed.
func edited(m slacktest.Message, before string, s shown) []line {
	now := changes(before, m.Plain())
	if len(now) == 0 {
		return nil
	}
	l := textLine(headMargin, plain, "")
	l.hang += "  "
	l.pieces = []piece{{text: "~ " + called(m, before) + note(s) + " now: ", style: faint}, {text: now[0]}}
	labels := clickable(m)
	for _, one := range now[1:] {
		l.pieces = append(l.pieces, piece{text: " · ", style: faint})
		if set := buttonsOf(one, labels); set != nil {
			l.pieces = append(l.pieces, buttonRow(0, set).pieces...)
			continue
		}
		l.pieces = append(l.pieces, piece{text: one})
	}
	return []line{l}
}

// called names a message in a few words, of its text as it is or was.
func called(m slacktest.Message, text string) string {
	if one := about(m); one != "" {
		return "card of #" + one
	}
	first, _, _ := strings.Cut(clean(text), "\n")
	if short := fits(first, 30); short != first {
		first = short + "…"
	}
	return "“" + first + "”"
}

func note(s shown) string {
	if len(s.notes) == 0 {
		return ""
	}
	return " (" + strings.Join(s.notes, ", ") + ")"
}

// changes lists the facts of a text that an earlier one did not have, in order. Facts stand on lines of their own or
// three spaces apart.
func changes(before, now string) []string {
	had := facts(before)
	var list []string
	for _, one := range facts(now) {
		same := func(old string) bool { return age.ReplaceAllString(old, "") == age.ReplaceAllString(one, "") }
		if !slices.ContainsFunc(had, same) {
			list = append(list, one)
		}
	}
	return list
}

func facts(text string) []string {
	var list []string
	for row := range strings.Lines(clean(text)) {
		for one := range strings.SplitSeq(strings.TrimSpace(row), "   ") {
			if one != "" {
				list = append(list, one)
			}
		}
	}
	return list
}
