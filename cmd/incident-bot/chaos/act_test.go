package chaos

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"incident-bot/bot/slacktest"
)

// act is one thing that a person typed, with words that no other act has.
type act struct {
	n       int
	user    *slacktest.User
	ch      *slacktest.Channel
	mention bool
	note    bool
	about   string // the incident of a note
	token   string // the title, or the note's text
	typed   time.Time
	sent    *slacktest.Act
}

// newAct draws what the n-th person types: three of four declare, the others write notes; half do it by mention.
func (w *world) newAct(n int, d *rand.Rand) *act {
	a := &act{n: n, mention: d.IntN(2) == 0, note: d.IntN(4) == 0}
	a.user, a.ch = w.spot(n)
	a.token = fmt.Sprintf("basket w%04d is slow", n)
	if a.note {
		a.token = fmt.Sprintf("cache w%04d was emptied", n)
		a.about = w.old[d.IntN(len(w.old))]
	}
	return a
}

// words is what is typed.
func (a *act) words() string {
	if a.note {
		return "note #" + a.about + " " + a.token
	}
	return "declare " + a.token
}

// send types it.
func (a *act) send() {
	a.typed = time.Now()
	if a.mention {
		a.sent = a.user.Mention(a.ch, "", a.words())
		return
	}
	a.sent = a.user.Command(a.ch, "/incident", a.words())
}

// settled says whether Slack has given up on the delivery or had it acknowledged.
func (a *act) settled() bool {
	select {
	case <-a.sent.Done():
		return true
	default:
		return false
	}
}

// accepted says whether Slack was told that it is received: a person whose command was not sees Slack's own failure.
func (a *act) accepted() bool {
	if !a.settled() {
		return false
	}
	_, err := a.sent.Acked(context.Background()) // returns at once: it is settled
	return err == nil
}

// effects gives the numbers of the incidents that the act declared, or those it is written on, one for each time.
func (s snapshot) effects(a *act) []string {
	if a.note {
		return s.notes[a.token]
	}
	return s.titles[a.token]
}
