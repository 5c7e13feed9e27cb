package bot

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"
)

// TestPanicInTurn: a message that panics when it is its turn ends itself alone: the process lives, its act is released,
// what waits behind it is made, and nobody tries it again.
func TestPanicInTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o, released, made := newOutbox(), 0, false
		var failure error
		hold := make(chan struct{})
		over, failed := func() { released++ }, func(err error) { failure = err }
		go func() {
			_ = o.inTurn(t.Context(), "C1", false, func(context.Context) error { <-hold; return nil }, func() {}, failed)
		}()
		synctest.Wait()
		_ = o.inTurn(t.Context(), "C1", false, func(context.Context) error { panic("a block's bug") }, over, failed)
		_ = o.inTurn(t.Context(), "C1", false, func(context.Context) error { made = true; return nil }, over, failed)
		close(hold)
		o.drain(t.Context())
		if _, panicked := errors.AsType[*PanicError](failure); !panicked || passing(failure) {
			t.Errorf("failed with %v, passing %v", failure, passing(failure))
		}
		if released != 2 || !made {
			t.Errorf("released %d, the next made: %v", released, made)
		}
	})
}

// raving is a runner that panics when it tells somebody to wait.
type raving struct{ *plan }

func (raving) Wait(context.Context, *act, Wait) { panic("a message's bug") }

// TestPanicWhileTelling: telling that a request waits may go wrong, and the request is handled all the same.
func TestPanicWhileTelling(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPlan(func(*act) outcome {
			time.Sleep(tellAfter + time.Second)
			return outcome{}
		})
		l := newLanes(raving{p}, newMemory(time.Now, maxWaiting), unmeasured(t), zerolog.Nop())
		l.enterKeys("T1/a", "one", "two")
		mustDrain(t, l)
		if got := p.order(); got != "one two" {
			t.Errorf("ran %s", got)
		}
	})
}
