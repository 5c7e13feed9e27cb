package slacktest_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"incident-bot/bot/slacktest"
)

func TestAuthentication(t *testing.T) {
	r := newRoom(t, slacktest.Options{})
	for _, c := range []struct{ name, token, method, want string }{
		{"no token", "", "auth.test", "not_authed"},
		{"a wrong token", "xoxb-wrong", "auth.test", "invalid_auth"},
		{"the app token for a bot method", r.AppToken(), "auth.test", "not_allowed_token_type"},
		{"a bot token for the sockets", r.w.BotToken, "apps.connections.open", "invalid_auth"},
		{"no token for the sockets", "", "apps.connections.open", "not_authed"},
		{"an unknown method", r.w.BotToken, "chat.sing", "unknown_method"},
	} {
		t.Run(c.name, func(t *testing.T) { wantError(t, r.callAs(t, c.token, c.method), c.want) })
	}
	wantError(t, r.callAs(t, "", "apps.connections.open", "token", r.AppToken()), "invalid_auth") // header only
	wantOK(t, r.callAs(t, "", "auth.test", "token", r.w.BotToken))                                // form works here

	for _, dead := range []string{"token_revoked", "account_inactive", "invalid_auth"} {
		r.w.Kill(dead)
		wantError(t, r.call(t, "auth.test"), dead)
	}
	r.w.Kill("")
	out := r.call(t, "auth.test")
	if out.str("user_id") != r.w.BotUserID || out.str("team_id") != r.w.TeamID || out.str("bot_id") != r.w.BotID {
		t.Errorf("auth.test says %v", out)
	}
}

func TestTokensOfTwoWorkspacesDoNotCross(t *testing.T) {
	r := newRoom(t, slacktest.Options{})
	other := r.NewWorkspace("Other")
	bob, secret := other.NewUser("bob"), other.NewChannel("secret")
	wantError(t, r.call(t, "chat.postMessage", "channel", secret.ID, "text", "x"), "channel_not_found")
	wantError(t, r.call(t, "users.info", "user", bob.ID), "user_not_visible")
	wantError(t, r.call(t, "conversations.history", "channel", secret.ID), "channel_not_found")
	wantOK(t, r.callAs(t, other.BotToken, "chat.postMessage", "channel", secret.ID, "text", "x"))
	if got := r.Calls("chat.postMessage"); len(got) != 2 || got[0].Team != r.w.TeamID || got[1].Team != other.TeamID {
		t.Errorf("calls %+v", got)
	}
}

func TestBodies(t *testing.T) {
	r := newRoom(t, slacktest.Options{})
	post := r.APIURL() + "chat.postMessage"
	for _, c := range []struct{ name, kind, body, want string }{
		{"json", "application/json; charset=utf-8", `{"channel":"` + r.ops.ID + `","text":"hi"}`, ""},
		{"blocks as a JSON list", "application/json; charset=utf-8",
			`{"channel":"` + r.ops.ID + `","text":"hi","blocks":[{"type":"divider"}]}`, ""},
		{"blocks as a string in JSON", "application/json; charset=utf-8",
			`{"channel":"` + r.ops.ID + `","text":"hi","blocks":"[{\"type\":\"divider\"}]"}`, ""},
		{"broken json", "application/json", `{"channel":`, "invalid_json"},
		{"a json list", "application/json", `[1]`, "json_not_object"},
		{"no type", "", `channel=x`, "missing_post_type"},
		{"a wrong type", "text/plain", `channel=x`, "invalid_post_type"},
		{"a broken form", "application/x-www-form-urlencoded", `a=%zz`, "invalid_form_data"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, out := r.post(t, post, c.kind, r.w.BotToken, c.body)
			if c.want == "" {
				wantOK(t, out)
				return
			}
			wantError(t, out, c.want)
		})
	}
	_, out := r.post(t, post, "application/json", r.w.BotToken, `{"channel":"`+r.ops.ID+`","text":"hi"}`)
	if out.str("warning") != "missing_charset" {
		t.Errorf("no warning for JSON without a charset: %v", out)
	}
	// A token inside a JSON body does not count, and a method for forms alone sees no JSON.
	_, out = r.post(t, post, "application/json", "", `{"token":"`+r.w.BotToken+`"}`)
	wantError(t, out, "not_authed")
	_, out = r.post(t, r.APIURL()+"users.info", "application/json", r.w.BotToken, `{"user":"`+r.ana.ID+`"}`)
	wantError(t, out, "user_not_found")
}

func TestMissingScopeNamesWhatIsNeeded(t *testing.T) {
	s := slacktest.New(slacktest.Options{})
	t.Cleanup(s.Close)
	w := s.NewWorkspace("Acme", slacktest.WithScopes("commands", "users:read"))
	r := room{s, w, w.NewUser("ana"), w.NewChannel("ops")}
	out := r.call(t, "chat.postMessage", "channel", r.ops.ID, "text", "x")
	wantError(t, out, "missing_scope")
	if out.str("needed") != "chat:write" || out.str("provided") != "commands,users:read" {
		t.Errorf("answer %v", out)
	}
	w.SetScopes("chat:write")
	wantOK(t, r.call(t, "chat.postMessage", "channel", r.ops.ID, "text", "x"))
	wantError(t, r.call(t, "users.info", "user", r.ana.ID), "missing_scope")
	// The scope depends on the kind of the channel.
	private := w.NewChannel("quiet", slacktest.Private())
	w.SetScopes("channels:history")
	wantOK(t, r.call(t, "conversations.history", "channel", r.ops.ID))
	out = r.call(t, "conversations.history", "channel", private.ID)
	if wantError(t, out, "missing_scope"); out.str("needed") != "groups:history" {
		t.Errorf("answer %v", out)
	}
}

func TestRateLimits(t *testing.T) {
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	r := newRoom(t, slacktest.Options{Now: func() time.Time { return now }})
	post := func(ch *slacktest.Channel) (*http.Response, answer) {
		return r.post(t, r.APIURL()+"chat.postMessage", "application/x-www-form-urlencoded", r.w.BotToken,
			"text=x&channel="+ch.ID)
	}
	for i := range 10 {
		if resp, out := post(r.ops); resp.StatusCode != http.StatusOK || out["ok"] != true {
			t.Fatalf("post %d: %v %v", i, resp.Status, out)
		}
	}
	resp, out := post(r.ops)
	if wantError(t, out, "ratelimited"); resp.StatusCode != http.StatusTooManyRequests || resp.Header.Get("Retry-After") != "1" {
		t.Errorf("over the limit: %v, Retry-After %q", resp.Status, resp.Header.Get("Retry-After"))
	}
	if _, out := post(r.w.NewChannel("elsewhere")); out["ok"] != true {
		t.Errorf("another channel waits too: %v", out)
	}
	now = now.Add(time.Second)
	if _, out := post(r.ops); out["ok"] != true {
		t.Errorf("a second later: %v", out)
	}
	// Tier 2: 20 a minute, one every 3 seconds after that.
	for range 20 {
		wantOK(t, r.call(t, "users.list"))
	}
	resp, _ = r.post(t, r.APIURL()+"users.list", "application/x-www-form-urlencoded", r.w.BotToken, "")
	if resp.StatusCode != http.StatusTooManyRequests || resp.Header.Get("Retry-After") != "3" {
		t.Errorf("tier 2: %v, Retry-After %q", resp.Status, resp.Header.Get("Retry-After"))
	}
	// apps.connections.open is limited for the app as a whole.
	for range 50 {
		wantOK(t, r.callAs(t, r.AppToken(), "apps.connections.open"))
	}
	wantError(t, r.callAs(t, r.AppToken(), "apps.connections.open"), "ratelimited")
}

func TestNoRateLimits(t *testing.T) {
	r := newRoom(t, slacktest.Options{NoRateLimits: true})
	for range 30 {
		wantOK(t, r.call(t, "chat.postMessage", "channel", r.ops.ID, "text", "x"))
	}
}

func TestFaults(t *testing.T) {
	r := newRoom(t, slacktest.Options{})
	args := []string{"channel", r.ops.ID, "text", "x"}
	r.Fail("chat.postMessage", slacktest.Fault{Error: "missing_scope", Needed: "chat:write", Provided: "none"})
	r.Fail("chat.postMessage", slacktest.Fault{Error: "fatal_error", Times: 2})
	out := r.call(t, "chat.postMessage", args...)
	if wantError(t, out, "missing_scope"); out.str("needed") != "chat:write" {
		t.Errorf("answer %v", out)
	}
	wantError(t, r.call(t, "chat.postMessage", args...), "fatal_error")
	wantError(t, r.call(t, "chat.postMessage", args...), "fatal_error")
	wantOK(t, r.call(t, "chat.postMessage", args...))

	r.Fail("", slacktest.Fault{Error: "internal_error", Times: -1})
	wantError(t, r.call(t, "auth.test"), "internal_error")
	wantError(t, r.call(t, "users.info", "user", r.ana.ID), "internal_error")
	r.Heal()
	wantOK(t, r.call(t, "auth.test"))

	r.Fail("auth.test", slacktest.Fault{RetryAfter: 1500 * time.Millisecond})
	resp, out := r.post(t, r.APIURL()+"auth.test", "application/x-www-form-urlencoded", r.w.BotToken, "")
	if wantError(t, out, "ratelimited"); resp.StatusCode != 429 || resp.Header.Get("Retry-After") != "2" {
		t.Errorf("%v %v", resp.Status, resp.Header)
	}
	r.Fail("auth.test", slacktest.Fault{Status: 503, Body: "<html>down</html>"})
	resp, out = r.post(t, r.APIURL()+"auth.test", "application/x-www-form-urlencoded", r.w.BotToken, "")
	if out != nil || resp.StatusCode != 503 || !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/html") {
		t.Errorf("%v %v %v", resp.Status, resp.Header, out)
	}
	// A reset after the commit: the message is there although nobody was told.
	before := len(r.ana.Sees(r.ops))
	r.Fail("chat.postMessage", slacktest.Fault{Reset: true, AfterCommit: true})
	req, _ := http.NewRequestWithContext(soon(t), http.MethodPost, r.APIURL()+"chat.postMessage", strings.NewReader("channel="+r.ops.ID+"&text=x"))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Authorization", "Bearer "+r.w.BotToken)
	if resp, err := http.DefaultTransport.RoundTrip(req); err == nil {
		t.Errorf("no reset: %v", resp.Status)
	}
	if n := len(r.ana.Sees(r.ops)); n != before+1 {
		t.Errorf("%d messages, want %d", n, before+1)
	}
	calls := r.Calls("chat.postMessage")
	if last := calls[len(calls)-1]; last.Status != 0 || last.Args["text"] != "x" {
		t.Errorf("the reset call is kept as %+v", last)
	}
}

func TestHangEndsWithTheServer(t *testing.T) {
	s := slacktest.New(slacktest.Options{})
	s.Fail("apps.connections.open", slacktest.Fault{Hang: true})
	failed := make(chan error, 1)
	go func() {
		req, _ := http.NewRequest(http.MethodPost, s.APIURL()+"apps.connections.open", nil)
		req.Header.Set("Authorization", "Bearer "+s.AppToken())
		_, err := http.DefaultTransport.RoundTrip(req)
		failed <- err
	}()
	if err := s.Await(soon(t), func() bool { return len(s.Calls("apps.connections.open")) == 1 }); err != nil {
		t.Fatal(err)
	}
	s.Close()
	if err := <-failed; err == nil {
		t.Error("a hung call was answered")
	}
}

func TestCallsAreBounded(t *testing.T) {
	r := newRoom(t, slacktest.Options{KeepCalls: 3})
	for _, text := range []string{"1", "2", "3", "4", "5"} {
		r.call(t, "chat.postMessage", "channel", r.ops.ID, "text", text)
	}
	var got string
	for _, c := range r.Calls("") {
		got += c.Args["text"]
	}
	if got != "345" {
		t.Errorf("kept %q", got)
	}
}
