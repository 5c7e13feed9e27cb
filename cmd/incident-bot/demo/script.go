package demo

import (
	"bufio"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
)

// tour is what is played where nobody can type. Its transcript is the README's.
//
//go:embed testdata/readme.demo
var tour string

// scriptLine is one line of a script.
type scriptLine struct {
	number int
	text   string
}

// expected is the text of an expectation, "? text".
func (l scriptLine) expected() (text string, ok bool) {
	text, ok = strings.CutPrefix(l.text, "? ")
	return strings.TrimSpace(text), ok
}

// maxLine is the longest line of a script, in bytes; Slack takes messages of 40,000 characters.
const maxLine = 256 << 10

// parseScript reads a script: one command a line. Blank lines are passed over, and comments, which begin with # and a
// space. What is no command at all is refused, as a mistyped one would be posted as a message; a message is written with
// say. The error names the line.
func parseScript(r io.Reader) ([]scriptLine, error) {
	var lines []scriptLine
	in := bufio.NewScanner(r)
	in.Buffer(nil, maxLine)
	number := 0
	for in.Scan() {
		number++
		text := strings.TrimSpace(strings.TrimPrefix(clean(in.Text()), "\ufeff"))
		if text == "" || text == "#" || strings.HasPrefix(text, "# ") {
			continue
		}
		l := scriptLine{number, text}
		if err := l.check(); err != nil {
			return nil, fmt.Errorf("line %d: %w", number, err)
		}
		lines = append(lines, l)
	}
	if errors.Is(in.Err(), bufio.ErrTooLong) {
		return nil, fmt.Errorf("line %d is longer than %d bytes", number+1, maxLine)
	}
	return lines, in.Err()
}

// check says what is wrong with a line, as far as can be told before it is played.
func (l scriptLine) check() error {
	word, rest, _ := strings.Cut(l.text, " ")
	if word == "?" {
		if strings.TrimSpace(rest) == "" {
			return errors.New("? wants the text that has to appear")
		}
		return nil
	}
	if strings.HasPrefix(word, "/") || word == botName || isField(l.text) {
		return nil
	}
	if _, ok := named(word); !ok {
		hint := ""
		if near, ok := nearControl(word); ok {
			hint = fmt.Sprintf("; did you mean %s?", near)
		}
		return fmt.Errorf("there is no command %q%s (a message is posted with say)", word, hint)
	}
	return nil
}

// isField says whether a line fills in an input of a form: "title: checkout is down". The name is of few words.
func isField(text string) bool {
	name, _, ok := strings.Cut(text, ":")
	if !ok || len(strings.Fields(name)) > 4 {
		return false
	}
	for _, r := range name {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != ' ' && r != '-' && r != '_' {
			return false
		}
	}
	return strings.TrimSpace(name) != ""
}
