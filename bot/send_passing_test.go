package bot

import (
	"testing"
	"testing/synctest"
	"time"

	"incident-bot/bot/blocks"
)

// TestOneWayMayPass: an answer is sent again when any of the ways to its reader may work later, whatever Slack said of
// the others.
func TestOneWayMayPass(t *testing.T) {
	for name, c := range map[string]struct {
		direct []webAnswer
		again  bool
		least  time.Duration
	}{
		"server error":     {times(triesRefused, status(503)), true, 0},
		"cut":              {times(triesRefused, breaks()), true, 0},
		"no connection":    {times(triesRefused, refuses()), true, 0},
		"too many":         {times(triesLimited, tooMany(40)), true, 40 * time.Second},
		"refused for good": {times(triesRefused, slackError("user_disabled")), false, 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				g := newRig(t)
				d := g.delivery(Command, "note x")
				a := acting(d)
				r := g.request(Command)
				r.Delivery, r.act = d, a
				g.on("hook", status(404))
				g.on("chat.postEphemeral", slackError("not_in_channel"))
				g.on("chat.postMessage", c.direct...)
				ctx, cancel := contextWithin(t, sendingTime)
				defer cancel()
				o := g.router(func(*Routes) {}).deliver(ctx, r, Reply{Answer: &Answer{Message: blocks.NewMessage("✓ Noted")}})
				unsent := a.takeUnsent()
				if o.later() || len(unsent) > 0 != c.again || c.again && sayAgainAfter(a, unsent) < c.least {
					t.Errorf("%+v: it is sent again: %v, after %v", o, unsent, sayAgainAfter(a, unsent))
				}
			})
		})
	}
}

// TestSayAgainSoon: what reached nobody is said again soon, however long its request had to wait for Grafana before; and
// later with each time.
func TestSayAgainSoon(t *testing.T) {
	a := acting(newRig(t).delivery(Command, "note x"))
	a.attempts = 20
	for _, want := range []time.Duration{redeliverPause, 2 * redeliverPause, 4 * redeliverPause} {
		if got := sayAgainAfter(a, nil); got != want {
			t.Errorf("after %d times it rests %v, not %v", a.unheard, got, want)
		}
		a.unheard++
	}
}
