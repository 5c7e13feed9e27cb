package bot

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"
)

// broken is an inbox whose effect log cannot be written.
type broken struct{ *memory }

func (broken) Begin(context.Context, int64, string, []byte) (Logged, error) {
	return Logged{}, fmt.Errorf("disk full: %w", ErrUnkept)
}

func TestNothingIsTriedThatIsNotLogged(t *testing.T) {
	d := newDeed(t)
	d.act.inbox = broken{d.inbox.(*memory)}
	if got, err := d.run(); got != "" || !errors.Is(err, ErrUnkept) || d.tried != 0 {
		t.Errorf("got %q, %v; tried %d times", got, err, d.tried)
	}
	r := &Request{act: d.act}
	if !r.Tried(t.Context(), "make") {
		t.Error("it may have been tried, as nobody knows")
	}
}

func TestOnceWithoutALog(t *testing.T) {
	d := newDeed(t)
	got, err := Once(t.Context(), &Request{}, Effect[string]{Name: "make", Do: d.do})
	if got != "made" || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
}

// TestWhatWasTried is known to a later run, and asking leaves no trace.
func TestWhatWasTried(t *testing.T) {
	d := newDeed(t, attempt{err: saidNo()})
	r := &Request{act: d.act, Workspace: "T1"}
	if r.Tried(t.Context(), "make") || r.Memo(t.Context(), "make") != nil {
		t.Error("the first run tried it before")
	}
	d.crash()
	r.act = d.act
	if r.Tried(t.Context(), "make") || r.Memo(t.Context(), "make") != nil {
		t.Error("nobody tried it")
	}
	if _, err := d.run(); !errors.Is(err, saidNo()) {
		t.Fatalf("after being asked for it is not tried: %v", err)
	}
	if _, err := d.run(); err != nil {
		t.Fatal(err)
	}
	if !r.Tried(t.Context(), "make") || string(r.Memo(t.Context(), "make")) != "before" {
		t.Errorf("tried %v, memo %q", r.Tried(t.Context(), "make"), r.Memo(t.Context(), "make"))
	}
}

func TestKeepIsOfOneWorkspace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		in := newMemory(time.Now, 10)
		of := func(workspace string) *Request { return &Request{act: &act{inbox: in}, Workspace: workspace} }
		of("T1").Keep("twin", []byte("one"), time.Now().Add(time.Minute))
		of("T2").Keep("twin", []byte("two"), time.Now().Add(time.Hour))
		if got := string(of("T1").Kept(t.Context(), "twin")); got != "one" {
			t.Errorf("T1 kept %q", got)
		}
		time.Sleep(time.Minute)
		if got := of("T1").Kept(t.Context(), "twin"); got != nil {
			t.Errorf("T1 kept %q for too long", got)
		}
		if got := string(of("T2").Kept(t.Context(), "twin")); got != "two" {
			t.Errorf("T2 kept %q", got)
		}
		if got := of("T3").Kept(t.Context(), "twin"); got != nil {
			t.Errorf("T3 kept %q", got)
		}
		nobody := &Request{Workspace: "T1"}
		nobody.Keep("twin", nil, time.Now())
		if got := nobody.Kept(t.Context(), "twin"); got != nil {
			t.Errorf("without an inbox %q is kept", got)
		}
	})
}

// TestTooLate: after a long absence nothing new is done; what was begun in time is found out.
func TestTooLate(t *testing.T) {
	for name, begun := range map[string]bool{"not begun": false, "begun": true} {
		t.Run(name, func(t *testing.T) {
			d := newDeed(t)
			d.act.Received, d.act.restored = time.Now().Add(-2*maxAge), true
			r := &Request{Delivery: d.act.Delivery, act: d.act}
			if begun {
				if _, err := d.inbox.Begin(t.Context(), d.act.id, "make", nil); err != nil {
					t.Fatal(err)
				}
			}
			tried, there := 0, begun
			got, err := Once(t.Context(), r, Effect[string]{
				Name: "make", Do: func(context.Context) (string, error) { tried++; return "made", nil },
				Find: func(context.Context, []byte) (string, bool, error) { return "found", there, nil },
			})
			if tried != 0 || begun && (got != "found" || err != nil) || !begun && !errors.Is(err, ErrTooLate) {
				t.Errorf("%q, %v; tried %d times", got, err, tried)
			}
		})
	}
}
