package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// trouble is an error that says what kind it is, as those of the other side do.
type trouble struct{ uncertain, temporary, outage bool }

func (e trouble) Error() string   { return "trouble" }
func (e trouble) Uncertain() bool { return e.uncertain }
func (e trouble) Temporary() bool { return e.temporary }
func (e trouble) Outage() bool    { return e.outage }

// saidNo is certain: nothing happened.
func saidNo() error { return trouble{} }

// lostAnswer is an outage that took the answer away.
func lostAnswer() error { return trouble{uncertain: true, temporary: true, outage: true} }

// stubborn is an error of the other side's own.
func stubborn() error { return trouble{uncertain: true, temporary: true} }

// garbled will not pass.
func garbled() error { return trouble{uncertain: true} }

// attempt is what one try of a deed does.
type attempt struct {
	err     error
	happens bool // although err
}

// deed is a request with one effect, and the outside in which it happens.
type deed struct {
	t       *testing.T
	inbox   Inbox
	act     *act
	told    counting
	proved  bool
	tries   []attempt // what the tries do, in order; those after succeed
	tried   int
	made    []time.Time   // when it happened
	lag     time.Duration // after which it can be found
	visible time.Duration // after which the effect believes that it can be
	blind   error         // why it cannot be looked for
	memo    string        // the memo that it is given
	memos   []string      // the memos that looks were given
}

func newDeed(t *testing.T, tries ...attempt) *deed {
	a := acting(Delivery{Kind: Command, Key: "k1"})
	return &deed{t: t, act: a, inbox: a.inbox, tries: tries, visible: 15 * time.Second, memo: "before"}
}

// run handles the request once more.
func (d *deed) run() (string, error) {
	d.t.Helper()
	r := &Request{Delivery: d.act.Delivery, Workspace: "T1", act: d.act, observe: &d.told}
	got, err := Once(d.t.Context(), r, Effect[string]{Name: "make", Memo: []byte(d.memo), Visible: d.visible, Do: d.do, Find: d.find})
	d.act.before = true
	d.proved = r.proved
	return got, err
}

func (d *deed) do(context.Context) (string, error) {
	d.tried++
	one := attempt{happens: true}
	if len(d.tries) > 0 {
		one, d.tries = d.tries[0], d.tries[1:]
	}
	if one.happens {
		d.made = append(d.made, time.Now())
	}
	if one.err != nil {
		return "", one.err
	}
	return "made", nil
}

func (d *deed) find(_ context.Context, memo []byte) (string, bool, error) {
	d.memos = append(d.memos, string(memo))
	if d.blind != nil {
		return "", false, d.blind
	}
	if len(d.made) > 0 && time.Since(d.made[0]) >= d.lag {
		return "found", true, nil
	}
	return "", false, nil
}

// crash is the end of the process and the start of the next one.
func (d *deed) crash() {
	d.act = newAct(d.act.Delivery, d.act.id, d.act.lane, d.inbox)
	d.act.before = true
}

// log gives what the effect log knows, without changing it.
func (d *deed) log() Logged {
	return d.inbox.(*memory).live[d.act.id].effects["make"]
}

// patiently runs until it is known what became of the effect, waiting as long as is said between two runs.
func (d *deed) patiently() (string, error) {
	d.t.Helper()
	for range 100 {
		got, err := d.run()
		open, is := errors.AsType[*UnsettledError](err)
		if !is {
			return got, err
		}
		if open.After <= 0 {
			d.t.Fatalf("to be looked for again after %v", open.After)
		}
		time.Sleep(open.After)
	}
	d.t.Fatal("never settled")
	return "", nil
}

// expect checks how often it was tried and happened, and that the looks are few and ended as they should.
func (d *deed) expect(tried, made int, found bool) {
	d.t.Helper()
	if d.tried != tried || len(d.made) != made {
		d.t.Errorf("tried %d times and happened %d, want %d and %d", d.tried, len(d.made), tried, made)
	}
	looks := d.told.told
	if len(looks) > 15*tried || len(looks) != len(d.memos) {
		d.t.Errorf("%d looks for %d tries, %d of them counted", len(d.memos), tried, len(looks))
	}
	if got := slices.Index(looks, "looked found"); found && got != len(looks)-1 || !found && got >= 0 {
		d.t.Errorf("looks: %q", looks)
	}
}

// TestOnce: whatever becomes of the tries, the effect happens once.
func TestOnce(t *testing.T) {
	for name, c := range map[string]struct {
		tries       []attempt
		lag         time.Duration
		want        string
		tried, made int
	}{
		"success":                          {nil, 0, "made", 1, 1},
		"no answer, found at once":         {[]attempt{{lostAnswer(), true}}, 0, "found", 1, 1},
		"no answer, found later":           {[]attempt{{lostAnswer(), true}}, time.Second, "found", 1, 1},
		"no answer, found at the last":     {[]attempt{{lostAnswer(), true}}, 15 * time.Second, "found", 1, 1},
		"no answer, never there":           {[]attempt{{lostAnswer(), false}}, 0, "made", 2, 1},
		"unsorted errors are uncertain":    {[]attempt{{errors.New("cut"), true}}, 0, "found", 1, 1},
		"an expired context is uncertain":  {[]attempt{{context.DeadlineExceeded, true}}, 0, "found", 1, 1},
		"wrapped uncertain errors are too": {[]attempt{{fmt.Errorf("declare: %w", lostAnswer()), true}}, 0, "found", 1, 1},
		"an error that will not pass":      {[]attempt{{garbled(), true}}, 0, "found", 1, 1},
		"an outage however often":          {lasting(9, lostAnswer()), 0, "made", 10, 1},
		"stubborn, happens at last":        {append(lasting(2, stubborn()), attempt{stubborn(), true}), 0, "found", 3, 1},
		"stubborn three times, then works": {lasting(3, stubborn()), 0, "made", 4, 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := newDeed(t, c.tries...)
				d.lag = c.lag
				got, err := d.patiently()
				if got != c.want || err != nil || !d.proved {
					t.Errorf("got %q, %v, proved %v", got, err, d.proved)
				}
				d.expect(c.tried, c.made, c.want == "found")
				if log := d.log(); !log.Done || string(log.Result) != fmt.Sprintf("%q", c.want) {
					t.Errorf("logged %+v", log)
				}
				if got, err := d.run(); got != c.want || err != nil {
					t.Errorf("the next run got %q, %v", got, err)
				}
				d.crash()
				if got, err := d.run(); got != c.want || err != nil {
					t.Errorf("the next process got %q, %v", got, err)
				}
				d.expect(c.tried, c.made, c.want == "found")
			})
		})
	}
}

// lasting is a trouble that comes so often, and nothing happens.
func lasting(n int, err error) (all []attempt) {
	for range n {
		all = append(all, attempt{err: err})
	}
	return all
}

func TestCertainErrorLeavesNoTrace(t *testing.T) {
	for name, err := range map[string]error{"said no": saidNo(), "wrapped": fmt.Errorf("declare: %w", saidNo())} {
		t.Run(name, func(t *testing.T) {
			d := newDeed(t, attempt{err: err})
			if got, gave := d.run(); got != "" || !errors.Is(gave, err) || d.proved {
				t.Errorf("got %q, %v, proved %v", got, gave, d.proved)
			}
			if log := d.log(); cmp.Diff(Logged{}, log) != "" {
				t.Errorf("logged %+v", log)
			}
			if got, gave := d.run(); got != "made" || gave != nil {
				t.Errorf("the next run got %q, %v", got, gave)
			}
			d.expect(2, 1, false)
		})
	}
}

// TestUnsettled: the pauses grow with the age of the doubt, and the last look comes when the effect must be visible.
func TestUnsettled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDeed(t, attempt{lostAnswer(), true})
		d.lag = time.Hour
		began, last := time.Now(), time.Duration(0)
		for time.Since(began) < d.visible {
			_, err := d.run()
			open, is := errors.AsType[*UnsettledError](err)
			if !is {
				t.Fatalf("after %v: %v", time.Since(began), err)
			}
			left := d.visible - time.Since(began)
			if open.After < last && open.After != left || open.After > left || open.After < min(firstLook, left) {
				t.Errorf("after %v: again after %v, before it was %v", time.Since(began), open.After, last)
			}
			last = open.After
			time.Sleep(open.After)
		}
		if age := time.Since(began); age != d.visible {
			t.Errorf("the last look came after %v", age)
		}
		d.expect(1, 1, false)
	})
}

// TestUnsettledSaysWhy: what made it uncertain is told in the run in which it was, and that it cannot be found out.
func TestUnsettledSaysWhy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, visible := range []time.Duration{0, time.Second} {
			d := newDeed(t, attempt{lostAnswer(), true})
			d.lag, d.visible = time.Hour, visible
			_, err := d.run()
			if _, is := errors.AsType[*UnsettledError](err); !is || !errors.Is(err, lostAnswer()) || !strings.Contains(err.Error(), "make: ") {
				t.Errorf("visible after %v: %v", visible, err)
			}
		}
		d := newDeed(t, attempt{lostAnswer(), true})
		d.lag = time.Hour
		_, _ = d.run()
		d.crash()
		_, err := d.run()
		if open, is := errors.AsType[*UnsettledError](err); !is || open.Err != nil || err.Error() != "make: not known yet whether it happened" {
			t.Errorf("after a crash: %v", err)
		}
	})
}

// TestBlind: while an effect cannot be looked for it is never tried again, however long that takes.
func TestBlind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDeed(t, attempt{lostAnswer(), true})
		d.blind = errors.New("no way to look")
		began := time.Now()
		for time.Since(began) < time.Hour {
			_, err := d.run()
			open, is := errors.AsType[*UnsettledError](err)
			if !is || !errors.Is(err, d.blind) || open.After < firstLook || open.After > longestLook {
				t.Fatalf("got %v", err)
			}
			time.Sleep(open.After)
		}
		if d.tried != 1 || len(d.memos) > 300 {
			t.Errorf("tried %d times, looked %d times in an hour", d.tried, len(d.memos))
		}
		d.blind = nil
		if got, err := d.run(); got != "found" || err != nil {
			t.Errorf("got %q, %v", got, err)
		}
	})
}

// TestStubborn: what fails again and again while the other side works is given up, and so is what will not pass.
func TestStubborn(t *testing.T) {
	for name, c := range map[string]struct {
		tries []attempt
		tried int
	}{
		"fails for a reason of its own":  {lasting(99, stubborn()), mostMisses},
		"will not pass":                  {lasting(99, garbled()), 1},
		"will not pass, after an outage": {append(lasting(7, lostAnswer()), lasting(99, garbled())...), 8},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := newDeed(t, c.tries...)
				_, err := d.patiently()
				done, is := errors.AsType[*NotDoneError](err)
				if !is || !certain(err) || done.Unwrap() == nil || !strings.HasPrefix(err.Error(), "looked for and not found: ") {
					t.Errorf("got %v", err)
				}
				if d.tried != c.tried || len(d.made) != 0 {
					t.Errorf("tried %d times, happened %d times", d.tried, len(d.made))
				}
				if log := d.log(); cmp.Diff(Logged{}, log) != "" {
					t.Errorf("logged %+v", log)
				}
			})
		})
	}
}

// TestCrashInTheMiddle: the process ends between Begin and the result.
func TestCrashInTheMiddle(t *testing.T) {
	for _, happens := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			d := newDeed(t)
			d.lag = 3 * time.Second
			if _, err := d.inbox.Begin(t.Context(), d.act.id, "make", []byte("first")); err != nil {
				t.Fatal(err)
			}
			if happens {
				d.made = append(d.made, time.Now())
			}
			d.crash()
			want, tried := "made", 1
			if happens {
				want, tried = "found", 0
			}
			if got, err := d.patiently(); got != want || err != nil || d.tried != tried || len(d.made) != 1 {
				t.Errorf("happened %v: got %q, %v; tried %d times", happens, got, err, d.tried)
			}
			for _, memo := range d.memos {
				if memo != "first" {
					t.Errorf("looked with the memo %q", memo)
				}
			}
		})
	}
}

// TestMemo: a look gets what was so before the first try, and what is tried again keeps it.
func TestMemo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDeed(t, attempt{lostAnswer(), false}, attempt{lostAnswer(), true})
		_, _ = d.run()
		d.crash()
		d.memo = "after" // read again, when it may have changed
		if _, err := d.patiently(); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(strings.Join(d.memos, " "), "after") {
			t.Errorf("looked with the memos %q", d.memos)
		}
		if d.tried != 2 || string(d.log().Memo) != "before" {
			t.Errorf("tried %d times, logged %+v", d.tried, d.log())
		}
	})
}
