package demo

import "strings"

// style is how a piece of text is set off where colours are wanted: parameters of the terminal's SGR sequence. It is
// never the only sign of anything: what is bold is a heading by its place, a button has brackets, what is private says so.
type style string

const (
	plain  style = ""
	bold   style = "1"
	faint  style = "2"
	button style = "36"   // cyan
	alarm  style = "31"   // red
	asks   style = "1;32" // the prompt: bold, green
)

// paint sets a text off, where colours are on.
func (st style) paint(text string, on bool) string {
	if !on || st == plain || text == "" {
		return text
	}
	return "\x1b[" + string(st) + "m" + text + "\x1b[0m"
}

// piece is a part of a line in one style. A whole piece is never broken over two lines where it fits on one.
type piece struct {
	text  string
	style style
	whole bool
}

// line is one line of what is shown, before it is broken to the width of the terminal: first stands before its first
// row, hang before every other one.
type line struct {
	first, hang string
	pieces      []piece
}

// textLine is a line in one style, indented by a number of columns.
func textLine(indent int, st style, t string) line {
	margin := strings.Repeat(" ", indent)
	return line{first: margin, hang: margin, pieces: []piece{{text: t, style: st}}}
}

// plain is the line without colours, unbroken.
func (l line) plain() string {
	var b strings.Builder
	b.WriteString(l.first)
	for _, p := range l.pieces {
		b.WriteString(p.text)
	}
	return strings.TrimRight(b.String(), " ")
}
