package bot

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// stands gives an entry of an earlier process that holds a sample.
func (r *intakeRig) stands(t *testing.T, file string) Entry {
	t.Helper()
	d, _, err := decode(envelopeFile(t, file), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	e := r.entry(&d)
	if _, err := r.box.memory.Put(t.Context(), &e); err != nil {
		t.Fatal(err)
	}
	return e
}

func TestRestored(t *testing.T) {
	for file, kind := range map[string]string{"command": "command", "mention": "mention", "click": "click", "submission": "submission"} {
		t.Run(file, func(t *testing.T) {
			r := newIntake(t)
			e := r.stands(t, file)
			e.Attempts, e.Crashes, e.Why = 3, maxCrashes-1, "down"
			var got *act
			r.way.run = func(Delivery) {}
			r.lanes.runner = ranBy(func(a *act) { got = a; r.way.Run(t.Context(), a) })
			r.restore(e)
			r.expect(t, "run "+kind, "end false")
			if got.attempts != 4 || !got.before || !got.restored || got.waitsFor() != "down" || got.id != e.ID || got.lane != e.Lane {
				t.Errorf("ran as %+v", got)
			}
		})
	}
}

// ranBy is a runner made of a function.
type ranBy func(a *act)

func (f ranBy) Run(_ context.Context, a *act) outcome { f(a); return outcome{} }

func (f ranBy) Wait(context.Context, *act, Wait) {}

func TestUnreadableIsGivenUp(t *testing.T) {
	for name, body := range map[string]string{
		"nothing": "", "no JSON": "\x00\xff", "another kind of value": `[1,2]`, "cut": `{"Kind":"command","Text":"hush`,
		"a wrong time": `{"Received":"hush"}`,
	} {
		t.Run(name, func(t *testing.T) {
			r := newIntake(t)
			e := r.stands(t, "command")
			e.Body = []byte(body)
			r.restore(e)
			r.expect(t, "end true")
			mustDrain(t, r.lanes)
			if !strings.Contains(r.log.String(), "cannot be read") {
				t.Errorf("log: %s", r.log)
			}
		})
	}
}

// TestSuspect: what was at work whenever the process died is not tried again, and its person is told.
func TestSuspect(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newIntake(t)
		for _, crashes := range []int{maxCrashes, maxCrashes + 7} {
			e := r.stands(t, map[bool]string{true: "command", false: "mention"}[crashes == maxCrashes])
			e.Crashes = crashes
			r.restore(e)
			synctest.Wait()
		}
		r.expect(t, "give up command", "end true", "give up mention", "end true")
		mustDrain(t, r.lanes)
		r.lanes.abandon()
		synctest.Wait()
	})
}

// TestRefusalThatPanics: a form's refusal that cannot be made leaves it without an acknowledgement, which Slack shows.
func TestRefusalThatPanics(t *testing.T) {
	r := newIntake(t)
	r.box.err = errors.New("disk full")
	r.intake.router = panicky{r.way}
	r.sends(t, "submission")
	r.sends(t, "command")
	r.expect(t, "put submission", "put command", "ack e1-1b2c")
	eventually(t, "both panics are logged", func() bool { return strings.Count(r.log.String(), "panic caught") == 2 })
}

// panicky is a router that cannot refuse.
type panicky struct{ *routerOf }

func (panicky) Refusal(Delivery, error) any { panic("refusal") }

func (panicky) Refuse(context.Context, Delivery, error) { panic("refuse") }

// TestNobodyCanBeTold: a refusal for which there is no room is logged.
func TestNobodyCanBeTold(t *testing.T) {
	r := newIntake(t)
	r.box.err = ErrBusy
	r.fast.close(t.Context())
	r.sends(t, "command")
	r.expect(t, "put command", "ack e1-1b2c")
	if !strings.Contains(r.log.String(), "person not told of a refused delivery") {
		t.Errorf("log: %s", r.log)
	}
}
