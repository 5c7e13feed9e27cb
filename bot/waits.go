package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Waits is a request that is not done yet.
type Waits struct {
	ID     int64
	Kind   Kind
	Text   string // what was typed, with the slash command, without the mention; "" for a click or form
	Action Action // what was clicked
	View   View   // the form that was sent
	Since  time.Time
	Why    string // why it was put off, "" when it was not
	Begun  bool   // its handler has been at work
}

// waitsLooked is how many of a workspace's requests are looked through.
const waitsLooked = 1000

// Waiting gives what the person of a request asked for and is not done yet, the oldest first, without the request
// itself, and how many requests of others in the workspace wait.
func (b *Bot) Waiting(ctx context.Context, r *Request) (own []Waits, others int, err error) {
	all, err := b.inbox.Waiting(ctx, r.Workspace, waitsLooked)
	if err != nil {
		return nil, 0, fmt.Errorf("list what waits: %w", err)
	}
	for _, e := range all {
		switch {
		case r.act != nil && e.ID == r.act.id:
		case e.User != r.Actor.UserID:
			others++
		default:
			own = append(own, b.waitsOf(e))
		}
	}
	return own, others, nil
}

func (b *Bot) waitsOf(e Entry) Waits {
	w := Waits{ID: e.ID, Since: e.Received, Why: e.Why, Begun: e.Attempts > 0}
	d, err := restored(e.Body)
	if err != nil {
		return w
	}
	r, _ := b.router.request(d)
	w.Kind, w.Action, w.View = d.Kind, r.Action, r.View
	switch d.Kind {
	case Command:
		w.Text = strings.TrimSpace(d.CommandName + " " + d.Text)
	case Mention:
		w.Text = strings.TrimSpace(r.Word + " " + r.Args)
	}
	return w
}

// ErrDropped is why a request is not done: the person took it back.
var ErrDropped = errors.New("taken back")

// How long Drop waits for an act that is being tried just now.
const (
	dropTime  = 1500 * time.Millisecond
	dropPause = 200 * time.Millisecond
)

// Drop takes back what the person of a request asked for, if it waits and nothing of it can have happened. The message
// that told them to wait says so from then on. An act that is being tried just now is waited for a moment.
func (b *Bot) Drop(ctx context.Context, r *Request, id int64) (Waits, bool, error) {
	ctx, cancel := context.WithTimeout(ctx, dropTime)
	defer cancel()
	for {
		was, dropped, err := b.drop(ctx, r, id)
		if err != nil || dropped || was.ID == 0 || pause(ctx, dropPause) != nil {
			return was, dropped, err
		}
	}
}

// drop tries once. An ID of 0 says that there is nothing to be dropped.
func (b *Bot) drop(ctx context.Context, r *Request, id int64) (Waits, bool, error) {
	all, err := b.inbox.Waiting(ctx, r.Workspace, waitsLooked)
	if err != nil {
		return Waits{}, false, fmt.Errorf("list what waits: %w", err)
	}
	for _, e := range all {
		if e.ID != id || e.User != r.Actor.UserID {
			continue
		}
		dropped, err := b.inbox.Drop(ctx, r.Workspace, r.Actor.UserID, id)
		if err == nil && dropped {
			b.dropped(context.WithoutCancel(ctx), e)
		}
		return b.waitsOf(e), dropped, err
	}
	return Waits{}, false, nil
}

// dropped takes an entry's act out of its lane and tells its person where they were told to wait.
func (b *Bot) dropped(ctx context.Context, e Entry) {
	a := b.lanes.drop(e.ID)
	if a == nil { // another process has it
		d, err := restored(e.Body)
		if err != nil {
			return
		}
		a = newAct(d, e.ID, e.Lane, b.inbox)
		a.before, a.restored = true, true
	}
	b.router.GiveUp(ctx, a, ErrDropped)
}
