package handlers

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"incident-bot/bot"
	"incident-bot/incident"
)

// grafanaErrors are all kinds of failure, each with words of Grafana's that nobody shall read.
func grafanaErrors() map[string]*incident.Error {
	all := map[string]*incident.Error{}
	for _, code := range []incident.Code{
		incident.Unauthorized, incident.Forbidden, incident.NotFound, incident.PluginMissing, incident.StackUnknown, incident.NoMethod,
		incident.Invalid, incident.RateLimited, incident.Unavailable, incident.Failed, incident.Lost, incident.Unreadable, "new_code",
	} {
		for _, reason := range []string{
			"", "api-key.expired", "api-key.revoked", "api-key.organization-mismatch", "api-key.invalid",
			incident.ReasonSeverityUnknown, incident.ReasonSeverityIgnored, incident.ReasonStatusUnknown, incident.ReasonStatusIgnored,
			incident.ReasonQuery, incident.ReasonEmpty, incident.ReasonTooLong, incident.ReasonRBAC, incident.ReasonRedirect, incident.ReasonHTML,
		} {
			for _, unchanged := range []bool{false, true} {
				all[fmt.Sprint(code, "/", reason, "/", unchanged)] = &incident.Error{
					Op: "secret operation", Code: code, Status: 418, Reason: reason, Message: "<html>goroutine 7 glsa_secret",
					Err: errors.New("dial tcp: lookup secret.host"), Unchanged: unchanged, RetryAfter: 90 * time.Second,
				}
			}
		}
	}
	return all
}

// requests are all kinds of request that can fail.
func requests() map[string]*bot.Request {
	values := map[string]string{fieldTitle: "checkout is down", fieldText: "rolled back", fieldDescription: "all of Europe"}
	all := map[string]*bot.Request{
		"nothing": typing("", ""), "mention": inThread("42.0", "note", "CPU is fine"), "click show": clicking(buttonShow, "42"),
		"click reopen": clicking(buttonReopen, "42"), "click page": clicking(buttonPage, "x"), "click severity": clicking(buttonSeverity, "42"),
		"click declare": clicking(buttonDeclare, ""),
	}
	for _, w := range newDesk(newStack()).words {
		all["word "+w.Name] = typing(w.Name, "#42 hello")
	}
	for _, s := range newDesk(newStack()).forms() {
		all["form "+s.CallbackID] = sending(s.CallbackID, "42", values)
	}
	return all
}

// TestEveryFailureReads: whatever fails, the answer says what did not happen, why, what to do, and the reference; nothing
// of the machine is in it, and what was typed into a form comes back.
func TestEveryFailureReads(t *testing.T) {
	d := newDesk(newStack())
	others := map[string]error{
		"guest": &bot.AccessError{Reason: bot.Guest}, "stranger": &bot.AccessError{Reason: bot.Stranger}, "robot": &bot.AccessError{Reason: bot.Robot},
		"unknown": &bot.AccessError{Reason: bot.Unknown, Err: errors.New("goroutine")}, "form": &bot.FormError{Err: errors.New("goroutine")},
		"late form": &bot.FormError{Expired: true, Err: errors.New("goroutine")}, "busy": bot.ErrBusy, "no stack": errNoStack{"T-secret"},
		"deadline": context.DeadlineExceeded, "stopped": context.Canceled, "panic": &bot.PanicError{Value: "goroutine"}, "other": errors.New("goroutine"),
	}
	for name, e := range grafanaErrors() {
		others[name], others["about 42: "+name], others["form: "+name] = e, of("42", fmt.Errorf("wrapped: %w", e)), &bot.FormError{Err: e}
	}
	for kind, r := range requests() {
		for name, err := range others {
			reply := d.explain(r, err)
			said := text(reply)
			where := kind + ", " + name
			if !strings.HasPrefix(said, "✗ ") || !strings.Contains(said, "`ref 7f3k2`") {
				t.Errorf("%s: %s", where, said)
			}
			for _, machine := range []string{"secret", "goroutine", "<html", "418", "dial", "wrapped", "%!", "nil"} {
				if strings.Contains(said, machine) {
					t.Errorf("%s: people read %q: %s", where, machine, said)
				}
			}
			if sentences := strings.Split(said, ". "); len(sentences) < 2 || !strings.Contains(sentences[0], ": ") {
				t.Errorf("%s: it lacks why or what now: %s", where, said)
			}
			if field := r.View.Values[fieldText]; r.Kind == bot.Submission && !strings.Contains(said, "> "+field) && !strings.Contains(said, "\n> "+field) {
				t.Errorf("%s: what was typed is lost: %s", where, said)
			}
		}
	}
}

func TestExplain(t *testing.T) {
	d := newDesk(newStack())
	lost, failed, down := &incident.Error{Op: "x", Code: incident.Lost}, &incident.Error{Op: "x", Code: incident.Failed}, &incident.Error{Code: incident.Unavailable}
	for name, test := range map[string]struct {
		r    *bot.Request
		err  error
		want string
	}{
		"declare lost": {typing("declare", "x"), lost,
			"✗ I cannot tell whether it was declared: Grafana's answer was lost on its way. Look before you declare it again, or there may be two: `/incident list`. `ref 7f3k2`\n[List active incidents]"},
		"note failed": {inThread("1.0", "note", "x"), of("42", failed),
			"✗ I cannot tell whether it was written: Grafana reported an error of its own. Look at the timeline of #42 before you write it again. `ref 7f3k2`"},
		"note failed somewhere": {typing("note", "x"), failed,
			"✗ I cannot tell whether it was written: Grafana reported an error of its own. Look at the timeline of the incident before you write it again. `ref 7f3k2`"},
		"resolve lost": {typing("resolve", "42"), of("42", lost),
			"✗ I cannot tell whether it was changed: Grafana's answer was lost on its way. Look at #42 before you try again. `ref 7f3k2`\n[Show #42]"},
		"list lost": {typing("list", ""), lost,
			"✗ Nothing can be shown: Grafana did not answer in time. Please try again. `ref 7f3k2`\n[Try again]"},
		"read before a change lost": {typing("resolve", "42"), of("42", &incident.Error{Code: incident.Lost, Unchanged: true}),
			"✗ Nothing was changed: Grafana did not answer in time. Please try again. `ref 7f3k2`\n[Try again]"},
		"severity kept": {typing("severity", "42 major"), of("42", &incident.Error{Code: incident.Failed, Status: 200, Reason: incident.ReasonSeverityIgnored}),
			"✗ Nothing was changed: Grafana kept the severity it had. Please try again, or change it in Grafana. `ref 7f3k2`\n[Try again]"},
		"too long": {typing("update", "42 x"), of("42", &incident.Error{Code: incident.Invalid, Reason: incident.ReasonTooLong}),
			"✗ Nothing was written: the text is longer than Grafana takes. Please shorten it. `ref 7f3k2`"},
		"down": {typing("note", "42 x"), of("42", down),
			"✗ Nothing was written: the Grafana stack cannot be reached. Please try again in a minute. `ref 7f3k2`\n[Try again]"},
		"down, in a form": {sending(formNote, "42", map[string]string{fieldText: "x\ny"}), of("42", down),
			"✗ Nothing was written: the Grafana stack cannot be reached. Please try again in a minute. `ref 7f3k2`\nYou had typed:\n> x\n> y"},
		"no such incident": {typing("show", "999"), of("999", &incident.Error{Code: incident.NotFound}),
			"✗ Nothing can be shown: your stack has no incident #999. `/incident list` shows which there are. `ref 7f3k2`"},
		"limited": {typing("list", ""), &incident.Error{Code: incident.RateLimited, RetryAfter: 3 * time.Minute},
			"✗ Nothing can be shown: Grafana has had too many requests. Please try again in 3 minutes. `ref 7f3k2`\n[Try again]"},
		"no stack": {typing("list", ""), errNoStack{"T9"},
			"✗ Nothing can be shown: this workspace is not connected to a Grafana stack. Whoever runs incident-bot can connect it. `ref 7f3k2`"},
		"time over": {typing("note", "42 x"), of("42", context.DeadlineExceeded),
			"✗ I cannot tell whether it was written: it took too long. Look at the timeline of #42 before you write it again. `ref 7f3k2`"},
		"panic": {typing("resolve", "42"), &bot.PanicError{Value: "x"},
			"✗ I cannot tell whether it was changed: incident-bot itself failed (please tell whoever runs it). Look at the incident before you try again. `ref 7f3k2`"},
	} {
		if got := text(d.explain(test.r, test.err)); got != test.want {
			t.Errorf("%s:\n%s\nnot\n%s", name, got, test.want)
		}
	}
}

// TestTryAgain: the button runs the very words, once, and only for who typed them.
func TestTryAgain(t *testing.T) {
	d := newDesk(newStack())
	r := typing("note", "#42  CPU &amp;\nmemory")
	reply := d.explain(r, of("42", &incident.Error{Code: incident.Unavailable}))
	value := buttonValue(t, reply, "Try again")
	if words, _ := d.offers.peek(clicking(buttonOffer, value)); words != "note #42  CPU &amp;\nmemory" {
		t.Errorf("the button runs %q", words)
	}
	for name, err := range map[string]error{
		"not found": &incident.Error{Code: incident.NotFound}, "invalid": &incident.Error{Code: incident.Invalid}, "lost": &incident.Error{Code: incident.Lost},
	} {
		if got := text(d.explain(r, err)); strings.Contains(got, "Try again") {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// TestLateForm: the button opens the same form, with what was typed.
func TestLateForm(t *testing.T) {
	d := newDesk(newStack())
	late := &bot.FormError{Expired: true, Err: errors.New("expired_trigger_id")}
	again := clicking(buttonDeclare, buttonValue(t, d.explain(typing("declare", "sev:major"), late), "Open the form"))
	if form := d.declareForm(again); form == nil || !strings.Contains(pretty(t, form.View), `"initial_option"`) {
		t.Error("the form has lost its severity")
	}
	reply := d.explain(clicking(buttonNote, "42"), late)
	if id, value := buttonID(t, reply, "Open the form"), buttonValue(t, reply, "Open the form"); id != buttonNote || value != "42" {
		t.Errorf("the button opens %s of %s", id, value)
	}
}

func TestWaiting(t *testing.T) {
	for after, want := range map[time.Duration]string{
		0: "a minute", -time.Second: "a minute", time.Second: "1 second", 1400 * time.Millisecond: "1 second", 30 * time.Second: "30 seconds",
		119 * time.Second: "119 seconds", 2 * time.Minute: "2 minutes", 121 * time.Second: "3 minutes",
	} {
		if got := waiting(after); got != want {
			t.Errorf("%s: %s", after, got)
		}
	}
}
