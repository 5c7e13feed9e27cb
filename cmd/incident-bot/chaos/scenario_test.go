package chaos

import (
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"incident-bot/bot/slacktest"
	"incident-bot/incident/incidenttest"
)

// scenario is a run: what people do, and what happens to the bot meanwhile.
type scenario struct {
	name    string
	seed    uint64
	acts    int
	kills   int
	doubled float64 // the share of deliveries that come twice
	// replicas is how many bots share the database; 0 is one, with a file of its own.
	replicas int
	database string
	slack    slacktest.Options
	grafana  incidenttest.Options
	ill      func(w *world, seed uint64)     // faults from the beginning to the end of typing
	trouble  func(w *world, draw *rand.Rand) // comes again and again while people type
}

// What draws are for: one kind of event does not change the draws of another.
const (
	forWords = iota + 1
	forKills
	forDoubles
	forTrouble
)

// run plays a scenario and holds its books to four zeros.
func (s scenario) run(t *testing.T) *keeper {
	s.slack.Seed = s.seed
	w := newWorld(t, s.slack, s.grafana)
	if s.database != "" {
		w.env["DATABASE_URL"] = s.database
	}
	f := newFleet(t, w, max(s.replicas, 1))
	if s.ill != nil {
		s.ill(w, s.seed)
	}
	stop := s.disturb(w)
	k := s.play(w, f)
	stop()
	w.grafana.Heal()
	w.slack.Heal()
	began := time.Now()
	b := k.settle()
	f.alive()
	t.Logf("seed %d, %d bots, %d kills, %.0f %% doubled, settled in %v: %v", s.seed, len(f.lives), f.kills(), 100*s.doubled, time.Since(began).Round(time.Second), b)
	b.mustBeClean(t)
	if b.accepted < b.typed/2 {
		t.Errorf("only %d of %d were accepted: that shows little", b.accepted, b.typed)
	}
	if notes := w.slack.Violations(); len(notes) > 0 {
		t.Errorf("Slack minds %d things, first %q", len(notes), notes[0])
	}
	return k
}

// play types everything. Every now and then the bot is killed with what it is doing.
func (s scenario) play(w *world, f *fleet) *keeper {
	k := &keeper{w: w}
	words, kills, doubles := dice(s.seed, forWords), dice(s.seed, forKills), dice(s.seed, forDoubles)
	var late sync.WaitGroup
	defer late.Wait()
	for n := range s.acts {
		pause(gap(words))
		if words.IntN(10) > 0 { // one in ten does not see that the bot is away
			until(patience, 5*time.Millisecond, func() bool { return w.slack.Sockets() > 0 })
		}
		a := w.newAct(n, words)
		a.send()
		k.acts = append(k.acts, a)
		if doubles.Float64() < s.doubled {
			again := doubles.IntN(2) == 0
			wait := time.Duration(doubles.IntN(1500)) * time.Millisecond * time.Duration(doubles.IntN(2)) // half of them at once
			late.Go(func() { pause(wait); w.slack.Redeliver(a.sent, again) })
		}
		if s.kills > 0 && n*s.kills/s.acts < (n+1)*s.kills/s.acts {
			f.crashes(kills)
		}
	}
	return k
}

// gap is the time before the next thing is typed: most of it comes in flurries.
func gap(draw *rand.Rand) time.Duration {
	if draw.IntN(3) > 0 {
		return 0
	}
	return time.Duration(draw.IntN(250)) * time.Millisecond
}

// disturb makes trouble at random instants until it is told to stop.
func (s scenario) disturb(w *world) (stop func()) {
	if s.trouble == nil {
		return func() {}
	}
	quit := make(chan struct{})
	var over sync.WaitGroup
	over.Go(func() {
		draw := dice(s.seed, forTrouble)
		for {
			select {
			case <-quit:
				return
			case <-time.After(time.Duration(200+draw.IntN(800)) * time.Millisecond):
				if w.slack.Sockets() > 0 { // what fails is what is called: while nobody is there it would only pile up
					s.trouble(w, draw)
				}
			}
		}
	})
	return func() { close(quit); over.Wait() }
}
