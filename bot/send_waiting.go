package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/rs/zerolog"

	"incident-bot/bot/blocks"
)

// tell sends the message that something waits, or moves it where it can be changed for longer.
func (s *Sender) tell(ctx context.Context, r *Request, m blocks.Message) {
	w := &r.act.waiting
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.over {
		return // answered soon
	}
	if s.recall(ctx, r) != nil {
		w.later(tellRetry) // it may stand there: told again when that is known
		return
	}
	age := time.Since(r.Received)
	switch {
	case w.told.TS != "":
		return
	case w.told.Hook && !w.told.Direct && age < tellAgain:
		w.again(tellAgain - age)
		return
	}
	_, _ = r.act.inbox.Begin(ctx, r.act.id, effectWaiting, nil) // without it the next process does not know of it, no more
	doubt, ok := s.tellSomehow(ctx, r, m)
	switch {
	case ok:
		s.hasTold(r)
		return
	case w.told.Hook && !w.told.Direct:
		return // in the old place alone, then
	}
	switch w.doubt, w.asked = doubt, !doubt; {
	case w.told.Direct:
		w.keep(r.act)
	case !doubt:
		r.act.inbox.Undone(r.act.id, effectWaiting)
	}
	w.later(tellRetry)
	zerolog.Ctx(ctx).Warn().Msg("nobody was told that a request waits: told again later")
}

// tellSomehow tries one way of telling after the other until one works. doubt says that one may have worked. Where it
// can be looked for what a try did, nothing else is tried before that is known: it would be told twice. The waiting's
// mutex is held.
func (s *Sender) tellSomehow(ctx context.Context, r *Request, m blocks.Message) (doubt, ok bool) {
	out := encodeMessage(m)
	for _, one := range s.tellingWays(r, m) {
		open, err := s.tellBy(ctx, r, &out, one)
		if err == nil {
			return false, true
		}
		s.notice(r, one.name, err)
		if doubt = doubt || faultOf(err).uncertain(); open {
			break
		}
	}
	return doubt, false
}

// tellBy tries one way of telling. After a lost answer it looks whether the message is there, where that can be seen, and
// tries again only if it is not. open says that it could not be seen. The waiting's mutex is held.
func (s *Sender) tellBy(ctx context.Context, r *Request, out *wire, one tellingWay) (open bool, err error) {
	if !one.seen {
		return false, s.attempt(ctx, r, out, one.way)
	}
	w := &r.act.waiting
	err = s.retry(ctx, r, out, one.way, func(f fault, tries int) bool {
		if f.effect == refused {
			return tries < triesRefused
		}
		if !f.uncertain() {
			return false
		}
		at, err := s.mayHaveTold(ctx, r)
		if err == nil {
			w.told = at
		}
		open = err != nil
		return err == nil && !at.any() && tries < triesRefused
	})
	if w.told.TS != "" {
		return false, nil
	}
	return open, err
}

// hasTold keeps where the person was told. The waiting's mutex is held.
func (s *Sender) hasTold(r *Request) {
	w := &r.act.waiting
	w.keep(r.act)
	if w.told.Hook {
		w.again(tellAgain - time.Since(r.Received))
	}
}

// keep writes down where the person was told.
func (w *waiting) keep(a *act) {
	told := w.told
	told.Twin = w.twin
	if kept, err := json.Marshal(told); err == nil {
		a.inbox.Keep(a.toldKey(), kept, time.Now().Add(toldFor))
	}
	a.inbox.Concluded(a.id, effectWaiting, nil)
}

// toldNoMore notes that the answer is there: nothing else takes the place of the message that said to wait.
func (s *Sender) toldNoMore(r *Request) {
	if r.act == nil {
		return
	}
	w := &r.act.waiting
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.told.any() {
		w.told = told{}
		w.keep(r.act)
	}
}

// recall finds out what an earlier process told, or this one whose answer was lost. An error is one that may pass. The
// waiting's mutex is held.
func (s *Sender) recall(ctx context.Context, r *Request) error {
	a, w := r.act, &r.act.waiting
	if w.asked || !a.restored && !w.doubt {
		return nil
	}
	if kept, err := a.inbox.Kept(ctx, a.toldKey()); err == nil && kept != nil {
		_ = json.Unmarshal(kept, &w.told)
		w.twin, w.asked = w.told.Twin, true
		return nil
	}
	log, err := a.peek(ctx, effectWaiting)
	if err != nil {
		return nil // the answer comes all the same
	}
	if log.Before && !log.Done {
		direct := w.told.Direct
		if w.told, err = s.mayHaveTold(ctx, r); err != nil {
			w.told.Direct = direct
			return err
		}
		w.told.Direct = w.told.Direct || direct
		if w.told.any() {
			w.keep(a) // in doubt, the request could not be taken back
		}
	}
	w.doubt, w.asked = false, true
	return nil
}

// mayHaveTold finds out where a process told that could not write that down. What a response URL or a direct message said
// cannot be seen: it is taken for said. An error is one that may pass.
func (s *Sender) mayHaveTold(ctx context.Context, r *Request) (told, error) {
	w := &r.act.waiting
	w.twin = true // whatever is found: another may come to light
	one, ok := s.ws.byID(r.Workspace)
	if !ok || r.Kind != Mention {
		return told{Hook: r.Kind == Command, Direct: r.Kind != Command && r.Kind != Mention}, nil
	}
	at := Post{Channel: r.Place.ChannelID, Thread: mentionThread(r.Place)}
	ref, err := s.lookFor(ctx, one, effectKey(r, effectWaiting, 0), at, r.Received)
	switch {
	case passing(err):
		return told{}, fmt.Errorf("look for what was told: %w", err)
	case err != nil || ref.ts == "":
		return told{}, nil
	}
	return told{Channel: ref.channel, TS: ref.ts}, nil
}

// A tellingWay is one way to tell somebody to wait. seen says that what it did can be looked for.
type tellingWay struct {
	way
	seen bool
}

// tellingWays lists how a person may be told. What everybody in a thread reads, and a direct message, can be changed at
// any time; what a response URL said can be while that lives.
func (s *Sender) tellingWays(r *Request, m blocks.Message) []tellingWay {
	w := &r.act.waiting
	one, ok := s.ws.byID(r.Workspace)
	if !ok {
		return nil
	}
	var ways []tellingWay
	switch {
	case w.told.Direct: // and nowhere else
	case r.Kind == Mention && r.Place.ChannelID != "":
		ways = append(ways, tellingWay{s.tellingPost(r, one, r.Place.ChannelID, mentionThread(r.Place), nil), true})
	case r.Kind == Command && !w.told.Hook && r.Response.live(time.Now()):
		ways = append(ways, tellingWay{s.tellingHook(r), false})
	}
	if r.Actor.UserID != "" {
		ways = append(ways, tellingWay{s.tellingPost(r, one, r.Actor.UserID, "", &m), false})
	}
	return ways
}

// tellingPost tells by a message; quoted, if there is one, is shown with what it is about.
func (s *Sender) tellingPost(r *Request, one *workspace, channel, thread string, quoted *blocks.Message) way {
	w := &r.act.waiting
	return way{"chat.postMessage", func(ctx context.Context, out wire) error {
		if quoted != nil {
			out = encodeMessage(quoting(r, *quoted))
		}
		ref, err := s.postMessage(ctx, one, out, messageBody{
			Channel: channel, ThreadTS: thread, Metadata: newMetadata(effectKey(r, effectWaiting, 0), ""),
		})
		if err == nil {
			w.told = told{Channel: ref.channel, TS: ref.ts}
		}
		doubt := faultOf(err).uncertain()
		w.twin, w.told.Direct = w.twin || doubt, w.told.Direct || doubt && quoted != nil
		return err
	}}
}

// tellingHook tells by response URL. After a lost answer it asks Slack to put the message in the place of what is there,
// if something is.
func (s *Sender) tellingHook(r *Request) way {
	last := error(nil)
	return way{"response_url", func(ctx context.Context, out wire) error {
		last = s.hookWay(r, faultOf(last).uncertain()).send(ctx, out)
		r.act.waiting.told.Hook = last == nil
		return last
	}}
}
