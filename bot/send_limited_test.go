package bot

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"incident-bot/bot/blocks"
)

// TestClosedUpdateIsWaitedFor: Slack told somebody else to leave chat.update alone for a minute. The answer does not go
// beside the message that told to wait, and its handler does not wait for it.
func TestClosedUpdateIsWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t)
		r := g.toldToWait(t)
		rt := g.router(func(*Routes) {})
		one, _ := g.ws.byID("T1")
		base, burst := paceOf("chat.update")
		key := one.id() + "/chat.update/"
		if err := g.sender.pace.wait(t.Context(), key, base, burst); err != nil {
			t.Fatal(err)
		}
		g.sender.pace.limited(key, time.Minute)
		ctx, cancel := contextWithin(t, sendingTime)
		defer cancel()
		start := time.Now()
		o := rt.deliver(ctx, r, Reply{Answer: &Answer{Message: blocks.NewMessage("✓ Noted")}})
		if o.later() || time.Since(start) > 0 {
			t.Errorf("its lane waits: %+v, after %v", o, time.Since(start))
		}
		time.Sleep(59 * time.Second)
		if got := g.methods(); got != "" {
			t.Errorf("called within the minute: %s", got)
		}
		time.Sleep(time.Minute)
		if g.methods() != "chat.update" || !strings.HasSuffix(g.texts(), "✓ Noted") || len(r.act.takeUnsent()) != 0 {
			t.Errorf("%s: %q", g.methods(), g.texts())
		}
	})
}
