package demo

import (
	"bufio"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// tour is what is played where nobody can type.
//
//go:embed testdata/tour.demo
var tour string

// line is one line of a script.
type line struct {
	number int
	text   string
}

// input gives the lines to be played: of a script, of a pipe, or the tour where there are none.
func input(script string, stdin io.Reader) ([]line, error) {
	switch script {
	case "":
		lines, err := parse(stdin)
		if err != nil || len(lines) > 0 {
			return lines, err
		}
		return parse(strings.NewReader(tour))
	case "-":
		return parse(stdin)
	}
	file, err := os.Open(script)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return parse(file)
}

// maxLine is the longest line of a script: Slack takes messages of 40,000 characters.
const maxLine = 256 << 10

// parse reads a script: one command a line; blank lines and those that begin with # and a space are passed over.
func parse(r io.Reader) ([]line, error) {
	var lines []line
	in := bufio.NewScanner(r)
	in.Buffer(nil, maxLine)
	for n := 1; in.Scan(); n++ {
		text := strings.TrimSpace(in.Text())
		if text == "" || text == "#" || strings.HasPrefix(text, "# ") {
			continue
		}
		lines = append(lines, line{n, text})
	}
	if errors.Is(in.Err(), bufio.ErrTooLong) {
		return nil, fmt.Errorf("line %d is longer than %d bytes", len(lines)+1, maxLine)
	}
	return lines, in.Err()
}
