package journal

import (
	"bytes"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"incident-bot/bot"
)

// clock is a time that a test moves.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) read() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// drop says whether an entry was dropped.
func drop(t *testing.T, j bot.Inbox, workspace, user string, id int64) bool {
	t.Helper()
	done, err := j.Drop(t.Context(), workspace, user, id)
	if err != nil {
		t.Fatalf("drop %d: %v", id, err)
	}
	return done
}

func suiteDrop(t *testing.T, s store) {
	j := s.open(t, Options{})
	id := put(t, j, entry("a"))
	switch {
	case drop(t, j, "T1", "U2", id):
		t.Error("dropped by another user")
	case drop(t, j, "T2", "U1", id):
		t.Error("dropped from another workspace")
	case drop(t, j, "T1", "U1", id+1):
		t.Error("dropped what is not there")
	case !drop(t, j, "T1", "U1", id):
		t.Error("not dropped")
	case drop(t, j, "T1", "U1", id):
		t.Error("dropped twice")
	}
	if ours, err := j.Start(t.Context(), id); ours || err != nil {
		t.Errorf("started after it was dropped: %v, %v", ours, err)
	}
	running := put(t, j, entry("b"))
	start(t, j, running)
	if drop(t, j, "T1", "U1", running) {
		t.Error("dropped while it ran")
	}
	if !seen(t, j, entry("a")) {
		t.Error("what was dropped is not recognised")
	}
}

func suiteDropEffect(t *testing.T, s store) {
	j := s.open(t, Options{})
	id := put(t, j, entry("a"))
	start(t, j, id)
	begin(t, j, id, "declare", "")
	j.Later(id, time.Now().Add(time.Hour), "no answer")
	if drop(t, j, "T1", "U1", id) {
		t.Error("dropped although nobody knows whether the effect happened")
	}
	j, _ = reopen(t, s, j, Options{})
	if drop(t, j, "T1", "U1", id) {
		t.Error("dropped after a restart although nobody knows whether the effect happened")
	}
	j.Concluded(id, "declare", []byte("42"))
	eventually(t, "the effect is concluded", func() bool { return begin(t, j, id, "declare", "").Done })
	if drop(t, j, "T1", "U1", id) {
		t.Error("dropped although the effect happened")
	}
	told := put(t, j, entry("b"))
	start(t, j, told)
	begin(t, j, told, "answer", "")
	j.Concluded(told, "answer", nil)
	j.Later(told, time.Now().Add(time.Hour), "another part")
	eventually(t, "a message is no hindrance", func() bool { return drop(t, j, "T1", "U1", told) })
}

func suiteDropKept(t *testing.T, s store) {
	j := s.open(t, Options{})
	id := put(t, j, entry("a"))
	if !drop(t, j, "T1", "U1", id) {
		t.Fatal("not dropped")
	}
	if _, list := reopen(t, s, j, Options{}); len(list) != 0 {
		t.Errorf("given after it was dropped: %s", keysOf(list))
	}
}

func suiteEffects(t *testing.T, s store) {
	j := s.open(t, Options{})
	id := put(t, j, entry("a"))
	start(t, j, id)
	if l := begin(t, j, id, "declare", "memo"); l.Before {
		t.Errorf("begun before: %+v", l)
	}
	check := func(when string, done bool, result string) {
		t.Helper()
		var l bot.Logged
		eventually(t, when, func() bool {
			l = begin(t, j, id, "declare", "another memo")
			return l.Before && l.Done == done && string(l.Result) == result
		})
		if string(l.Memo) != "memo" || time.Since(l.Began).Abs() > time.Minute {
			t.Errorf("%s: %+v", when, l)
		}
	}
	check("begun", false, "")
	j, _ = reopen(t, s, j, Options{})
	start(t, j, id)
	check("begun and reopened", false, "")
	j.Concluded(id, "declare", []byte("42"))
	check("concluded", true, "42")
	j, _ = reopen(t, s, j, Options{})
	start(t, j, id)
	check("concluded and reopened", true, "42")
}

// suiteUnbegun: a message that went out has a result and no beginning, since it is sent again rather than never.
func suiteUnbegun(t *testing.T, s store) {
	j := s.open(t, Options{})
	id := put(t, j, entry("a"))
	start(t, j, id)
	j.Concluded(id, "answer", []byte("sent"))
	check := func(when string) {
		t.Helper()
		eventually(t, when, func() bool {
			l, err := j.Begin(t.Context(), id, "answer", nil)
			return err == nil && l.Before && l.Done && string(l.Result) == "sent"
		})
	}
	check("concluded")
	j, _ = reopen(t, s, j, Options{})
	start(t, j, id)
	check("reopened")
}

func suiteEffectsApart(t *testing.T, s store) {
	j := s.open(t, Options{})
	a, b := put(t, j, entry("a")), put(t, j, entry("b"))
	start(t, j, a)
	start(t, j, b)
	begin(t, j, a, "note", "of a")
	if l := begin(t, j, b, "note", "of b"); l.Before {
		t.Errorf("b's effect is a's: %+v", l)
	}
	if l := begin(t, j, a, "other", ""); l.Before {
		t.Errorf("one effect is another: %+v", l)
	}
	if l := begin(t, j, b, "note", ""); !l.Before || string(l.Memo) != "of b" {
		t.Errorf("b's effect: %+v", l)
	}
}

func suiteEffectOnce(t *testing.T, s store) {
	j := s.open(t, Options{})
	id := put(t, j, entry("a"))
	start(t, j, id)
	var mu sync.Mutex
	first := 0
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			l, err := j.Begin(t.Context(), id, "declare", fmt.Append(nil, i))
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				t.Error(err)
			} else if !l.Before {
				first++
			}
		})
	}
	all.Wait()
	if first != 1 {
		t.Errorf("begun first by %d", first)
	}
}

func suiteUndone(t *testing.T, s store) {
	j := s.open(t, Options{})
	id := put(t, j, entry("a"))
	start(t, j, id)
	begin(t, j, id, "declare", "first")
	j.Undone(id, "declare")
	eventually(t, "the effect is forgotten", func() bool {
		return !begin(t, j, id, "declare", "second").Before
	})
	if l := begin(t, j, id, "declare", ""); !l.Before || string(l.Memo) != "second" {
		t.Errorf("begun again: %+v", l)
	}
	j.Undone(id, "declare")
	j, _ = reopen(t, s, j, Options{})
	start(t, j, id)
	if l := begin(t, j, id, "declare", ""); l.Before {
		t.Errorf("remembered after a restart: %+v", l)
	}
}

func suiteKeeps(t *testing.T, s store) {
	j := s.open(t, Options{})
	kept := func(key string) string {
		value, err := j.Kept(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		return string(value)
	}
	if value, err := j.Kept(t.Context(), "nothing"); err != nil || value != nil {
		t.Errorf("nothing: %q, %v", value, err)
	}
	soon := time.Now().Add(time.Hour)
	j.Keep("card", []byte("1"), soon)
	j.Keep("over", []byte("1"), time.Now().Add(-time.Hour))
	eventually(t, "it is kept", func() bool { return kept("card") == "1" })
	j.Keep("card", []byte("2"), soon)
	eventually(t, "it is replaced", func() bool { return kept("card") == "2" })
	if got := kept("over"); got != "" {
		t.Errorf("kept beyond its time: %q", got)
	}
	j, _ = reopen(t, s, j, Options{})
	if got := kept("card"); got != "2" {
		t.Errorf("after a restart: %q", got)
	}
	j.Keep("card", nil, time.Now().Add(-time.Second))
	eventually(t, "it is forgotten", func() bool { return kept("card") == "" })
}

func suiteBytes(t *testing.T, s store) {
	j := s.open(t, Options{})
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	e := entry("schlüssel 'quoted' ⏳", "name\nwith a line", `name "quoted"`)
	e.Body = bytes.Repeat(all, 100)
	body := bytes.Clone(e.Body)
	id := put(t, j, e)
	clear(e.Body) // it was on loan
	start(t, j, id)
	begin(t, j, id, "effect 'x' ⏳", string(all))
	j.Concluded(id, "effect 'x' ⏳", all)
	j, list := reopen(t, s, j, Options{})
	if len(list) != 1 || !bytes.Equal(list[0].Body, body) || list[0].Key != e.Key || len(list[0].Names) != 2 || list[0].Names[0] != e.Names[0] {
		t.Fatalf("%d given, or not what was put", len(list))
	}
	start(t, j, id)
	if l := begin(t, j, id, "effect 'x' ⏳", ""); !l.Done || !bytes.Equal(l.Memo, all) || !bytes.Equal(l.Result, all) {
		t.Errorf("effect: %d and %d bytes", len(l.Memo), len(l.Result))
	}
}

func suiteClosed(t *testing.T, s store) {
	j := s.open(t, Options{})
	id := put(t, j, entry("a"))
	if err := errors.Join(j.Err(), j.Close()); err != nil {
		t.Fatal(err)
	}
	if err := j.Close(); err != nil {
		t.Errorf("closed again: %v", err)
	}
	if _, err := j.Put(t.Context(), entry("b")); !errors.Is(err, bot.ErrUnkept) {
		t.Errorf("put: %v", err)
	}
	if _, err := j.Begin(t.Context(), id, "effect", nil); !errors.Is(err, bot.ErrUnkept) {
		t.Errorf("begin: %v", err)
	}
	if j.Err() == nil {
		t.Error("all is well")
	}
	j.End(id, false, "") // does nothing, and does not wait
	j.Keep("key", nil, time.Now())
}

func suiteMany(t *testing.T, s store) {
	j := s.open(t, Options{})
	var all sync.WaitGroup
	for worker := range 16 {
		all.Go(func() {
			for i := range 10 {
				e := entry(fmt.Sprint(worker, "/", i))
				if seen, err := j.Put(t.Context(), e); seen || err != nil {
					t.Errorf("put: %v, %v", seen, err)
					return
				}
				if ours, err := j.Start(t.Context(), e.ID); !ours || err != nil {
					t.Errorf("start: %v, %v", ours, err)
				}
				if l, err := j.Begin(t.Context(), e.ID, "effect", []byte(e.Key)); l.Before || err != nil {
					t.Errorf("begin: %+v, %v", l, err)
				}
				j.Concluded(e.ID, "effect", []byte(e.Key))
				if i%2 == 0 {
					j.End(e.ID, false, "")
				}
			}
		})
	}
	all.Wait()
	j, list := reopen(t, s, j, Options{})
	if len(list) != 80 {
		t.Fatalf("%d of 80 are left", len(list))
	}
	for _, e := range list {
		start(t, j, e.ID)
		if l := begin(t, j, e.ID, "effect", ""); !l.Done || string(l.Result) != e.Key || string(l.Memo) != e.Key {
			t.Errorf("the effect of %s: %+v", e.Key, l)
		}
	}
}

// at is a time to begin with.
func at() time.Time { return time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC) }
