package demo

import "strings"

// minWidth is the narrowest terminal that lines are broken for; in a narrower one the terminal breaks them itself.
const minWidth = 20

// rows breaks a line to a number of columns, between words where that can be done and inside one only where it is longer
// than a row, never inside a character.
func (l line) rows(columns int, colours bool) []string {
	w := wrapper{columns: max(columns, minWidth), colours: colours, hang: l.hang}
	w.open(l.first)
	for _, p := range l.pieces {
		for _, part := range p.words() {
			w.add(part, p.style)
		}
	}
	w.close()
	return w.rows
}

// maxCode is how long a text between backticks may be to be kept on one row, in bytes.
const maxCode = 30

// words are the parts of a piece between which it may be broken, each with the spaces before it.
func (p piece) words() []string {
	if p.whole {
		return []string{p.text}
	}
	var words []string
	start, inWord, inCode := 0, false, false
	for i, r := range p.text {
		if r == '`' { // what is to be typed or copied stays together
			inCode = !inCode && within(rune(strings.IndexByte(p.text[i+1:], '`')), 0, maxCode)
		}
		if r == ' ' && inWord && !inCode {
			words = append(words, p.text[start:i])
			start = i
		}
		inWord = r != ' '
	}
	return append(words, p.text[start:])
}

// wrapper fills rows with words.
type wrapper struct {
	columns int
	colours bool
	hang    string
	rows    []string

	row   strings.Builder
	used  int
	empty bool // nothing but the margin is in the row
	style style
	run   strings.Builder // of words in one style
}

func (w *wrapper) open(margin string) {
	w.row.WriteString(margin)
	w.used, w.empty = width(margin), true
}

// add puts a word into the row, or begins the next one with it.
func (w *wrapper) add(word string, st style) {
	bare := strings.TrimLeft(word, " ")
	switch {
	case w.used+width(word) <= w.columns:
		w.put(word, st)
	case !w.empty && width(w.hang)+width(bare) <= w.columns:
		w.close()
		w.open(w.hang)
		w.put(bare, st)
	default:
		w.split(word, st)
	}
}

// split breaks a word that is longer than a row.
func (w *wrapper) split(word string, st style) {
	for word != "" {
		part := fits(word, w.columns-w.used)
		if part == "" && w.empty { // a margin as wide as the terminal
			n, _ := cluster(word)
			part = word[:n]
		}
		w.put(part, st)
		word = word[len(part):]
		if word != "" {
			w.close()
			w.open(w.hang)
		}
	}
}

func (w *wrapper) put(part string, st style) {
	if st != w.style {
		w.flush()
		w.style = st
	}
	w.run.WriteString(part)
	w.used += width(part)
	w.empty = w.empty && strings.TrimSpace(part) == ""
}

// flush moves the run of one style into the row.
func (w *wrapper) flush() {
	w.row.WriteString(w.style.paint(w.run.String(), w.colours))
	w.run.Reset()
}

func (w *wrapper) close() {
	w.flush()
	w.rows = append(w.rows, strings.TrimRight(w.row.String(), " "))
	w.row.Reset()
}
