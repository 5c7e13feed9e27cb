package bot

import (
	"testing"
	"testing/synctest"
	"time"
)

// rested puts off what runs first and lets the rest be done.
func rested(a *act) outcome {
	if a.Key == "head" && a.attempts == 1 {
		return outcome{due: time.Now().Add(4 * time.Minute), why: "down"}
	}
	return outcome{}
}

// TestDrop takes any act out that waits; the others of its lane run as if it had never been there.
func TestDrop(t *testing.T) {
	for name, c := range map[string]struct {
		drop []string
		want string
	}{
		"the head, asleep":     {[]string{"head"}, "head middle last"},
		"the middle":           {[]string{"middle"}, "head head last"},
		"the last":             {[]string{"last"}, "head head middle"},
		"head and middle":      {[]string{"head", "middle"}, "head last"},
		"all from the head on": {[]string{"head", "middle", "last"}, "head"},
		"all from the last on": {[]string{"last", "middle", "head"}, "head"},
		"none":                 {nil, "head head middle last"},
	} {
		t.Run(name, func(t *testing.T) {
			sleeping(t, rested, func(t *testing.T, l *lanes, p *plan) {
				ids := map[string]*act{}
				for _, a := range l.enterKeys("T1/a", "head", "middle", "last") {
					ids[a.Key] = a
				}
				synctest.Wait()
				for _, key := range c.drop {
					if got := l.drop(ids[key].id); got != ids[key] {
						t.Errorf("%s: dropped %v", key, got)
					}
					if got := l.drop(ids[key].id); got != nil {
						t.Errorf("%s: dropped twice", key)
					}
				}
				time.Sleep(time.Hour)
				if got := p.order(); got != c.want {
					t.Errorf("ran %s, want %s", got, c.want)
				}
				l.mu.Lock()
				defer l.mu.Unlock()
				if len(l.spaces) != 0 {
					t.Errorf("%d workspaces are kept with nothing to do", len(l.spaces))
				}
			})
		})
	}
}

func TestDropOfWhatRuns(t *testing.T) {
	var hold chan struct{}
	run := func(a *act) outcome {
		if a.Key == "runs" {
			<-hold
		}
		return outcome{}
	}
	sleeping(t, run, func(t *testing.T, l *lanes, p *plan) {
		hold = make(chan struct{})
		all := l.enterKeys("T1/a", "runs", "waits", "last")
		synctest.Wait()
		if l.drop(all[0].id) != nil || l.drop(1<<40) != nil {
			t.Error("what runs, or nothing, was dropped")
		}
		if l.drop(all[1].id) != all[1] {
			t.Error("what waits behind it was not dropped")
		}
		close(hold)
		mustDrain(t, l)
		if got := p.order(); got != "runs last" {
			t.Errorf("ran %s", got)
		}
	})
}

// TestDropWhileItsTimerGoesOff: an act is dropped in the moment in which its lane wakes.
func TestDropWhileItsTimerGoesOff(t *testing.T) {
	sleeping(t, rested, func(t *testing.T, l *lanes, p *plan) {
		head := l.enterKeys("T1/a", "head")[0]
		time.Sleep(tellAfter + time.Second) // nothing else needs the lock from here on
		l.mu.Lock()
		space, lane := l.at("T1/a")
		time.Sleep(time.Until(lane.due))
		got := l.dropFrom(space, lane, head.id)
		l.mu.Unlock()
		if got != head {
			t.Errorf("dropped %v", got)
		}
		time.Sleep(time.Hour)
		l.enterKeys("T1/a", "next")
		mustDrain(t, l)
		if got := p.order(); got != "head next" {
			t.Errorf("ran %s", got)
		}
	})
}

// TestCloseLeavesSleepersAsleep: after close nothing wakes, and what is put off then is left too.
func TestCloseLeavesSleepersAsleep(t *testing.T) {
	run := func(a *act) outcome {
		time.Sleep(5 * time.Second)
		return outcome{due: time.Now().Add(time.Second), why: "down"}
	}
	sleeping(t, run, func(t *testing.T, l *lanes, p *plan) {
		l.enterKeys("T1/a", "sleeps", "behind")
		time.Sleep(5500 * time.Millisecond)
		l.enterKeys("T1/b", "runs", "behind")
		synctest.Wait()
		l.close()
		start := time.Now()
		mustDrain(t, l)
		if took := time.Since(start); took != 5*time.Second {
			t.Errorf("drained after %v", took)
		}
		time.Sleep(time.Hour)
		if got := p.order(); got != "sleeps runs" {
			t.Errorf("ran %s", got)
		}
	})
}
