package bot

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"
)

// plan is a runner that does what a test says and notes what runs, and when. Its times are counted from its making.
type plan struct {
	began time.Time
	run   func(a *act) outcome

	mu    sync.Mutex
	ran   []string
	at    map[string][]time.Duration
	waits []string
}

func newPlan(run func(a *act) outcome) *plan {
	return &plan{began: time.Now(), run: run, at: map[string][]time.Duration{}}
}

func (p *plan) Run(_ context.Context, a *act) outcome {
	p.mu.Lock()
	p.ran = append(p.ran, a.Key)
	p.at[a.Key] = append(p.at[a.Key], time.Since(p.began))
	p.mu.Unlock()
	return p.run(a)
}

func (p *plan) Wait(_ context.Context, a *act, w Wait) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.waits = append(p.waits, fmt.Sprintf("%s %v why=%q behind=%d first=%q running=%v",
		a.Key, time.Since(p.began), w.Why, w.Behind, w.First, w.Running))
}

// order gives the keys that ran, in order.
func (p *plan) order() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return strings.Join(p.ran, " ")
}

// times gives when a key ran.
func (p *plan) times(key string) []time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.at[key])
}

// sleeping runs a test of lanes on simulated time.
func sleeping(t *testing.T, run func(a *act) outcome, test func(t *testing.T, l *lanes, p *plan)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		p := newPlan(run)
		l := newLanes(p, newMemory(time.Now, maxWaiting), unmeasured(t), zerolog.Nop())
		test(t, l, p)
		l.close()
		l.abandon()
		synctest.Wait()
		time.Sleep(7 * time.Hour) // nothing may come of a timer that is left
		l.mu.Lock()
		defer l.mu.Unlock()
		if l.pending != 0 {
			t.Errorf("%d acts are pending in the end", l.pending)
		}
	})
}

// enterKeys queues acts of a lane by their keys.
func (l *lanes) enterKeys(lane string, keys ...string) (all []*act) {
	for _, key := range keys {
		all = append(all, l.enter(lane, &Delivery{Key: key}))
	}
	return all
}

// down puts off whatever runs while the other side is down, with the pause of the worst case.
func down(until *time.Time) func(a *act) outcome {
	return func(a *act) outcome {
		if time.Now().Before(*until) {
			return outcome{due: time.Now().Add(longestPause), why: "down"}
		}
		return outcome{proved: true}
	}
}

func TestPutOffKeepsItsLaneWaitingAndNobodyElse(t *testing.T) {
	failing := 2
	run := func(a *act) outcome {
		if a.Key == "a1" && failing > 0 {
			failing--
			return outcome{due: time.Now().Add(4 * time.Second), why: "down"}
		}
		return outcome{}
	}
	sleeping(t, run, func(t *testing.T, l *lanes, p *plan) {
		l.enterKeys("T1/a", "a1", "a2")
		time.Sleep(time.Second)
		l.enterKeys("T1/a", "a3")
		l.enterKeys("T1/b", "b1")
		l.enterKeys("T2/a", "c1")
		mustDrain(t, l) // what sleeps is nothing to wait for
		if got := p.order(); !strings.HasPrefix(got, "a1 ") || strings.Contains(got, "a2") || len(got) != len("a1 b1 c1") {
			t.Errorf("ran %s", got)
		}
		time.Sleep(8 * time.Second)
		if got := p.order(); !strings.HasSuffix(got, " a1 a1 a2 a3") {
			t.Errorf("ran %s", got)
		}
		if diff := cmp.Diff([]time.Duration{0, 4 * time.Second, 8 * time.Second}, p.times("a1")); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	})
}

// TestScout: while the other side is down, one lane of a workspace notices within 15 s that it is back, and all others,
// which wait for minutes, come after it at once.
func TestScout(t *testing.T) {
	var until time.Time
	sleeping(t, func(a *act) outcome { return down(&until)(a) }, func(t *testing.T, l *lanes, p *plan) {
		until = time.Now().Add(20*time.Minute + 7*time.Second)
		for i := range 50 {
			l.enterKeys(fmt.Sprintf("T1/%d", i), fmt.Sprintf("one-%d", i))
			l.enterKeys(fmt.Sprintf("T2/%d", i), fmt.Sprintf("two-%d", i))
		}
		time.Sleep(time.Hour)
		for _, space := range []string{"one", "two"} {
			scouts := 0
			for i := range 50 {
				at := p.times(fmt.Sprintf("%s-%d", space, i))
				last := at[len(at)-1]
				if back := last - 20*time.Minute - 7*time.Second; back < 0 || back > scoutPause+rousePause {
					t.Errorf("%s-%d was done %v after the other side was back", space, i, back)
				}
				switch {
				case len(at) > 20*4:
					scouts++
				case len(at) > 6:
					t.Errorf("%s-%d was tried %d times", space, i, len(at))
				}
			}
			if scouts != 1 {
				t.Errorf("%s: %d scouts", space, scouts)
			}
		}
	})
}

// TestScoutIsRelieved: a scout that has nothing left to try has a successor, whatever became of it.
func TestScoutIsRelieved(t *testing.T) {
	for name, end := range map[string]func(l *lanes, a *act) outcome{
		"given up":       func(*lanes, *act) outcome { return outcome{dead: true} },
		"done":           func(*lanes, *act) outcome { return outcome{} },
		"not ours":       func(*lanes, *act) outcome { return outcome{gone: true} },
		"firmly put off": func(*lanes, *act) outcome { return outcome{due: time.Now().Add(3 * time.Hour), firm: true} },
		"dropped": func(l *lanes, a *act) outcome {
			time.AfterFunc(time.Second, func() { l.drop(a.id) })
			return outcome{due: time.Now().Add(longestPause)}
		},
	} {
		t.Run(name, func(t *testing.T) {
			var lane *lanes
			run := func(a *act) outcome {
				if a.Key == "scout" && a.attempts == 3 {
					return end(lane, a)
				}
				return outcome{due: time.Now().Add(longestPause)}
			}
			sleeping(t, run, func(t *testing.T, l *lanes, p *plan) {
				lane = l
				l.enterKeys("T1/scout", "scout")
				synctest.Wait()
				l.enterKeys("T1/b", "b")
				l.enterKeys("T1/c", "c")
				time.Sleep(10 * time.Minute)
				longest := max(len(p.times("b")), len(p.times("c")))
				if n := len(p.times("scout")); n != 3 {
					t.Errorf("the scout was tried %d times", n)
				}
				if longest < 35 || min(len(p.times("b")), len(p.times("c"))) > 3 {
					t.Errorf("its successors were tried %d and %d times", len(p.times("b")), len(p.times("c")))
				}
			})
		})
	}
}

// TestRouse: what proves that the other side answers wakes the workspace's sleepers, a second after their last try, but
// not those that were told when to come, and nobody of another workspace.
func TestRouse(t *testing.T) {
	run := func(a *act) outcome {
		switch {
		case a.Key == "proof":
			return outcome{proved: true}
		case a.attempts > 1:
			return outcome{}
		}
		return outcome{due: time.Now().Add(4 * time.Minute), firm: strings.HasPrefix(a.Key, "firm")}
	}
	sleeping(t, run, func(t *testing.T, l *lanes, p *plan) {
		for _, lane := range []string{"T1/scout", "T2/scout", "T1/old", "T1/firm", "T2/other"} {
			l.enterKeys(lane, strings.ReplaceAll(lane[3:]+lane[:2], "firmT1", "firm"))
			synctest.Wait()
		}
		time.Sleep(9600 * time.Millisecond)
		l.enterKeys("T1/new", "new")
		synctest.Wait()
		time.Sleep(400 * time.Millisecond)
		l.enterKeys("T1/proof", "proof")
		time.Sleep(time.Hour)
		for key, want := range map[string]time.Duration{
			"scoutT1": 10 * time.Second, "oldT1": 10 * time.Second, "new": 10600 * time.Millisecond,
			"scoutT2": 15 * time.Second, "otherT2": 15 * time.Second, "firm": 4 * time.Minute,
		} {
			if at := p.times(key); len(at) != 2 || at[1] != want {
				t.Errorf("%s ran at %v, not again at %v", key, at, want)
			}
		}
	})
}

func TestPauses(t *testing.T) {
	for attempts, want := range map[int]time.Duration{
		-1: firstPause, 0: firstPause, 1: firstPause, 2: 2 * time.Second, 5: 16 * time.Second, 9: 256 * time.Second,
		10: longestPause, 17: longestPause, 64: longestPause, 1 << 40: longestPause,
	} {
		seen := map[time.Duration]bool{}
		for range 200 {
			pause := pauseAfter(attempts)
			if seen[pause] = true; pause < want/2 || pause > want {
				t.Errorf("after %d attempts: %v", attempts, pause)
			}
		}
		if len(seen) < 100 {
			t.Errorf("after %d attempts: only %d different pauses", attempts, len(seen))
		}
	}
}
