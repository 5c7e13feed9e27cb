package bot

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime/debug"
	"strings"
	"time"
)

// An act that cannot be done yet is tried again after a pause that doubles, from a second to five minutes. When Grafana
// is down that is so for many acts at once, and somebody has to notice that it is back: one lane of each workspace, the
// scout, never rests for long, and as soon as anything proves that the other side answers, all others are roused.
const (
	firstPause   = time.Second
	longestPause = 5 * time.Minute
	scoutPause   = 15 * time.Second
	rousePause   = time.Second // since the last try, whoever rouses
)

// maxAge is how long an act is tried. After that the person is told that nothing came of it.
const maxAge = 6 * time.Hour

// pauseAfter is the pause after so many attempts, with jitter: many that failed together do not come back together.
func pauseAfter(attempts int) time.Duration {
	d := min(firstPause<<min(max(attempts-1, 0), 16), longestPause)
	return d/2 + rand.N(d/2+1)
}

// sleep lets a lane rest until its first act is due. mu is held.
func (l *lanes) sleep(s *space, one *lane, o outcome) {
	now := time.Now()
	one.tried, one.due, one.firm = now, o.due, o.firm
	switch {
	case o.firm:
		s.relieve(one)
	case s.scout == nil:
		s.scout = one
	}
	if s.scout == one {
		one.soon(scoutPause)
	}
	l.pending -= one.waiting.len()
	s.asleep++
	one.timer = time.AfterFunc(one.due.Sub(now), func() { l.wake(s, one) })
	l.rest()
}

// soon brings a lane's next try forward to that time after its last, if it is later.
func (one *lane) soon(after time.Duration) {
	if soon := one.tried.Add(after); soon.Before(one.due) {
		one.due = soon
	}
}

// relieve makes another lane the scout when the scout has nothing left to try, or may not for a while: the one whose last
// try was longest ago. mu is held.
func (s *space) relieve(scout *lane) {
	if s.scout != scout {
		return
	}
	s.scout = nil
	for _, one := range s.lanes {
		if one != scout && one.timer != nil && !one.firm && (s.scout == nil || one.tried.Before(s.scout.tried)) {
			s.scout = one
		}
	}
	if s.scout != nil && s.scout.timer.Stop() {
		s.scout.soon(scoutPause)
		s.scout.timer.Reset(time.Until(s.scout.due))
	}
}

// wake makes a lane ready that slept.
func (l *lanes) wake(s *space, one *lane) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if one.timer == nil || l.closed {
		return
	}
	one.timer = nil
	s.asleep--
	l.pending += one.waiting.len()
	l.make(s, one)
}

// rouse wakes the lanes of a workspace that wait for the other side to answer. mu is held.
func (l *lanes) rouse(s *space) {
	if s.asleep == 0 {
		return
	}
	for _, one := range s.lanes {
		if one.timer == nil || one.firm || !one.timer.Stop() {
			continue
		}
		one.soon(rousePause)
		one.timer.Reset(time.Until(one.due))
	}
}

// close lets nothing wake any more: what sleeps is left to the next process.
func (l *lanes) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
}

// drop takes an act that waits out of its lane, and says whether it was there.
func (l *lanes) drop(id int64) *act {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, s := range l.spaces {
		for _, one := range s.lanes {
			if a := l.dropFrom(s, one, id); a != nil {
				return a
			}
		}
	}
	return nil
}

func (l *lanes) dropFrom(s *space, one *lane, id int64) *act {
	at := one.waiting.index(func(a *act) bool { return a.id == id })
	if at < 0 || at == 0 && one.timer == nil {
		return nil // it runs, or is about to
	}
	a := one.waiting.remove(at)
	l.metrics.waiting.Dec()
	switch {
	case one.timer == nil:
		l.pending--
	case at == 0:
		s.relieve(one)
		if one.waiting.len() > 0 {
			one.timer.Reset(0)
		} else {
			one.timer.Stop() // should it have gone off already, wake finds no timer
			one.timer = nil
			s.asleep--
			delete(s.lanes, one.name)
			l.metrics.lanes.Dec()
			l.leave(s)
		}
	}
	l.rest()
	return a
}

// announce sees that the person hears of an act that takes long.
func (l *lanes) announce(a *act) {
	a.waiting.start(tellAfter-time.Since(a.Received), func() {
		if l.ctxOver() {
			return
		}
		defer l.recovered(a, "telling that it waits")
		ctx, cancel := context.WithTimeout(l.ctx, sendingTime)
		defer cancel()
		l.runner.Wait(ctx, a, l.reason(a))
	})
}

// recovered is deferred around what is done for an act beside its runs: a panic there is no end of the process.
func (l *lanes) recovered(a *act, where string) {
	if p := recover(); p != nil {
		l.metrics.panics.WithLabelValues("worker").Inc()
		l.log.Error().Str("key", a.Key).Str("where", where).Str("panic", fmt.Sprint(p)).Bytes("stack", debug.Stack()).Msg("panic caught")
	}
}

// A Wait says why a request waits.
type Wait struct {
	// Why is what Routes.Later said of it when it was tried last, "" when it was not tried yet.
	Why string
	// Behind is how many requests of the same lane come first. The reason of the first is in First.
	Behind int
	First  string
	// Running says that its handler is at work.
	Running bool
}

// reason finds out why an act waits.
func (l *lanes) reason(a *act) Wait {
	w := Wait{Why: a.waitsFor()}
	l.mu.Lock()
	defer l.mu.Unlock()
	workspace, _, _ := strings.Cut(a.lane, "/")
	s := l.spaces[workspace]
	if s == nil || s.lanes[a.lane] == nil {
		return w
	}
	one := s.lanes[a.lane]
	at := one.waiting.index(func(b *act) bool { return a == b })
	if at > 0 {
		w.Behind, w.First = at, one.waiting.first().waitsFor()
	}
	w.Running = at == 0 && one.running
	return w
}
