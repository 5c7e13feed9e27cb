package bot

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// run makes n calls one after the other and gives how long they waited.
func (p *pacer) run(t *testing.T, key string, n int, accepted bool) time.Duration {
	t.Helper()
	start := time.Now()
	for range n {
		if err := p.wait(t.Context(), key, 1, 5); err != nil {
			t.Fatal(err)
		}
		if accepted {
			p.accepted(key)
		}
	}
	return time.Since(start)
}

func TestPaceStartsWithABurst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPacer()
		if took := p.run(t, "C1", 5, false); took != 0 {
			t.Errorf("a burst of 5 waited %s", took)
		}
		if took := p.run(t, "C1", 3, false); took < 2900*time.Millisecond || took > 3100*time.Millisecond {
			t.Errorf("3 more waited %s, not 1 s each", took)
		}
		if took := p.run(t, "C2", 5, false); took != 0 {
			t.Errorf("another channel waited %s", took)
		}
	})
}

func TestPaceGrowsWhileSlackAccepts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPacer()
		p.run(t, "C1", 40, true)
		if took := p.run(t, "C1", 100, true); took < 1900*time.Millisecond || took > 2100*time.Millisecond {
			t.Errorf("100 calls at full pace took %s, not 2 s", took)
		}
	})
}

func TestPaceAfterA429(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPacer()
		p.run(t, "C1", 40, true)
		p.limited("C1", 7*time.Second)
		start := time.Now()
		p.run(t, "C1", 1, true)
		if took := time.Since(start); took < 7*time.Second {
			t.Errorf("waited %s, not the 7 s that Slack asked for", took)
		}
		if took := p.run(t, "C1", 20, true); took < 15*time.Second {
			t.Errorf("20 calls in the minute after took %s: too soon", took)
		}
		p.run(t, "C1", 60, true)
		if took := p.run(t, "C1", 50, true); took > 10*time.Second {
			t.Errorf("50 calls long after took %s: it does not recover", took)
		}
		p.limited("never used", time.Hour)
	})
}

func TestPaceStopsAtTheDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPacer()
		p.run(t, "C1", 5, true)
		p.limited("C1", time.Minute)
		start := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		if err := p.wait(ctx, "C1", 1, 5); !errors.Is(err, errTooSlow) {
			t.Errorf("got %v", err)
		}
		if took := time.Since(start); took != 0 {
			t.Errorf("waited %s for what cannot come", took)
		}
		cancelled, stop := context.WithCancel(t.Context())
		time.AfterFunc(5*time.Second, stop)
		if err := p.wait(cancelled, "C1", 1, 5); !errors.Is(err, errTooSlow) || time.Since(start) != 5*time.Second {
			t.Errorf("cancelled after 5 s: %v after %s", err, time.Since(start))
		}
	})
}

func TestPaceForgetsWhatRests(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPacer()
		p.run(t, "C1", 10, false)
		time.Sleep(2 * time.Minute)
		if took := p.run(t, "C1", 5, false); took != 0 {
			t.Errorf("after a rest a burst waited %s", took)
		}
	})
}

func TestPaceTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPacer()
		var group sync.WaitGroup
		for n := range 20 {
			group.Go(func() {
				key := fmt.Sprint("C", n%3)
				for range 10 {
					if p.wait(t.Context(), key, 1, 5) == nil {
						p.accepted(key)
					}
					if n == 7 {
						p.limited(key, time.Second)
					}
				}
			})
		}
		group.Wait()
	})
}
