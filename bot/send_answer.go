package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"incident-bot/bot/blocks"
)

// errNoWay says that a request names nobody who could be answered.
var errNoWay = errors.New("no way to answer")

// answer brings a message to the person who acted, by the first way that works. It takes the place of the message that
// told the person to wait, if there is one. maybe says that an earlier process may have brought it: where that can be
// found out, it is.
func (s *Sender) answer(ctx context.Context, r *Request, a Answer, maybe bool) error {
	w := encodeMessage(a.Message)
	was, err := s.answered(ctx, r)
	there := false
	if maybe && err == nil {
		there, err = s.isThere(ctx, r, was)
	}
	switch {
	case err != nil && r.again():
		return err
	case there:
		err = s.beside(ctx, r, w, was, a)
	default:
		err = s.bring(ctx, r, w, was, a)
	}
	if err == nil {
		s.toldNoMore(r)
	}
	return err
}

// add brings a message beside the answer, wherever that is: it takes the place of nothing.
func (s *Sender) add(ctx context.Context, r *Request, a Answer, _ bool) error {
	return s.bring(ctx, r, encodeMessage(a.Message), told{}, a)
}

// bring tries one way after the other. A *leftError says that one worked.
func (s *Sender) bring(ctx context.Context, r *Request, w wire, was told, a Answer) error {
	failed := []error{}
	ways, instead := s.ways(r, a, was)
	for i, one := range ways {
		err := s.attempt(ctx, r, &w, one)
		if err == nil {
			s.replaced(r, a)
			return s.brought(ctx, r, w, was, a, i < instead)
		}
		if !errors.Is(err, errHookSpent) {
			s.notice(r, one.name, err)
		}
		failed = append(failed, err)
		if i < instead && s.comesLater(r, was, err) {
			break
		}
	}
	if len(failed) == 0 {
		failed = append(failed, errNoWay)
	}
	return fmt.Errorf("answer %s: %w", r.Actor.UserID, triedError(failed))
}

// brought sees that nothing says any more that something waits. inPlace says that the answer took the place of what did.
func (s *Sender) brought(ctx context.Context, r *Request, w wire, was told, a Answer, inPlace bool) error {
	one, ok := s.ws.byID(r.Workspace)
	switch {
	case !ok || was.TS == "" && !was.Direct:
		return nil
	case a.Replace:
		return s.beside(ctx, r, w, was, a)
	case inPlace:
		return s.alone(ctx, r, one, was)
	}
	return errors.Join(s.takeAway(ctx, r, one, was), s.alone(ctx, r, one, was))
}

// beside puts an answer that has its own place, or came from an earlier process, also where the person was told to wait:
// nothing waits any more. What a response URL said is left: in its place the answer might come a second time. An error is
// a *leftError.
func (s *Sender) beside(ctx context.Context, r *Request, w wire, was told, a Answer) error {
	if was.TS == "" && !was.Direct {
		return nil
	}
	return s.inPlace(ctx, r, w, was, a)
}

// isThere says whether an answer that an earlier process may have sent can be seen: as a message, that is, which has its
// key. What a response URL brought cannot, and comes a second time rather than never.
// An error is one that may pass, and it is not known until then.
func (s *Sender) isThere(ctx context.Context, r *Request, was told) (bool, error) {
	one, ok := s.ws.byID(r.Workspace)
	if !ok {
		return false, nil
	}
	at, key := Post{}, effectKey(r, "answer", 0)
	switch {
	case was.TS != "":
		at = whereTold(r, was)
	case r.Kind == Mention && r.Place.ChannelID != "":
		at.Channel, at.Thread = r.Place.ChannelID, mentionThread(r.Place)
	default:
		return false, nil
	}
	ref, err := s.lookFor(ctx, one, key, at, r.Received)
	if passing(err) {
		return false, fmt.Errorf("look for the answer: %w", err)
	}
	return ref.ts != "", nil
}

// triedError is what went wrong in each way that was tried, on one line.
type triedError []error

func (e triedError) Error() string {
	texts := make([]string, len(e))
	for i, err := range e {
		texts[i] = err.Error()
	}
	return strings.Join(texts, "; then ")
}

func (e triedError) Unwrap() []error { return e }

// replaced remembers what the clicked message shows now.
func (s *Sender) replaced(r *Request, a Answer) {
	if a.Replace && a.Label != "" && r.Kind == Click && !r.Place.Ephemeral {
		s.labels.Remember(r.Workspace, a.Label, r.Place.ChannelID, r.Place.MessageTS)
	}
}

// ways lists how an answer may reach its reader, the best first. The last is always a direct message, which works
// wherever the person is and stays after a reload. The first so many take the place of the message that said to wait.
func (s *Sender) ways(r *Request, a Answer, was told) (ways []way, instead int) {
	one, ok := s.ws.byID(r.Workspace)
	if ok && !a.Replace {
		ways = s.insteadWays(r, one, was, a)
	}
	instead = len(ways)
	if r.Response.live(time.Now()) {
		ways = append(ways, s.hookWay(r, a.Replace))
	}
	if !ok {
		return ways, instead
	}
	place := r.Place
	switch {
	case r.Kind == Mention && place.ChannelID != "":
		ways = append(ways, s.postWay(r, one, place.ChannelID, mentionThread(place), a))
	case a.Replace && place.MessageTS != "" && place.ChannelID != "" && !place.Ephemeral:
		ways = append(ways, s.replaceWay(r, one, a), s.ephemeralWay(r, one))
	case place.ChannelID != "" && r.Actor.UserID != "":
		ways = append(ways, s.ephemeralWay(r, one))
	}
	if r.Actor.UserID != "" {
		ways = append(ways, s.directWay(r, one, a))
	}
	return ways, instead
}

// mentionThread is the thread in which a mention is answered: the one it was made in, or the one it begins. A direct
// message with the bot needs no threads.
func mentionThread(p Place) string {
	if p.ThreadTS != "" || p.Direct() {
		return p.ThreadTS
	}
	return p.MessageTS
}

// postWay posts a message that everybody in the channel sees.
func (s *Sender) postWay(r *Request, one *workspace, channel, thread string, a Answer) way {
	key, last := effectKey(r, "answer", 0), error(nil)
	return way{"chat.postMessage", func(ctx context.Context, w wire) error {
		if faultOf(last).uncertain() && r.Kind == Mention { // its channel can be read
			if ref, err := s.lookFor(ctx, one, key, Post{Channel: channel, Thread: thread}, r.Received); err == nil && ref.ts != "" {
				return nil
			}
		}
		_, last = s.postMessage(ctx, one, w, messageBody{Channel: channel, ThreadTS: thread, Metadata: newMetadata(key, a.Label)})
		return last
	}}
}

// ephemeralWay shows the message to the person who acted, in the place where they acted.
func (s *Sender) ephemeralWay(r *Request, one *workspace) way {
	return way{"chat.postEphemeral", func(ctx context.Context, w wire) error {
		_, err := s.call(ctx, one, "chat.postEphemeral", "", messageBody{
			Channel: r.Place.ChannelID, User: r.Actor.UserID, ThreadTS: r.Place.ThreadTS, Text: w.text,
		}, w.blocks)
		return err
	}}
}

// replaceWay puts the message in the place of the clicked one when its response URL is gone.
func (s *Sender) replaceWay(r *Request, one *workspace, a Answer) way {
	ref := messageRef{one.id(), r.Place.ChannelID, r.Place.MessageTS}
	return way{"chat.update", func(ctx context.Context, w wire) error {
		return s.update(ctx, one, ref, a.Label, w)
	}}
}

// directWay sends a direct message. Far from the place, it says first what it answers.
func (s *Sender) directWay(r *Request, one *workspace, a Answer) way {
	post := s.postWay(r, one, r.Actor.UserID, "", a)
	return way{"direct message", func(ctx context.Context, w wire) error {
		quoted := encodeMessage(quoting(r, a.Message))
		if w.blocks == nil {
			quoted.blocks = nil
		}
		return post.send(ctx, quoted)
	}}
}

// quoting puts in front of a message what it answers.
func quoting(r *Request, m blocks.Message) blocks.Message {
	if r.Place.Direct() && r.Kind == Mention {
		return m
	}
	intro := whatWasDone(r)
	with := m.Blocks
	if len(with) > 0 {
		with = append([]slack.Block{blocks.Section(intro)}, with...)
	}
	return blocks.NewMessage(blocks.Join("\n", intro, m.Text), with...)
}

// whatWasDone names an act to the person who did it.
func whatWasDone(r *Request) blocks.Mrkdwn {
	var where blocks.Mrkdwn
	if r.Place.ChannelID != "" && !r.Place.Direct() {
		where = " in " + blocks.Channel(r.Place.ChannelID)
	}
	switch r.Kind {
	case Click:
		return "You clicked a button" + where + "."
	case Submission:
		return "You sent a form" + where + "."
	}
	said := blocks.Plain(blocks.Mrkdwn(r.Text))
	if r.Kind == Command {
		said = r.CommandName + " " + said
	}
	return "You wrote" + where + ":\n" + blocks.Quote(blocks.Cut(said, 500))
}
