package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"incident-bot/bot/slacktest"
)

func TestEveryDisconnectIsReplaced(t *testing.T) {
	for _, reason := range []string{"warning", "refresh_requested", "a new reason of Slack's"} {
		t.Run(reason, func(t *testing.T) {
			r := newBridge(t, bridgeOptions{slack: slacktest.Options{SocketGrace: 100 * time.Millisecond}})
			r.must(r.WaitSocket(r.ctx, 2))
			r.say("before")
			r.Disconnect(reason)
			for i := range 20 {
				r.say(fmt.Sprint("during ", i))
			}
			r.until("both to be replaced", func() bool {
				return r.metric("slack_socket_opens_total", "outcome", "ok") == 4 && r.Sockets() == 2
			})
			r.say("after")
			if lost := r.Stats().Lost; lost > 0 {
				t.Errorf("%d lost", lost)
			}
			if n := r.metric("slack_socket_disconnects_total", "reason", disconnectLabel(reason)); n != 2 {
				t.Errorf("%v sockets ended for that reason", n)
			}
		})
	}
}

func TestCutSocketsAreReplaced(t *testing.T) {
	r := newBridge(t, bridgeOptions{timing: func(t *timing) { t.base = 10 * time.Millisecond }})
	for i := range 3 {
		r.must(r.WaitSocket(r.ctx, 2))
		r.say(fmt.Sprint("before ", i))
		r.Cut()
	}
	r.must(r.WaitSocket(r.ctx, 2))
	r.say("after")
	r.untilSaid("before 0", "before 1", "before 2", "after")
}

// An event that found no socket, or whose acknowledgement was lost, comes again in a new envelope.
func TestEventsSurviveCuts(t *testing.T) {
	r := newBridge(t, bridgeOptions{
		slack: slacktest.Options{
			AckTimeout: 100 * time.Millisecond, EventRetries: []time.Duration{0, 300 * time.Millisecond, time.Second},
		},
		timing: func(t *timing) { t.base = 10 * time.Millisecond },
	})
	var said []string
	for i := range 10 {
		r.Cut()
		words := fmt.Sprint("event ", i)
		said = append(said, words)
		a := r.ana.Mention(r.ops, "", words)
		if _, err := a.Acked(r.ctx); err != nil {
			t.Fatalf("%s: %v\n%s", words, err, r.log.tail())
		}
	}
	r.untilSaid(said...)
}

func TestHalfOpenSocketIsNoticed(t *testing.T) {
	r := newBridge(t, bridgeOptions{
		bot:    func(o *Options) { o.Sockets = 1 },
		timing: func(t *timing) { t.silence, t.ping = 200*time.Millisecond, 50*time.Millisecond },
	})
	r.say("before")
	r.Mute(true)
	r.until("silence to be noticed", func() bool {
		return r.metric("slack_socket_disconnects_total", "reason", "silence") == 1
	})
	r.Mute(false)
	r.until("the new socket alone", func() bool { return r.Sockets() == 1 && r.metric("slack_sockets_open") == 1 })
	r.say("after")
}

// A quiet socket is no dead one: Slack's pings, and its pongs to ours, are signs of life.
func TestQuietSocketIsKept(t *testing.T) {
	for what, pings := range map[string][2]time.Duration{
		"Slack pings": {20 * time.Millisecond, time.Hour},
		"we ping":     {time.Hour, 20 * time.Millisecond},
	} {
		t.Run(what, func(t *testing.T) {
			r := newBridge(t, bridgeOptions{
				slack:  slacktest.Options{PingEvery: pings[0]},
				bot:    func(o *Options) { o.Sockets = 1 },
				timing: func(t *timing) { t.silence, t.ping = 250*time.Millisecond, pings[1] },
			})
			time.Sleep(time.Second) // four times the silence
			if n := r.metric("slack_socket_opens_total"); n != 1 {
				t.Errorf("%v sockets were opened", n)
			}
			r.say("still here")
		})
	}
}

func TestTooManySocketsBackOff(t *testing.T) {
	r := newBridge(t, bridgeOptions{
		slack:  slacktest.Options{MaxSockets: 1},
		timing: func(t *timing) { t.tooMany = time.Minute },
	})
	r.until("the second socket to be refused", func() bool {
		return r.metric("slack_socket_disconnects_total", "reason", "too_many_websockets") == 1
	})
	for i := range 50 {
		r.say(fmt.Sprint(i))
	}
	if n := len(r.Calls("apps.connections.open")); n != 2 {
		t.Errorf("%d sockets were asked for", n)
	}
	if err := r.bot.Ready(); err != nil {
		t.Errorf("one socket works, yet: %v", err)
	}
	if !strings.Contains(r.log.String(), "another process uses the same app token") {
		t.Error("the log does not say why")
	}
}

// At a refresh a slot holds two sockets for a moment. If that is one too many, the old one's end is when to try again.
func TestTooManyBecauseOfOurOwnOldSocket(t *testing.T) {
	r := newBridge(t, bridgeOptions{
		slack:  slacktest.Options{MaxSockets: 1, SocketGrace: 200 * time.Millisecond},
		bot:    func(o *Options) { o.Sockets = 1 },
		timing: func(t *timing) { t.tooMany = time.Hour },
	})
	r.say("before")
	r.Disconnect("refresh_requested")
	r.until("a new socket", func() bool { return r.metric("slack_socket_opens_total") == 3 && r.Sockets() == 1 })
	r.say("after")
}

func TestNoRoomAtAllIsSaid(t *testing.T) {
	r := newBridge(t, bridgeOptions{
		slack: slacktest.Options{MaxSockets: -1}, idle: true,
		timing: func(t *timing) { t.tooMany = time.Minute },
	})
	r.start()
	r.until("the refusal", func() bool {
		err := r.bot.Ready()
		return err != nil && strings.Contains(err.Error(), "too_many_websockets")
	})
}

func TestLinkDisabledIsFatal(t *testing.T) {
	r := newBridge(t, bridgeOptions{})
	r.must(r.WaitSocket(r.ctx, 2))
	r.say("before")
	r.Disconnect("link_disabled")
	err := r.runError()
	if err == nil || !strings.Contains(err.Error(), "Socket Mode is switched off") || !strings.Contains(err.Error(), "switch it on") {
		t.Errorf("Run: %v", err)
	}
	r.untilSaid("before")
}

// runError waits until Run ends by itself, and gives its error.
func (r *bridge) runError() error {
	r.t.Helper()
	select {
	case err := <-r.ended:
		r.ended <- nil // for the clean-up
		return err
	case <-r.ctx.Done():
		r.t.Fatalf("Run did not end\n%s", r.log.tail())
		return nil
	}
}

func TestDeadAppTokenIsFatal(t *testing.T) {
	for _, code := range []string{
		"invalid_auth", "account_inactive", "not_authed", "token_revoked", "token_expired", "not_allowed_token_type",
		"missing_scope", "forbidden_team",
	} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			r := newBridge(t, bridgeOptions{idle: true})
			r.Fail("apps.connections.open", slacktest.Fault{Error: code, Times: 1000})
			r.start()
			err := r.runError()
			if err == nil || !strings.Contains(err.Error(), code) || !strings.Contains(err.Error(), "api.slack.com/apps") {
				t.Errorf("Run: %v", err)
			}
			if err != nil && strings.Contains(err.Error(), r.AppToken()) {
				t.Error("the error shows the token")
			}
		})
	}
}

func TestTroubleWithOpeningPasses(t *testing.T) {
	for what, f := range map[string]struct {
		method string
		fault  slacktest.Fault
	}{
		"internal_error":    {"apps.connections.open", slacktest.Fault{Error: "internal_error", Times: 3}},
		"a page of HTML":    {"apps.connections.open", slacktest.Fault{Status: 503, Body: "<html>", ContentType: "text/html", Times: 3}},
		"garbage":           {"apps.connections.open", slacktest.Fault{Status: 200, Body: "{", Times: 3}},
		"no address":        {"apps.connections.open", slacktest.Fault{Status: 200, Body: `{"ok":true}`, Times: 3}},
		"a reset":           {"apps.connections.open", slacktest.Fault{Reset: true, Times: 3}},
		"a hang":            {"apps.connections.open", slacktest.Fault{Hang: true, Times: 1}},
		"a handshake's 408": {"handshake", slacktest.Fault{Status: 408, Body: "timeout", Times: 3}},
		"a handshake hangs": {"handshake", slacktest.Fault{Hang: true, Times: 1}},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			r := newBridge(t, bridgeOptions{idle: true, timing: func(t *timing) {
				t.base, t.open = 5*time.Millisecond, 200*time.Millisecond
			}})
			r.Fail(f.method, f.fault)
			r.start()
			r.must(r.WaitSocket(r.ctx, 1))
			r.say("here")
			if n := r.metric("slack_socket_opens_total", "outcome", "ok"); n < 1 {
				t.Errorf("%v opened", n)
			}
		})
	}
}

func TestRetryAfterIsHonoured(t *testing.T) {
	r := newBridge(t, bridgeOptions{idle: true, timing: func(t *timing) { t.base = time.Millisecond }})
	r.Fail("apps.connections.open", slacktest.Fault{Status: 429, RetryAfter: time.Second, Times: 1})
	start := time.Now()
	r.start()
	r.must(r.WaitSocket(r.ctx, 1))
	if took := time.Since(start); took < time.Second {
		t.Errorf("came back after %v", took)
	}
	if n := r.metric("slack_socket_opens_total", "outcome", "rate_limited"); n != 1 {
		t.Errorf("%v rate-limited attempts counted", n)
	}
}

// A server that closes each socket as soon as it is open: slack-go's client asked 907 times in one second.
func TestQuickDisconnectsBackOff(t *testing.T) {
	r := newBridge(t, bridgeOptions{
		slack: slacktest.Options{SocketLife: time.Millisecond, SocketGrace: time.Millisecond},
		bot:   func(o *Options) { o.Sockets = 1 }, idle: true,
	})
	r.start()
	time.Sleep(1500 * time.Millisecond)
	if n := len(r.Calls("apps.connections.open")); n < 2 || n > 6 {
		t.Errorf("%d sockets were asked for in 1.5 s", n)
	}
}

// However useful each socket is, there is a bound.
func TestOpeningIsBoundedOverAll(t *testing.T) {
	r := newBridge(t, bridgeOptions{
		slack: slacktest.Options{SocketLife: 5 * time.Millisecond, SocketGrace: 5 * time.Millisecond},
		timing: func(t *timing) {
			t.useful, t.rate, t.burst = 0, 5, 5
		},
	})
	time.Sleep(time.Second)
	if n := len(r.Calls("apps.connections.open")); n < 5 || n > 12 {
		t.Errorf("%d sockets were asked for in a second, at 5 a second after 5 at once", n)
	}
}

func TestSlotsStartApart(t *testing.T) {
	start := time.Now()
	r := newBridge(t, bridgeOptions{
		bot: func(o *Options) { o.Sockets = 3 }, timing: func(t *timing) { t.stagger = 200 * time.Millisecond },
	})
	if first := time.Since(start); first > 2*time.Second {
		t.Errorf("the first socket took %v", first)
	}
	r.must(r.WaitSocket(r.ctx, 3))
	if all := time.Since(start); all < 200*time.Millisecond {
		t.Errorf("three sockets after %v", all)
	}
}

func TestAcknowledgementGoesToTheNewestWhenItsSocketIsGone(t *testing.T) {
	r := newBridge(t, bridgeOptions{})
	r.must(r.WaitSocket(r.ctx, 2))
	r.until("both to be greeted", func() bool { return r.metric("slack_sockets_open") == 2 })
	l := r.bot.listener
	l.mu.Lock()
	gone := l.ready[0]
	l.mu.Unlock()
	gone.giveUp("cut")
	if err := (onSocket{l, gone}).send([]byte(`{"envelope_id":"unheard of"}`)); err != nil {
		t.Errorf("not sent on the other: %v", err)
	}
}

func TestBackoffGrowsWithJitterAndStaysBounded(t *testing.T) {
	b := backoff{base: 100 * time.Millisecond, top: 5 * time.Second}
	for i := range 100 {
		full := min(b.base<<min(i, 16), b.top)
		if d := b.next(); d < full/2 || d > full {
			t.Fatalf("pause %d is %v, want %v to %v", i, d, full/2, full)
		}
	}
	b.reset()
	if d := b.next(); d > b.base {
		t.Errorf("%v after reset", d)
	}
}

func TestErrorsOfOpeningAreSorted(t *testing.T) {
	for _, c := range []struct {
		err     error
		outcome string
		fatal   bool
	}{
		{nil, "ok", false},
		{&slack.RateLimitedError{RetryAfter: time.Second}, "rate_limited", false},
		{slack.SlackErrorResponse{Err: "ratelimited"}, "rate_limited", false},
		{fmt.Errorf("x: %w", slack.SlackErrorResponse{Err: "invalid_auth"}), "refused", true},
		{slack.SlackErrorResponse{Err: "internal_error"}, "refused", false},
		{slack.SlackErrorResponse{Err: "something_new"}, "refused", false},
		{context.DeadlineExceeded, "failed", false},
		{errors.New("x"), "failed", false},
	} {
		if got := openOutcome(c.err); got != c.outcome {
			t.Errorf("%v: %s", c.err, got)
		}
		if got := fatalOpen(c.err) != nil; got != c.fatal {
			t.Errorf("%v: fatal %v", c.err, got)
		}
	}
}
