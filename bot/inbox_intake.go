package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
	"time"

	"github.com/rs/zerolog"
)

// dispatcher is the part of the Router that the delivery path asks. NeedsFast and Lane are asked by the read loop and
// must not wait for anything.
type dispatcher interface {
	runner
	fastLane
	// NeedsFast says whether Fast has to be called before d is put into the inbox.
	NeedsFast(d Delivery) bool
	// Lane names the queue of d: workspace, slash, lane.
	Lane(d Delivery) string
	refuser
}

// refuser says what becomes of what the inbox did not take.
type refuser interface {
	// Refuse tells the person that nothing came of d, and why.
	Refuse(ctx context.Context, d Delivery, why error)
	// Refusal is Refuse for a form that is still open: the payload of its acknowledgement, nil when it takes none.
	Refusal(d Delivery, why error) any
}

// acker acknowledges envelopes, on the socket they came from or the next best.
type acker interface {
	// acknowledge sends the acknowledgement of an envelope that was received then, with payload unless that is nil.
	acknowledge(id string, payload any, received time.Time)
}

// intake leads each envelope from the read loop into the inbox: decode, persist, acknowledge, hand over. It calls
// nothing that waits for a peer; what has to goes to the fast lane.
type intake struct {
	inbox   Inbox
	router  dispatcher
	lanes   *lanes
	fast    *fast
	metrics *metrics
	log     zerolog.Logger
}

// take handles one envelope. A panic ends this envelope alone: it stays unacknowledged, and Slack
// redelivers what can be redelivered.
func (in *intake) take(from acker, f *frame, received time.Time) {
	defer in.recovered("read loop", f.EnvelopeID)
	d, v := f.delivery(received)
	if !v.accepted() {
		in.ignore(from, f, v, received)
		return
	}
	in.metrics.envelope(f.Type, string(d.Kind))
	in.log.Debug().Str("kind", string(d.Kind)).Str("key", d.Key).Str("envelope", d.EnvelopeID).Int("attempt", d.Attempt).
		Str("team", d.Installation.TeamID).Msg("delivery received")
	if !in.urgent(from, &d) {
		in.keep(from, &d)
	}
}

// ignore acknowledges what nobody acts upon, so that Slack does not send it again.
func (in *intake) ignore(from acker, f *frame, v verdict, received time.Time) {
	kind, level := "ignored", zerolog.DebugLevel
	if v.odd {
		kind, level = "odd", zerolog.WarnLevel
	}
	if v.what == eventRateLimited {
		kind = "rate_limited"
	}
	in.metrics.envelope(f.Type, kind)
	in.log.WithLevel(level).Str("type", loggable(f.Type)).Str("what", loggable(v.what)).Str("why", v.why).
		Msg("envelope not acted upon")
	var payload any
	if v.answer != "" && f.Accepts {
		payload = json.RawMessage(v.answer)
	}
	from.acknowledge(f.EnvelopeID, payload, received)
}

// keep puts d into the inbox, acknowledges it, and hands it over: in that order. Where the inbox takes e before it has
// committed it, and the reader has others to read, the rest is done afterwards.
func (in *intake) keep(from acker, d *Delivery) {
	e := in.entry(d)
	ctx, cancel := context.WithTimeout(in.lanes.ctx, putDeadline)
	queue, queues := from.(queuer)
	inbox, offers := in.inbox.(Offerer)
	if !queues || !offers {
		seen, err := in.inbox.Put(ctx, &e)
		cancel()
		in.kept(from, d, &e, seen, err)
		return
	}
	wait := inbox.Offer(ctx, &e)
	queue.afterwards(func() {
		defer in.recovered("read loop", d.EnvelopeID)
		seen, err := wait()
		cancel()
		in.kept(from, d, &e, seen, err)
	})
}

// queuer is a reader's acker: it does things in order beside the reading.
type queuer interface{ afterwards(settle func()) }

// kept does what has to be done with d once the inbox has answered.
func (in *intake) kept(from acker, d *Delivery, e *Entry, seen bool, err error) {
	switch {
	case err != nil:
		in.refuse(from, d, err)
	case seen:
		in.metrics.seen.WithLabelValues(string(d.Kind)).Inc()
		in.log.Info().Str("kind", string(d.Kind)).Str("key", d.Key).Int("attempt", d.Attempt).Msg("delivery seen before")
		from.acknowledge(d.EnvelopeID, nil, d.Received)
	default:
		from.acknowledge(d.EnvelopeID, nil, d.Received)
		if !e.Elsewhere {
			in.lanes.add(newAct(*d, e.ID, e.Lane, in.inbox)) // whatever became of the acknowledgement: it is ours now
		}
	}
}

// putDeadline bounds writing a delivery down. Slack waits 3 s for the acknowledgement; who is refused is told by then.
const putDeadline = 2 * time.Second

// entry makes what the inbox keeps of d.
func (in *intake) entry(d *Delivery) Entry {
	lane := in.lane(d)
	workspace, _, _ := strings.Cut(lane, "/")
	body, err := d.store()
	if err != nil {
		body = nil // strings and times always encode
	}
	return Entry{
		Key: d.Key, Names: d.names(), Workspace: workspace, User: d.Actor.UserID, Lane: lane, Received: d.Received, Body: body,
	}
}

// restore hands over an entry of an earlier time, or of another process that ended.
func (in *intake) restore(e Entry) {
	d, err := restored(e.Body)
	if err != nil {
		in.log.Error().Err(err).Int64("id", e.ID).Msg("an entry of the inbox cannot be read: given up")
		in.inbox.End(e.ID, true, "unreadable")
		return
	}
	in.metrics.restored.WithLabelValues(string(d.Kind)).Inc()
	in.log.Info().Str("kind", string(d.Kind)).Str("key", d.Key).Int("attempts", e.Attempts).Msg("delivery restored")
	a := newAct(d, e.ID, e.Lane, in.inbox)
	a.attempts, a.before, a.restored, a.why = e.Attempts, true, true, e.Why
	if a.suspect = e.Crashes >= maxCrashes; a.suspect {
		in.log.Error().Str("key", a.Key).Msg("delivery given up: the process ended too often while it was handled")
	}
	in.lanes.add(a)
}

// maxCrashes is in how many ends of a process an act may have had its handler at work before it is suspected. A process
// that is killed again and again has innocents at work too, so it takes many.
const maxCrashes = 25

// errSuspect is why an act is given up that was at work whenever the process died.
var errSuspect = errors.New("the process ended again and again while this was handled")

// refuse handles what the inbox did not take: the person is told at once. A form stays open with what was typed, and
// shows why.
func (in *intake) refuse(from acker, d *Delivery, why error) {
	in.metrics.refused.WithLabelValues(string(d.Kind), refusal(why)).Inc()
	in.log.Error().Err(why).Str("kind", string(d.Kind)).Str("key", d.Key).Str("ref", refOf(d.Key)).Msg("delivery refused")
	if d.Kind == Submission {
		if payload := in.formRefusal(d, why); payload != nil {
			from.acknowledge(d.EnvelopeID, payload, d.Received)
		}
		return // without an acknowledgement Slack shows that it had trouble, and keeps the form open
	}
	from.acknowledge(d.EnvelopeID, nil, d.Received)
	told := in.fast.start(func() {
		defer in.recovered("refusal", d.EnvelopeID)
		ctx, cancel := context.WithTimeout(in.lanes.ctx, refuseDeadline)
		defer cancel()
		in.router.Refuse(ctx, *d, why)
	})
	if !told {
		in.log.Error().Str("key", d.Key).Msg("person not told of a refused delivery")
	}
}

// formRefusal asks the router.
func (in *intake) formRefusal(d *Delivery, why error) (payload any) {
	defer in.recovered("refusal", d.EnvelopeID)
	return in.router.Refusal(*d, why)
}

// refusal names why the inbox did not take something, as the label of a metric.
func refusal(why error) string {
	if errors.Is(why, ErrBusy) {
		return "busy"
	}
	return "failed"
}

// refuseDeadline bounds telling somebody that they were not heard.
const refuseDeadline = 10 * time.Second

// lane asks the router, which has no say in whether d runs.
func (in *intake) lane(d *Delivery) (name string) {
	name = d.Installation.TeamID + "/"
	defer in.recovered("lane", d.EnvelopeID)
	return in.router.Lane(*d)
}

// recovered is deferred around code that may be wrong.
func (in *intake) recovered(where, envelope string) {
	if p := recover(); p != nil {
		in.metrics.panics.WithLabelValues(where).Inc()
		in.log.Error().Str("where", where).Str("envelope", envelope).Str("panic", fmt.Sprint(p)).
			Bytes("stack", debug.Stack()).Msg("panic caught")
	}
}

// loggable makes a word of Slack's fit for a log line: it should be a short identifier, and nothing makes sure.
func loggable(word string) string {
	const most = 64
	if word == "" {
		return "none"
	}
	if len(word) > most || !bare(word) {
		return "unprintable"
	}
	return word
}
