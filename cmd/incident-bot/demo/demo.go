package demo

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"golang.org/x/term"
)

// The exit codes of Run.
const (
	exitOK     = 0
	exitFailed = 1 // the bot could not be started or kept running, or an expectation of a script was not met
	exitUsage  = 2 // the arguments or a line of the script are wrong; nothing was started
)

// Options is what Run gets of the process it runs in.
type Options struct {
	Args           []string // after "demo"
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	// Executable is the bot's program, to be run without arguments; "" is this process's own.
	Executable string
	// Getenv reads this process's environment; nil is os.Getenv. The bot gets nothing of it.
	Getenv func(string) string

	// patience is how long a script waits for a text that it expects; 0 is expectTime.
	patience time.Duration
}

// Run is the demo, and gives its exit code. In a terminal it is a conversation; with --script FILE (- is standard input)
// it plays the file and prints the transcript; otherwise it does what standard input says, or plays a short tour when
// that says nothing. The end of ctx ends it in order.
func Run(ctx context.Context, o Options) int {
	if o.Getenv == nil {
		o.Getenv = os.Getenv
	}
	flags := flag.NewFlagSet("incident-bot demo", flag.ContinueOnError)
	flags.SetOutput(o.Stderr)
	flags.Usage = func() { fmt.Fprint(o.Stderr, usage) }
	script := flags.String("script", "", "")
	switch err := flags.Parse(o.Args); {
	case errors.Is(err, flag.ErrHelp):
		return exitOK
	case err != nil:
		return exitUsage
	case flags.NArg() > 0:
		fmt.Fprintf(o.Stderr, "incident-bot demo: there is no argument %q.\n\n%s", flags.Arg(0), usage)
		return exitUsage
	}
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGHUP) // the terminal is closed
	defer stop()
	if err := o.findSelf(); err != nil {
		return o.fail(err, exitFailed)
	}
	if in, ok := o.Stdin.(*os.File); ok && *script == "" && term.IsTerminal(int(in.Fd())) {
		return o.converse(ctx, in)
	}
	return o.recite(ctx, *script)
}

const usage = `Usage: incident-bot demo [--script FILE]

Runs the whole bot against a simulated Slack and a simulated Grafana stack, to be
tried from this terminal: no account, no network.

  --script FILE   play the commands of FILE (- is standard input) and print what
                  happens; "? text" fails unless text appears within 10 s
`

// findSelf fills in Executable.
func (o *Options) findSelf() error {
	if o.Executable != "" {
		return nil
	}
	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find this program's own file: %w", err)
	}
	o.Executable = self
	return nil
}

// fail reports an error and gives the exit code.
func (o *Options) fail(err error, code int) int {
	for row := range strings.SplitSeq(err.Error(), "\n") {
		fmt.Fprintf(o.Stderr, "incident-bot demo: %s\n", row)
	}
	return code
}

// recite plays a script, what standard input says, or the tour.
func (o *Options) recite(ctx context.Context, script string) int {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	o.Stdout = heldOpen(o.Stdout, cancel)
	switch script {
	case "-":
		return o.playText(ctx, o.Stdin)
	case "":
		return o.playInput(ctx)
	}
	file, err := os.Open(script)
	if err != nil {
		return o.fail(err, exitUsage)
	}
	defer func() { _ = file.Close() }()
	return o.playText(ctx, file)
}
