package demo

import (
	"strings"
	"testing"
)

// inPlace is the head of an answer that took the place of the message that said to wait.
const inPlace = "  incident-bot · only visible to you · edited\n"

// Each story is a script that holds expectations of its own; what they cannot say stands beside it.
func TestStories(t *testing.T) {
	for _, one := range []struct {
		name, script string
		code         int
		shows, hides []string // of the transcript
		errors       string   // standard error
	}{
		{name: "declared, named by the thread, resolved", script: `
/incident declare checkout returns 500s sev:critical label:team=payments
? ✓ Declared #42
? team=payments
thread
@incident-bot severity minor
? Minor
back
/incident resolve 42 it was DNS
? resolved
grafana 42
? update: it was DNS`, shows: []string{"ana #ops thread of #42> @incident-bot severity minor", "severity Minor, team=payments"}},

		{name: "the bot is killed and works again", script: `
/incident declare before the crash
? ✓ Declared #42
kill bot
? killed (SIGKILL) and started again
/incident note #42 after the crash
? ✓ Noted on #42
restart bot
? stopped in order (SIGTERM) and started again
/incident note #42 after the deploy
? ✓ Noted on #42
grafana 42
? note: after the crash
? note: after the deploy`},

		{name: "Grafana is down and comes back", script: `
grafana down
/incident declare typed once
? ⏳ Not done yet
/incident waiting
? declare typed once
grafana up
? ✓ Declared #42
/incident waiting
? Nothing of yours waits`, shows: []string{inPlace + "    ✓ Declared #42 typed once\n"}, hides: []string{"Declared #43"}},

		{name: "a mention in a thread waits, and its message becomes the answer", script: `
/incident declare checkout is down
thread 42
grafana down
@incident-bot note waited for
? ⏳ Not done yet
grafana up
? ✓ Noted on #42
grafana 42
? note: waited for`},

		{name: "a read does not wait", script: "grafana down\n/incident list\n? cannot be reached", hides: []string{"⏳"}},

		{name: "the bot is killed with work in flight", script: `
grafana slow
/incident declare in flight
? ⏳ Not done yet
kill bot
grafana up
? ✓ Declared #42
wait
grafana
? in flight`, shows: []string{inPlace + "    ✓ Declared #42 in flight\n"}, hides: []string{"#43"}},

		// The second of a channel waits for the first, so it is never under way when it is taken back.
		{name: "what waits is taken back", script: `
grafana down
/incident declare no mistake
? ⏳ Not done yet
/incident declare a mistake
? ⏳ Not done yet
/incident waiting
? 2. /incident declare a mistake
click Drop 2
? ✓ Dropped
grafana up
? ✓ Declared #42 no mistake
/incident waiting
? Nothing of yours waits`, hides: []string{"#43"}},

		{name: "Grafana's token has expired", script: "grafana 401\n/incident show 41\n? token has expired"},
		{name: "Grafana is asleep", script: "grafana asleep\n/incident show 41\n? asleep"},
		{name: "Grafana has had too much", script: "grafana 429\n/incident show 41\n? too many requests"},
		{name: "sockets are cut", script: "slack drop\n/incident list\n? #41"},
		{name: "sockets are renewed", script: "slack refresh\n/incident list\n? #41\nslack up\n? Slack works again"},
		{name: "Slack refuses a message", script: "slack limit\n@incident-bot list\n? #41"},

		{name: "other people", script: `
as gus
/incident resolve 41
? guests may read
as @ben
? in New York
/incident show 41
? [Resolve]
as mallory`, code: exitFailed, shows: []string{"gus #ops> /incident resolve 41", "ben #ops> as mallory"},
			errors: "line 9: you can be: ana (on call, in Berlin), ben"},

		{name: "other places", script: `
in #payments
/incident show 41
? [Resolve]
dm
say list
? #41
in random
/invite @incident-bot
? is in #random now
@incident-bot show 41
? [Resolve]
in nowhere`, code: exitFailed, shows: []string{"ana #payments> ", "ana DM> say list"}, errors: `there is no channel "nowhere"`},

		{name: "where the bot is not", script: "in random\n@incident-bot list", code: exitFailed, errors: "it is not in #random"},
		{name: "an unknown word", script: "help\ndance", code: exitUsage, errors: `line 2: there is no command "dance"`, hides: []string{"help"}},
		{name: "an unknown slash command", script: "/poll", code: exitFailed, errors: "knows no command /poll"},
		{name: "quit", script: "quit\nsay not said", hides: []string{"not said"}},
	} {
		t.Run(one.name, func(t *testing.T) {
			t.Parallel()
			got := demo(t, one.script)
			if got.code != one.code || !strings.Contains(got.errors, one.errors) || one.errors == "" && got.errors != "" {
				t.Errorf("code %d, want %d; standard error %q, want %q", got.code, one.code, got.errors, one.errors)
			}
			for _, want := range one.shows {
				if !strings.Contains(got.out, want) {
					t.Errorf("%q is not shown", want)
				}
			}
			for _, not := range one.hides {
				if strings.Contains(got.out, not) {
					t.Errorf("%q is shown", not)
				}
			}
			if t.Failed() {
				t.Log(got.out)
			}
		})
	}
}

// What can be clicked is found by the beginning of its label; what can be several is asked back.
func TestClicks(t *testing.T) {
	got := demo(t, `
/incident list
click show
? which one? say  click 1
? 1. [Show #41]
click 1
? [Resolve]
click nothing of the kind
? nothing here is called "nothing of the kind"; there is`)
	if got.code != exitFailed || !strings.Contains(got.errors, "line 3: ") {
		t.Errorf("code %d: %s\n%s", got.code, got.errors, got.out)
	}
}

// Forms are filled in by field; what is missing or wrong is said and nothing is lost.
func TestForms(t *testing.T) {
	got := demo(t, `
/incident declare
? title:
submit
? ✗
title: shop is down
? title: shop is down
sev: crit
? severity: Critical
submit
? ✓ Declared #42 shop is down
click Note on 42
cancel
? the form is closed
grafana 42
? severity Critical`)
	if got.code != exitOK || !strings.Contains(got.out, "ana #ops form> submit") {
		t.Errorf("code %d: %s\n%s", got.code, got.errors, got.out)
	}
}

func TestFormErrors(t *testing.T) {
	for script, want := range map[string]string{
		"/incident declare\nsev: huge":       "line 2: severity can be: ",
		"/incident declare\ncolour: blue":    `line 2: this form has no "colour"; it has: title`,
		"/incident declare\n/incident list":  "line 2: a form is open",
		"/incident declare\nclick Elsewhere": "line 2: a form is open",
		"submit":                             "line 1: no form is open",
		"cancel":                             "line 1: no form is open",
		"back":                               "line 1: you are in no thread",
		"thread 99":                          "line 1: no card in #ops has that thread",
		"kill it":                            "line 1: there is one bot",
		"grafana red":                        "line 1: grafana shows what the stack holds",
		"slack red":                          "line 1: slack can be: drop",
	} {
		t.Run(script, func(t *testing.T) {
			t.Parallel()
			if got := demo(t, script); got.code != exitFailed || !strings.Contains(got.errors, want) {
				t.Errorf("code %d: %s, want %q\n%s", got.code, got.errors, want, got.out)
			}
		})
	}
}
