package handlers

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"strconv"
	"strings"
	"sync"
	"time"

	"incident-bot/bot"
	"incident-bot/bot/blocks"
	"incident-bot/handlers/grammar"
	"incident-bot/incident"
)

// An offer is something a button will do for the person it was made to. Buttons come back from the client, so they carry
// an id and what it stands for stays here: words to be run, or the next page of a list.
type offer struct {
	workspace, user string
	words           []string // one for each button
	query           incident.Query
	cursors         []string // of the pages up to the one that is shown
	used            string   // the act that took it
	until           time.Time
}

// keptOffer is an offer as it is remembered beyond the process.
type keptOffer struct {
	User    string
	Words   []string       `json:",omitempty"`
	Query   incident.Query `json:",omitzero"`
	Cursors []string       `json:",omitempty"`
	Used    string         `json:",omitempty"`
	Until   time.Time
}

// How long an offer stands, and how many are kept: the oldest go first.
const (
	offerTime  = time.Hour
	offersKept = 10_000
)

// offers keeps what was offered, in memory and with the request's own memory, which other processes share.
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
	o.insert(id, one)
	one.keep(r, id)
	return id
}

// insert adds an offer. mu is held.
func (o *offers) insert(id string, one offer) {
	o.byID[id] = one
	o.order = append(o.order, id)
}

// keep remembers an offer beyond the process.
func (one offer) keep(r *bot.Request, id string) {
	kept, err := json.Marshal(keptOffer{one.user, one.words, one.query, one.cursors, one.used, one.until})
	if err == nil {
		r.Keep("offer/"+id, kept, one.until)
	}
}

// recall brings an offer back that another process made, or this one before it was restarted, and learns whether
// another process took one that this one knows.
func (o *offers) recall(ctx context.Context, r *bot.Request) {
	id, _, _ := strings.Cut(r.Action.Value, ":")
	o.mu.Lock()
	used := o.byID[id].used != ""
	o.mu.Unlock()
	if used || id == "" {
		return
	}
	var k keptOffer
	if kept := r.Kept(ctx, "offer/"+id); kept == nil || json.Unmarshal(kept, &k) != nil {
		return
	}
	o.learn(r.Workspace, id, k)
}

// learn takes in what is remembered of an offer. What was taken here meanwhile stays taken.
func (o *offers) learn(workspace, id string, k keptOffer) {
	o.mu.Lock()
	defer o.mu.Unlock()
	one, known := o.byID[id]
	switch {
	case !known:
		o.insert(id, offer{workspace: workspace, user: k.User, words: k.Words, query: k.Query, cursors: k.Cursors, used: k.Used, until: k.Until})
	case one.workspace == workspace && one.used == "":
		one.used = k.Used
		o.byID[id] = one
	}
}

// standing says what an offer is to the person who clicked.
type standing int

const (
	gone   standing = iota // too old, or not known any more
	others                 // made to somebody else
	spent                  // taken before
	open
)

// find looks an offer up for the person who clicked. While a lane or a form is chosen, now is not known: nothing is too
// old then.
func (o *offers) find(r *bot.Request, id string) (offer, standing) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.at(r, id)
}

// at is find; mu is held.
func (o *offers) at(r *bot.Request, id string) (offer, standing) {
	one, ok := o.byID[id]
	switch {
	case !ok || one.workspace != r.Workspace || !r.Now.IsZero() && !r.Now.Before(one.until):
		return offer{}, gone
	case one.user != r.Actor.UserID:
		return offer{}, others
	case one.used != "" && one.used != r.Key:
		return one, spent
	}
	return one, open
}

// take gives the words a clicked button stands for, to one tap: a second one finds the offer spent, the same one again,
// which was put off, does not.
func (o *offers) take(r *bot.Request) (string, standing) {
	id, n, _ := strings.Cut(r.Action.Value, ":")
	o.mu.Lock()
	defer o.mu.Unlock()
	one, is := o.at(r, id)
	if is != open {
		return "", is
	}
	words, ok := one.word(n)
	if !ok {
		return "", gone
	}
	one.used = r.Key
	o.byID[id] = one
	one.keep(r, id)
	return words, open
}

// peek gives the words a clicked button stands for, and leaves them.
func (o *offers) peek(r *bot.Request) (string, bool) {
	id, n, _ := strings.Cut(r.Action.Value, ":")
	one, is := o.find(r, id)
	if is != open {
		return "", false
	}
	return one.word(n)
}

// spent is peek for a button that was tapped already.
func (o *offers) spent(r *bot.Request) (string, bool) {
	id, n, _ := strings.Cut(r.Action.Value, ":")
	one, is := o.find(r, id)
	if is != open && is != spent {
		return "", false
	}
	return one.word(n)
}

func (o offer) word(n string) (string, bool) {
	i, err := strconv.Atoi(n)
	if err != nil || i < 0 || i >= len(o.words) {
		return "", false
	}
	return o.words[i], true
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
func (d *desk) take(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	d.offers.recall(ctx, r)
	words, is := d.offers.take(r)
	if is != open {
		return answer(d.staleOffer(r, is)), nil
	}
	done := say("You chose: %s", readable(words))
	done.Answer.Replace = true
	done.Run = words
	return done, nil
}

// staleOffer says why a button does nothing.
func (d *desk) staleOffer(r *bot.Request, is standing) blocks.Message {
	switch is {
	case others:
		return blocks.NewMessage(blocks.Textf("These buttons are for the person who asked, so nothing was done. Type %s and what you want to do.", d.command(r)))
	case spent:
		return blocks.NewMessage("You tapped this already, so nothing was done again.")
	}
	return blocks.NewMessage(blocks.Textf("This button is over an hour old, so nothing was done. Please type %s again.", d.command(r)))
}

// offerLane is the lane of the words that are offered.
func (d *desk) offerLane(r *bot.Request) string {
	words, ok := d.offers.peek(r)
	if !ok {
		return ""
	}
	name, args := grammar.First(words)
	w, ok := d.word(name)
	if !ok || w.Lane == nil {
		return ""
	}
	again := *r
	again.Word, again.Args = w.Name, args
	return w.Lane(&again)
}
