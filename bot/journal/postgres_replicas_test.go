package journal

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"incident-bot/bot"
)

// quick is a timing for tests in which processes die. On a busy machine one that lives may be late, but not so late.
func quick() timing {
	t := usualTiming()
	t.lease, t.beat, t.adopt, t.poll = 2*time.Second, 150*time.Millisecond, 50*time.Millisecond, 20*time.Millisecond
	t.answer = patient / 2 // how long callers wait is for other tests
	return t
}

// steady is a timing for tests in which all live: no busy machine makes one of them look dead.
func steady() timing {
	t := quick()
	t.lease = patient
	return t
}

// paused is the timing of a process that never gets to renew its lease.
func paused() timing {
	t := quick()
	t.lease, t.beat = 200*time.Millisecond, time.Hour
	return t
}

// kill ends a process as SIGKILL does, as far as the database sees: nothing more is written, and no lease given back.
func kill(p *postgres) {
	p.shut.Do(func() {
		p.stop()
		p.busy.Wait()
		<-p.puts.over
		<-p.writes.over
		p.pool.Close()
		p.closed.Store(true)
	})
}

// A replica is a process that opened its journal. It keeps what it was given.
type replica struct {
	*postgres
	mu    sync.Mutex
	given []bot.Entry
}

func newReplica(t *testing.T, url string, with timing) *replica {
	t.Helper()
	r := &replica{postgres: openIt(t, url, Options{}, with)}
	err := r.Open(t.Context(), func(e bot.Entry) {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.given = append(r.given, e)
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func (r *replica) got() []bot.Entry {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.given)
}

// inLane is an entry of a lane.
func inLane(lane, key string) *bot.Entry {
	e := entry(key)
	e.Lane = "T1/" + lane
	return e
}

func TestPostgresReplicas(t *testing.T) {
	s := newServer(t)
	for name, test := range map[string]func(*testing.T, string){
		"adopt what a dead one left":          replicasAdopt,
		"adopt what a stopped one left":       replicasHandOver,
		"recognise each other's acts":         replicasRecognise,
		"run a lane in one process":           replicasLane,
		"give the owner notice":               replicasNotice,
		"keep a lane with its dead owner":     replicasDeadLane,
		"fence off one that was paused":       replicasFence,
		"go on with a lease that was over":    replicasLapse,
		"let one that was paused begin again": replicasReturn,
		"leave the others what is theirs":     replicasLeave,
		"drop each other's entries":           replicasDrop,
		"keep order under load":               replicasOrder,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel() // they wait for leases to be over, most of the time
			test(t, s.database(t))
		})
	}
}

func replicasAdopt(t *testing.T, url string) {
	dead := newReplica(t, url, quick())
	for i := range 60 {
		e := inLane(fmt.Sprint(i%7), fmt.Sprint("key", i))
		id := put(t, dead, e)
		if i%3 == 0 {
			start(t, dead, id)
		}
		if i%20 == 0 {
			dead.End(id, false, "")
		}
	}
	waiting(t, dead) // after what was said lazily
	heirs := []*replica{newReplica(t, url, quick()), newReplica(t, url, quick())}
	kill(dead.postgres)
	died := time.Now()
	all := func() []bot.Entry { return append(heirs[0].got(), heirs[1].got()...) }
	eventually(t, "all is adopted", func() bool { return len(all()) >= 57 })
	if took := time.Since(died); took > 4*quick().lease {
		t.Errorf("adopted after %s", took)
	}
	owner := map[string]int{}
	known := map[int64]bool{}
	for i, heir := range heirs {
		list := heir.got()
		if !slices.IsSortedFunc(list, func(a, b bot.Entry) int { return int(a.ID - b.ID) }) {
			t.Error("not in order")
		}
		for _, e := range list {
			if before, ok := owner[e.Lane]; ok && before != i || known[e.ID] {
				t.Errorf("%s of lane %s is given twice, or its lane is with two processes", e.Key, e.Lane)
			}
			owner[e.Lane], known[e.ID] = i, true
			var n int
			if _, err := fmt.Sscanf(e.Key, "key%d", &n); err != nil {
				t.Fatal(err)
			}
			ran := 0
			if n%3 == 0 {
				ran = 1
			}
			if e.Attempts != ran || e.Crashes != ran {
				t.Errorf("%s: %d attempts, %d crashes, want %d", e.Key, e.Attempts, e.Crashes, ran)
			}
			start(t, heir, e.ID)
		}
	}
	if len(known) != 57 {
		t.Errorf("%d adopted", len(known))
	}
}

// replicasHandOver: the end of a lease need not be waited for when a process stops in order.
func replicasHandOver(t *testing.T, url string) {
	slow := quick()
	slow.lease = time.Hour
	stopped := newReplica(t, url, slow)
	id := put(t, stopped, entry("a"))
	heir := newReplica(t, url, quick())
	if err := stopped.Close(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "it is adopted", func() bool { return len(heir.got()) == 1 })
	if e := heir.got()[0]; e.ID != id || e.Crashes != 0 {
		t.Errorf("given: %+v", e)
	}
}

func replicasRecognise(t *testing.T, url string) {
	a, b := newReplica(t, url, steady()), newReplica(t, url, steady())
	put(t, a, entry("act", "envelope"))
	if !seen(t, b, entry("act")) || !seen(t, b, entry("other", "envelope")) {
		t.Error("not recognised by the other process")
	}
	for round := range 50 {
		var fresh sync.WaitGroup
		got := make([]bool, 2)
		for i, r := range []*replica{a, b} {
			fresh.Go(func() {
				e := inLane(fmt.Sprint(i), fmt.Sprint("key", round))
				e.Names = []string{fmt.Sprint("x", round), fmt.Sprint("w", round)}
				if i == 1 {
					slices.Reverse(e.Names)
				}
				was, err := r.Put(t.Context(), e)
				if err != nil {
					t.Error(err)
				}
				got[i] = was
			})
		}
		fresh.Wait()
		if got[0] == got[1] {
			t.Fatalf("round %d: seen %v", round, got)
		}
	}
	b.Keep("card", []byte("x"), time.Now().Add(time.Hour))
	waiting(t, b)
	if value, err := a.Kept(t.Context(), "card"); err != nil || string(value) != "x" {
		t.Errorf("kept by the other: %q, %v", value, err)
	}
}

func replicasLane(t *testing.T, url string) {
	a, b := newReplica(t, url, steady()), newReplica(t, url, steady())
	first := put(t, a, inLane("1", "first"))
	start(t, a, first)
	second := inLane("1", "second")
	put(t, b, second)
	other := inLane("2", "other")
	put(t, b, other)
	if !second.Elsewhere || other.Elsewhere {
		t.Errorf("elsewhere: %v in a lane of the other, %v in one of nobody", second.Elsewhere, other.Elsewhere)
	}
	eventually(t, "the other is given it", func() bool { return keysOf(a.got()) == "[second]" })
	if ours, err := b.Start(t.Context(), second.ID); ours || err != nil {
		t.Errorf("started by who does not own it: %v, %v", ours, err)
	}
	start(t, a, second.ID)
	a.End(first, false, "")
	a.End(second.ID, false, "")
	waiting(t, a)
	third := inLane("1", "third")
	if put(t, b, third); third.Elsewhere {
		t.Error("the lane is not free although nothing is in it")
	}
	if len(a.got()) != 1 || len(b.got()) != 0 {
		t.Errorf("given: %s and %s", keysOf(a.got()), keysOf(b.got()))
	}
}

// replicasNotice: with a poll that never comes, only a notification can tell the owner.
func replicasNotice(t *testing.T, url string) {
	deaf := steady()
	deaf.poll = time.Hour
	a, b := newReplica(t, url, deaf), newReplica(t, url, steady())
	eventually(t, "a listens", func() bool {
		return len(query[string](t, url, `SELECT query FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()`)) == 2
	})
	start(t, a, put(t, a, inLane("1", "first")))
	var took []time.Duration
	for i := range 20 {
		began := time.Now()
		put(t, b, inLane("1", fmt.Sprint("next", i)))
		eventually(t, "a is given it", func() bool { return len(a.got()) == i+1 })
		took = append(took, time.Since(began))
	}
	if slices.Sort(took); took[len(took)/2] > time.Second { // one of them may meet a busy machine
		t.Errorf("after %s", took)
	}
}

// replicasDeadLane: what comes for a lane whose owner has died is run after what the owner left.
func replicasDeadLane(t *testing.T, url string) {
	dead := newReplica(t, url, quick())
	put(t, dead, inLane("1", "first"))
	kill(dead.postgres)
	heir := newReplica(t, url, quick())
	second := inLane("1", "second")
	if put(t, heir, second); !second.Elsewhere {
		t.Error("to be run at once, before what was first")
	}
	eventually(t, "both are given", func() bool { return keysOf(heir.got()) == "[first second]" })
}

func replicasFence(t *testing.T, url string) {
	a := newReplica(t, url, paused())
	running, waits := put(t, a, inLane("1", "running")), put(t, a, inLane("2", "waits"))
	start(t, a, running)
	begin(t, a, running, "declare", "a's")
	b := newReplica(t, url, quick())
	eventually(t, "b has all", func() bool { return len(b.got()) == 2 })
	if ours, err := a.Start(t.Context(), waits); ours || err != nil {
		t.Errorf("start: %v, %v", ours, err)
	}
	if l, err := a.Begin(t.Context(), running, "note", nil); !errors.Is(err, bot.ErrUnkept) {
		t.Errorf("begin: %+v, %v", l, err)
	}
	start(t, b, running)
	if l := begin(t, b, running, "declare", "b's"); !l.Before || string(l.Memo) != "a's" {
		t.Errorf("b does not know what a began: %+v", l)
	}
	a.Undone(running, "declare")
	a.End(running, false, "")
	a.Later(running, time.Now(), "a's")
	waiting(t, a)
	if l := begin(t, b, running, "declare", "b's"); !l.Before {
		t.Error("b's effect was forgotten on a's word")
	}
	a.Concluded(running, "declare", []byte("42"))
	waiting(t, a)
	if l := begin(t, b, running, "declare", ""); !l.Done || string(l.Result) != "42" {
		t.Errorf("what a knows is not b's to know: %+v", l)
	}
	if list := waiting(t, b); len(list) != 2 || list[0].Why != "" {
		t.Errorf("a has changed what is b's: %+v", list)
	}
}

// replicasLapse: a lease that is over is no loss while nobody has made use of it.
func replicasLapse(t *testing.T, url string) {
	a := newReplica(t, url, paused())
	id := put(t, a, entry("a"))
	eventually(t, "the lease is over", after(2*paused().lease))
	start(t, a, id)
	eventually(t, "the lease is over again", after(2*paused().lease))
	begin(t, a, id, "effect", "")
}

func replicasReturn(t *testing.T, url string) {
	a := newReplica(t, url, paused())
	put(t, a, inLane("1", "old"))
	b := newReplica(t, url, quick())
	eventually(t, "b has it", func() bool { return len(b.got()) == 1 })
	theirs, fresh := inLane("1", "theirs"), inLane("2", "fresh")
	put(t, a, theirs)
	put(t, a, fresh)
	if !theirs.Elsewhere || fresh.Elsewhere {
		t.Errorf("elsewhere: %v, %v", theirs.Elsewhere, fresh.Elsewhere)
	}
	start(t, a, fresh.ID)
	eventually(t, "b has what came for its lane", func() bool { return slices.Contains([]string{"[old theirs]", "[old theirs fresh]"}, keysOf(b.got())) })
}

// replicasLeave: when the database was away, the leases of all are over. Who comes back first does not rob the others.
func replicasLeave(t *testing.T, url string) {
	late, early := quick(), quick()
	late.beat, early.beat, early.adopt = 600*time.Millisecond, 30*time.Millisecond, 10*time.Millisecond
	early.lease = 4 * time.Second // how long it leaves a in peace, which may be late twice over
	a, b := newReplica(t, url, late), newReplica(t, url, early)
	id := put(t, a, entry("a"))
	eventually(t, "b's lease has lasted for a while", after(early.lease+500*time.Millisecond))
	// A renewal under way does not see the change: there must be none.
	query[int](t, url, `DO $$ BEGIN LOCK TABLE owners IN EXCLUSIVE MODE; UPDATE owners SET until = '-infinity'; END $$`)
	eventually(t, "a has renewed its lease", func() bool {
		return query[int](t, url, `SELECT count(*) FROM owners WHERE until > clock_timestamp()`)[0] == 2
	})
	start(t, a, id)
	if list := append(a.got(), b.got()...); len(list) != 0 {
		t.Errorf("given although its owner lives: %s", keysOf(list))
	}
}

func replicasDrop(t *testing.T, url string) {
	a, b := newReplica(t, url, steady()), newReplica(t, url, steady())
	id := put(t, a, entry("a"))
	if !drop(t, b, "T1", "U1", id) {
		t.Fatal("not dropped")
	}
	if ours, err := a.Start(t.Context(), id); ours || err != nil {
		t.Errorf("started although it was dropped: %v, %v", ours, err)
	}
}
