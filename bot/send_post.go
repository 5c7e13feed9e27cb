package bot

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/slack-go/slack"

	"incident-bot/bot/blocks"
)

// postMessage posts and remembers what the message shows.
func (s *Sender) postMessage(ctx context.Context, one *workspace, w wire, body messageBody) (messageRef, error) {
	no := false
	body.Text, body.UnfurlLinks, body.UnfurlMedia = w.text, &no, &no
	a, err := s.call(ctx, one, "chat.postMessage", body.Channel, body, w.blocks)
	if err != nil {
		return messageRef{}, err
	}
	ref := messageRef{one.id(), firstOf(a.Channel, body.Channel), a.TS}
	if body.Metadata.Payload.Label != "" {
		s.labels.remember(ref, labelled{body.Metadata.Payload.Label, body.Metadata.Payload.Key})
	}
	return ref, nil
}

// teller brings a message to the person who acted: as their answer, or beside it.
type teller func(ctx context.Context, r *Request, a Answer, maybe bool) error

// post makes one post. When it cannot be made, now or later, the person who acted reads it privately with the reason:
// what a command did must be seen by somebody. maybe says that an earlier process may have made it.
func (s *Sender) post(ctx context.Context, r *Request, index int, p Post, tell teller, maybe bool) error {
	if p.Channel == "" {
		p.Channel = r.Place.ChannelID
	}
	one, ok := s.ws.byID(r.Workspace)
	if !ok || p.Channel == "" {
		return tell(ctx, r, Answer{Message: p.Message}, maybe)
	}
	err := s.postOnce(ctx, r, one, effectKey(r, "post", index), p, maybe)
	if err == nil {
		return nil
	}
	s.notice(r, "chat.postMessage", err)
	if passing(err) && r.again() {
		return fmt.Errorf("post to %s: %w", p.Channel, err) // it is tried again
	}
	reason := whyNotPosted(one, p.Channel, faultOf(err))
	message := blocks.NewMessage(blocks.Join("\n", p.Text, reason), append(p.Blocks[:len(p.Blocks):len(p.Blocks)], blocks.Context(reason))...)
	if len(p.Blocks) == 0 {
		message.Blocks = nil
	}
	if err := tell(ctx, r, Answer{Message: message}, maybe); err != nil {
		return fmt.Errorf("post to %s: %w", p.Channel, err)
	}
	return nil
}

// postOnce posts without doubling. Slack has no idempotency key: when an answer was lost, the channel's latest messages
// are searched for the post's key before it is tried again (docs: chat.postMessage). Where they cannot be read, it is
// not tried again.
func (s *Sender) postOnce(ctx context.Context, r *Request, one *workspace, key string, p Post, maybe bool) error {
	if maybe {
		ref, err := s.lookFor(ctx, one, key, p, r.Received)
		if passing(err) {
			return err
		}
		if ref.ts != "" {
			s.labels.remember(ref, labelled{p.Label, key})
			return nil
		}
	}
	w := encodeMessage(p.Message)
	body := messageBody{Channel: p.Channel, ThreadTS: p.Thread, Metadata: newMetadata(key, p.Label)}
	start := time.Now()
	found := false
	err := s.retry(ctx, r, &w, way{"chat.postMessage", func(ctx context.Context, w wire) error {
		_, err := s.postMessage(ctx, one, w, body)
		return err
	}}, func(f fault, tries int) bool {
		if f.effect == refused {
			return tries < triesRefused
		}
		if !f.uncertain() {
			return false
		}
		ref, err := s.lookFor(ctx, one, key, p, start)
		if found = ref.ts != ""; found && p.Label != "" {
			s.labels.remember(ref, labelled{p.Label, key})
		}
		return err == nil && !found && tries < triesLost
	})
	if found {
		return nil
	}
	return err
}

// errNobody says that it is not known yet whose messages are the bot's own.
var errNobody = errors.New("the bot's own user is not known")

// lookFor searches for a post by its key. No error and no place is: it is not there.
func (s *Sender) lookFor(ctx context.Context, one *workspace, key string, p Post, since time.Time) (ref messageRef, err error) {
	all, err := s.lookForAll(ctx, one, key, p, since)
	if len(all) > 0 {
		ref = all[0]
	}
	return ref, err
}

// lookForAll is lookFor of a post that may be there more than once.
func (s *Sender) lookForAll(ctx context.Context, one *workspace, key string, p Post, since time.Time) (all []messageRef, err error) {
	if one.botUser() == "" {
		return nil, errNobody
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	messages, err := one.recent(ctx, p.Channel, p.Thread, since.Add(-2*time.Minute)) // the clocks may differ
	one.note(err)
	if err != nil {
		s.log.Warn().Err(err).Str("workspace", one.id()).Str("code", faultOf(err).code).Msg("cannot look for a post whose answer was lost")
		return nil, err
	}
	for _, m := range messages {
		if one.labelOf(m).key == key {
			all = append(all, messageRef{one.id(), p.Channel, m.Timestamp})
		}
	}
	return all, nil
}

// recent reads the messages of a channel or thread since a time, a thousand at most.
func (w *workspace) recent(ctx context.Context, channel, thread string, since time.Time) (all []slack.Message, err error) {
	cursor := ""
	for range recentPages {
		var page []slack.Message
		if page, cursor, err = w.page(ctx, channel, thread, fmt.Sprintf("%d.000000", since.Unix()), cursor); err != nil {
			return nil, err
		}
		if all = append(all, page...); cursor == "" {
			break
		}
	}
	return all, nil
}

// The bounds of recent.
const (
	recentPages = 5
	recentPage  = 200
)

// page reads one page of a channel's messages or a thread's.
func (w *workspace) page(ctx context.Context, channel, thread, oldest, cursor string) ([]slack.Message, string, error) {
	if thread != "" {
		messages, _, next, err := w.api.GetConversationRepliesContext(ctx, &slack.GetConversationRepliesParameters{
			ChannelID: channel, Timestamp: thread, Oldest: oldest, Cursor: cursor, Limit: recentPage, IncludeAllMetadata: true,
		})
		return messages, next, err
	}
	history, err := w.api.GetConversationHistoryContext(ctx, &slack.GetConversationHistoryParameters{
		ChannelID: channel, Oldest: oldest, Cursor: cursor, Limit: recentPage, IncludeAllMetadata: true,
	})
	if err != nil {
		return nil, "", err
	}
	return history.Messages, history.ResponseMetaData.NextCursor, nil
}

// whyNotPosted says why a post is read privately, and what to do.
func whyNotPosted(one *workspace, channel string, f fault) blocks.Mrkdwn {
	where := blocks.Channel(channel)
	me := blocks.Mrkdwn("@incident-bot")
	if bot := one.botUser(); bot != "" {
		me = blocks.User(bot)
	}
	switch {
	case Place{ChannelID: channel}.Direct():
		return "I cannot post in this direct message, so only you see this."
	case f.code == "not_in_channel", f.code == "channel_not_found":
		return blocks.Textf("I am not in %s, so only you see this. To have me there: /invite %s", where, me)
	case f.code == "is_archived":
		return blocks.Textf("%s is archived, so only you see this.", where)
	case f.code == "missing_scope":
		return blocks.Textf("I may not post in %s, so only you see this. Missing scope: %s. Whoever runs incident-bot can add it to the Slack app.",
			where, firstOf(f.needed, "chat:write"))
	case f.uncertain():
		return blocks.Textf("Slack did not confirm that this reached %s; look there before you post it again.", where)
	}
	return blocks.Textf("I could not post this in %s (%s), so only you see it.", where, f.code)
}
