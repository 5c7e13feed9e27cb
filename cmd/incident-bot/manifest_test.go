package main

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"incident-bot/bot"
	"incident-bot/handlers"
)

// TestManifestFitsSlack checks the manifest against the limits of Slack's schema 2.0.0.
func TestManifestFitsSlack(t *testing.T) {
	m := newManifest("incident-bot", "/incident", handlers.New(handlers.Config{Command: "/incident"}))
	within := func(what, text string, least, most int) {
		if n := utf8.RuneCountInString(text); n < least || n > most {
			t.Errorf("%s has %d characters, not %d to %d", what, n, least, most)
		}
	}
	within("name", m.Display.Name, 1, 35)
	within("description", m.Display.Description, 1, 140)
	within("bot name", m.Features.Bot.Name, 1, 80)
	for _, c := range m.Features.Commands {
		within("command", c.Command, 2, 32)
		within("command description", c.Description, 1, 2000)
		within("usage hint", c.UsageHint, 1, 1000)
		if c.Command[0] != '/' || !c.ShouldEscape {
			t.Errorf("%+v", c)
		}
	}
	if n := len(m.OAuth.Scopes.Bot); n == 0 || n > 255 {
		t.Errorf("%d scopes", n)
	}
	if n := len(m.Settings.Events.Bot); n == 0 || n > 100 {
		t.Errorf("%d events", n)
	}
	if !m.Settings.Socket || !m.Settings.Interactivity.Enabled || !m.Features.Home.Messages || m.Features.Home.ReadOnly {
		t.Error("the bot needs Socket Mode, interactivity and a messages tab in which people may write")
	}
}

// TestManifestAsksForNothingTwice keeps the list of needs honest: each scope has one line that says why.
func TestManifestAsksForNothingTwice(t *testing.T) {
	seen := map[string]string{}
	for _, n := range needs() {
		for _, s := range append(slices.Clone(n.scopes), n.events...) {
			if before, ok := seen[s]; ok {
				t.Errorf("%s is asked for by %q and %q", s, before, n.what)
			}
			seen[s] = n.what
		}
	}
	// An event is only sent to an app that holds its scope.
	for event, scope := range map[string]string{"app_mention": "app_mentions:read", "message.im": "im:history"} {
		if seen[event] == "" || seen[scope] == "" {
			t.Errorf("%s needs %s", event, scope)
		}
	}
}

func TestUsageHintStaysWithinSlacksLimit(t *testing.T) {
	var routes bot.Routes
	for range 500 {
		routes.Words = append(routes.Words, bot.Word{Name: "résolve"})
	}
	if n := utf8.RuneCountInString(usageHint(routes)); n > maxUsageHint || n < maxUsageHint-20 {
		t.Errorf("%d characters", n)
	}
}

// manifestOf runs the subcommand.
func manifestOf(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, err bytes.Buffer
	code = run(context.Background(), append([]string{"manifest"}, args...), strings.NewReader(""), &out, &err)
	return code, out.String(), err.String()
}

func TestManifestIsTheSameInBothForms(t *testing.T) {
	setEnv(t, map[string]string{"SLACK_COMMAND": "/grafana-incident"})
	_, asYAML, _ := manifestOf(t, "--name", "Émilie's bot")
	_, asJSON, _ := manifestOf(t, "--json", "--name", "Émilie's bot")
	var fromYAML, fromJSON map[string]any
	if err := yaml.Unmarshal([]byte(asYAML), &fromYAML); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(asJSON), &fromJSON); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(fromYAML, fromJSON); diff != "" {
		t.Error(diff)
	}
	for _, want := range []string{"/grafana-incident", "Émilie's bot"} {
		if !strings.Contains(asJSON, want) {
			t.Errorf("no %q in\n%s", want, asJSON)
		}
	}
}

func TestManifestRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		command string
		args    []string
		want    string
	}{
		"a long name":   {"", []string{"--name", strings.Repeat("é", 36)}, "--name has 36 characters."},
		"no name":       {"", []string{"--name", ""}, "--name has 0 characters."},
		"a bad command": {"incident", nil, "SLACK_COMMAND"},
		"words":         {"", []string{"please"}, "takes no words"},
		"a bad flag":    {"", []string{"--xml"}, "xml"},
	} {
		t.Run(name, func(t *testing.T) {
			setEnv(t, map[string]string{"SLACK_COMMAND": c.command})
			code, stdout, stderr := manifestOf(t, c.args...)
			if code != exitUsage || stdout != "" || !strings.Contains(stderr, c.want) {
				t.Errorf("exit %d, stdout %q, stderr %q", code, stdout, stderr)
			}
		})
	}
}
