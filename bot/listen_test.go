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
			bubble(t, bridgeOptions{slack: slacktest.Options{SocketGrace: 100 * time.Millisecond}}, func(t *testing.T, r *bridge) {
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
				r.until("both to end for that reason", func() bool { // the old ones end after the new ones are there
					return r.metric("slack_socket_disconnects_total", "reason", disconnectLabel(reason)) == 2
				})
			})
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

// An event that found no socket, or whose acknowledgement was lost, comes again in a new envelope, at once, after a
// minute and after five.
func TestEventsSurviveCuts(t *testing.T) {
	bubble(t, bridgeOptions{}, func(t *testing.T, r *bridge) {
		for i := range 50 {
			r.Cut()
			r.ana.Mention(r.ops, "", fmt.Sprint("event ", i))
			time.Sleep(time.Duration(i) * 10 * time.Millisecond)
		}
		time.Sleep(10 * time.Minute)
		times := map[string]int{}
		for _, words := range r.said() {
			times[words]++
		}
		for i := range 50 {
			if n := times[fmt.Sprint("event ", i)]; n != 1 {
				t.Errorf("event %d ran %d times", i, n)
			}
		}
	})
}

// NAT forgets the connection: nothing comes, nothing fails.
func TestHalfOpenSocketIsNoticed(t *testing.T) {
	bubble(t, bridgeOptions{bot: func(o *Options) { o.Sockets = 1 }}, func(t *testing.T, r *bridge) {
		time.Sleep(time.Hour)
		r.Mute(true)
		start := time.Now()
		for r.metric("slack_socket_disconnects_total", "reason", "silence") == 0 {
			time.Sleep(time.Second)
		}
		if took := time.Since(start); took < 24*time.Second || took > 36*time.Second {
			t.Errorf("noticed after %v", took)
		}
		r.Mute(false)
		time.Sleep(time.Second)
		if r.Sockets() != 1 || r.bot.Ready() != nil {
			t.Errorf("%d sockets, ready: %v", r.Sockets(), r.bot.Ready())
		}
	})
}

// A quiet socket is no dead one: Slack's pings, and its pongs to ours, are signs of life.
func TestQuietSocketIsKept(t *testing.T) {
	for what, pings := range map[string][2]time.Duration{
		"Slack pings": {10 * time.Second, 1000 * time.Hour},
		"we ping":     {1000 * time.Hour, 10 * time.Second},
	} {
		t.Run(what, func(t *testing.T) {
			bubble(t, bridgeOptions{
				slack: slacktest.Options{PingEvery: pings[0]},
				bot:   func(o *Options) { o.Sockets = 1 }, timing: func(t *timing) { t.ping = pings[1] },
			}, func(t *testing.T, r *bridge) {
				time.Sleep(5 * time.Hour)
				if n := r.metric("slack_socket_opens_total"); n != 1 {
					t.Errorf("%v sockets were opened", n)
				}
				if r.Sockets() != 1 {
					t.Error("Slack has no socket")
				}
			})
		})
	}
}

func TestTooManySocketsBackOff(t *testing.T) {
	bubble(t, bridgeOptions{slack: slacktest.Options{MaxSockets: 1}}, func(t *testing.T, r *bridge) {
		time.Sleep(time.Hour)
		if n := len(r.Calls("apps.connections.open")); n < 10 || n > 40 {
			t.Errorf("%d sockets were asked for in an hour", n)
		}
		if n := r.metric("slack_socket_disconnects_total", "reason", "too_many_websockets"); n < 9 {
			t.Errorf("%v counted", n)
		}
		if err := r.bot.Ready(); err != nil {
			t.Errorf("one socket works, yet: %v", err)
		}
		if !strings.Contains(r.log.String(), "another process uses the same app token") {
			t.Error("the log does not say why")
		}
		if err := r.bot.Degraded(); err == nil || !strings.Contains(err.Error(), "1 of 2 sockets") {
			t.Errorf("degraded: %v", err)
		}
		a := r.ana.Command(r.ops, "/incident", "still here")
		if _, err := a.Acked(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

// At a refresh a slot holds two sockets for a moment. If that is one too many, the old one's end is when to try again.
func TestTooManyBecauseOfOurOwnOldSocket(t *testing.T) {
	bubble(t, bridgeOptions{
		slack:  slacktest.Options{MaxSockets: 1, SocketGrace: 200 * time.Millisecond},
		bot:    func(o *Options) { o.Sockets = 1 },
		timing: func(t *timing) { t.tooMany = time.Hour },
	}, func(t *testing.T, r *bridge) {
		r.say("before")
		r.Disconnect("refresh_requested")
		r.until("a new socket", func() bool { return r.metric("slack_socket_opens_total") == 3 && r.Sockets() == 1 })
		r.say("after")
		if err := r.bot.Degraded(); err != nil {
			t.Errorf("degraded: %v", err)
		}
	})
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
			r.until("the opening to be counted", func() bool { return r.metric("slack_socket_opens_total", "outcome", "ok") >= 1 })
		})
	}
}

func TestRetryAfterIsHonoured(t *testing.T) {
	bubble(t, bridgeOptions{idle: true}, func(t *testing.T, r *bridge) {
		r.Fail("apps.connections.open", slacktest.Fault{Status: 429, RetryAfter: 30 * time.Second, Times: 2})
		r.start()
		start := time.Now()
		for r.Sockets() == 0 {
			time.Sleep(100 * time.Millisecond)
		}
		if took := time.Since(start); took < time.Minute || took > time.Minute+time.Second {
			t.Errorf("came back after %v", took)
		}
		if n := r.metric("slack_socket_opens_total", "outcome", "rate_limited"); n != 2 {
			t.Errorf("%v rate-limited attempts counted", n)
		}
	})
}

// A server that closes each socket as soon as it is open: slack-go's client asked 907 times in one second.
func TestQuickDisconnectsBackOff(t *testing.T) {
	bubble(t, bridgeOptions{
		slack: slacktest.Options{SocketLife: time.Millisecond, SocketGrace: time.Millisecond},
		bot:   func(o *Options) { o.Sockets = 1 }, idle: true,
	}, func(t *testing.T, r *bridge) {
		r.start()
		opens := func(after time.Duration) int {
			time.Sleep(after)
			return len(r.Calls("apps.connections.open"))
		}
		if n := opens(time.Second); n < 3 || n > 9 {
			t.Errorf("%d sockets were asked for in a second", n)
		}
		before := opens(10 * time.Minute)
		if n := opens(time.Hour) - before; n < 120 || n > 240 {
			t.Errorf("%d sockets were asked for in an hour", n)
		}
	})
}

// However useful each socket is, there is a bound.
func TestOpeningIsBoundedOverAll(t *testing.T) {
	bubble(t, bridgeOptions{
		slack:  slacktest.Options{SocketLife: time.Millisecond, SocketGrace: time.Millisecond},
		timing: func(t *timing) { t.useful = 0 },
	}, func(t *testing.T, r *bridge) {
		time.Sleep(10 * time.Second)
		if n := len(r.Calls("apps.connections.open")); n < 50 || n > 20+10*10 {
			t.Errorf("%d sockets were asked for in ten seconds, at 10 a second after 20 at once", n)
		}
	})
}

func TestSlotsStartApart(t *testing.T) {
	bubble(t, bridgeOptions{
		bot: func(o *Options) { o.Sockets = 3 }, timing: func(t *timing) { t.stagger = time.Second },
	}, func(t *testing.T, r *bridge) {
		begin := time.Now()
		for n := 2; n <= 3; n++ {
			for r.Sockets() < n {
				time.Sleep(10 * time.Millisecond)
			}
			if apart := time.Since(begin); apart < time.Second/2 || apart > 3*time.Second/2+20*time.Millisecond {
				t.Errorf("socket %d opened %v after the one before", n, apart)
			}
			begin = time.Now()
		}
	})
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

func TestBackoffStaysEvenAtFirst(t *testing.T) {
	b := backoff{base: 100 * time.Millisecond, top: 5 * time.Second, even: 3}
	for i := range 10 {
		if d, full := b.next(), b.base<<max(0, i-3); d > full {
			t.Errorf("pause %d is %v, want at most %v", i, d, full)
		}
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
