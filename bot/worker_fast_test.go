package bot

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func always(Delivery) bool { return true }

func errorsFor(string) any { return map[string]string{"response_action": "errors"} }

func TestFormErrorsTravelInTheAcknowledgement(t *testing.T) {
	r := newIntake(t)
	r.way.needs = always
	r.way.quick = func(context.Context, Delivery) (any, bool) { return errorsFor("title"), false }
	r.sends(t, "submission")
	r.expect(t, "fast submission", `ack e35 {"response_action":"errors"}`)
	// Corrected and sent again: the view is the same, and was not accepted before.
	r.way.quick = func(context.Context, Delivery) (any, bool) { return nil, true }
	r.sends(t, "submission")
	r.expect(t, "fast submission", `ack e35 {"response_action":"errors"}`, "fast submission", "put submission", "ack e35",
		"run submission", "end false")
}

func TestFormIsAcknowledgedWhenItIsOpen(t *testing.T) {
	r := newIntake(t)
	r.way.needs = always
	r.way.quick = func(_ context.Context, d Delivery) (any, bool) { r.note("opened"); return nil, false }
	r.sends(t, "command")
	r.expect(t, "fast command", "opened", "ack e1-1b2c")
	r.sends(t, "command") // again, as after a lost acknowledgement: the trigger opens one form
	r.expect(t, "fast command", "opened", "ack e1-1b2c", "ack e1-1b2c")
}

func TestFastLanePanicLosesNothing(t *testing.T) {
	r := newIntake(t)
	r.way.needs = always
	r.way.quick = func(context.Context, Delivery) (any, bool) { panic("check") }
	r.sends(t, "submission")
	r.expect(t, "fast submission", "put submission", "ack e35", "run submission", "end false")
}

func TestFastLaneInTime(t *testing.T) {
	for _, c := range []struct {
		file string
		keep bool
		want string
	}{
		// A check that takes too long: the submission is kept, and what the check says then is not.
		{"submission", false, "fast submission; put submission; ack e35; run submission; end false"},
		{"submission", true, "fast submission; put submission; ack e35; run submission; end false"},
		// A form that takes too long to open may still open.
		{"command", false, "fast command; ack e1-1b2c"},
		{"command", true, "fast command; ack e1-1b2c; put command; run command; end false"},
	} {
		synctest.Test(t, func(t *testing.T) {
			r := newIntake(t)
			r.way.needs = always
			r.way.quick = func(context.Context, Delivery) (any, bool) {
				time.Sleep(20 * time.Second)
				return errorsFor("title"), c.keep
			}
			start := time.Now()
			r.sends(t, c.file)
			for !strings.Contains(strings.Join(r.all(), "; "), "ack") {
				time.Sleep(10 * time.Millisecond)
			}
			if took := time.Since(start); took > fastBudget+10*time.Millisecond {
				t.Errorf("acknowledged after %v", took)
			}
			time.Sleep(time.Minute)
			if got := strings.Join(r.all(), "; "); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
			r.lanes.abandon()
			synctest.Wait()
		})
	}
}

func TestFullFastLaneTakesThePlainWay(t *testing.T) {
	r := newIntake(t)
	r.way.needs = always
	hold := make(chan struct{})
	r.way.quick = func(context.Context, Delivery) (any, bool) { <-hold; return nil, true }
	r.sends(t, "submission")
	r.sends(t, "submission_connect")
	r.wait(t, 2) // both slots are taken
	r.sends(t, "submission_grid")
	r.expect(t, "fast submission", "fast submission", "put submission", "ack e37", "run submission", "end false")
	close(hold)
	r.wait(t, 8)
}

func TestPayloadGoesOnlyWhereItIsTaken(t *testing.T) {
	r := newIntake(t)
	r.way.needs = always
	r.way.quick = func(context.Context, Delivery) (any, bool) { return errorsFor("title"), false }
	r.sends(t, "click") // accepts_response_payload is false
	r.expect(t, "fast click", "ack e30")
	if !strings.Contains(r.log.String(), "an answer was dropped") {
		t.Errorf("the loss is not in the log: %s", r.log)
	}
}

func TestClosedFastLane(t *testing.T) {
	r := newIntake(t)
	r.way.needs = always
	release := make(chan struct{})
	r.way.quick = func(context.Context, Delivery) (any, bool) { <-release; return nil, true }
	r.sends(t, "submission")
	r.wait(t, 1)
	closed := make(chan struct{})
	go func() {
		r.fast.close(t.Context())
		close(closed)
	}()
	eventually(t, "close to begin", func() bool { return !r.fast.start(func() {}) })
	select {
	case <-closed:
		t.Error("closed before what runs has ended")
	default:
	}
	close(release)
	<-closed
	if got := r.all(); got[1] != "put submission" {
		t.Errorf("not flushed: %q", got)
	}
}
