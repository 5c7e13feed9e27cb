package journal

import (
	"fmt"
	"testing"
	"time"

	"incident-bot/bot"
)

func TestRecentIsBounded(t *testing.T) {
	c := &clock{now: at()}
	r := newRecent(c.read, 100)
	names := func(i int) []mark {
		return marksOf(&bot.Entry{Key: fmt.Sprint("k", i), Names: []string{fmt.Sprint("e", i)}})
	}
	for i := range 10_000 {
		r.add(names(i), c.read())
		if len(r.until) > 102 || len(r.order)-r.head > 102 {
			t.Fatalf("%d names, %d in order", len(r.until), len(r.order)-r.head)
		}
	}
	if !r.has(names(9999)) {
		t.Error("the newest is forgotten")
	}
	if r.has(names(0)) {
		t.Error("the oldest is remembered")
	}
	c.pass(2 * seenWindow)
	r.add(names(1), c.read())
	if len(r.until) != 2 || cap(r.order) > 5000 {
		t.Errorf("%d names in %d places after everything's time was over", len(r.until), cap(r.order))
	}
}

// TestRecentClock has names arrive at a time that is yet to come: the clock was put back since.
func TestRecentClock(t *testing.T) {
	c := &clock{now: at()}
	r := newRecent(c.read, 100)
	r.add([]mark{markOf("a")}, at().Add(100*time.Hour))
	r.add([]mark{markOf("b")}, at().Add(-30*time.Minute))
	c.pass(31 * time.Minute)
	if !r.has([]mark{markOf("a")}) || r.has([]mark{markOf("b")}) {
		t.Error("half an hour later")
	}
	c.pass(30 * time.Minute)
	if r.has([]mark{markOf("a")}) {
		t.Error("remembered for longer than the window")
	}
}
