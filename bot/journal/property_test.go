package journal

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// schedule is a random sequence of what can happen to a journal and what a bot says to it, beside a model of what has to
// be true.
type schedule struct {
	t     *testing.T
	dice  *rand.Rand
	clock *clock
	path  string
	j     *sqliteJournal
	acts  map[int64]*modelled
	ids   []int64
	story []string
}

// modelled is what the model knows of an entry.
type modelled struct {
	key             string
	starts, crashes int
	running, over   bool
	begun           map[string]bool // effects, and whether they are concluded
}

func (s *schedule) note(format string, args ...any) {
	s.story = append(s.story, fmt.Sprintf(format, args...))
}

// TestSQLiteAnySchedule runs many schedules. Whatever happens, each entry that was taken is given back until it is over
// and never after; its attempts are never fewer than its starts; and what is known of its effects is what was said.
func TestSQLiteAnySchedule(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	schedules := 20
	if testing.Short() {
		schedules = 5
	}
	for i := range schedules {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			s := &schedule{
				t: t, dice: rand.New(rand.NewPCG(seed, uint64(i))), clock: &clock{now: time.Now()},
				path: filepath.Join(t.TempDir(), "journal.db"), acts: map[int64]*modelled{},
			}
			s.j = openAt(t, s.path, Options{Now: s.clock.read})
			for range 80 {
				s.step()
			}
			s.finish()
			if t.Failed() {
				t.Logf("%q", s.story)
			}
		})
	}
}

func (s *schedule) step() {
	switch n := s.dice.IntN(20); {
	case n < 2:
		s.put()
	case n < 14:
		s.say(true)
	case n < 15:
		s.jump()
	case n < 18:
		s.crash()
	case n < 19:
		s.trouble()
	default:
		s.reopen()
	}
}

// jump puts the clock forward or back.
func (s *schedule) jump() {
	by := time.Duration(s.dice.Int64N(int64(4*time.Hour))) - 2*time.Hour
	s.note("jump %v", by)
	s.clock.pass(by)
}

func (s *schedule) put() {
	e := entry(fmt.Sprint("key", len(s.ids)))
	id := put(s.t, s.j, e)
	s.acts[id] = &modelled{key: e.Key, begun: map[string]bool{}}
	s.ids = append(s.ids, id)
	s.note("put %d", id)
	if !seen(s.t, s.j, entry("other", e.Key)) {
		s.t.Errorf("%s is not recognised", e.Key)
	}
}

// any gives an entry that is not over, 0 if there is none.
func (s *schedule) any() (int64, *modelled) {
	for _, i := range s.dice.Perm(len(s.ids)) {
		if a := s.acts[s.ids[i]]; !a.over {
			return s.ids[i], a
		}
	}
	return 0, nil
}

// say says what a bot says of an entry. What has to be committed at once is said only if it can be.
func (s *schedule) say(able bool) {
	id, a := s.any()
	if a == nil {
		return
	}
	what := s.dice.IntN(10)
	switch {
	case !a.running:
		s.start(id, a, able)
	case what < 5:
		s.effect(id, a, able)
	case what < 9:
		due := s.clock.read().Add(time.Duration(s.dice.Int64N(int64(time.Hour))) - 30*time.Minute)
		s.note("later %d", id)
		s.j.Later(id, due, "not yet")
		a.running = false
	default:
		s.note("end %d", id)
		s.j.End(id, s.dice.IntN(3) == 0, "")
		a.over, a.running = true, false
	}
}

func (s *schedule) start(id int64, a *modelled, able bool) {
	if !able && !s.lazily(id) {
		return
	}
	s.note("start %d", id)
	start(s.t, s.j, id)
	a.starts++
	a.running = true
}

func (s *schedule) effect(id int64, a *modelled, able bool) {
	effect := fmt.Sprint("effect", s.dice.IntN(2))
	concluded, begun := a.begun[effect]
	switch {
	case able && !begun:
		s.note("begin %s of %d", effect, id)
		if l := begin(s.t, s.j, id, effect, a.key); l.Before {
			s.t.Errorf("%s of %d was begun before: %+v", effect, id, l)
		}
		a.begun[effect] = false
	case begun && !concluded && s.dice.IntN(2) == 0:
		s.note("concluded %s of %d", effect, id)
		s.j.Concluded(id, effect, []byte(effect))
		a.begun[effect] = true
	case begun && !concluded:
		s.note("undone %s of %d", effect, id)
		s.j.Undone(id, effect)
		delete(a.begun, effect)
	}
}

// lazily says whether a start of the entry needs no commit.
func (s *schedule) lazily(id int64) bool {
	s.j.mu.Lock()
	defer s.j.mu.Unlock()
	return s.j.rows[id].startsUnseen()
}

// crash says some things that are lost with the process, and goes on with what the file has.
func (s *schedule) crash() {
	release := block(s.t, s.j)
	durable := map[int64]modelled{}
	for id, a := range s.acts {
		d := *a
		d.begun = map[string]bool{}
		for effect, done := range a.begun {
			d.begun[effect] = done
		}
		durable[id] = d
	}
	for range s.dice.IntN(6) {
		s.say(false)
		s.jump()
	}
	s.note("crash")
	left := leftBehind(s.t, s.path)
	close(release)
	if err := s.j.Close(); err != nil {
		s.t.Fatal(err)
	}
	for id, a := range s.acts {
		d := durable[id]
		d.starts = a.starts // they happened
		*a = d
		if a.running {
			a.crashes++
		}
	}
	s.path = left
	s.open()
}

// reopen ends the process in order.
func (s *schedule) reopen() {
	s.note("reopen")
	if err := s.j.Close(); err != nil {
		s.t.Fatal(err)
	}
	for _, a := range s.acts {
		if a.running {
			a.crashes++
		}
	}
	s.open()
}

// open opens the file, and compares what it gives with the model.
func (s *schedule) open() {
	s.j = openAt(s.t, s.path, Options{Now: s.clock.read})
	var want, got []int64
	for _, id := range s.ids {
		s.acts[id].running = false
		if !s.acts[id].over {
			want = append(want, id)
		}
	}
	for _, e := range taken(s.t, s.j) {
		got = append(got, e.ID)
		a := s.acts[e.ID]
		if a == nil || e.Key != a.key || e.Attempts < a.starts || e.Crashes != a.crashes {
			s.t.Errorf("given %+v, want %+v", e, a)
			continue
		}
		a.starts = e.Attempts
	}
	if !slices.Equal(want, got) {
		s.t.Fatalf("given %v, want %v", got, want)
	}
}

// trouble takes the file away, in one of several ways, and looks whether that is noticed by nobody.
func (s *schedule) trouble() {
	causes := []error{errors.New("input/output error"), errCorrupt}
	n := s.dice.IntN(len(causes) + 1)
	s.note("trouble %d", n)
	if n == len(causes) {
		if err := os.Remove(s.path); err != nil {
			s.t.Fatal(err)
		}
		s.j.settled(s.t)
		return
	}
	failed := false
	w := inject(s.j, func(*conn) error {
		if failed {
			return nil
		}
		failed = true
		return causes[n]
	})
	if err := w.wait(); err != nil {
		s.t.Errorf("noticed: %v", err)
	}
}

// finish looks at the effects of what is not over, and ends it.
func (s *schedule) finish() {
	s.crash()
	for id, a := range s.acts {
		if a.over {
			if ours, err := s.j.Start(s.t.Context(), id); ours || err != nil {
				s.t.Errorf("%d is over and started: %v, %v", id, ours, err)
			}
			continue
		}
		start(s.t, s.j, id)
		for _, effect := range []string{"effect0", "effect1"} {
			done, begun := a.begun[effect]
			l := begin(s.t, s.j, id, effect, "new")
			if l.Before != begun || l.Done != done || begun && string(l.Memo) != a.key || done && string(l.Result) != effect {
				s.t.Errorf("%s of %d: %+v, want begun %v, done %v", effect, id, l, begun, done)
			}
		}
		s.j.End(id, false, "")
		a.over = true
	}
	s.reopen()
	if left := waiting(s.t, s.j); len(left) != 0 {
		s.t.Errorf("left: %s", keysOf(left))
	}
}
