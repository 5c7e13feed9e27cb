package demo

import (
	"io"
	"strings"
	"sync"
)

// An editor is a screen with a line to be typed at its bottom: what is shown meanwhile appears above the line, which
// stays as it is. It draws the line anew each time, by the width of its characters, and moves the cursor by writing what
// stands before it; so characters of any width and direction are drawn as the terminal draws them.
type editor struct {
	out io.Writer
	// size gives the terminal's columns, and is asked each time, as a window changes its size when it likes.
	size    func() int
	colours bool
	// complete gives the lines that what stands before the cursor may become.
	complete func(before string) []string

	mu     sync.Mutex
	prompt string
	line   editing
	open   bool // a line is on the screen
	row    int  // of the cursor, from the first row of the line
}

// start shows the line.
func (e *editor) start() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.open = true
	e.write(e.drawn())
}

// stop takes the line off the screen for good.
func (e *editor) stop() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.write(e.erased())
	e.open = false
}

// show writes lines above the one that is typed.
func (e *editor) show(lines []line) {
	e.mu.Lock()
	defer e.mu.Unlock()
	var b strings.Builder
	b.WriteString(e.erased())
	for _, l := range lines {
		for _, row := range l.rows(e.columns(), e.colours) {
			b.WriteString(row + "\r\n")
		}
	}
	b.WriteString(e.drawn())
	e.write(b.String())
}

// ask changes the prompt.
func (e *editor) ask(prompt string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if prompt == e.prompt {
		return
	}
	erased := e.erased()
	e.prompt = prompt
	e.write(erased + e.drawn())
}

// press takes a key. It gives the line that the key has ended, and whether the key ends the conversation.
func (e *editor) press(k key) (text string, ended, leave bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	erased := e.erased()
	switch {
	case k == keyInterrupt, k == keyEOF && e.line.text() == "":
		return "", false, true
	case k == keyEnter:
		e.line.moveTo(len(e.line.text()))
		e.write(erased + e.drawn() + "\r\n") // it stays on the screen, as it was typed
		e.row = 0
		text = e.line.accept()
		e.write(e.drawn())
		return text, true, false
	case k == keyTab:
		e.tab(erased)
		return "", false, false
	case k == keyClear:
		erased = "\x1b[H\x1b[2J"
		e.row = 0
	default:
		e.line.press(k)
	}
	e.write(erased + e.drawn())
	return "", false, false
}

// tab completes the line, or lists what it may become.
func (e *editor) tab(erased string) {
	if e.complete == nil {
		return
	}
	candidates := e.complete(e.line.before)
	var list string
	if !e.line.complete(candidates) && len(candidates) > 1 {
		l := textLine(headMargin, faint, "")
		for _, c := range candidates {
			l.pieces = append(l.pieces, piece{strings.TrimSpace(ending(e.line.before, c)) + "  ", plain, true})
		}
		list = strings.Join(l.rows(e.columns(), e.colours), "\r\n") + "\r\n"
	}
	e.write(erased + list + e.drawn())
}

// ending is what a candidate adds, from the beginning of the word that it completes.
func ending(before, candidate string) string {
	at := strings.LastIndex(before, " ") + 1
	if strings.HasPrefix(candidate, before[:at]) {
		return candidate[at:]
	}
	return candidate
}

// columns is how wide rows are: one less than the terminal, so that none of them ends at the margin, where terminals
// differ in what they do.
func (e *editor) columns() int { return max(e.size()-1, minWidth) }

// erased takes the line off the screen and leaves the cursor where it began.
func (e *editor) erased() string {
	if !e.open {
		return ""
	}
	return up(e.row) + "\r\x1b[J"
}

// drawn draws the line, with the cursor where it is, from the beginning of a row.
func (e *editor) drawn() string {
	if !e.open {
		return ""
	}
	columns := e.columns()
	rows := chop(e.prompt+clean(e.line.text()), columns)
	upToCursor := chop(e.prompt+clean(e.line.before), columns)
	e.row = len(upToCursor) - 1
	if e.row < len(rows) && e.row < len(rows)-1 && upToCursor[e.row] == rows[e.row] && width(rows[e.row]) >= columns {
		e.row++ // after a full row the cursor stands on the next
		upToCursor = append(upToCursor, "")
	}
	e.paintPrompt(rows)
	e.paintPrompt(upToCursor)
	return strings.Join(rows, "\r\n") + up(len(rows)-1-e.row) + "\r" + upToCursor[e.row]
}

// paintPrompt sets the prompt off where it stands in the first row.
func (e *editor) paintPrompt(rows []string) {
	if typed, ok := strings.CutPrefix(rows[0], e.prompt); ok {
		rows[0] = asks.paint(e.prompt, e.colours) + typed
	}
}

// chop breaks a text into rows of a width.
func chop(text string, columns int) []string {
	var rows []string
	for {
		row := fits(text, columns)
		if row == "" && text != "" {
			n, _ := cluster(text)
			row = text[:n]
		}
		rows = append(rows, row)
		text = text[len(row):]
		if text == "" {
			return rows
		}
	}
}

func up(rows int) string {
	if rows <= 0 {
		return ""
	}
	return "\x1b[" + itoa(rows) + "A"
}

func (e *editor) write(text string) { _, _ = io.WriteString(e.out, text) }
