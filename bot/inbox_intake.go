package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
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
	// Refuse tells the person that nothing came of d, and why.
	Refuse(ctx context.Context, d Delivery, why error)
}

// acker acknowledges envelopes, on the socket they came from or the next best.
type acker interface {
	// acknowledge sends the acknowledgement of an envelope that was received then, with payload unless that is nil.
	acknowledge(id string, payload any, received time.Time)
}

// intake leads each envelope from the read loop into the inbox: decode, persist, acknowledge, hand over. It calls
// nothing that waits for a peer; what has to goes to the fast lane.
type intake struct {
	inbox   oldInbox
	router  dispatcher
	lanes   *lanes
	fast    *fast
	metrics *metrics
	log     zerolog.Logger
}

// take handles one envelope. raw is on loan. A panic ends this envelope alone: it stays unacknowledged, and Slack
// redelivers what can be redelivered.
func (in *intake) take(from acker, f *frame, raw []byte, received time.Time) {
	defer in.recovered("read loop", f.EnvelopeID)
	d, v := f.delivery(raw, received)
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

// keep puts d into the inbox, acknowledges it, and hands it over: in that order.
func (in *intake) keep(from acker, d *Delivery) {
	seen, err := in.inbox.Put(in.lanes.ctx, *d)
	d.Envelope = nil // it was on loan for Put
	switch {
	case err != nil:
		in.refuse(from, d, err)
	case seen:
		in.metrics.seen.WithLabelValues(string(d.Kind)).Inc()
		in.log.Info().Str("kind", string(d.Kind)).Str("key", d.Key).Int("attempt", d.Attempt).Msg("delivery seen before")
		from.acknowledge(d.EnvelopeID, nil, d.Received)
	default:
		defer in.lanes.add(in.lane(d), d) // whatever becomes of the acknowledgement: it is ours now
		from.acknowledge(d.EnvelopeID, nil, d.Received)
	}
}

// refuse handles what the inbox did not take. An event stays unacknowledged: Slack sends it again, up to six minutes
// later. So does a submission: its form stays open with what was typed. Nobody repeats a command or a click, so the
// person is told.
func (in *intake) refuse(from acker, d *Delivery, why error) {
	in.metrics.refused.WithLabelValues(string(d.Kind), refusal(why)).Inc()
	in.log.Error().Err(why).Str("kind", string(d.Kind)).Str("key", d.Key).Msg("delivery refused")
	if d.Kind == Mention || d.Kind == Submission {
		return
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
