package demo

import (
	"bytes"
	"cmp"
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var (
	botProgram = flag.String("bot", "", "the program of the bot; built from this tree when not given")
	update     = flag.Bool("update", false, "write the golden files in place of comparing them")
)

// TestMain builds the bot once: the demo's child is the real program.
func TestMain(m *testing.M) {
	flag.Parse()
	os.Exit(withBot(m.Run))
}

func withBot(run func() int) int {
	if *botProgram != "" {
		return run()
	}
	dir, err := os.MkdirTemp("", "incident-bot-demo-test-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = os.RemoveAll(dir) }()
	*botProgram = filepath.Join(dir, "incident-bot")
	if out, err := exec.Command("go", "build", "-o", *botProgram, "..").CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "build the bot: %v\n%s", err, out)
		return 1
	}
	return run()
}

// patience is how long a whole demo may take; it is only used up when something hangs.
const patience = 2 * time.Minute

// result is how a demo ended.
type result struct {
	code        int
	out, errors string
}

// demo runs the demo in this process, as a script that stands in a file.
func demo(t *testing.T, script string) result {
	t.Helper()
	path := filepath.Join(t.TempDir(), "it.demo")
	if err := os.WriteFile(path, []byte(script), 0o600); err != nil {
		t.Fatal(err)
	}
	return demoOf(t, Options{Args: []string{"--script", path}})
}

// demoOf runs the demo in this process.
func demoOf(t *testing.T, o Options) result {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	var out, errors bytes.Buffer
	o.Stdout, o.Stderr = &out, &errors
	if o.Executable == "" {
		o.Executable = *botProgram
	}
	if o.Stdin == nil {
		o.Stdin = strings.NewReader("")
	}
	o.patience = cmp.Or(o.patience, patience/2)
	if o.Getenv == nil {
		o.Getenv = func(string) string { return "" }
	}
	code := Run(ctx, o)
	if ctx.Err() != nil {
		t.Fatalf("the demo did not end:\n%s", out.String())
	}
	return result{code, out.String(), errors.String()}
}

// fake makes a program of a shell script, to stand in for a bot.
func fake(t *testing.T, script string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "bot")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+script), 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}
