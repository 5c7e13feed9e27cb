package demo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/term"
)

// interactive is the demo in a terminal: lines are edited, and what happens meanwhile is shown above them.
func interactive(ctx context.Context, in *os.File, stdout, stderr io.Writer) int {
	fmt.Fprint(stdout, intro)
	w, err := newWorld(ctx)
	if err != nil {
		fmt.Fprintf(stderr, "incident-bot demo: %v\n", err)
		return exitFailed
	}
	defer w.close()
	old, err := term.MakeRaw(int(in.Fd()))
	if err != nil {
		fmt.Fprintf(stderr, "incident-bot demo: set up the terminal: %v\n", err)
		return exitFailed
	}
	defer func() { _ = term.Restore(int(in.Fd()), old) }()

	screen := term.NewTerminal(struct {
		io.Reader
		io.Writer
	}{in, stdout}, "")
	if width, height, err := term.GetSize(int(in.Fd())); err == nil {
		_ = screen.SetSize(width, height)
	}
	s := newSession(w, screen)
	screen.AutoCompleteCallback = complete
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go s.watch(ctx)
	return s.converse(ctx, screen)
}

// converse reads lines until the end. Ctrl-C and Ctrl-D end it too.
func (s *session) converse(ctx context.Context, screen *term.Terminal) int {
	lines := make(chan string)
	next := make(chan struct{})
	go func() {
		defer close(lines)
		for range next {
			text, err := screen.ReadLine()
			if err != nil {
				return
			}
			lines <- text
		}
	}()
	defer close(next)
	for {
		screen.SetPrompt(s.prompt())
		next <- struct{}{}
		select {
		case <-ctx.Done():
			return exitOK
		case text, ok := <-lines:
			if !ok {
				return exitOK
			}
			if text = strings.TrimSpace(text); text == "" {
				continue
			}
			if err := s.do(ctx, line{text: text}); errors.Is(err, errQuit) {
				return exitOK
			} else if err != nil {
				s.say("%s", err)
			}
		}
	}
}

// watch shows what happens while nobody types, and says when the bot is gone.
func (s *session) watch(ctx context.Context) {
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			s.refresh()
		}
	}
}

// complete completes the first word, and the words of the slash command.
func complete(text string, pos int, key rune) (string, int, bool) {
	if key != '\t' || pos != len(text) {
		return "", 0, false
	}
	known := []string{"/incident ", "@incident-bot "}
	for _, c := range commands() {
		known = append(known, c.name+" ")
	}
	for _, start := range []string{"/incident ", "@incident-bot "} {
		for _, word := range []string{"declare", "list", "show", "update", "note", "severity", "status", "resolve", "reopen", "help"} {
			known = append(known, start+word+" ")
		}
	}
	for _, k := range known {
		if text != "" && strings.HasPrefix(k, text) && k != text {
			return k, len(k), true
		}
	}
	return "", 0, false
}
