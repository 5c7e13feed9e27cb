package handlers

import (
	"context"
	"crypto/rand"
	"strconv"
	"strings"
	"sync"
	"time"

	"incident-bot/bot"
	"incident-bot/bot/blocks"
	"incident-bot/incident"
)

// An offer is something a button will do for the person it was made to. Buttons come back from the client, so they carry
// an id and what it stands for stays here: words to be run, or the next page of a list.
type offer struct {
	workspace, user string
	words           []string // one for each button
	query           incident.Query
	cursors         []string // of the pages up to the one that is shown
	until           time.Time
}

// How long an offer stands, and how many are kept: the oldest go first.
const (
	offerTime  = time.Hour
	offersKept = 10_000
)

// offers keeps what was offered, in memory: after a restart the person is told to type again.
type offers struct {
	mu    sync.Mutex
	byID  map[string]offer
	order []string
}

func newOffers() *offers { return &offers{byID: map[string]offer{}} }

// put makes an offer to the person who acted and gives its id.
func (o *offers) put(r *bot.Request, one offer) string {
	one.workspace, one.user, one.until = r.Workspace, r.Actor.UserID, r.Now.Add(offerTime)
	id := strings.ToLower(rand.Text()[:12])
	o.mu.Lock()
	defer o.mu.Unlock()
	for len(o.order) > 0 && (len(o.order) >= offersKept || !r.Now.Before(o.byID[o.order[0]].until)) {
		delete(o.byID, o.order[0])
		o.order = o.order[1:]
	}
	o.byID[id] = one
	o.order = append(o.order, id)
	return id
}

// get gives an offer to the person it was made to.
func (o *offers) get(r *bot.Request, id string) (offer, bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	one, ok := o.byID[id]
	ok = ok && one.workspace == r.Workspace && one.user == r.Actor.UserID && (r.Now.IsZero() || r.Now.Before(one.until))
	return one, ok
}

// taken marks an offer as used: a second tap does nothing again.
func (o *offers) taken(id string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if one, ok := o.byID[id]; ok {
		one.words = nil
		o.byID[id] = one
	}
}

// peek gives the words a clicked button stands for, and leaves them.
func (o *offers) peek(r *bot.Request) (string, bool) {
	id, n, _ := strings.Cut(r.Action.Value, ":")
	one, ok := o.get(r, id)
	i, err := strconv.Atoi(n)
	if !ok || err != nil || i < 0 || i >= len(one.words) {
		return "", false
	}
	return one.words[i], true
}

// choice is one button of a question: what it says and the words it runs.
type choice struct{ label, words string }

// choices makes the buttons of a question.
func (d *desk) choices(r *bot.Request, of []choice) []button {
	words := make([]string, len(of))
	for i, c := range of {
		words[i] = c.words
	}
	id := d.offers.put(r, offer{words: words})
	buttons := make([]button, len(of))
	for i, c := range of {
		buttons[i] = button{id: buttonOffer, value: id + ":" + strconv.Itoa(i), label: c.label}
	}
	return buttons
}

// take runs the words that a clicked button stands for, in place of the question.
func (d *desk) take(_ context.Context, r *bot.Request) (bot.Reply, error) {
	words, ok := d.offers.peek(r)
	id, _, _ := strings.Cut(r.Action.Value, ":")
	if !ok {
		return answer(d.staleOffer(r, id)), nil
	}
	d.offers.taken(id)
	done := answer(blocks.NewMessage(blocks.Textf("You chose: %s", readable(words))))
	done.Answer.Replace = true
	done.Run = words
	return done, nil
}

// staleOffer says why a button does nothing any more.
func (d *desk) staleOffer(r *bot.Request, id string) blocks.Message {
	if _, ok := d.offers.get(r, id); ok {
		return blocks.NewMessage("That button was used already, so nothing was done again.")
	}
	return blocks.NewMessage(blocks.Textf("That button is no longer valid here: it is for the person who asked, for an hour. Nothing was done. Please type %s again.", d.command(r)))
}
