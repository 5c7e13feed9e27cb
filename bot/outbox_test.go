package bot

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// TestOutboxKeepsOrderAndLetsHandlersGo sends a burst to one channel: only the first holds its caller, and the rest come
// in order; another channel is not delayed.
func TestOutboxKeepsOrderAndLetsHandlersGo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOutbox()
		var mu sync.Mutex
		var made []int
		slow := func(n int) func(context.Context) error {
			return func(context.Context) error {
				time.Sleep(time.Second)
				mu.Lock()
				defer mu.Unlock()
				made = append(made, n)
				return nil
			}
		}
		start := time.Now()
		go func() { _ = o.inTurn(t.Context(), "C1", false, slow(0), func() {}, nil) }()
		synctest.Wait()
		for n := 1; n < 10; n++ {
			if err := o.inTurn(t.Context(), "C1", false, slow(n), func() {}, nil); err != nil {
				t.Fatal(err)
			}
		}
		if took := time.Since(start); took != 0 {
			t.Errorf("the burst held its callers for %s", took)
		}
		if err := o.inTurn(t.Context(), "C2", false, slow(100), func() {}, nil); err != nil || time.Since(start) != time.Second {
			t.Errorf("another channel took %s: %v", time.Since(start), err)
		}
		o.drain(t.Context())
		if took := time.Since(start); took != 10*time.Second || !slices.Equal(made[len(made)-8:], []int{2, 3, 4, 5, 6, 7, 8, 9}) {
			t.Errorf("after %s: %v", took, made)
		}
		if len(o.lines) != 0 {
			t.Errorf("%d lines are left", len(o.lines))
		}
	})
}

// TestOutboxErrors gives the first message's error to its caller, and that of one that waited to failed; the request of
// one that waited may be over.
func TestOutboxErrors(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o, wrong := newOutbox(), errors.New("wrong")
		go func() {
			err := o.inTurn(t.Context(), "C1", false, func(context.Context) error { time.Sleep(time.Second); return wrong }, func() {}, nil)
			if !errors.Is(err, wrong) {
				t.Errorf("the first: %v", err)
			}
		}()
		synctest.Wait()
		late := make(chan error, 1)
		ctx, cancel := context.WithCancel(t.Context())
		err := o.inTurn(ctx, "C1", false, func(ctx context.Context) error { return errors.Join(wrong, ctx.Err()) }, func() {}, func(err error) { late <- err })
		cancel()
		synctest.Wait()
		if err != nil || len(late) > 0 {
			t.Errorf("too early: %v, %d", err, len(late))
		}
		time.Sleep(2 * time.Second)
		o.drain(t.Context())
		if err := <-late; !errors.Is(err, wrong) || errors.Is(err, context.Canceled) {
			t.Errorf("the second: %v", err)
		}
	})
}
