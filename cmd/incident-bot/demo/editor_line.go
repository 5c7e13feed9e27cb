package demo

import (
	"slices"
	"strings"
)

// editing is a line that is being typed: the text before and after the cursor, and the lines that were typed before.
type editing struct {
	before, after string
	history       []string
	at            int    // in history; len(history) is the line itself
	draft         string // the line itself, while an older one is looked at
}

// text is the whole line.
func (e *editing) text() string { return e.before + e.after }

// historyKept is how many lines are kept.
const historyKept = 500

// accept ends the line and gives it.
func (e *editing) accept() string {
	text := e.text()
	if strings.TrimSpace(text) != "" && (len(e.history) == 0 || e.history[len(e.history)-1] != text) {
		e.history = append(e.history, text)
		e.history = e.history[max(0, len(e.history)-historyKept):]
	}
	e.before, e.after, e.at, e.draft = "", "", len(e.history), ""
	return text
}

// press changes the line.
func (e *editing) press(k key) {
	switch k {
	case keyBackspace:
		e.before = e.before[:lastCluster(e.before)]
	case keyDelete, keyEOF:
		n, _ := cluster(e.after)
		e.after = e.after[min(n, len(e.after)):]
	case keyLeft:
		e.moveTo(lastCluster(e.before))
	case keyRight:
		if e.after != "" {
			n, _ := cluster(e.after)
			e.moveTo(len(e.before) + n)
		}
	case keyHome:
		e.moveTo(0)
	case keyEnd:
		e.moveTo(len(e.text()))
	case keyWordLeft:
		e.moveTo(wordStart(e.before))
	case keyWordRight:
		e.moveTo(len(e.before) + wordEnd(e.after))
	case keyKillEnd:
		e.after = ""
	case keyKillStart:
		e.before = ""
	case keyKillWord:
		e.before = e.before[:wordStart(e.before)]
	case keyUp:
		e.recall(e.at - 1)
	case keyDown:
		e.recall(e.at + 1)
	default:
		if k >= ' ' {
			e.before += string(rune(k))
		}
	}
}

func (e *editing) moveTo(at int) {
	all := e.text()
	e.before, e.after = all[:at], all[at:]
}

// recall shows an older line, or the line itself again.
func (e *editing) recall(at int) {
	if at < 0 || at > len(e.history) {
		return
	}
	if e.at == len(e.history) {
		e.draft = e.text()
	}
	e.at, e.after = at, ""
	if at == len(e.history) {
		e.before = e.draft
		return
	}
	e.before = e.history[at]
}

// complete puts what the candidates have in common in the place of what stands before the cursor. It says whether that
// changed anything.
func (e *editing) complete(candidates []string) bool {
	if len(candidates) == 0 {
		return false
	}
	common := candidates[0]
	for _, c := range candidates[1:] {
		for !strings.HasPrefix(c, common) {
			common = common[:lastCluster(common)]
		}
	}
	if len(common) <= len(e.before) && !slices.Equal(candidates, []string{common}) || common == e.before {
		return false
	}
	e.before = common
	return true
}

// lastCluster is where the last character of a text begins.
func lastCluster(text string) int {
	at := 0
	for rest := text; rest != ""; {
		n, _ := cluster(rest)
		if n == len(rest) {
			break
		}
		at += n
		rest = rest[n:]
	}
	return at
}

// wordStart is where the word before the end of a text begins.
func wordStart(text string) int {
	return strings.LastIndex(strings.TrimRight(text, " "), " ") + 1
}

// wordEnd is where the next word of a text ends.
func wordEnd(text string) int {
	bare := strings.TrimLeft(text, " ")
	at := strings.Index(bare, " ")
	if at < 0 {
		return len(text)
	}
	return len(text) - len(bare) + at
}
