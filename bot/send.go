package bot

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"github.com/rs/zerolog"

	"incident-bot/bot/blocks"
)

// Sender carries replies out. An answer is tried in every way that is left until one works: silence is the one thing
// that never happens to a person. A post to a channel is made once. An edit is made at most every two seconds.
type Sender struct {
	ws      *Workspaces
	labels  *Labels
	log     zerolog.Logger
	pace    *pacer
	hooks   *hookUses
	edits   *editor
	outbox  *outbox
	coming  *coming
	observe observer
}

// NewSender makes the sender of all workspaces.
func NewSender(ws *Workspaces, log zerolog.Logger) *Sender {
	s := &Sender{
		ws: ws, labels: newLabels(ws), log: log, pace: newPacer(), hooks: newHookUses(), outbox: newOutbox(), coming: newComing(), observe: unobserved{},
	}
	s.edits = newEditor(s.edit)
	return s
}

// Labels gives the labels of what this sender posted.
func (s *Sender) Labels() *Labels { return s.labels }

// Send carries out a reply's Answer, Posts and Edits, in this order; what everybody in a channel reads waits for the
// channel's turn behind it. Its error names what reached nobody; what found another way is logged and no error.
func (s *Sender) Send(ctx context.Context, r *Request, reply Reply) error {
	var failed []error
	tell := s.answer // of a post that cannot be made
	if reply.Answer != nil {
		tell = s.add
		failed = append(failed, s.unlessLeft(r, s.sendAnswer(ctx, r, *reply.Answer)))
	}
	for i, post := range reply.Posts {
		last := reply.Answer == nil && i == len(reply.Posts)-1 && r.act != nil
		failed = append(failed, s.unlessLeft(r, s.sendPost(ctx, r, i, post, tell, last)))
	}
	for _, edit := range reply.Edits {
		s.editAll(ctx, r, edit)
	}
	return errors.Join(failed...)
}

// sendAnswer brings the answer. One that an earlier process brought takes the place of what was told since.
func (s *Sender) sendAnswer(ctx context.Context, r *Request, a Answer) error {
	name := messageName(r, "answer", 0)
	if r.act != nil && r.act.isOut(ctx, name) {
		was, err := s.answered(ctx, r)
		if err != nil && r.again() {
			return err
		}
		if err := s.beside(ctx, r, encodeMessage(a.Message), was, a); err != nil {
			return err
		}
		s.toldNoMore(r)
		return nil
	}
	return s.once(ctx, r, name, answerLine(r), a.Label, func(ctx context.Context, maybe bool) error { return s.answer(ctx, r, a, maybe) })
}

// sendPost makes a post. With the last of a reply that has no answer, nothing waits any more.
func (s *Sender) sendPost(ctx context.Context, r *Request, i int, post Post, tell teller, last bool) error {
	name, channel := messageName(r, "post", i), firstOf(post.Channel, r.Place.ChannelID)
	if last && r.act.isOut(ctx, name) {
		return s.inTurn(ctx, r, channel, func(ctx context.Context) error { return s.nothingWaits(ctx, r) })
	}
	return s.once(ctx, r, name, channel, post.Label, func(ctx context.Context, maybe bool) error {
		if err := s.post(ctx, r, i, post, tell, maybe); err != nil || !last {
			return err
		}
		if err := s.nothingWaits(ctx, r); err != nil {
			return &leftError{err}
		}
		return nil
	})
}

// nothingWaits ends the message that told somebody to wait whose answer is a post, as in a direct message.
func (s *Sender) nothingWaits(ctx context.Context, r *Request) error {
	was, err := s.answered(ctx, r)
	if err != nil || !was.any() {
		return err
	}
	done := Answer{Message: blocks.NewMessage("✓ Done.")}
	if err := s.inPlace(ctx, r, encodeMessage(done.Message), was, done); err != nil {
		return err
	}
	s.toldNoMore(r)
	return nil
}

// messageName names one message of a reply in the effect log.
func messageName(r *Request, part string, index int) string {
	return part + strconv.Itoa(index) + "/" + r.Word
}

// once sends a message of a reply unless it is out already. maybe says that an earlier process may have sent it.
func (s *Sender) once(ctx context.Context, r *Request, name, channel, label string, send func(ctx context.Context, maybe bool) error) error {
	if r.act == nil {
		return s.inTurn(ctx, r, channel, s.labelled(r, label, func(ctx context.Context) error { return send(ctx, false) }))
	}
	if r.act.isOut(ctx, name) {
		return nil
	}
	return s.inTurn(ctx, r, channel, s.labelled(r, label, func(ctx context.Context) error {
		err := send(ctx, r.act.sending(ctx, name, channel != ""))
		if err == nil || isLeft(err) {
			r.act.out(name)
		} else {
			r.act.inVain(name)
		}
		return err
	}))
}

// answerLine is where an answer waits for its turn: in the channel that it is posted to for everybody, or among what its
// person was told to wait for. "" is nowhere.
func answerLine(r *Request) string {
	switch {
	case r.Kind == Mention:
		return r.Place.ChannelID
	case r.act != nil && r.act.toldBefore():
		return "@" + r.Actor.UserID
	}
	return ""
}

// labelled is send for a message that shows a label: an edit that comes before the message is out is made after it.
func (s *Sender) labelled(r *Request, label string, send func(context.Context) error) func(context.Context) error {
	if label == "" {
		return send
	}
	key := labelKey{r.Workspace, label}
	s.coming.begin(key)
	return func(ctx context.Context) error {
		err := send(ctx)
		if edit := s.coming.end(key); edit != nil {
			for _, ref := range s.labels.find(key.workspace, key.label) {
				s.edits.put(ctx, ref, *edit)
			}
		}
		return err
	}
}

// inTurn sends a message when it is its channel's turn; the act it belongs to is not over before. Whoever was told to
// wait has a message already, which becomes the answer when Slack takes the change: after an outage there are many of
// them, Slack takes some fifty a minute, and what comes next in the lane does not wait for that.
func (s *Sender) inTurn(ctx context.Context, r *Request, channel string, send func(context.Context) error) error {
	if channel == "" {
		return send(ctx)
	}
	over, aside := func() {}, false
	if r.act != nil {
		r.act.hold()
		over, aside = r.act.release, r.act.toldBefore()
	}
	return s.outbox.inTurn(ctx, r.Workspace+"/"+channel, aside, send, over, func(err error) {
		if err = s.unlessLeft(r, err); err == nil {
			return
		}
		line := s.log.Error().Str("ref", r.Ref).Str("workspace", r.Workspace).Err(err).Str("code", faultOf(err).code)
		if panicked, ok := errors.AsType[*PanicError](err); ok {
			line = line.Bytes("stack", panicked.Stack)
		}
		line.Msg("a reply reached nobody")
		if r.act != nil && passing(err) {
			r.act.reachedNobody(err)
		}
	})
}

// passing says whether what went wrong with a message may pass by itself: in any of the ways that were tried, as one that
// will never work says nothing about the others.
func passing(err error) bool {
	return err != nil && slices.ContainsFunc(faultsOf(err), func(f fault) bool { return f.effect != final || f.tooMany() })
}

// Drain sends the messages and edits that still wait and returns when they are out or ctx is done.
func (s *Sender) Drain(ctx context.Context) {
	s.outbox.drain(ctx)
	s.edits.drain(ctx)
}

// notice logs that a call to Slack failed although the work goes on in another way.
func (s *Sender) notice(r *Request, way string, err error) {
	f := faultOf(err)
	line := s.log.Warn().Str("ref", r.Ref).Str("workspace", r.Workspace).Str("way", way).Str("code", f.code).Err(err)
	if f.needed != "" {
		line = line.Str("needed", f.needed)
	}
	if len(f.detail) > 0 {
		line = line.Strs("detail", f.detail)
	}
	line.Msg("Slack did not take a message this way")
}
