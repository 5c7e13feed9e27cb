package bot

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"
)

// clock is a time that a test moves.
type clock struct{ now time.Time }

func (c *clock) read() time.Time { return c.now }

func (c *clock) pass(d time.Duration) { c.now = c.now.Add(d) }

func command(key, envelope string) Delivery {
	return Delivery{Kind: Command, Key: key, EnvelopeID: envelope}
}

// entryOf is what an inbox keeps of d.
func entryOf(d Delivery) *Entry { return &Entry{Key: d.Key, Names: d.names(), Workspace: "T1"} }

// put puts d and says whether it was seen.
func put(t *testing.T, m Inbox, d Delivery) bool {
	t.Helper()
	seen, err := m.Put(context.Background(), entryOf(d))
	if err != nil {
		t.Fatal(err)
	}
	return seen
}

func TestInboxRecognises(t *testing.T) {
	first := Delivery{Kind: Mention, Key: "event:1", EnvelopeID: "e1", Twin: "message:C/1"}
	for what, c := range map[string]struct {
		second Delivery
		seen   bool
	}{
		"the same key in a new envelope":    {Delivery{Key: "event:1", EnvelopeID: "e2"}, true},
		"the same envelope with a new key":  {Delivery{Key: "event:2", EnvelopeID: "e1"}, true},
		"the same message in another event": {Delivery{Key: "event:2", EnvelopeID: "e2", Twin: "message:C/1"}, true},
		"something else":                    {Delivery{Key: "event:2", EnvelopeID: "e2", Twin: "message:C/2"}, false},
		"something else without a twin":     {Delivery{Key: "event:2", EnvelopeID: "e2"}, false},
	} {
		t.Run(what, func(t *testing.T) {
			m := newMemory(time.Now, 10)
			if put(t, m, first) {
				t.Fatal("the first was seen before")
			}
			if got := put(t, m, c.second); got != c.seen {
				t.Errorf("seen %v", got)
			}
		})
	}
}

func TestInboxForgetsAfterAnHour(t *testing.T) {
	c := &clock{at()}
	m := newMemory(c.read, 10)
	put(t, m, command("k", "e1"))
	c.pass(seenWindow - time.Second)
	if !put(t, m, command("k", "e2")) {
		t.Error("forgotten within the hour")
	}
	c.pass(2 * time.Second)
	if put(t, m, command("k", "e3")) {
		t.Error("remembered beyond the hour")
	}
}

func TestInboxMemoryIsBounded(t *testing.T) {
	c := &clock{at()}
	s := newSeen(c.read, 100)
	m := newMemory(c.read, 1_000_000)
	m.seen = s
	for i := range 10_000 {
		put(t, m, command(fmt.Sprint("k", i), fmt.Sprint("e", i)))
		if len(s.until) > 102 || s.oldest.len() > 102 {
			t.Fatalf("%d names, %d in order", len(s.until), s.oldest.len())
		}
	}
	if !put(t, m, command("k9999", "new")) {
		t.Error("the newest is forgotten")
	}
	if put(t, m, command("k0", "newer")) {
		t.Error("the oldest is remembered")
	}
	c.pass(2 * seenWindow)
	put(t, m, command("last", "last"))
	if len(s.until) != 2 || cap(s.oldest.items) > 1000 {
		t.Errorf("%d names in %d places after everything's time was over", len(s.until), cap(s.oldest.items))
	}
}

func TestInboxIsBusyAndRecovers(t *testing.T) {
	m := newMemory(time.Now, 2)
	put(t, m, command("a", "e1"))
	put(t, m, command("b", "e2"))
	if _, err := m.Put(t.Context(), entryOf(command("c", "e3"))); !errors.Is(err, ErrBusy) {
		t.Fatalf("the third of two: %v", err)
	}
	if !put(t, m, command("a", "e4")) {
		t.Error("a repeated one is recognised although the inbox is full")
	}
	m.End(1, false, "")
	if put(t, m, command("c", "e3")) {
		t.Error("what was refused is taken for seen when it comes again")
	}
}

func TestQueueKeepsOrderAndMemory(t *testing.T) {
	var q queue[int]
	next, last := 0, 0
	for round := range 2000 {
		for range round % 7 {
			q.push(last)
			last++
		}
		for q.len() > round%5 {
			if got := q.first(); got != next || q.pop() != next {
				t.Fatalf("got %d, want %d", got, next)
			}
			next++
		}
		if len(q.items) > 200 {
			t.Fatalf("%d places for %d items", len(q.items), q.len())
		}
	}
}
