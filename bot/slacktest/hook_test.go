package slacktest_test

import (
	"net/http"
	"testing"
	"time"

	"incident-bot/bot/slacktest"
)

func TestResponseURL(t *testing.T) {
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	r := newRoom(t, slacktest.Options{Now: func() time.Time { return now }})
	bob := r.w.NewUser("bob")
	quiet := r.w.NewChannel("quiet", slacktest.Private(), slacktest.WithoutBot())
	a := r.ana.Command(quiet, "/incident", "list") // nobody listens; the URL works all the same
	status, out := r.respond(t, a, `{"text":"only you"}`)
	if status != http.StatusOK {
		t.Fatal(status, out)
	}
	if m := r.ana.Last(quiet); m.Text != "only you" || !m.Ephemeral {
		t.Errorf("ana sees %+v", m)
	}
	if status, _ := r.respond(t, a, `{"text":"all","response_type":"in_channel"}`); status != http.StatusOK {
		t.Error(status)
	}
	sees(t, bob, quiet, "all")
	for _, c := range []struct{ body, want string }{
		{`{"text":""}`, "no_text"},
		{`{"text":"x","blocks":[{"type":"sing"}]}`, "invalid_blocks"},
		{`{"text":"x","blocks":{}}`, "invalid_blocks_format"},
		{`{"text":"x","response_type":"loud"}`, "invalid_arguments"},
		{`{"delete_original":true}`, "message_not_found"},
		{`{`, "invalid_payload"},
	} {
		if status, out := r.respond(t, a, c.body); status != http.StatusBadRequest || out.str("error") != c.want {
			t.Errorf("%s: %d %v", c.body, status, out)
		}
	}
	for range 3 { // refused posts are no uses
		if status, out := r.respond(t, a, `{"text":"more"}`); status != http.StatusOK {
			t.Fatal(status, out)
		}
	}
	if status, out := r.respond(t, a, `{"text":"sixth"}`); status != http.StatusNotFound || out.str("error") != "used_url" {
		t.Errorf("%d %v", status, out)
	}
	b := r.ana.Command(quiet, "/incident", "list")
	now = now.Add(30*time.Minute - time.Second)
	if status, _ := r.respond(t, b, `{"text":"in time"}`); status != http.StatusOK {
		t.Error(status)
	}
	now = now.Add(time.Second)
	if status, out := r.respond(t, b, `{"text":"late"}`); status != http.StatusNotFound || out.str("error") != "expired_url" {
		t.Errorf("%d %v", status, out)
	}
	if calls := r.Calls("response_url"); len(calls) != 14 || calls[0].Args["text"] != "only you" || calls[0].Team != r.w.TeamID {
		t.Errorf("%d calls, first %+v", len(calls), calls[0])
	}
}

func TestResponseURLOfAClick(t *testing.T) {
	r := newRoom(t, slacktest.Options{})
	c := r.dial(t)
	blocks := `[{"type":"actions","elements":[{"type":"button","action_id":"go","text":{"type":"plain_text","text":"Go"},"value":"v"}]}]`
	wantOK(t, r.call(t, "chat.postMessage", "channel", r.ops.ID, "text", "press", "blocks", blocks))
	a := r.ana.Click(r.ana.Last(r.ops), "Go")
	c.acked(a, "")
	r.respond(t, a, `{"text":"an answer"}`)
	if m := r.ana.Last(r.ops); m.Text != "an answer" || !m.Ephemeral {
		t.Errorf("by default %+v", m)
	}
	if status, _ := r.respond(t, a, `{"text":"pressed","replace_original":true}`); status != 200 {
		t.Error(status)
	}
	if m := r.ana.Sees(r.ops)[0]; m.Plain() != "pressed" || m.Blocks != nil || !m.Edited {
		t.Errorf("replaced %+v", m)
	}
	if status, _ := r.respond(t, a, `{"delete_original":true}`); status != 200 {
		t.Error(status)
	}
	sees(t, r.ana, r.ops, "an answer")
	if status, out := r.respond(t, a, `{"text":"x","replace_original":true}`); status != 400 || out.str("error") != "message_not_found" {
		t.Errorf("%d %v", status, out)
	}
	// An ephemeral message is replaced by its response URL alone.
	wantOK(t, r.call(t, "chat.postEphemeral", "channel", r.ops.ID, "user", r.ana.ID, "text", "choose", "blocks", blocks))
	b := r.ana.Click(r.ana.Last(r.ops), "go")
	f := c.acked(b, "")
	if field(t, f.Payload, "message") != "null" || field(t, f.Payload, "container.is_ephemeral") != "true" {
		t.Errorf("payload %s", f.Payload)
	}
	r.respond(t, b, `{"text":"chosen","replace_original":true}`)
	sees(t, r.ana, r.ops, "an answer", "chosen")
}

// TestResponseURLOfACommandReplaces asks for both readings of replace_original where there is no clicked message.
func TestResponseURLOfACommandReplaces(t *testing.T) {
	for _, c := range []struct {
		replaces bool
		want     []string
	}{
		{false, []string{"first", "wait", "done"}},
		{true, []string{"first", "done"}},
	} {
		r := newRoom(t, slacktest.Options{HookReplaces: c.replaces})
		conn := r.dial(t)
		a := r.ana.Command(r.ops, "/incident", "declare")
		conn.acked(a, "")
		for _, body := range []string{
			`{"text":"first","replace_original":true}`, // there is nothing to replace yet
			`{"text":"wait"}`,
			`{"text":"done","replace_original":true}`,
		} {
			if status, out := r.respond(t, a, body); status != http.StatusOK {
				t.Fatal(status, out)
			}
		}
		sees(t, r.ana, r.ops, c.want...)
		if last := r.ana.Last(r.ops); !last.Ephemeral || last.Edited != c.replaces {
			t.Errorf("replaces %v: ana sees %+v", c.replaces, last)
		}
		// What another URL posted is not touched.
		b := r.ana.Command(r.ops, "/incident", "list")
		conn.acked(b, "")
		if status, out := r.respond(t, b, `{"text":"other","replace_original":true}`); status != http.StatusOK {
			t.Fatal(status, out)
		}
		sees(t, r.ana, r.ops, append(c.want, "other")...)
	}
}

func TestResponseURLFaults(t *testing.T) {
	r := newRoom(t, slacktest.Options{})
	a := r.ana.Command(r.ops, "/incident", "x")
	seen := len(r.ana.Sees(r.ops)) // what Slack says of a command that nobody took
	r.Fail("response_url", slacktest.Fault{Status: 500, Body: "oops"})
	if status, _ := r.respond(t, a, `{"text":"x"}`); status != 500 {
		t.Error(status)
	}
	r.Fail("response_url", slacktest.Fault{Status: 404, Error: "expired_url"})
	if status, out := r.respond(t, a, `{"text":"x"}`); status != 404 || out.str("error") != "expired_url" {
		t.Error(status, out)
	}
	if got := len(r.ana.Sees(r.ops)); got != seen {
		t.Errorf("%d messages, want %d", got, seen)
	}
}
