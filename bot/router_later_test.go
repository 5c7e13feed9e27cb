package bot

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

// TestPutOffEndsWithTheAge: however long the other side wants to be left alone, the person hears at the age limit that
// nothing came of it, and the lane is free then.
func TestPutOffEndsWithTheAge(t *testing.T) {
	for name, firm := range map[string]bool{"firm": true, "as may be": false} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				g := newRig(t)
				rt := g.router(func(r *Routes) {
					r.Words = []Word{{Name: "note", Run: func(context.Context, *Request) (Reply, error) { return Reply{}, saidNo() }}}
					r.Later = func(*Request, error) (Delay, bool) {
						return Delay{Why: "busy", After: 24 * time.Hour, Firm: firm}, true
					}
				})
				a := acting(g.delivery(Command, "note x"))
				time.Sleep(time.Hour)
				o := rt.Run(t.Context(), a)
				if end := a.Received.Add(maxAge); !o.due.Equal(end) || o.firm != firm {
					t.Fatalf("it is tried again %v after the age limit", o.due.Sub(end))
				}
				time.Sleep(time.Until(o.due))
				if o := rt.Run(t.Context(), a); o.later() || !o.dead || len(g.calls("")) == 0 {
					t.Errorf("%+v, called: %s", o, g.methods())
				}
			})
		})
	}
}
