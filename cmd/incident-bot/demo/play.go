package demo

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
)

// expectTime is how long a script waits for a text that it expects.
const expectTime = 10 * time.Second

// transcriptWidth is how wide a transcript is, wherever it is written, so that it is the same everywhere.
const transcriptWidth = 100

// transcript is a screen that is written to and never erased.
type transcript struct {
	out    io.Writer
	prompt string
}

func (t *transcript) show(lines []line) {
	for _, l := range lines {
		for _, row := range l.rows(transcriptWidth, false) {
			fmt.Fprintln(t.out, row)
		}
	}
}

func (t *transcript) ask(prompt string) { t.prompt = prompt }

// playText plays a script: a whole file, read and checked before anything is started.
func (o *Options) playText(ctx context.Context, r io.Reader) int {
	lines, err := parseScript(r)
	if err != nil {
		return o.fail(err, exitUsage)
	}
	next := func() (scriptLine, bool) {
		if len(lines) == 0 {
			return scriptLine{}, false
		}
		l := lines[0]
		lines = lines[1:]
		return l, true
	}
	return o.play(ctx, next, true)
}

// silence is how long standard input may say nothing before the tour is played: some machines leave it open.
const silence = 3 * time.Second

// playInput does what standard input says, a line at a time as it comes, or plays the tour when it says nothing.
func (o *Options) playInput(ctx context.Context) int {
	(&transcript{out: o.Stdout}).show(o.introduction())
	lines := inputLines(ctx, o.Stdin)
	var first scriptLine
	patience := time.NewTimer(silence)
	defer patience.Stop()
	select {
	case first = <-lines:
	case <-patience.C:
	case <-ctx.Done():
		return exitOK
	}
	if first.text == "" {
		return o.playText(ctx, strings.NewReader(tour))
	}
	next := func() (scriptLine, bool) {
		if l := first; l.text != "" {
			first = scriptLine{}
			return l, true
		}
		select {
		case l, ok := <-lines:
			return l, ok
		case <-ctx.Done():
			return scriptLine{}, false
		}
	}
	return o.play(ctx, next, false)
}

// inputLines gives what is typed into a pipe, line by line.
func inputLines(ctx context.Context, r io.Reader) <-chan scriptLine {
	lines := make(chan scriptLine)
	go func() {
		defer close(lines)
		if r == nil {
			return
		}
		in := bufio.NewScanner(r)
		in.Buffer(nil, maxLine)
		for n := 1; in.Scan(); n++ {
			text := strings.TrimSpace(clean(in.Text()))
			if text == "" || strings.HasPrefix(text, "# ") {
				continue
			}
			select {
			case lines <- scriptLine{n, text}:
			case <-ctx.Done():
				return
			}
		}
	}()
	return lines
}

// play plays lines until there are no more. kept is for a script: what is wrong in it ends it, and what differs from run
// to run is evened out.
func (o *Options) play(ctx context.Context, next func() (scriptLine, bool), kept bool) int {
	page := &transcript{out: o.Stdout}
	s := newSession(page)
	s.scripted, s.clock = true, !kept
	if kept {
		s.even = steady
	}
	w, err := newWorld(ctx, *o, s.tell)
	if err != nil {
		if ctx.Err() != nil {
			return exitOK
		}
		return o.fail(err, exitFailed)
	}
	defer w.close()
	s.enter(w)
	for {
		l, ok := next()
		if !ok {
			return s.verdict(ctx, o, kept)
		}
		code, done := o.playLine(ctx, s, page, l, kept)
		if done {
			return code
		}
	}
}

// playLine plays one line and says whether it was the last.
func (o *Options) playLine(ctx context.Context, s *session, page *transcript, l scriptLine, kept bool) (code int, done bool) {
	var err error
	if text, ok := l.expected(); ok {
		err = s.expect(ctx, text, cmp.Or(o.patience, expectTime))
	} else {
		fmt.Fprintln(o.Stdout, page.prompt+l.text)
		err = s.do(ctx, l.text)
	}
	switch {
	case errors.Is(err, errQuit):
		return s.verdict(ctx, o, kept), true
	case ctx.Err() != nil && kept:
		return o.fail(fmt.Errorf("line %d: interrupted", l.number), exitFailed), true
	case ctx.Err() != nil:
		return exitOK, true
	case err != nil && kept:
		return o.fail(fmt.Errorf("line %d: %w", l.number, err), exitFailed), true
	}
	s.regret(err)
	return exitOK, false
}

// verdict is the exit code at the end of all lines.
func (s *session) verdict(ctx context.Context, o *Options, kept bool) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.gone && kept && ctx.Err() == nil {
		return o.fail(errors.New("the bot does not run any more"), exitFailed)
	}
	return exitOK
}

// expect fails unless a text was shown since the last command, or is in time.
func (s *session) expect(ctx context.Context, text string, patience time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	err := s.slack.Await(ctx, func() bool {
		if s.saw(text) {
			return true
		}
		s.refresh()
		return s.saw(text)
	})
	if err != nil {
		return fmt.Errorf("%q did not appear", text)
	}
	return nil
}
