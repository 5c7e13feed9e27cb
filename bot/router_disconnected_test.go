package bot

import (
	"testing"
	"testing/synctest"
	"time"
)

// TestDisconnectedWorkspaceWaits: what an earlier process left of a workspace that is configured no more waits for the
// next start until it is too old, and nobody reads that nothing was done. A new act is answered at once.
func TestDisconnectedWorkspaceWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t)
		rt := g.router(func(*Routes) {})
		d := g.delivery(Command, "note x")
		d.Installation.TeamID = "T9"
		a := acting(d)
		a.before, a.restored = true, true
		for range 3 {
			if o := rt.Run(t.Context(), a); time.Until(o.due) != longestPause || !o.firm || o.why == "" || g.methods() != "" {
				t.Fatalf("%+v, called: %s", o, g.methods())
			}
			time.Sleep(longestPause)
		}
		time.Sleep(maxAge)
		if o := rt.Run(t.Context(), a); o.later() {
			t.Errorf("it waits for ever: %+v", o)
		}
		fresh := g.delivery(Command, "note x")
		fresh.Installation.TeamID = "T9"
		if o := rt.Run(t.Context(), acting(fresh)); o.later() || g.methods() != "hook" {
			t.Errorf("%+v, called: %s", o, g.methods())
		}
	})
}
