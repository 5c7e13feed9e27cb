package bot

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"
)

// ledger is an inbox that notes what becomes of entries and starts them as it is told.
type ledger struct {
	*memory
	*diary
	start func(id int64) (bool, error)
}

func (s *ledger) Start(ctx context.Context, id int64) (bool, error) {
	if s.start != nil {
		if ours, err := s.start(id); err != nil || !ours {
			return ours, err
		}
	}
	return s.memory.Start(ctx, id)
}

func (s *ledger) Later(id int64, due time.Time, why string) {
	s.note("later %v %s", time.Until(due), why)
	s.memory.Later(id, due, why)
}

func (s *ledger) End(id int64, dead bool, why string) {
	s.note("end %v %s", dead, why)
	s.memory.End(id, dead, why)
}

// written runs a test of what lanes write down.
func written(t *testing.T, run func(a *act) outcome, test func(t *testing.T, l *lanes, s *ledger, p *plan)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s, p := &ledger{memory: newMemory(time.Now, maxWaiting), diary: newDiary()}, newPlan(run)
		l := newLanes(p, s, unmeasured(t), zerolog.Nop())
		defer l.abandon()
		test(t, l, s, p)
	})
}

func (s *ledger) expect(t *testing.T, want string) {
	t.Helper()
	if got := strings.Join(s.all(), "; "); got != want {
		t.Errorf("written down: %s\nwant: %s", got, want)
	}
}

func TestWhatBecameOfARunIsWrittenDown(t *testing.T) {
	run := func(a *act) outcome {
		switch a.attempts {
		case 1:
			return outcome{due: time.Now().Add(2 * time.Second), why: "down"}
		case 2:
			return outcome{due: time.Now().Add(4 * time.Second), why: "still down"}
		}
		return outcome{dead: true, why: "too old"}
	}
	written(t, run, func(t *testing.T, l *lanes, s *ledger, p *plan) {
		l.enterKeys("T1/a", "a")
		time.Sleep(time.Minute)
		s.expect(t, "later 2s down; later 4s still down; end true too old")
	})
}

// TestStartThatFails: what cannot be begun is not handled, and begun again a second later.
func TestStartThatFails(t *testing.T) {
	written(t, func(*act) outcome { return outcome{} }, func(t *testing.T, l *lanes, s *ledger, p *plan) {
		failing := 3
		s.start = func(int64) (bool, error) {
			if failing > 0 {
				failing--
				return false, errors.New("disk full")
			}
			return true, nil
		}
		a := l.enterKeys("T1/a", "a", "b")[0]
		time.Sleep(time.Minute)
		why := ErrUnkept.Error()
		s.expect(t, "later 1s "+why+"; later 1s "+why+"; later 1s "+why+"; end false ; end false ")
		if at := p.times("a"); len(at) != 1 || at[0] != 3*time.Second || a.attempts != 1 || p.order() != "a b" {
			t.Errorf("ran %s, a at %v in attempt %d", p.order(), at, a.attempts)
		}
	})
}

// TestStartOfWhatIsNotOurs: what another process has, or somebody dropped, is neither handled nor ended here.
func TestStartOfWhatIsNotOurs(t *testing.T) {
	written(t, func(*act) outcome { return outcome{} }, func(t *testing.T, l *lanes, s *ledger, p *plan) {
		s.start = func(id int64) (bool, error) { return id != 1, nil }
		l.enterKeys("T1/a", "a", "b")
		mustDrain(t, l)
		s.expect(t, "end false ")
		if p.order() != "b" {
			t.Errorf("ran %s", p.order())
		}
	})
}

// TestMessageThatReachedNobody: when a message waited for its turn and failed, its act is run once more after its run was
// over; so often as that happens.
func TestMessageThatReachedNobody(t *testing.T) {
	run := func(a *act) outcome {
		if a.Key == "a" && a.attempts <= 2 {
			a.hold()
			time.AfterFunc(3*time.Second, func() {
				a.reachedNobody(errors.New("cut"))
				a.release()
			})
		}
		return outcome{}
	}
	written(t, run, func(t *testing.T, l *lanes, s *ledger, p *plan) {
		a := l.enterKeys("T1/a", "a", "b")[0]
		time.Sleep(2 * time.Second)
		if p.order() != "a b" {
			t.Errorf("ran %s before the message failed", p.order())
		}
		time.Sleep(time.Minute)
		const again = " a message did not arrive; "
		s.expect(t, "end false ; later 10s"+again+"later 20s"+again+"end false ")
		if diff := cmp.Diff([]time.Duration{0, 13 * time.Second, 36 * time.Second}, p.times("a")); diff != "" || !a.before {
			t.Errorf("before %v, ran at -want +got:\n%s", a.before, diff)
		}
	})
}

// TestOldMessageThatReachedNobody: what is too old is not sent again. A process that ends sends nothing again and leaves
// that to the next: the act is not over.
func TestOldMessageThatReachedNobody(t *testing.T) {
	run := func(a *act) outcome {
		a.hold()
		time.AfterFunc(time.Second, func() {
			a.reachedNobody(errors.New("cut"))
			a.release()
		})
		return outcome{}
	}
	written(t, run, func(t *testing.T, l *lanes, s *ledger, p *plan) {
		l.enter("T1/a", &Delivery{Key: "old", Received: time.Now().Add(-maxAge)})
		time.Sleep(time.Minute)
		s.expect(t, "end false ")
		l.enterKeys("T1/a", "new")
		synctest.Wait()
		l.abandon()
		time.Sleep(time.Minute)
		s.expect(t, "end false ; later 10s a message did not arrive")
		if p.order() != "old new" {
			t.Errorf("ran %s", p.order())
		}
	})
}
