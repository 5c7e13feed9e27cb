package demo

import (
	"slices"
	"strings"
	"time"

	"incident-bot/bot/slacktest"
)

// shown is how a message stands to the person who sees it.
type shown struct {
	author string
	zone   *time.Location // of the clock in front of the message; nil leaves it out
	notes  []string       // "only visible to you", "in #payments"
	reply  bool           // is set in, under what it answers
	number int            // in a list of messages; 0 leaves it out
}

// The margins of a message's first line and of its text.
const (
	headMargin = 2
	bodyMargin = 4
	replySetIn = 2
)

// draw draws a message: who, when and to whom in one line, its text under that.
func draw(m slacktest.Message, s shown) []line {
	setIn := 0
	if s.reply {
		setIn = replySetIn
	}
	lines := []line{head(m, s, headMargin+setIn)}
	return append(lines, body(m, bodyMargin+setIn)...)
}

// head is the line above a message's text.
func head(m slacktest.Message, s shown, margin int) line {
	l := textLine(margin, plain, "")
	l.hang += "  "
	if s.number > 0 {
		l.pieces = append(l.pieces, piece{text: itoa(s.number) + ". ", style: faint})
	}
	if s.reply {
		l.pieces = append(l.pieces, piece{text: "↳ ", style: faint})
	}
	l.pieces = append(l.pieces, piece{text: s.author, style: bold})
	if s.zone != nil {
		l.pieces = append(l.pieces, piece{text: " " + posted(m).In(s.zone).Format("15:04"), style: faint})
	}
	for _, note := range s.notes {
		l.pieces = append(l.pieces, piece{text: " · " + note, style: faint})
	}
	return l
}

// divider is how Plain shows a divider.
const divider = "───"

// body is a message's text, line by line: headings, quotes and buttons are told apart.
func body(m slacktest.Message, margin int) []line {
	labels := clickable(m)
	all := blocksOf(m)
	headed := len(all) > 0 && all[0].Type == "header"
	var lines []line
	rows := strings.Split(strings.TrimRight(clean(m.Plain()), "\n"), "\n")
	for i, row := range rows {
		set := buttonsOf(row, labels)
		switch {
		case len(set) == 1 && i > 0 && rows[i-1] != divider && buttonsOf(rows[i-1], labels) == nil:
			last := &lines[len(lines)-1] // a row's own button stands at its end
			last.pieces = append(last.pieces, piece{"  " + set[0], button, true})
		case set != nil:
			lines = append(lines, buttonRow(margin, set))
		case headed && i == 0:
			lines = append(lines, textLine(margin, bold, row))
		case strings.HasPrefix(row, "> "):
			quote := textLine(margin, plain, strings.TrimPrefix(row, "> "))
			quote.first, quote.hang = quote.first+"> ", quote.hang+"> "
			lines = append(lines, quote)
		default:
			lines = append(lines, hanging(margin, row))
		}
	}
	return lines
}

// hanging is a line of text that keeps its own indent when it is broken, and that of a list's mark.
func hanging(margin int, row string) line {
	bare := strings.TrimLeft(row, " ")
	l := textLine(margin+len(row)-len(bare), styleOf(bare), bare)
	if strings.HasPrefix(bare, "• ") || strings.HasPrefix(bare, "- ") {
		l.hang += "  "
	}
	return l
}

// styleOf sets failures off. They begin with ✗ too.
func styleOf(row string) style {
	if strings.HasPrefix(row, "✗") {
		return alarm
	}
	return plain
}

func buttonRow(margin int, set []string) line {
	l := textLine(margin, plain, "")
	for i, one := range set {
		if i > 0 {
			one = " " + one
		}
		l.pieces = append(l.pieces, piece{one, button, true})
	}
	return l
}

// buttonsOf splits a row that holds nothing but buttons and menus, "[Update] [Note]"; nil for any other row.
func buttonsOf(row string, labels []string) []string {
	var set []string
	for rest := row; rest != ""; rest = strings.TrimPrefix(rest, " ") {
		at := slices.IndexFunc(labels, func(l string) bool { return l != "" && strings.HasPrefix(rest, "["+clean(l)+"]") })
		if at < 0 {
			return nil
		}
		one := "[" + clean(labels[at]) + "]"
		set = append(set, one)
		rest = rest[len(one):]
	}
	return set
}
