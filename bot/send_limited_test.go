package bot

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"incident-bot/bot/blocks"
)

// TestClosedUpdateIsLeftForLater: Slack told somebody else to leave chat.update alone for a minute. An answer whose turn
// would come after its time does not go beside the message that told to wait either.
func TestClosedUpdateIsLeftForLater(t *testing.T) {
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
		o := rt.deliver(ctx, r, Reply{Answer: &Answer{Message: blocks.NewMessage("✓ Noted")}})
		if !o.later() || g.methods() != "" {
			t.Errorf("%+v, called: %s", o, g.methods())
		}
		time.Sleep(time.Minute)
		g.on("conversations.history", says(`{"ok":true,"messages":[]}`)) // is it there by now?
		if o := rt.deliver(t.Context(), r, Reply{Answer: &Answer{Message: blocks.NewMessage("✓ Noted")}}); o.later() || !strings.HasSuffix(g.texts(), "✓ Noted") {
			t.Errorf("%+v, %q", o, g.texts())
		}
	})
}
