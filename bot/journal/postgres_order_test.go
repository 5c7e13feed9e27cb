package journal

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"incident-bot/bot"
)

// An orderly world runs what replicas are given, a lane's entries one after the other in each of them, and notes the
// order.
type orderly struct {
	t    *testing.T
	ctx  context.Context
	mu   sync.Mutex
	runs map[string][]int64
	all  sync.WaitGroup
	done int
}

// worker is a replica that works.
type worker struct {
	*postgres
	w     *orderly
	mu    sync.Mutex
	lanes map[string]chan bot.Entry
}

func (w *orderly) worker(url string) *worker {
	k := &worker{postgres: openIt(w.t, url, Options{}, steady()), w: w, lanes: map[string]chan bot.Entry{}}
	if err := k.Open(w.ctx, k.take); err != nil {
		w.t.Fatal(err)
	}
	return k
}

func (k *worker) take(e bot.Entry) {
	k.mu.Lock()
	defer k.mu.Unlock()
	lane := k.lanes[e.Lane]
	if lane == nil {
		lane = make(chan bot.Entry, 10_000)
		k.lanes[e.Lane] = lane
		k.w.all.Go(func() { k.work(lane) })
	}
	lane <- e
}

func (k *worker) work(lane chan bot.Entry) {
	for {
		select {
		case <-k.w.ctx.Done():
			return
		case e := <-lane:
			k.run(e)
		}
	}
}

func (k *worker) run(e bot.Entry) {
	ours, err := k.Start(k.w.ctx, e.ID)
	if k.w.ctx.Err() == nil && (err != nil || !ours) {
		k.w.t.Errorf("start of %d: %v, %v", e.ID, ours, err)
	}
	if err != nil || !ours {
		return
	}
	k.w.mu.Lock()
	k.w.runs[e.Lane] = append(k.w.runs[e.Lane], e.ID)
	k.w.done++
	k.w.mu.Unlock()
	k.End(e.ID, false, "")
}

// replicasOrder: two processes put into the same lanes at once, and each lane is run once and in order all the same.
func replicasOrder(t *testing.T, url string) {
	ctx, cancel := context.WithCancel(t.Context())
	w := &orderly{t: t, ctx: ctx, runs: map[string][]int64{}}
	defer w.all.Wait()
	defer cancel()
	workers := []*worker{w.worker(url), w.worker(url)}
	var puts sync.WaitGroup
	elsewhere := make([]int, len(workers))
	const each, lanes = 400, 5
	for i, k := range workers {
		puts.Go(func() {
			for n := range each {
				e := inLane(fmt.Sprint(rand.IntN(lanes)), fmt.Sprint(i, "/", n))
				if was, err := k.Put(ctx, e); was || err != nil {
					t.Errorf("put: %v, %v", was, err)
					return
				}
				if e.Elsewhere {
					elsewhere[i]++
				} else {
					k.take(*e)
				}
			}
		})
	}
	puts.Wait()
	defer func() {
		if t.Failed() {
			t.Logf("left, by owner, state, taken: %s", query[string](t, url, `SELECT concat_ws(' ', owner, state, taken, attempts, count(*), min(id), min(lane)) FROM deliveries WHERE ended IS NULL GROUP BY owner, state, taken, attempts`))
			for _, k := range workers {
				t.Logf("%d: err %v, held %d, lanes %d known %d", k.id, k.Err(), k.held.len(), len(k.hands.lanes), len(k.hands.known))
			}
		}
	}()
	eventually(t, "all is run", func() bool {
		w.mu.Lock()
		defer w.mu.Unlock()
		return w.done >= len(workers)*each
	})
	for lane, ids := range w.runs {
		if !slices.IsSorted(ids) || len(slices.Compact(slices.Clone(ids))) != len(ids) {
			t.Errorf("lane %s ran %v", lane, ids)
		}
	}
	if elsewhere[0] == 0 || elsewhere[1] == 0 {
		t.Errorf("the processes did not meet: %v", elsewhere)
	}
}
