package bot

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// leftError says that a message is out, and that the one that said to wait still stands; it may go later.
type leftError struct{ err error }

// Error says what is left.
func (e *leftError) Error() string { return "what said to wait still stands: " + e.err.Error() }

// Unwrap gives why.
func (e *leftError) Unwrap() error { return e.err }

// isLeft says whether an error is a *leftError.
func isLeft(err error) bool {
	_, left := errors.AsType[*leftError](err)
	return left
}

// unlessLeft has the act of a *leftError run again, for what is left alone: its message is out. Other errors it gives
// back.
func (s *Sender) unlessLeft(r *Request, err error) error {
	if !isLeft(err) {
		return err
	}
	s.log.Warn().Str("ref", r.Ref).Str("workspace", r.Workspace).Str("code", faultOf(err).code).Err(err).Msg("what said to wait still stands beside the answer: to be taken away later")
	r.act.reachedNobody(err)
	return nil
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
	case was.Direct && was.Channel == "":
		return []way{s.directInstead(r, one, a)}
	case was.Hook && r.Response.live(time.Now()):
		return []way{s.hookWay(r, true)}
	}
	return nil
}

// directInstead sends the answer by direct message, as the person may have been told to wait. Slack says by it where
// that is.
func (s *Sender) directInstead(r *Request, one *workspace, a Answer) way {
	return way{"direct message", func(ctx context.Context, _ wire) error {
		ref, err := s.postMessage(ctx, one, encodeMessage(quoting(r, a.Message)), messageBody{
			Channel: r.Actor.UserID, Metadata: newMetadata(effectKey(r, "answer", 0), a.Label),
		})
		if err == nil {
			r.act.waiting.directAt(ref.channel)
		}
		return err
	}}
}

func (w *waiting) directAt(channel string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.told.Channel, w.twin = channel, true
}

// inPlace puts a message that is out in the place of the one that said to wait, too. Where that cannot be changed for
// good, it goes, unless it is the answer by now. An error is a *leftError.
func (s *Sender) inPlace(ctx context.Context, r *Request, w wire, was told, a Answer) error {
	one, ok := s.ws.byID(r.Workspace)
	if !ok {
		return nil
	}
	for _, way := range s.insteadWays(r, one, was, a) {
		err := s.attempt(ctx, r, &w, way)
		if err == nil {
			return s.alone(ctx, r, one, was)
		}
		s.notice(r, way.name, err)
		if s.comesLater(r, was, err) {
			return &leftError{err}
		}
	}
	return s.noneWaits(ctx, r, one, was, "")
}

// inPlaceFor is how long an answer is kept back that cannot take the place of the message that said to wait because Slack
// fails over it. While Slack says that there are too many changes there is no limit: that passes.
const inPlaceFor = 5 * time.Minute

// comesLater says whether an answer rather takes the place of the message that said to wait later than that it goes
// elsewhere now: there, that message would stand beside it and say what is not so.
func (s *Sender) comesLater(r *Request, was told, err error) bool {
	if !s.mayPass(r, was, err) {
		return false
	}
	return faultOf(err).tooMany() || r.act.waiting.inVainFor() < inPlaceFor
}

// mayPass says whether it is worth trying later what went wrong with the message that said to wait, and somebody does.
func (s *Sender) mayPass(r *Request, was told, err error) bool {
	if !passing(err) || !r.again() {
		return false
	}
	return was.TS != "" || was.Direct || r.Response.live(time.Now().Add(redeliverPause)) && s.hooks.left(r.Response.URL)
}

// inVainFor is for how long the answer could not take its place.
func (w *waiting) inVainFor() time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.vain.IsZero() {
		w.vain = time.Now()
	}
	return time.Since(w.vain)
}

// takeAway deletes the message that said to wait: the answer is elsewhere. What a response URL said stays as it is. An
// error is a *leftError.
func (s *Sender) takeAway(ctx context.Context, r *Request, one *workspace, was told) error {
	if was.TS == "" {
		return nil
	}
	err := s.attempt(ctx, r, &wire{}, way{"chat.delete", func(ctx context.Context, _ wire) error {
		_, err := s.call(ctx, one, "chat.delete", "", messageBody{Channel: was.Channel, TS: was.TS}, nil)
		return err
	}})
	if err == nil || faultOf(err).code == "message_not_found" {
		return nil
	}
	s.notice(r, "chat.delete", err)
	if s.mayPass(r, was, err) {
		return &leftError{fmt.Errorf("take away what said to wait: %w", err)}
	}
	return nil
}

// alone takes away what said to wait a second time because it was not known that it had been said. An error is a
// *leftError.
func (s *Sender) alone(ctx context.Context, r *Request, one *workspace, was told) error {
	now, twin := r.act.waiting.twins()
	if was.Channel = firstOf(was.Channel, now.Channel); !twin {
		return nil
	}
	return s.noneWaits(ctx, r, one, was, was.TS)
}

// noneWaits takes away whatever says to wait where the person was told: all that has that key. What became the answer has
// another one; but is what became the answer just now. An error is a *leftError.
func (s *Sender) noneWaits(ctx context.Context, r *Request, one *workspace, was told, but string) error {
	if was.Channel == "" {
		return nil
	}
	all, err := s.lookForAll(ctx, one, effectKey(r, effectWaiting, 0), whereTold(r, was), r.Received)
	if s.mayPass(r, was, err) {
		return &leftError{fmt.Errorf("look for what says to wait: %w", err)}
	}
	left := []error{}
	for _, ref := range all {
		if ref.ts != but {
			left = append(left, s.takeAway(ctx, r, one, told{Channel: ref.channel, TS: ref.ts}))
		}
	}
	return errors.Join(left...)
}

// twins gives where the person was told, and whether that may be so twice.
func (w *waiting) twins() (told, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.told, w.twin
}

// whereTold is where the message that said to wait can be looked for.
func whereTold(r *Request, was told) Post {
	at := Post{Channel: was.Channel}
	if r.Kind == Mention && !r.Place.Direct() && was.Channel == r.Place.ChannelID {
		at.Thread = mentionThread(r.Place)
	}
	return at
}
