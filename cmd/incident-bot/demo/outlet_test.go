package demo

import (
	"errors"
	"strings"
	"testing"
)

// limited takes so many bytes and then nothing, as a pipe whose reader has left.
type limited struct{ left int }

func (l *limited) Write(p []byte) (int, error) {
	if l.left -= len(p); l.left < 0 {
		return 0, errors.New("broken pipe")
	}
	return len(p), nil
}

// TestNobodyReads ends a script when nobody reads its transcript any more.
func TestNobodyReads(t *testing.T) {
	var errs strings.Builder
	o := Options{Executable: *botProgram, Getenv: func(string) string { return "" }, Args: []string{"--script", "-"},
		Stdin: strings.NewReader("help\n/incident list\n? nothing that would appear\n"), Stdout: &limited{200}, Stderr: &errs}
	if code := Run(t.Context(), o); code != exitFailed || errs.String() != "incident-bot demo: line 1: interrupted\n" {
		t.Errorf("it ended with %d: %s", code, errs.String())
	}
}
