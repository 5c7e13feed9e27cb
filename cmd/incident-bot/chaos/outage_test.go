package chaos

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"incident-bot/bot/slacktest"
	"incident-bot/incident/incidenttest"
)

// How long the stack is away, how many people type meanwhile, and how soon each is told.
const (
	outageLength = 15 * time.Second
	outageActs   = 40
	toldWithin   = 3 * time.Second
)

// TestOutage takes the stack away in each of the ways in which stacks go. Everybody is told soon that it waits and why,
// and everything is done, in order, once the stack is back.
func TestOutage(t *testing.T) {
	t.Parallel()
	for _, o := range []outage{
		{name: "refuses connections", seed: 11, begin: func(w *world) { w.grafana.Down(true) }, end: func(w *world) { w.grafana.Down(false) }},
		{name: "answers 503", seed: 12, begin: failing(incidenttest.Fault{Status: 503, HTML: true}), end: healed},
		{name: "does not answer", seed: 13, begin: failing(incidenttest.Fault{Hang: true}), end: healed},
		{name: "refuses and the bot dies meanwhile", seed: 14, dies: true, begin: func(w *world) { w.grafana.Down(true) }, end: func(w *world) { w.grafana.Down(false) }},
	} {
		t.Run(o.name, func(t *testing.T) {
			t.Parallel()
			o.run(t)
		})
	}
}

type outage struct {
	name       string
	seed       uint64
	dies       bool
	begin, end func(*world)
}

func failing(f incidenttest.Fault) func(*world) {
	f.Times = -1
	return func(w *world) { w.grafana.Fail("", f) }
}

func healed(w *world) { w.grafana.Heal() }

func (o outage) run(t *testing.T) {
	w := newWorld(t, slacktest.Options{Seed: o.seed}, incidenttest.Options{})
	l := newLife(t, w)
	o.begin(w)
	over := time.After(outageLength)
	k, watch := &keeper{w: w}, &watchers{w: w}
	draw := dice(o.seed, forWords)
	for n := range outageActs {
		pause(time.Duration(20+draw.IntN(150)) * time.Millisecond)
		a := w.newAct(n, draw)
		a.send()
		k.acts = append(k.acts, a)
		watch.begin(a)
	}
	watch.all.Wait()
	if o.dies {
		l.crash()
	}
	<-over
	o.end(w)
	back := time.Now()
	b := k.settle()
	l.alive()
	t.Logf("seed %d, stack away for %v, settled in %v: %v", o.seed, outageLength, time.Since(back).Round(time.Second), b)
	b.mustBeClean(t)
	watch.report(t)
	if b.effects != b.typed || b.refused+b.unsure > 0 {
		t.Errorf("%d of %d were done; %d ended with ✗", b.effects, b.typed, b.refused+b.unsure)
	}
	k.mustBeInOrder(t)
}

// watchers look over the shoulders of those who type.
type watchers struct {
	w    *world
	all  sync.WaitGroup
	mu   sync.Mutex
	late []string
}

// begin waits until the person reads that the act waits, and because of Grafana.
func (s *watchers) begin(a *act) {
	s.all.Go(func() {
		told := until(toldWithin-time.Since(a.typed), 50*time.Millisecond, func() bool {
			return slices.ContainsFunc(s.w.answers(a), func(text string) bool { return read(text) == waits && strings.Contains(text, "Grafana") })
		})
		if !told {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.late = append(s.late, fmt.Sprintf("%q was told %q", a.words(), s.w.answers(a)))
		}
	})
}

func (s *watchers) report(t *testing.T) {
	t.Helper()
	if len(s.late) > 0 {
		t.Errorf("%d did not read within %v that Grafana keeps them waiting; first: %s", len(s.late), toldWithin, s.late[0])
	}
}

// mustBeInOrder holds the notes of each incident to the order in which they were typed.
func (k *keeper) mustBeInOrder(t *testing.T) {
	t.Helper()
	typed := map[string][]string{}
	for _, a := range k.acts {
		if a.note && a.accepted() {
			typed[a.about] = append(typed[a.about], a.token)
		}
	}
	for id, want := range typed {
		i, _ := k.w.grafana.Incident(id)
		var got []string
		for _, a := range i.Activity {
			if text, _, _ := strings.Cut(a.Body, "\n"); slices.Contains(want, text) {
				got = append(got, text)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("the notes on #%s were typed as %q and stand as %q", id, want, got)
		}
	}
}
