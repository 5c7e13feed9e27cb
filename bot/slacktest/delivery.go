package slacktest

import (
	"encoding/json"
	"time"
)

// Stats counts deliveries.
type Stats struct {
	Delivered   int // envelopes written to a socket, redeliveries included
	Acked       int // acknowledged in time
	Late        int // acknowledged after the deadline
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
	acked   bool
}

func (d *delivery) stop() {
	if d.timer != nil {
		d.timer.Stop()
	}
}

type frame struct {
	EnvelopeID  string          `json:"envelope_id"`
	Type        string          `json:"type"`
	Payload     json.RawMessage `json:"payload"`
	Accepts     bool            `json:"accepts_response_payload"`
	RetryCount  *int            `json:"retry_attempt,omitempty"`
	RetryReason *string         `json:"retry_reason,omitempty"`
}

// send delivers the act in a new envelope. The caller holds mu.
func (s *Server) send(a *Act, attempt int) { s.sendAs(a, attempt, s.uuid()) }

func (s *Server) sendAs(a *Act, attempt int, id string) {
	d := &delivery{act: a, id: id, attempt: attempt}
	a.attempts = append(a.attempts, d)
	if len(a.attempts) > 1 {
		s.stats.Redelivered++
	}
	k := s.pick()
	if k == nil {
		s.stats.Lost++
		s.missed(d, ErrNoSocket)
		return
	}
	f := frame{EnvelopeID: id, Type: a.kind, Payload: a.payload, Accepts: a.accepts}
	if a.kind == "events_api" {
		reason := ""
		if attempt > 0 {
			reason = "timeout"
		}
		f.RetryCount, f.RetryReason = &attempt, &reason
	}
	b, err := json.Marshal(f)
	if err != nil {
		panic("slacktest: frame: " + err.Error())
	}
	d.sock = k
	s.stats.Delivered++
	s.pending[id] = d
	d.timer = time.AfterFunc(s.opts.AckTimeout, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.pending[id] == d {
			delete(s.pending, id)
			s.finished[id] = d
			s.stats.Expired++
			s.missed(d, ErrTimeout)
		}
	})
	k.write(b)
	s.touch()
}

// missed handles an envelope without acknowledgement: events come again, everything else has failed.
func (s *Server) missed(d *delivery, why error) {
	a := d.act
	if a.kind != "events_api" || d.attempt >= len(s.opts.EventRetries) {
		a.finish(nil, why)
		return
	}
	wait, next := s.opts.EventRetries[d.attempt], d.attempt+1
	d.timer = time.AfterFunc(wait, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if !s.closed && !a.finished {
			s.send(a, next)
		}
	})
}

// acknowledge takes a frame of the app. The caller holds mu.
func (s *Server) acknowledge(k *socket, id string, payload json.RawMessage) {
	d := s.pending[id]
	if d == nil {
		if s.finished[id] != nil {
			s.stats.Late++
		} else {
			s.violate("acknowledgement of unknown envelope " + id)
		}
		return
	}
	d.stop()
	delete(s.pending, id)
	s.finished[id] = d
	d.acked = true
	s.stats.Acked++
	d.act.finish(payload, nil)
}

// Stats gives the counts so far.
func (s *Server) Stats() Stats {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stats
}

// Deliver sends an envelope of the given type with any payload, for shapes that no act makes.
func (s *Server) Deliver(kind string, payload any, acceptsPayload bool) *Act {
	b, err := json.Marshal(payload)
	if err != nil {
		panic("slacktest: deliver: " + err.Error())
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.act(kind, acceptsPayload)
	a.payload = b
	s.send(a, 0)
	return a
}

// Redeliver delivers the act once more, as Slack may: in a new envelope (with retry_attempt 1 for an event), or in the
// same one.
func (s *Server) Redeliver(a *Act, newEnvelope bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if newEnvelope || len(a.attempts) == 0 {
		s.send(a, min(len(a.attempts), 1))
		return
	}
	last := a.attempts[len(a.attempts)-1]
	s.sendAs(a, last.attempt, last.id)
}
