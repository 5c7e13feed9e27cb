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
	waited                           int // acts with a ⏳ that still stands, as one that came by a response URL does
	stale                            int // acts with a ⏳ that still stands beside the final answer where it could have become it
	twice                            int // acts with more than one final answer
	cards                            int // incidents with more than one card
	wrong, odd                       []string
}

// count judges every act.
func (k *keeper) count() books {
	b := books{typed: len(k.acts)}
	s, r := k.w.look(), k.w.read()
	for _, a := range k.acts {
		b.enter(a, s.effects(a), r)
	}
	return b
}

// enter adds one act to the books.
func (b *books) enter(a *act, effects []string, r *reader) {
	told, accepted := r.answers(a), a.accepted()
	f := judged(accepted, effects, a.about, told)
	b.accepted += one(accepted)
	b.effects += one(len(effects) > 0)
	b.lost += one(f.lost)
	b.doubled += one(f.doubled)
	b.unanswered += one(f.unanswered)
	b.false += one(f.untrue)
	n := tally(told)
	finals := n[done] + n[denied] + n[unsure]
	b.refused += one(n[denied] > 0)
	b.unsure += one(n[unsure] > 0)
	b.waited += one(n[waits] > 0)
	b.cards += one(r.cards(a) > 1)
	b.twice += one(finals > 1)
	stale := finals > 0 && tally(r.lasting(a))[waits] > 0
	b.stale += one(stale)
	account := fmt.Sprintf("accepted=%v mention=%v %q: effects %v, told %q", accepted, a.mention, a.words(), effects, told)
	if f != (faults{}) {
		b.wrong = append(b.wrong, fmt.Sprintf("%+v %s", f, account))
	}
	if stale || finals > 1 || r.cards(a) > 1 || n[unsure] > 0 {
		b.odd = append(b.odd, account)
	}
}

// tally counts messages by how they read.
func tally(told []string) map[said]int {
	n := map[said]int{}
	for _, text := range told {
		n[read(text)]++
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
	return fmt.Sprintf("lost %d, doubled %d, unanswered %d, false %d (typed %d, accepted %d, with effect %d; ✗ nothing %d, ✗ unsure %d, ⏳ %d, stale %d; told twice %d, cards twice %d)",
		b.lost, b.doubled, b.unanswered, b.false, b.typed, b.accepted, b.effects, b.refused, b.unsure, b.waited, b.stale, b.twice, b.cards)
}

// settleLimit is how long the keeper waits for what is still to come, and settleQuiet a little more, for what must not
// come. Slack lets a workspace's messages be read and changed fifty times a minute: after many crashes that is what
// takes time.
func settleLimit() time.Duration { return time.Duration(sized(3, 20)) * time.Minute }

const settleQuiet = 3 * time.Second

// settle waits until nothing is missing any more, or for settleLimit.
func (k *keeper) settle() books {
	until(settleLimit(), 500*time.Millisecond, func() bool {
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

// mustBeClean fails the test unless the four counts are 0, and no ⏳ stands where it should have become the answer.
func (b books) mustBeClean(t *testing.T) {
	t.Helper()
	some(t, "odd", b.odd)
	if b.lost+b.doubled+b.unanswered+b.false+b.stale > 0 {
		t.Errorf("%v", b)
		some(t, "wrong", b.wrong)
	}
}

// some shows the first of a list.
func some(t *testing.T, what string, list []string) {
	t.Helper()
	for i, one := range list {
		if i == 8 {
			t.Logf("… and %d more", len(list)-i)
			return
		}
		t.Logf("%s: %s", what, one)
	}
}
