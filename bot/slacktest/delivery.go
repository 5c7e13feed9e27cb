package slacktest

import (
	"encoding/json"
	"time"
)

// Stats counts sockets and deliveries.
type Stats struct {
	Opened      int // sockets that were taken in
	Delivered   int // envelopes written to a socket, redeliveries included
	Acked       int // acknowledged in time
	Late        int // acknowledged after the deadline
	Elsewhere   int // acknowledged on another socket than the one they came from
	Redelivered int // envelopes that repeat an act
	Lost        int // envelopes that found no socket
	Expired     int // envelopes that nobody acknowledged in time
}

// delivery is one envelope.
type delivery struct {
	act     *Act
	id      string
	attempt int
	sock    *socket
	timer   *time.Timer
	extra   int // how often the same envelope was sent while it was under way: so many more acknowledgements are due
}

// ended is what is remembered of an envelope that is acknowledged or too old.
type ended struct {
	acked bool
	extra int
}

func (d *delivery) stop() {
	if d.timer != nil {
		d.timer.Stop()
	}
}

type frame struct {
	EnvelopeID  string          `json:"envelope_id"`
	Payload     json.RawMessage `json:"payload"`
	Type        string          `json:"type"`
	Accepts     bool            `json:"accepts_response_payload"`
	RetryCount  *int            `json:"retry_attempt,omitempty"`
	RetryReason *string         `json:"retry_reason,omitempty"`
}

// send delivers the act in a new envelope. attempt is Slack's count of redeliveries. The caller holds mu.
func (s *Server) send(a *Act, attempt int) { s.sendOn(s.pick(), a, attempt, s.uuid()) }

// sendOn delivers the act on the given socket; nil is none.
func (s *Server) sendOn(k *socket, a *Act, attempt int, id string) {
	d := &delivery{act: a, id: id, attempt: attempt, sock: k}
	a.attempts = append(a.attempts, d)
	if len(a.attempts) > 1 {
		s.stats.Redelivered++
	}
	if k == nil {
		s.stats.Lost++
		s.missed(d, ErrNoSocket)
		return
	}
	s.stats.Delivered++
	if before := s.pending[id]; before != nil {
		before.stop()
		d.extra = before.extra + 1
	}
	s.pending[id] = d
	d.timer = s.later(s.opts.AckTimeout, func() {
		if s.pending[id] == d {
			delete(s.pending, id)
			s.finished.put(id, &ended{})
			s.stats.Expired++
			s.missed(d, ErrTimeout)
		}
	})
	k.write(mustJSON(d.frame()))
	s.touch()
}

func (d *delivery) frame() frame {
	a := d.act
	f := frame{EnvelopeID: d.id, Type: a.kind, Payload: a.payload, Accepts: a.accepts}
	if a.kind == "events_api" {
		reason := ""
		if d.attempt > 0 {
			reason = "timeout"
		}
		f.RetryCount, f.RetryReason = &d.attempt, &reason
	}
	return f
}

// missed handles an envelope without acknowledgement: an event comes again, everything else has failed and its person
// sees that. The caller holds mu.
func (s *Server) missed(d *delivery, why error) {
	a := d.act
	if a.finished {
		return
	}
	if a.kind == "events_api" && d.attempt < len(s.opts.EventRetries) {
		d.timer = s.later(s.opts.EventRetries[d.attempt], func() {
			if !a.finished {
				s.send(a, d.attempt+1)
			}
		})
		return
	}
	a.finish(nil, why)
	switch a.what {
	case isCommand:
		text := a.command + " failed: incident-bot did not respond (operation_timeout)"
		if why == ErrNoSocket {
			text = a.command + ` failed with the error "dispatch_failed"`
		}
		s.add(a.ch, &Message{User: slackbot, Text: text, Ephemeral: true, To: a.user.ID})
	case isSubmission:
		a.view.Trouble = trouble
	}
}

// slackbot is the user in whose name Slack itself speaks.
const slackbot = "USLACKBOT"

// trouble is what a modal shows when its submission came to nothing.
const trouble = "We had some trouble connecting. Try again?"

// Stats gives the counts so far.
func (s *Server) Stats() Stats {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stats
}

// Deliver sends an envelope of the given type with any payload, for shapes that no act makes. Type events_api has
// retries.
func (s *Server) Deliver(kind string, payload any, acceptsPayload bool) *Act {
	b := mustJSON(payload)
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.act(kind, isOther, acceptsPayload)
	a.payload = b
	s.send(a, 0)
	return a
}

// DeliverFrame writes any text to one of the open sockets, for frames that are not even an envelope. It says whether
// there was a socket.
func (s *Server) DeliverFrame(text string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	k := s.pick()
	if k == nil {
		return false
	}
	k.write([]byte(text))
	return true
}

// Redeliver delivers the act once more, as Slack may: in a new envelope (with the next retry_attempt for an event), or
// in the same one (with the same retry_attempt).
func (s *Server) Redeliver(a *Act, newEnvelope bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(a.attempts) == 0 {
		s.send(a, 0)
		return
	}
	last := a.attempts[len(a.attempts)-1]
	if newEnvelope {
		s.send(a, last.attempt+1)
		return
	}
	s.sendOn(s.pick(), a, last.attempt, last.id)
}
