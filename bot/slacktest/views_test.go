package slacktest_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"incident-bot/bot/slacktest"
)

const form = `{"type":"modal","callback_id":"declare","private_metadata":"meta","title":{"type":"plain_text","text":"Declare"},
"submit":{"type":"plain_text","text":"Go"},"close":{"type":"plain_text","text":"Cancel"},"notify_on_close":true,"blocks":[
{"type":"input","block_id":"title","label":{"type":"plain_text","text":"Title"},
 "element":{"type":"plain_text_input","action_id":"title","max_length":10}},
{"type":"input","block_id":"severity","label":{"type":"plain_text","text":"Severity"},"element":{"type":"static_select",
 "action_id":"severity","options":[{"text":{"type":"plain_text","text":"Major"},"value":"major"},
 {"text":{"type":"plain_text","text":"Minor"},"value":"minor"}],
 "initial_option":{"text":{"type":"plain_text","text":"Minor"},"value":"minor"}}},
{"type":"input","block_id":"more","optional":true,"label":{"type":"plain_text","text":"More"},"element":{"type":"checkboxes",
 "action_id":"more","options":[{"text":{"type":"plain_text","text":"Drill"},"value":"drill"},
 {"text":{"type":"plain_text","text":"Quiet"},"value":"quiet"}]}},
{"type":"actions","block_id":"acts","elements":[{"type":"button","action_id":"help","text":{"type":"plain_text","text":"Help"}}]}]}`

// trigger is a fresh trigger id.
func (r room) trigger(t testing.TB) string {
	return field(t, r.ana.Command(r.ops, "/incident", "").Payload(), "trigger_id")
}

func TestTriggers(t *testing.T) {
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	r := newRoom(t, slacktest.Options{Now: func() time.Time { return now }})
	open := func(id string) answer { return r.call(t, "views.open", "trigger_id", id, "view", form) }
	wantError(t, open(""), "invalid_arguments")
	wantError(t, open("1.2.x"), "invalid_trigger_id")
	id := r.trigger(t)
	now = now.Add(3*time.Second - time.Millisecond)
	// A bad view does not use the trigger up.
	wantError(t, r.call(t, "views.open", "trigger_id", id, "view", `{"type":"modal"}`), "invalid_arguments")
	wantOK(t, open(id))
	wantError(t, open(id), "exchanged_trigger_id")
	id = r.trigger(t)
	now = now.Add(3 * time.Second)
	wantError(t, open(id), "expired_trigger_id")
	other := r.NewWorkspace("Other")
	wantError(t, r.callAs(t, other.BotToken, "views.open", "trigger_id", r.trigger(t), "view", form), "invalid_trigger_id")
}

func TestViewErrors(t *testing.T) {
	r := newRoom(t, slacktest.Options{})
	big := `{"type":"modal","title":{"type":"plain_text","text":"x"},"blocks":[` +
		strings.TrimSuffix(strings.Repeat(`{"type":"section","text":{"type":"plain_text","text":"`+strings.Repeat("x", 2700)+`"}},`, 95), ",") + `]}`
	wantError(t, r.call(t, "views.open", "trigger_id", r.trigger(t), "view", big), "view_too_large")
	wantError(t, r.call(t, "views.open", "trigger_id", r.trigger(t), "view", "nonsense"), "invalid_arguments")
	wantError(t, r.call(t, "views.update", "view_id", "V0NOPE", "view", form), "not_found")
	wantError(t, r.call(t, "views.update", "view", form), "invalid_arguments")
	wantError(t, r.call(t, "views.push", "trigger_id", r.trigger(t), "view", form), "not_found")

	opened := r.call(t, "views.open", "trigger_id", r.trigger(t), "view", form)
	wantOK(t, opened)
	id, hash := opened.str("view.id"), opened.str("view.hash")
	wantOK(t, r.call(t, "views.update", "view_id", id, "hash", hash, "view", form))
	wantError(t, r.call(t, "views.update", "view_id", id, "hash", hash, "view", form), "hash_conflict")
	wantOK(t, r.call(t, "views.push", "trigger_id", r.trigger(t), "view", form))
	wantOK(t, r.call(t, "views.push", "trigger_id", r.trigger(t), "view", form))
	wantError(t, r.call(t, "views.push", "trigger_id", r.trigger(t), "view", form), "push_limit_reached")
	if n := r.ana.Modals(); n != 3 {
		t.Errorf("%d modals", n)
	}
	named := strings.Replace(form, `"callback_id"`, `"external_id":"one","callback_id"`, 1)
	wantOK(t, r.call(t, "views.open", "trigger_id", r.trigger(t), "view", named))
	wantError(t, r.call(t, "views.open", "trigger_id", r.trigger(t), "view", named), "duplicate_external_id")
	wantOK(t, r.call(t, "views.update", "external_id", "one", "view", named))
}

func TestHomeTab(t *testing.T) {
	r := newRoom(t, slacktest.Options{Events: []string{"app_home_opened"}})
	c := r.dial(t)
	home := `{"type":"home","blocks":[{"type":"section","text":{"type":"mrkdwn","text":"*Hello*"}}]}`
	wantError(t, r.call(t, "views.publish", "user_id", r.ana.ID, "view", form), "invalid_arguments")
	out := r.call(t, "views.publish", "user_id", r.ana.ID, "view", home)
	wantOK(t, out)
	wantError(t, r.call(t, "views.publish", "user_id", r.ana.ID, "view", home, "hash", "old"), "hash_conflict")
	wantOK(t, r.call(t, "views.publish", "user_id", r.ana.ID, "view", home, "hash", out.str("view.hash")))
	a := r.ana.OpenHome()
	f := c.acked(a, "")
	if field(t, f.Payload, "event.type") != "app_home_opened" || field(t, f.Payload, "event.view.id") != out.str("view.id") {
		t.Errorf("event %s", f.Payload)
	}
	if got := r.ana.Home().Plain(); got != "Hello" {
		t.Errorf("home shows %q", got)
	}
}

// openForm opens the form for ana over a fresh command and gives the client.
func openForm(t *testing.T, view string) (room, *client) {
	r := newRoom(t, slacktest.Options{})
	c := r.dial(t)
	a := r.ana.Command(r.ops, "/incident", "declare")
	f := c.acked(a, "")
	wantOK(t, r.call(t, "views.open", "trigger_id", field(t, f.Payload, "trigger_id"), "view", view))
	return r, c
}

func TestSubmission(t *testing.T) {
	r, c := openForm(t, form)
	v := r.ana.View()
	if v == nil || v.CallbackID != "declare" || v.PrivateMetadata != "meta" || v.Title != "Declare" {
		t.Fatalf("view %+v", v)
	}
	want := "Declare\nTitle: []\nSeverity: [Minor ▾]\nMore (optional): [☐ Drill ☐ Quiet]\n[Help]\n[Go] [Cancel]"
	if got := v.Plain(); got != want {
		t.Errorf("view shows\n%s\nwant\n%s", got, want)
	}
	a := r.ana.Submit(map[string]string{"Title": "it burns", "severity": "Major", "more": "Drill,quiet"})
	f := c.next()
	if f.Type != "interactive" || !f.Accepts {
		t.Errorf("frame %+v", f)
	}
	for path, want := range map[string]string{
		"type": "view_submission", "user.id": r.ana.ID, "team.id": r.w.TeamID, "enterprise": "null",
		"view.state.values.title.title.value":                       "it burns",
		"view.state.values.title.title.type":                        "plain_text_input",
		"view.state.values.severity.severity.selected_option.value": "major",
		"view.state.values.more.more.selected_options.1.value":      "quiet",
		"view.callback_id": "declare", "view.private_metadata": "meta", "view.app_installed_team_id": r.w.TeamID,
		"view.id": v.ID, "is_enterprise_install": "false",
	} {
		if got := field(t, f.Payload, path); got != want {
			t.Errorf("%s is %q, want %q", path, got, want)
		}
	}
	c.ack(f, "")
	if _, err := a.Acked(soon(t)); err != nil {
		t.Fatal(err)
	}
	if r.ana.View() != nil {
		t.Error("the modal stays open")
	}
	r.none(t)
}

func TestWhatTheFormDoesNotLetThrough(t *testing.T) {
	r, _ := openForm(t, form)
	for _, c := range []struct {
		name   string
		values map[string]string
		block  string
	}{
		{"required", nil, "title"},
		{"too long", map[string]string{"title": "more than ten"}, "title"},
		{"no such option", map[string]string{"title": "x", "severity": "Huge"}, "severity"},
		{"no such input", map[string]string{"title": "x", "colour": "red"}, "colour"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := r.ana.Submit(c.values).Acked(soon(t)); !errors.Is(err, slacktest.ErrNotSent) {
				t.Errorf("error %v", err)
			}
			if r.ana.View().Errors[c.block] == "" {
				t.Errorf("errors %v", r.ana.View().Errors)
			}
		})
	}
	if got := r.Stats().Delivered; got != 1 { // the command
		t.Errorf("%d deliveries", got)
	}
}

func TestSubmissionAnswers(t *testing.T) {
	values := map[string]string{"title": "x"}
	second := strings.Replace(form, `"text":"Declare"`, `"text":"Second"`, 1)
	for _, c := range []struct {
		name, payload string
		check         func(*testing.T, room)
	}{
		{"errors", `{"response_action":"errors","errors":{"title":"Too vague"}}`, func(t *testing.T, r room) {
			v := r.ana.View()
			if v.Errors["title"] != "Too vague" || !strings.Contains(v.Plain(), "Title: [x]\n  ✗ Too vague") {
				t.Errorf("view %s", v.Plain())
			}
			r.none(t)
		}},
		{"errors for no input", `{"response_action":"errors","errors":{"acts":"?"}}`, func(t *testing.T, r room) {
			if r.ana.View().Trouble == "" || len(r.Violations()) != 1 {
				t.Errorf("trouble %q, violations %q", r.ana.View().Trouble, r.Violations())
			}
		}},
		{"update", `{"response_action":"update","view":` + second + `}`, func(t *testing.T, r room) {
			if v := r.ana.View(); v.Title != "Second" || r.ana.Modals() != 1 || v.Inputs()[0].Value != "x" {
				t.Errorf("view %+v", v)
			}
		}},
		{"push", `{"response_action":"push","view":` + second + `}`, func(t *testing.T, r room) {
			if r.ana.View().Title != "Second" || r.ana.Modals() != 2 {
				t.Errorf("%d modals", r.ana.Modals())
			}
			r.ana.CloseView()
			if r.ana.View().Title != "Declare" {
				t.Errorf("view %+v", r.ana.View())
			}
		}},
		{"clear", `{"response_action":"clear"}`, func(t *testing.T, r room) {
			if r.ana.Modals() != 0 {
				t.Error("a modal stays")
			}
		}},
		{"an invalid view", `{"response_action":"update","view":{"type":"modal"}}`, func(t *testing.T, r room) {
			if r.ana.View().Trouble == "" || len(r.Violations()) != 1 {
				t.Errorf("violations %q", r.Violations())
			}
		}},
		{"nonsense", `{"response_action":"dance"}`, func(t *testing.T, r room) {
			if r.ana.View().Trouble == "" || len(r.Violations()) != 1 {
				t.Errorf("violations %q", r.Violations())
			}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, conn := openForm(t, form)
			conn.acked(r.ana.Submit(values), c.payload)
			c.check(t, r)
		})
	}
}

func TestUnansweredSubmissionStaysOpen(t *testing.T) {
	r := newRoom(t, slacktest.Options{AckTimeout: 20 * time.Millisecond})
	wantOK(t, r.call(t, "views.open", "trigger_id", r.trigger(t), "view", form))
	c := r.dial(t)
	a := r.ana.Submit(map[string]string{"title": "x"})
	if _, err := a.Acked(soon(t)); !errors.Is(err, slacktest.ErrTimeout) || a.Failed() != "operation_timeout" {
		t.Errorf("error %v, failed %q", err, a.Failed())
	}
	if v := r.ana.View(); v == nil || !strings.Contains(v.Trouble, "trouble connecting") {
		t.Errorf("view %+v", v)
	}
	// A late acknowledgement is counted and changes nothing.
	c.ack(c.next(), "")
	if err := r.Await(soon(t), func() bool { return r.Stats().Late == 1 }); err != nil {
		t.Errorf("stats %+v", r.Stats())
	}
}

func TestClosingAView(t *testing.T) {
	r, c := openForm(t, form)
	a := r.ana.CloseView()
	f := c.acked(a, "")
	if field(t, f.Payload, "type") != "view_closed" || field(t, f.Payload, "is_cleared") != "false" || f.Accepts {
		t.Errorf("frame %+v", f)
	}
	if _, err := r.ana.CloseView().Acked(soon(t)); !errors.Is(err, slacktest.ErrNotSent) {
		t.Errorf("error %v", err)
	}
	r, _ = openForm(t, strings.Replace(form, `"notify_on_close":true`, `"clear_on_close":true`, 1))
	wantOK(t, r.call(t, "views.push", "trigger_id", r.trigger(t), "view", strings.Replace(form, `"notify_on_close":true`, `"clear_on_close":true`, 1)))
	if _, err := r.ana.CloseView().Acked(soon(t)); !errors.Is(err, slacktest.ErrNotSent) || r.ana.Modals() != 0 {
		t.Errorf("error %v, %d modals", err, r.ana.Modals())
	}
}

func TestClickInAView(t *testing.T) {
	r, c := openForm(t, form)
	f := c.acked(r.ana.ClickView("Help"), "")
	for path, want := range map[string]string{
		"type": "block_actions", "container.type": "view", "container.view_id": r.ana.View().ID, "actions.0.action_id": "help",
		"actions.0.block_id": "acts", "actions.0.type": "button", "response_url": "null", "message": "null", "channel": "null",
		"view.callback_id": "declare",
	} {
		if got := field(t, f.Payload, path); got != want {
			t.Errorf("%s is %q, want %q", path, got, want)
		}
	}
	if id := field(t, f.Payload, "trigger_id"); id == "" {
		t.Error("no trigger")
	} else {
		wantOK(t, r.call(t, "views.push", "trigger_id", id, "view", form))
	}
}

func TestSuggestions(t *testing.T) {
	external := `{"type":"modal","title":{"type":"plain_text","text":"Find"},"submit":{"type":"plain_text","text":"Go"},"blocks":[
	{"type":"input","block_id":"who","label":{"type":"plain_text","text":"Who"},"element":{"type":"external_select","action_id":"who"}}]}`
	r, c := openForm(t, external)
	a := r.ana.Suggest("Who", "an")
	f := c.next()
	if field(t, f.Payload, "type") != "block_suggestion" || field(t, f.Payload, "value") != "an" || !f.Accepts {
		t.Errorf("frame %+v", f)
	}
	c.ack(f, `{"options":[{"text":{"type":"plain_text","text":"Ana"},"value":"ana"}]}`)
	payload, err := a.Acked(soon(t))
	if err != nil || !json.Valid(payload) {
		t.Fatal(payload, err)
	}
	r.none(t)
	c.acked(r.ana.Suggest("who", "x"), `{"options":[{"text":{"type":"mrkdwn","text":"Ana"},"value":"ana"}]}`)
	if v := r.Violations(); len(v) != 1 {
		t.Errorf("violations %q", v)
	}
	f = c.acked(r.ana.Submit(map[string]string{"Who": "ana"}), "")
	if got := field(t, f.Payload, "view.state.values.who.who.selected_option.value"); got != "ana" {
		t.Errorf("submitted %q", got)
	}
}

func TestEnteredValuesSurviveAnUpdate(t *testing.T) {
	r, _ := openForm(t, form)
	if err := r.ana.Enter(map[string]string{"title": "kept"}); err != nil {
		t.Fatal(err)
	}
	wantOK(t, r.call(t, "views.update", "view_id", r.ana.View().ID, "view", form))
	if got := r.ana.View().Inputs()[0].Value; got != "kept" {
		t.Errorf("title is %q after the update", got)
	}
	wantOK(t, r.call(t, "views.update", "view_id", r.ana.View().ID, "view", strings.ReplaceAll(form, `"action_id":"title"`, `"action_id":"t2"`)))
	if got := r.ana.View().Inputs()[0].Value; got != "" {
		t.Errorf("title is %q after its action changed", got)
	}
}
