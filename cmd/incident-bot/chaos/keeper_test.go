package chaos

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// keeper keeps the books: every act that was typed, and what became of it.
type keeper struct {
	w    *world
	acts []*act
}

// snapshot is what Grafana holds.
type snapshot struct {
	titles map[string][]string // incidents by title
	notes  map[string][]string // where a text is written, by the text
}

// look reads everything that Grafana holds.
func (w *world) look() snapshot {
	s := snapshot{titles: map[string][]string{}, notes: map[string][]string{}}
	for _, i := range w.grafana.Incidents() {
		s.titles[i.Title] = append(s.titles[i.Title], i.ID)
		for _, a := range i.Activity {
			if a.ActivityKind == "userNote" {
				text, _, _ := strings.Cut(a.Body, "\n") // the author is on the second line
				s.notes[text] = append(s.notes[text], i.ID)
			}
		}
	}
	return s
}

// books are the counts. The four that have to be 0, and others that say what the run was like.
type books struct {
	typed, accepted                  int
	lost, doubled, unanswered, false int
	effects                          int // acts with one
	refused, unsure                  int // acts that ended with ✗: nothing happened; something may have
	waited, stale                    int // acts with a ⏳; of these, with one that still stands beside the final answer
	twice                            int // acts with more than one final answer
	cards                            int // incidents with more than one card
	wrong                            []string
}

// count judges every act.
func (k *keeper) count() books {
	b := books{typed: len(k.acts), cards: k.doubleCards()}
	s := k.w.look()
	for _, a := range k.acts {
		k.enter(&b, a, s.effects(a))
	}
	return b
}

// enter adds one act to the books.
func (k *keeper) enter(b *books, a *act, effects []string) {
	told, accepted := k.w.answers(a), a.accepted()
	f := judged(accepted, effects, a.about, told)
	b.accepted += one(accepted)
	b.effects += one(len(effects) > 0)
	b.lost += one(f.lost)
	b.doubled += one(f.doubled)
	b.unanswered += one(f.unanswered)
	b.false += one(f.untrue)
	kinds := map[said]int{}
	for _, text := range told {
		kinds[read(text)]++
	}
	finals := kinds[done] + kinds[denied] + kinds[unsure]
	b.refused += one(kinds[denied] > 0)
	b.unsure += one(kinds[unsure] > 0)
	b.waited += one(kinds[waits] > 0)
	b.stale += one(kinds[waits] > 0 && finals > 0)
	b.twice += one(finals > 1)
	if f != (faults{}) {
		b.wrong = append(b.wrong, fmt.Sprintf("%+v accepted=%v mention=%v %q: effects %v, told %q", f, accepted, a.mention, a.words(), effects, told))
	}
}

// doubleCards counts the acts whose incident is announced to their channel more than once.
func (k *keeper) doubleCards() int {
	n := 0
	for _, a := range k.acts {
		cards := 0
		for _, m := range a.ch.Messages() {
			if m.User == k.w.team.BotUserID && !m.Deleted && !m.Ephemeral && !a.note && strings.Contains(m.Plain(), a.token) {
				cards++
			}
		}
		n += one(cards > 1)
	}
	return n
}

func one(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// String prints the four counts first.
func (b books) String() string {
	return fmt.Sprintf("lost %d, doubled %d, unanswered %d, false %d (typed %d, accepted %d, with effect %d; ✗ nothing %d, ✗ unsure %d, ⏳ %d of which stale %d; told twice %d, cards twice %d)",
		b.lost, b.doubled, b.unanswered, b.false, b.typed, b.accepted, b.effects, b.refused, b.unsure, b.waited, b.stale, b.twice, b.cards)
}

// The keeper waits for what is still to come, and then a little more for what must not come.
const (
	settleLimit = 75 * time.Second
	settleQuiet = 3 * time.Second
)

// settle waits until nothing is missing any more, or for settleLimit.
func (k *keeper) settle() books {
	until(settleLimit, 500*time.Millisecond, func() bool {
		for _, a := range k.acts {
			if !a.settled() {
				return false
			}
		}
		b := k.count()
		return b.lost+b.unanswered == 0
	})
	pause(settleQuiet)
	return k.count()
}

// mustBeClean fails the test unless the four counts are 0.
func (b books) mustBeClean(t *testing.T) {
	t.Helper()
	if b.lost+b.doubled+b.unanswered+b.false == 0 {
		return
	}
	t.Errorf("%v", b)
	for i, wrong := range b.wrong {
		if i == 12 {
			t.Logf("… and %d more", len(b.wrong)-i)
			break
		}
		t.Log(wrong)
	}
}
