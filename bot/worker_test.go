package bot

import (
	"context"
	crand "crypto/rand"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"
)

// runs is a runner made of a function.
type runs func(ctx context.Context, d Delivery)

func (f runs) Run(ctx context.Context, a *act) outcome {
	f(ctx, a.Delivery)
	return outcome{}
}

func (f runs) Wait(context.Context, *act, Wait) {}

// enter puts d into the lanes' inbox and queues it.
func (l *lanes) enter(lane string, d *Delivery) *act {
	e := Entry{Key: crand.Text(), Lane: lane}
	if _, err := l.inbox.Put(l.ctx, &e); err != nil {
		panic(err)
	}
	a := newAct(*d, e.ID, lane, l.inbox)
	if a.Received.IsZero() {
		a.Received = time.Now()
	}
	l.add(a)
	return a
}

func unmeasured(t testing.TB) *metrics {
	t.Helper()
	m, err := newMetrics(nil)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func testLanes(t testing.TB, run runs) *lanes {
	l := newLanes(run, newMemory(time.Now, maxWaiting), unmeasured(t), zerolog.Nop())
	t.Cleanup(l.abandon)
	return l
}

func mustDrain(t *testing.T, l *lanes) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if left := l.drain(ctx); left != 0 {
		t.Fatalf("%d deliveries left", left)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.pending != 0 {
		t.Fatalf("%d pending after drain", l.pending)
	}
}

// For any mixture of workspaces, lanes and handlers of any length: each delivery runs once, those of a lane one at a
// time and in order, and no workspace has more than its share.
func TestLanesKeepOrder(t *testing.T) {
	for seed := range uint64(30) {
		synctest.Test(t, func(t *testing.T) { laneProperty(t, rand.New(rand.NewPCG(seed, 1))) })
	}
}

func laneProperty(t *testing.T, r *rand.Rand) {
	var (
		mu      sync.Mutex
		ran     = map[string][]int{}
		inLane  = map[string]int{}
		inSpace = map[string]int{}
		peak    int
	)
	change := func(d Delivery, by int) {
		mu.Lock()
		defer mu.Unlock()
		inLane[d.Key] += by
		inSpace[d.Installation.TeamID] += by
		peak = max(peak, inSpace[d.Installation.TeamID])
		if inLane[d.Key] > 1 {
			t.Errorf("two of lane %s run at once", d.Key)
		}
	}
	long := time.Duration(r.IntN(50)) * time.Millisecond
	l := testLanes(t, func(_ context.Context, d Delivery) {
		change(d, 1)
		time.Sleep(time.Duration(rand.Int64N(int64(long) + 1)))
		change(d, -1)
		mu.Lock()
		defer mu.Unlock()
		ran[d.Key] = append(ran[d.Key], d.Attempt)
		if d.Attempt%7 == 3 {
			panic("a handler's bug")
		}
	})
	sent := map[string]int{}
	for range 500 {
		space := fmt.Sprint("T", r.IntN(3))
		lane := fmt.Sprintf("%s/C%d", space, r.IntN(1+r.IntN(40)))
		l.enter(lane, &Delivery{Key: lane, Installation: Installation{TeamID: space}, Attempt: sent[lane]})
		sent[lane]++
		if r.IntN(4) == 0 {
			time.Sleep(time.Duration(r.IntN(10)) * time.Millisecond)
		}
	}
	mustDrain(t, l)
	if peak > perWorkspace {
		t.Errorf("%d handlers of one workspace at once", peak)
	}
	for lane, n := range sent {
		if !slices.IsSorted(ran[lane]) || len(ran[lane]) != n {
			t.Errorf("lane %s: %d of %d ran, as %v", lane, len(ran[lane]), n, ran[lane])
		}
	}
	synctest.Wait()
	if len(l.spaces) != 0 {
		t.Errorf("%d workspaces are kept with nothing to do", len(l.spaces))
	}
}

func TestSlowWorkspaceDelaysNoOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		done := make(chan struct{})
		l := testLanes(t, func(ctx context.Context, d Delivery) {
			if d.Key == "fast" {
				close(done)
				return
			}
			<-ctx.Done()
		})
		for i := range 1000 {
			l.enter(fmt.Sprintf("TSLOW/C%d", i), &Delivery{Key: "slow"})
		}
		start := time.Now()
		l.enter("TFAST/C1", &Delivery{Key: "fast"})
		<-done
		if waited := time.Since(start); waited > 0 {
			t.Errorf("waited %v behind another workspace", waited)
		}
		l.abandon()
		synctest.Wait()
	})
}

func TestHandlersHaveADeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		l := testLanes(t, func(ctx context.Context, _ Delivery) { <-ctx.Done() })
		l.enter("T1/C1", &Delivery{})
		mustDrainFor(t, l, 2*runDeadline)
		if took := time.Since(start); took != runDeadline {
			t.Errorf("ended after %v", took)
		}
	})
}

func mustDrainFor(t *testing.T, l *lanes, d time.Duration) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), d)
	defer cancel()
	if left := l.drain(ctx); left != 0 {
		t.Fatalf("%d left", left)
	}
}

func TestDrainSaysWhatIsLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := testLanes(t, func(ctx context.Context, _ Delivery) { <-ctx.Done() })
		for range 3 {
			l.enter("T1/C1", &Delivery{})
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if left := l.drain(ctx); left != 3 {
			t.Errorf("%d left, want 3", left)
		}
		l.abandon() // each ends at once now
		mustDrain(t, l)
	})
}

// Every delivery is reported done, a panicking one too: an inbox that counts must not fill up with them.
func TestLanesReportEachDelivery(t *testing.T) {
	box := newMemory(time.Now, maxWaiting)
	l := newLanes(runs(func(_ context.Context, d Delivery) { panic(d.Key) }), box, unmeasured(t), zerolog.Nop())
	defer l.abandon()
	for i := range 20 {
		l.enter(fmt.Sprintf("T1/C%d", i%3), &Delivery{Key: fmt.Sprint(i)})
	}
	mustDrain(t, l)
	if len(box.live) != 0 {
		t.Errorf("%d of 20 were not reported", len(box.live))
	}
}
