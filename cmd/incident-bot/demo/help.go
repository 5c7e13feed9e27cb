package demo

import (
	"context"
	"strings"
)

// intro is what a newcomer reads first: what this is, who one is, what to try.
const intro = `incident-bot itself, between a simulated Slack and a simulated Grafana on this machine. You are ana, on call, in #ops; type as you would in Slack. Try:
  /incident declare checkout returns 500s sev:critical
  click Severity     (fill in  severity: major  and  submit)
  grafana down       (declare something,  kill bot,  then  grafana up);  help  ·  quit
`

// introLines is the intro as lines; what in it can be typed is set off.
func introLines() []line {
	var lines []line
	for row := range strings.Lines(intro) {
		row = strings.TrimRight(row, "\n")
		if bare := strings.TrimLeft(row, " "); bare != row {
			l := textLine(len(row)-len(bare), bold, bare)
			l.hang += "  "
			lines = append(lines, l)
			continue
		}
		lines = append(lines, textLine(0, plain, row))
	}
	return lines
}

// introduction is all that is said at the start.
func (o *Options) introduction() []line {
	lines := introLines()
	if said := notUsed(o.Getenv); said != "" {
		lines = append(lines, textLine(0, faint, said))
	}
	return append(lines, line{})
}

// help lists what can be typed.
func (s *session) help(context.Context, string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	lines := []line{textLine(headMargin, plain, "As in Slack: /incident WORDS, "+botName+" WORDS (/incident help lists the words), or any text.")}
	widest := 0
	for _, c := range controls() {
		widest = max(widest, width(c.usage))
	}
	for _, c := range controls() {
		lines = append(lines, usageLine(c, widest))
	}
	s.print(lines...)
	return nil
}

// usageLine is one control: how it is typed, and what it does, beside it where there is room.
func usageLine(c control, widest int) line {
	l := textLine(headMargin, plain, "")
	l.hang = strings.Repeat(" ", headMargin+widest+2)
	l.pieces = []piece{{padded(c.usage, widest) + "  ", bold, true}, {text: c.summary}}
	return l
}
