package slacktest_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"incident-bot/bot/slacktest"
)

func TestAttachments(t *testing.T) {
	r := newRoom(t, slacktest.Options{NoRateLimits: true})
	post := func(att string) answer {
		return r.call(t, "chat.postMessage", "channel", r.ops.ID, "text", "x", "attachments", att)
	}
	wantOK(t, post(`[{"color":"#f00","title":"T","text":"*b*"}]`))
	if got := r.ana.Last(r.ops).Plain(); got != "x\n┃ T\n┃ b" {
		t.Errorf("shows %q", got)
	}
	wantOK(t, post(`[]`))
	wantOK(t, post("["+strings.TrimSuffix(strings.Repeat(`{"text":"x"},`, 100), ",")+"]"))
	wantError(t, post("["+strings.TrimSuffix(strings.Repeat(`{"text":"x"},`, 101), ",")+"]"), "too_many_attachments")
	wantError(t, post(`{}`), "invalid_attachments")
	wantError(t, post(`[{"blocks":[{"type":"sing"}]}]`), "invalid_attachments")
}

func TestMultipartForms(t *testing.T) {
	r := newRoom(t, slacktest.Options{})
	body := "--x\r\nContent-Disposition: form-data; name=\"channel\"\r\n\r\n" + r.ops.ID +
		"\r\n--x\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nhello\r\n--x--\r\n"
	_, out := r.post(t, r.APIURL()+"chat.postMessage", "multipart/form-data; boundary=x", r.w.BotToken, body)
	wantOK(t, out)
	_, out = r.post(t, r.APIURL()+"chat.postMessage", "multipart/form-data; boundary=y", r.w.BotToken, body)
	wantError(t, out, "invalid_form_data")
	sees(t, r.ana, r.ops, "hello")
}

func TestLatency(t *testing.T) {
	r := newRoom(t, slacktest.Options{Latency: 30 * time.Millisecond})
	start := time.Now()
	wantOK(t, r.call(t, "auth.test"))
	if took := time.Since(start); took < 30*time.Millisecond {
		t.Errorf("answered after %v", took)
	}
}

func TestMessagesAreBounded(t *testing.T) {
	r := newRoom(t, slacktest.Options{KeepMessages: 3})
	first := r.ana.Say(r.ops, "", "1")
	for _, text := range []string{"2", "3", "4"} {
		r.ana.Say(r.ops, "", text)
	}
	sees(t, r.ana, r.ops, "2", "3", "4")
	wantError(t, r.call(t, "conversations.replies", "channel", r.ops.ID, "ts", first.TS), "thread_not_found")
	if n := len(r.ops.Messages()); n != 3 {
		t.Errorf("%d messages", n)
	}
}

func TestWhoIsInAChannel(t *testing.T) {
	r := newRoom(t, slacktest.Options{})
	quiet := r.w.NewChannel("quiet", slacktest.Private())
	late, bot, admin := r.w.NewUser("late"), r.w.NewUser("otherbot", slacktest.Bot()), r.w.NewUser("boss", slacktest.Admin())
	in := func(ch *slacktest.Channel, u *slacktest.User) bool {
		for _, id := range ch.Members() {
			if id == u.ID {
				return true
			}
		}
		return false
	}
	if !in(r.ops, late) || !in(r.ops, admin) || in(r.ops, bot) || in(quiet, late) || !in(quiet, r.ana) {
		t.Errorf("ops has %q, quiet has %q", r.ops.Members(), quiet.Members())
	}
	r.ana.Say(quiet, "", "psst")
	sees(t, late, quiet)
	if m := late.Last(quiet); m.TS != "" {
		t.Errorf("late sees %+v", m)
	}
	out := r.w.NewChannel("out", slacktest.WithoutBot(), slacktest.WithBot())
	wantOK(t, r.call(t, "chat.postMessage", "channel", out.ID, "text", "x"))
	out.Archive()
	wantError(t, r.call(t, "chat.postMessage", "channel", out.ID, "text", "x"), "is_archived")
	if out.Topic() != "" {
		t.Errorf("topic %q", out.Topic())
	}
	if got := r.call(t, "users.info", "user", admin.ID); got["user"].(map[string]any)["is_admin"] != true {
		t.Errorf("boss is %v", got)
	}
}

func TestAFixedToken(t *testing.T) {
	s := slacktest.New(slacktest.Options{})
	t.Cleanup(s.Close)
	w := s.NewWorkspace("Acme", slacktest.WithToken("xoxb-fixed"))
	r := room{s, w, nil, nil}
	wantOK(t, r.callAs(t, "xoxb-fixed", "auth.test"))
}

func TestTheSameSeedGivesTheSameSlack(t *testing.T) {
	a, b := newRoom(t, slacktest.Options{Seed: 1}), newRoom(t, slacktest.Options{Seed: 1})
	if a.AppToken() != b.AppToken() || a.w.BotToken != b.w.BotToken || a.ops.ID != b.ops.ID {
		t.Error("two servers of one seed differ")
	}
	if c := newRoom(t, slacktest.Options{Seed: 2}); c.AppToken() == a.AppToken() {
		t.Error("two seeds give the same token")
	}
}

func TestAwait(t *testing.T) {
	r := newRoom(t, slacktest.Options{})
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	if err := r.Await(ctx, func() bool { return false }); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("never: %v", err)
	}
	outside := time.Now().Add(40 * time.Millisecond)
	if err := r.Await(soon(t), func() bool { return time.Now().After(outside) }); err != nil {
		t.Errorf("a condition outside: %v", err)
	}
	go r.ana.Say(r.ops, "", "x")
	if err := r.Await(soon(t), func() bool { return len(r.ana.Sees(r.ops)) == 1 }); err != nil {
		t.Error(err)
	}
	a := r.ana.Command(r.ops, "/incident", "x")
	<-a.Done()
	r.dial(t)
	ctx, cancel = context.WithCancel(context.Background())
	cancel()
	if _, err := r.ana.Command(r.ops, "/incident", "x").Acked(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("an act whose waiter left: %v", err)
	}
}

func TestAFaultThatDoesNothing(t *testing.T) {
	r := newRoom(t, slacktest.Options{})
	defer func() {
		if recover() == nil {
			t.Error("taken")
		}
	}()
	r.Fail("auth.test", slacktest.Fault{Times: 3})
}

func TestCommandAnswersInTheAcknowledgement(t *testing.T) {
	r := newRoom(t, slacktest.Options{})
	c := r.dial(t)
	bob := r.w.NewUser("bob")
	c.acked(r.ana.Command(r.ops, "/incident", "x"), `{"text":"for all","response_type":"in_channel"}`)
	sees(t, bob, r.ops, "for all")
	c.acked(r.ana.Command(r.ops, "/incident", "x"), `{"text":"x","blocks":[{"type":"sing"}]}`)
	c.acked(r.ana.Command(r.ops, "/incident", "x"), `"just text"`)
	c.acked(r.ana.Command(r.ops, "/incident", "x"), `{"blocks":[{"type":"divider"}]}`)
	v := strings.Join(r.Violations(), "\n")
	for _, want := range []string{"invalid_blocks", "is no message", "blocks without text"} {
		if !strings.Contains(v, want) {
			t.Errorf("violations %s, want %q", v, want)
		}
	}
}

func TestTooLongAnswersComeBackForSomeMinutes(t *testing.T) {
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	r := newRoom(t, slacktest.Options{AckTimeout: time.Minute, Now: func() time.Time { return now }})
	c := r.dial(t)
	a := r.ana.Command(r.ops, "/incident", "x")
	c.ack(c.next(), `{"text":"`+strings.Repeat("x", 21_000)+`"}`)
	_ = c.ended()
	if err := r.Await(soon(t), func() bool { return r.Sockets() == 0 }); err != nil {
		t.Fatal(err)
	}
	now = now.Add(6 * time.Minute)
	c = r.dial(t)
	c.acked(r.ana.Command(r.ops, "/incident", "y"), "")
	if a.Redelivered() != 0 {
		t.Errorf("redelivered %d times after six minutes", a.Redelivered())
	}
}

func TestRedeliveryOfWhatWasNeverDelivered(t *testing.T) {
	r := newRoom(t, slacktest.Options{Events: []string{}})
	c := r.dial(t)
	a := r.ana.Mention(r.ops, "", "x")
	if _, err := a.Acked(soon(t)); !errors.Is(err, slacktest.ErrNotSent) {
		t.Error(err)
	}
	r.Redeliver(a, true)
	if f := c.next(); f.Type != "events_api" {
		t.Errorf("frame %+v", f)
	}
}

func TestHomeButtons(t *testing.T) {
	r := newRoom(t, slacktest.Options{})
	c := r.dial(t)
	wantOK(t, r.call(t, "views.publish", "user_id", r.ana.ID, "view",
		`{"type":"home","blocks":[{"type":"actions","elements":[{"type":"button","action_id":"new","text":{"type":"plain_text","text":"New"}}]}]}`))
	f := c.acked(r.ana.ClickHome("New"), "")
	shows(t, f.Payload, map[string]string{"view.type": "home", "actions.0.action_id": "new", "container.type": "view"})
	wantError(t, r.call(t, "views.publish", "user_id", "U0NOPE", "view", `{"type":"home","blocks":[]}`), "invalid_arguments")
	wantError(t, r.call(t, "views.publish", "view", `{"type":"home","blocks":[]}`), "invalid_arguments")
}

func TestWhatTheBotMayNotTouch(t *testing.T) {
	r := newRoom(t, slacktest.Options{NoRateLimits: true})
	r.w.SetScopes(append(slacktest.DefaultScopes(), "channels:manage", "groups:write", "channels:read", "groups:read", "im:read",
		"channels:join", "pins:write", "reactions:write", "bookmarks:write", "team:read")...)
	bob := r.w.NewUser("bob")
	closed := r.w.NewChannel("closed", slacktest.Private(), slacktest.WithoutBot())
	open := r.w.NewChannel("open", slacktest.WithoutBot())
	old := r.w.NewChannel("old", slacktest.Archived())
	inClosed, inOpen, inOld := bob.Say(closed, "", "x"), bob.Say(open, "", "x"), bob.Say(old, "", "x")
	dm := r.w.DM(r.ana)
	for _, c := range []struct {
		method string
		args   []string
		want   string
	}{
		{"chat.update", []string{"channel", closed.ID, "ts", inClosed.TS, "text", "y"}, "channel_not_found"},
		{"chat.update", []string{"channel", old.ID, "ts", inOld.TS, "text", "y"}, "is_archived"},
		{"chat.update", []string{"ts", "1", "text", "y"}, "invalid_arguments"},
		{"chat.update", []string{"channel", open.ID, "text", "y"}, "invalid_arguments"},
		{"chat.getPermalink", []string{"channel", closed.ID, "message_ts", inClosed.TS}, "channel_not_found"},
		{"chat.getPermalink", []string{"channel", open.ID, "message_ts", "1.2"}, "message_not_found"},
		{"conversations.info", []string{"channel", closed.ID}, "channel_not_found"},
		{"conversations.members", []string{"channel", closed.ID}, "channel_not_found"},
		{"conversations.replies", []string{"channel", open.ID, "ts", inOpen.TS}, "not_in_channel"},
		{"conversations.replies", []string{"channel", open.ID}, "invalid_arguments"},
		{"conversations.join", []string{"channel", closed.ID}, "method_not_supported_for_channel_type"},
		{"conversations.join", []string{"channel", old.ID}, "is_archived"},
		{"conversations.join", []string{"channel", "C0NOPE"}, "channel_not_found"},
		{"conversations.setTopic", []string{"channel", open.ID, "topic", "x"}, "not_in_channel"},
		{"conversations.setTopic", []string{"channel", closed.ID, "topic", "x"}, "channel_not_found"},
		{"conversations.setPurpose", []string{"channel", dm.ID, "purpose", "x"}, "method_not_supported_for_channel_type"},
		{"conversations.setPurpose", []string{"channel", r.ops.ID, "purpose", strings.Repeat("x", 251)}, "too_long"},
		{"conversations.rename", []string{"channel", old.ID, "name", "new"}, "is_archived"},
		{"conversations.rename", []string{"channel", r.ops.ID, "name", "open"}, "name_taken"},
		{"conversations.rename", []string{"channel", r.ops.ID, "name", "A"}, "invalid_name_specials"},
		{"conversations.invite", []string{"channel", r.ops.ID, "users", "U0NOPE"}, "user_not_found"},
		{"conversations.invite", []string{"channel", r.ops.ID, "users", r.w.BotUserID}, "cant_invite_self"},
		{"conversations.invite", []string{"channel", r.ops.ID}, "invalid_arguments"},
		{"conversations.open", []string{"users", r.ana.ID + "," + bob.ID}, "not_enough_users"},
		{"reactions.add", []string{"channel", closed.ID, "timestamp", inClosed.TS, "name", "x"}, "channel_not_found"},
		{"reactions.add", []string{"channel", open.ID, "timestamp", inOpen.TS, "name", "x"}, "not_in_channel"},
		{"reactions.add", []string{"channel", old.ID, "timestamp", inOld.TS, "name", "x"}, "is_archived"},
		{"reactions.add", []string{"channel", open.ID, "timestamp", "1.2", "name", "x"}, "message_not_found"},
		{"reactions.add", []string{"channel", open.ID, "timestamp", inOpen.TS}, "invalid_arguments"},
		{"reactions.add", []string{"channel", open.ID, "name", "x"}, "invalid_arguments"},
		{"pins.add", []string{"channel", open.ID, "timestamp", inOpen.TS}, "not_in_channel"},
		{"bookmarks.add", []string{"channel_id", "C0NOPE"}, "channel_not_found"},
		{"bookmarks.add", []string{"channel_id", open.ID}, "not_in_channel"},
		{"bookmarks.add", []string{"channel_id", r.ops.ID}, "invalid_arguments"},
		{"bookmarks.add", []string{"channel_id", r.ops.ID, "title", "x"}, "invalid_bookmark_type"},
		{"bookmarks.add", []string{"channel_id", r.ops.ID, "title", "x", "type", "link"}, "invalid_link"},
		{"team.info", []string{"team", "T0NOPE"}, "team_not_found"},
		{"chat.unfurl", []string{"channel", "C0NOPE", "ts", "1", "unfurls", `{"a":{}}`}, "missing_scope"},
	} {
		t.Run(c.method+" "+c.want, func(t *testing.T) { wantError(t, r.call(t, c.method, c.args...), c.want) })
	}
	if out := r.call(t, "conversations.info", "channel", dm.ID); out.str("channel.user") != r.ana.ID {
		t.Errorf("the direct message is %v", out)
	}
	if out := r.call(t, "conversations.open", "channel", dm.ID); out["already_open"] != nil && out["already_open"] != true {
		t.Errorf("opened again %v", out)
	}
}
