package demo

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

//go:generate go test -count=1 -run ^TestTranscript$ . -update

// The README's transcript is what a run prints, to the byte.
func TestTranscript(t *testing.T) {
	got := demoOf(t, Options{Args: []string{"--script", "testdata/readme.demo"}})
	if got.code != exitOK || got.errors != "" {
		t.Fatalf("code %d: %s\n%s", got.code, got.errors, got.out)
	}
	golden(t, "readme.golden", got.out)
	if !*update && !strings.Contains(read(t, "../../../README.md"), "```text\n"+got.out+"```\n") {
		t.Error("README.md does not hold the transcript (go generate ./... writes it)")
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Where nobody can type, the tour is played.
func TestTour(t *testing.T) {
	got := demoOf(t, Options{})
	if got.code != exitOK || got.errors != "" || !strings.HasSuffix(got.out, read(t, "testdata/readme.golden")) {
		t.Errorf("code %d: %s\n%s", got.code, got.errors, got.out)
	}
	if !strings.HasPrefix(got.out, "incident-bot itself, between a simulated Slack") {
		t.Errorf("no introduction:\n%s", got.out)
	}
}

// A pipe is played line by line; a mistake is said and ends nothing.
func TestPipe(t *testing.T) {
	got := demoOf(t, Options{Stdin: strings.NewReader("# a comment\n\n/incident show 41\nas mallory\nlgo\ndm\nlist\n")})
	for _, want := range []string{"you can be: ana", "did you mean log?", "ana DM> list", "#41"} {
		if !strings.Contains(got.out, want) {
			t.Errorf("%q is not shown", want)
		}
	}
	if got.code != exitOK || got.errors != "" || t.Failed() {
		t.Errorf("code %d: %s\n%s", got.code, got.errors, got.out)
	}
}

func TestArguments(t *testing.T) {
	for _, one := range []struct {
		args     []string
		stdin    string
		code     int
		errors   string
		patience time.Duration
	}{
		{[]string{"--script", "-"}, "help\n? click", exitOK, "", 0},
		{[]string{"--script", "-"}, "help\n? clock", exitFailed, `line 2: "clock" did not appear`, time.Second},
		{[]string{"--script", "-"}, "clock", exitUsage, "line 1: there is no command", 0},
		{[]string{"--script", "testdata/none.demo"}, "", exitUsage, "no such file", 0},
		{[]string{"--scrpt"}, "", exitUsage, "Usage: incident-bot demo", 0},
		{[]string{"now"}, "", exitUsage, `there is no argument "now"`, 0},
		{[]string{"--help"}, "", exitOK, "Usage: incident-bot demo", 0},
	} {
		t.Run(strings.Join(one.args, " ")+" "+one.stdin, func(t *testing.T) {
			t.Parallel()
			got := demoOf(t, Options{Args: one.args, Stdin: strings.NewReader(one.stdin), patience: one.patience})
			if got.code != one.code || !strings.Contains(got.errors, one.errors) {
				t.Errorf("code %d, want %d; standard error %q, want %q", got.code, one.code, got.errors, one.errors)
			}
		})
	}
}

// The bot is given what the demo made for it and nothing that stands in the environment, which may be that of a real bot.
func TestInheritsNothing(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("needs a shell script")
	}
	real := map[string]string{}
	for _, name := range append(ownVariables(), "HTTPS_PROXY", "LOG_LEVEL", "HOME") {
		real[name] = "of-a-real-bot"
		t.Setenv(name, real[name])
	}
	out := filepath.Join(t.TempDir(), "env")
	got := demoOf(t, Options{Executable: fake(t, "env > "+out+"; pwd >> "+out+"\necho not today >&2\nexit 3"),
		Getenv: os.Getenv, Stdin: strings.NewReader("help")})
	env := read(t, out)
	if strings.Contains(env, "of-a-real-bot") || strings.Contains(env, "HOME=") {
		t.Errorf("the bot was given:\n%s", env)
	}
	for _, want := range []string{"SLACK_APP_TOKEN=xapp-", "SLACK_API_URL=http://127.0.0.1:", "GRAFANA_URL=http://127.0.0.1:", "DATABASE_URL=sqlite:incident-bot.db", "HTTP_ADDR=127.0.0.1:"} {
		if !strings.Contains(env, want) {
			t.Errorf("the bot was not given %s", want)
		}
	}
	if strings.Contains(got.out, "of-a-real-bot") || !strings.Contains(got.out, "SLACK_BOT_TOKEN") {
		t.Errorf("the person is told:\n%s", got.out)
	}
	if got.code != exitFailed || !strings.Contains(got.errors, "ended at its start (exit status 3)") || !strings.Contains(got.errors, "not today") {
		t.Errorf("code %d: %s", got.code, got.errors)
	}
}

func TestNotUsed(t *testing.T) {
	for _, one := range []struct{ set, want string }{
		{"", ""},
		{"PATH", ""},
		{"GRAFANA_URL", "(GRAFANA_URL is set in your environment; the demo does not use it.)"},
		{"GRAFANA_URL SLACK_BOT_TOKEN", "(SLACK_BOT_TOKEN and GRAFANA_URL are set in your environment; the demo does not use them.)"},
		{"GRAFANA_URL SLACK_BOT_TOKEN SLACK_APP_TOKEN", "(SLACK_APP_TOKEN, SLACK_BOT_TOKEN and GRAFANA_URL are set in your environment; the demo does not use them.)"},
	} {
		got := notUsed(func(name string) string {
			for set := range strings.FieldsSeq(one.set) {
				if set == name {
					return "secret"
				}
			}
			return ""
		})
		if got != one.want {
			t.Errorf("%q: %q, want %q", one.set, got, one.want)
		}
	}
}
