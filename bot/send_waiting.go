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
	if s.recall(ctx, r) != nil {
		return // it is told already, as far as can be seen, or answered soon
	}
	age := time.Since(r.Received)
	switch {
	case w.over || w.told.TS != "":
		return
	case w.told.Hook && age < tellAgain:
		w.again(tellAgain - age)
		return
	}
	_, _ = r.act.inbox.Begin(ctx, r.act.id, effectWaiting, nil) // without it the next process does not know of it, no more
	wire, doubt := encodeMessage(m), false
	for _, one := range s.tellingWays(r, m) {
		err := s.attempt(ctx, r, &wire, one)
		if err == nil {
			s.hasTold(r)
			return
		}
		s.notice(r, one.name, err)
		doubt = doubt || faultOf(err).uncertain()
	}
	if w.told.any() {
		return // in the old place alone, then
	}
	if w.doubt, w.asked = doubt, !doubt; !doubt {
		r.act.inbox.Undone(r.act.id, effectWaiting)
	}
	w.timer.Reset(tellRetry)
	zerolog.Ctx(ctx).Warn().Msg("nobody was told that a request waits: told again later")
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
	if kept, err := json.Marshal(w.told); err == nil {
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
		w.asked = true
		return nil
	}
	log, err := a.peek(ctx, effectWaiting)
	if err != nil {
		return nil // the answer comes all the same
	}
	if log.Before && !log.Done {
		if w.told, err = s.mayHaveTold(ctx, r); err != nil {
			return err
		}
		w.keep(a) // in doubt, the request could not be taken back
	}
	w.asked = true
	return nil
}

// mayHaveTold finds out where a process told that could not write that down. What a response URL said cannot
// be seen: it is taken for said. An error is one that may pass.
func (s *Sender) mayHaveTold(ctx context.Context, r *Request) (told, error) {
	one, ok := s.ws.byID(r.Workspace)
	if !ok || r.Kind != Mention {
		return told{Hook: r.Kind == Command}, nil
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

// tellingWays lists how a person may be told. What everybody in a thread reads, and a direct message, can be changed at
// any time; what a response URL said can be while that lives.
func (s *Sender) tellingWays(r *Request, m blocks.Message) []way {
	w := &r.act.waiting
	one, ok := s.ws.byID(r.Workspace)
	if !ok {
		return nil
	}
	post := func(channel, thread string, quoted bool) way {
		return way{"chat.postMessage", func(ctx context.Context, out wire) error {
			if quoted {
				out = encodeMessage(quoting(r, m))
			}
			ref, err := s.postMessage(ctx, one, out, messageBody{
				Channel: channel, ThreadTS: thread, Metadata: newMetadata(effectKey(r, effectWaiting, 0), ""),
			})
			if err == nil {
				w.told = told{Channel: ref.channel, TS: ref.ts}
			}
			return err
		}}
	}
	var ways []way
	switch {
	case r.Kind == Mention && r.Place.ChannelID != "":
		ways = append(ways, post(r.Place.ChannelID, mentionThread(r.Place), false))
	case r.Kind == Command && !w.told.Hook && r.Response.live(time.Now()):
		hook := s.hookWay(r, false)
		ways = append(ways, way{hook.name, func(ctx context.Context, out wire) error {
			err := hook.send(ctx, out)
			w.told.Hook = err == nil
			return err
		}})
	}
	if r.Actor.UserID != "" {
		ways = append(ways, post(r.Actor.UserID, "", true))
	}
	return ways
}

// answered gives where the person was told to wait: the answer takes the place of that message. An error is one that may
// pass, and it is not known until then.
func (s *Sender) answered(ctx context.Context, r *Request) (told, error) {
	if r.act == nil {
		return told{}, nil
	}
	r.act.waiting.stop()
	w := &r.act.waiting
	w.mu.Lock()
	defer w.mu.Unlock()
	err := s.recall(ctx, r)
	return w.told, err
}

// inPlace puts a message in the place of the one that said to wait. That it cannot be done is logged.
func (s *Sender) inPlace(ctx context.Context, r *Request, w wire, was told, a Answer) {
	one, ok := s.ws.byID(r.Workspace)
	if !ok {
		return
	}
	for _, way := range s.insteadWays(r, one, was, a) {
		if err := s.attempt(ctx, r, &w, way); err != nil {
			s.notice(r, way.name, err)
		}
	}
}

// insteadWays lists how an answer may take the place of the message that said to wait.
func (s *Sender) insteadWays(r *Request, one *workspace, was told, a Answer) []way {
	switch {
	case was.TS != "":
		ref := messageRef{one.id(), was.Channel, was.TS}
		return []way{{"chat.update", func(ctx context.Context, w wire) error {
			if ref.channel != r.Place.ChannelID {
				w = encodeMessage(quoting(r, a.Message))
			}
			return s.updateAs(ctx, one, ref, effectKey(r, "answer", 0), a.Label, w)
		}}}
	case was.Hook && r.Response.live(time.Now()):
		return []way{s.hookWay(r, true)}
	}
	return nil
}
