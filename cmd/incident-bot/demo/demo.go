package demo

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"golang.org/x/term"
)

// The exit codes of Run.
const (
	exitOK     = 0
	exitFailed = 1 // the bot did not start, or a script's expectation was not met
	exitUsage  = 2 // the arguments or a line of the script are wrong
)

// intro is what a newcomer reads first.
const intro = `This is incident-bot with a simulated Slack and a simulated Grafana stack: no account, no network.
You are ana, on call, in #ops. Type as in Slack; "help" lists what this terminal adds. Try:
  /incident declare checkout returns 500s sev:critical
  click Severity          (fill in "severity: major", then "submit")
  @incident-bot list
  grafana down            (then try something, and "grafana up")

`

// Run is the demo: in a terminal, from a script (--script FILE, - for standard input), or, where standard input is
// neither, a short tour. It gives the exit code.
func Run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("incident-bot demo", flag.ContinueOnError)
	flags.SetOutput(stderr)
	script := flags.String("script", "", "play the commands in `FILE` (- is standard input) and print the transcript")
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return exitOK
	case err != nil || flags.NArg() > 0:
		fmt.Fprintln(stderr, "Usage: incident-bot demo [--script FILE]")
		return exitUsage
	}
	if file, ok := stdin.(*os.File); ok && *script == "" && term.IsTerminal(int(file.Fd())) {
		return interactive(ctx, file, stdout, stderr)
	}
	lines, err := input(*script, stdin)
	if err != nil {
		fmt.Fprintf(stderr, "incident-bot demo: %v\n", err)
		return exitUsage
	}
	if *script == "" {
		fmt.Fprint(stdout, intro)
	}
	return play(ctx, lines, stdout, stderr)
}

// play plays a script.
func play(ctx context.Context, lines []line, stdout, stderr io.Writer) int {
	w, err := newWorld(ctx)
	if err != nil {
		fmt.Fprintf(stderr, "incident-bot demo: %v\n", err)
		return exitFailed
	}
	defer w.close()
	s := newSession(w, stdout)
	for _, l := range lines {
		fmt.Fprintf(stdout, "%s%s\n", s.prompt(), l.text)
		err := s.do(ctx, l)
		switch {
		case errors.Is(err, errQuit):
			return exitOK
		case ctx.Err() != nil:
			return exitFailed
		case err != nil:
			fmt.Fprintf(stderr, "incident-bot demo: line %d: %v\n", l.number, err)
			if errors.As(err, new(unmet)) {
				return exitFailed
			}
			return exitUsage
		}
	}
	return exitOK
}
