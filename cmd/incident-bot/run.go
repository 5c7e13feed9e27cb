package main

import (
	"context"
	"fmt"
	"io"
	"strings"
)

// The exit codes of the process.
const (
	exitOK     = 0
	exitFailed = 1 // it could not start or go on; standard error says why
	exitUsage  = 2 // the arguments or the environment are wrong; nothing was called
)

// process is what a subcommand may use of the process it runs in. The environment is read by readSettings alone.
type process struct {
	stdin          io.Reader
	stdout, stderr io.Writer
}

// A subcommand is one way to run the program. Its result is the exit code.
type subcommand struct {
	name, usage, summary string
	run                  func(ctx context.Context, p process, args []string) int
}

// subcommands lists every way to run the program; the first is the default.
func subcommands() []subcommand {
	return []subcommand{
		{"bot", "", "runs the bot; so does incident-bot alone", runBot},
		{"demo", "[--script FILE]", "runs the whole bot against a simulated Slack and a simulated stack: no account, no network", runDemo},
		{"manifest", "[--json] [--name NAME]", "prints the manifest of the Slack app, to be pasted at api.slack.com/apps", runManifest},
		{"healthcheck", "", "asks the bot on HTTP_ADDR whether it lives; for a container's health check", runHealthcheck},
		{"version", "", "prints the version", runVersion},
		{"help", "", "prints this, and the variables of the environment", runHelp},
	}
}

// run runs the program as its arguments say and gives its exit code. The end of ctx asks it to stop in order.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	p := process{stdin, stdout, stderr}
	name := "bot"
	if len(args) > 0 {
		name, args = args[0], args[1:]
	}
	if word, ok := map[string]string{"-h": "help", "--help": "help", "-help": "help", "--version": "version", "-v": "version"}[name]; ok {
		name = word
	}
	for _, c := range subcommands() {
		if c.name == name {
			return c.run(ctx, p, args)
		}
	}
	fmt.Fprintf(stderr, "incident-bot: there is no subcommand %q.\n\n", hideTokens(name))
	usage(stderr)
	return exitUsage
}

// usage prints the list of subcommands.
func usage(w io.Writer) {
	fmt.Fprint(w, "Usage: incident-bot [SUBCOMMAND]\n\n")
	for _, c := range subcommands() {
		fmt.Fprintf(w, "  %-34s %s\n", strings.TrimSpace(c.name+" "+c.usage), c.summary)
	}
}

// noArguments refuses arguments to a subcommand that has none.
func noArguments(p process, name string, args []string) bool {
	if len(args) == 0 {
		return true
	}
	fmt.Fprintf(p.stderr, "incident-bot %s takes no arguments; it is configured by its environment: incident-bot help\n", name)
	return false
}
