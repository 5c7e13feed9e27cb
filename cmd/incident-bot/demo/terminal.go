package demo

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"

	"golang.org/x/term"
)

// console is a screen that lines are typed at.
type console interface {
	screen
	// read gives lines to said until standard input ends, the person leaves, or ctx ends.
	read(ctx context.Context, said chan<- string)
	// leave gives the terminal back as it was.
	leave()
}

// converse is the demo in a terminal.
func (o *Options) converse(ctx context.Context, in *os.File) int {
	c, err := o.open(in)
	if err != nil {
		return o.fail(fmt.Errorf("set up the terminal: %w", err), exitFailed)
	}
	defer c.leave()
	c.show(o.introduction())
	s := newSession(c)
	s.clock = true
	w, err := newWorld(ctx, *o, s.tell)
	if err != nil {
		c.leave()
		if ctx.Err() != nil {
			return exitOK
		}
		return o.fail(err, exitFailed)
	}
	defer w.close()
	defer c.leave() // before the bot is waited for: a second Ctrl-C ends the process where it is
	s.enter(w)
	if e, ok := c.(*ttyConsole); ok {
		e.complete = s.complete
	}
	s.glance()
	return s.listen(ctx, c)
}

// open prepares the terminal: a line editor where the terminal can move its cursor, else lines as the system gives them.
func (o *Options) open(in *os.File) (console, error) {
	out, ok := o.Stdout.(*os.File)
	if !ok || !term.IsTerminal(int(out.Fd())) {
		return &lineConsole{in: in, out: o.Stdout, size: func() int { return transcriptWidth }}, nil
	}
	size := func() int {
		columns, _, err := term.GetSize(int(out.Fd()))
		if err != nil || columns <= 0 {
			return transcriptWidth
		}
		return columns
	}
	if o.Getenv("TERM") == "dumb" {
		return &lineConsole{in: in, out: out, size: size}, nil
	}
	old, err := term.MakeRaw(int(in.Fd()))
	if err != nil {
		return nil, err
	}
	c := &ttyConsole{editor: editor{out: out, size: size, colours: o.Getenv("NO_COLOR") == ""}, in: in,
		restore: func() { _ = term.Restore(int(in.Fd()), old) }}
	return c, nil
}

// listen does what is typed until it ends.
func (s *session) listen(ctx context.Context, c console) int {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	said := make(chan string)
	go func() {
		defer close(said)
		c.read(ctx, said)
	}()
	watched := make(chan struct{})
	go func() { defer close(watched); s.watch(ctx) }()
	defer func() { cancel(); <-watched }()
	for {
		select {
		case <-ctx.Done():
			return exitOK
		case text, ok := <-said:
			if !ok {
				return exitOK
			}
			if text = strings.TrimSpace(text); text == "" {
				continue
			}
			if err := s.do(ctx, text); errors.Is(err, errQuit) {
				return exitOK
			} else if ctx.Err() == nil {
				s.regret(err)
			}
		}
	}
}

// ttyConsole is a terminal with a line editor.
type ttyConsole struct {
	editor
	in      io.Reader
	restore func()
	once    sync.Once
}

func (c *ttyConsole) read(ctx context.Context, said chan<- string) {
	c.start()
	var k keys
	chunk := make([]byte, 1024)
	for ctx.Err() == nil {
		n, err := c.in.Read(chunk)
		if err != nil {
			return
		}
		for _, one := range k.feed(chunk[:n]) {
			text, ended, leave := c.press(one)
			if leave {
				return
			}
			if !ended {
				continue
			}
			select {
			case said <- text:
			case <-ctx.Done():
				return
			}
		}
	}
}

func (c *ttyConsole) leave() {
	c.once.Do(func() {
		c.stop()
		c.restore()
	})
}

// lineConsole is a terminal that cannot move its cursor, or whose output goes elsewhere: what is shown is written where
// the cursor stands.
type lineConsole struct {
	in   io.Reader
	out  io.Writer
	size func() int // columns

	mu     sync.Mutex
	prompt string
	asked  bool // the prompt stands in the row of the cursor
}

func (c *lineConsole) show(lines []line) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.asked {
		fmt.Fprintln(c.out)
		c.asked = false
	}
	for _, l := range lines {
		for _, row := range l.rows(c.size()-1, false) {
			fmt.Fprintln(c.out, row)
		}
	}
	c.again()
}

func (c *lineConsole) ask(prompt string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if prompt != c.prompt && c.asked {
		fmt.Fprintln(c.out)
		c.asked = false
	}
	c.prompt = prompt
	c.again()
}

// again writes the prompt, unless it is there. mu is held.
func (c *lineConsole) again() {
	if !c.asked && c.prompt != "" {
		fmt.Fprint(c.out, c.prompt)
		c.asked = true
	}
}

func (c *lineConsole) read(ctx context.Context, said chan<- string) {
	in := bufio.NewScanner(c.in)
	in.Buffer(nil, maxLine)
	for in.Scan() {
		c.mu.Lock()
		c.asked = false // the person has ended the row
		c.again()
		c.mu.Unlock()
		select {
		case said <- in.Text():
		case <-ctx.Done():
			return
		}
	}
}

func (c *lineConsole) leave() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.asked {
		fmt.Fprintln(c.out)
		c.asked = false
	}
}
