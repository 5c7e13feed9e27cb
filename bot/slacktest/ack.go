package slacktest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// frameMax is the longest frame Slack takes from an app; a longer one closes the socket with 1009 (reported:
// revelrylabs/slax#614).
const frameMax = 20_480

// poisonLife is how long an act whose acknowledgement was too long comes again at every reconnect ("minutes", same
// report).
const poisonLife = 5 * time.Minute

type ackFrame struct {
	EnvelopeID string          `json:"envelope_id"`
	Payload    json.RawMessage `json:"payload"`
}

// receive takes a text frame of the app.
func (s *Server) receive(k *socket, b []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var f ackFrame
	if json.Unmarshal(b, &f) != nil || f.EnvelopeID == "" {
		s.violate("a frame without envelope_id: " + string(b[:min(len(b), 80)]))
		return
	}
	d := s.pending[f.EnvelopeID]
	if d == nil {
		s.acknowledgedLate(f.EnvelopeID)
		return
	}
	if d.sock != k {
		s.stats.Elsewhere++
		if s.opts.SameSocketAcks {
			return
		}
	}
	d.stop()
	delete(s.pending, d.id)
	s.finished.put(d.id, &ended{acked: true, extra: d.extra})
	delete(s.poison, d.act)
	s.stats.Acked++
	s.settle(d.act, f.Payload)
}

func (s *Server) acknowledgedLate(id string) {
	e, known := s.finished.get(id)
	switch {
	case !known:
		s.violate("acknowledgement of an unknown envelope: " + id)
	case e.acked && e.extra > 0:
		e.extra--
		s.stats.Acked++
		s.touch()
	case e.acked:
		s.violate("second acknowledgement of an envelope: " + id)
	default:
		s.stats.Late++
		s.touch()
	}
}

// tooLong remembers the act of a frame that was too long, so that it comes again at every reconnect.
func (s *Server) tooLong(b []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.violate(fmt.Sprintf("a frame of %d bytes: more than %d close the socket", len(b), frameMax))
	var f ackFrame
	if json.Unmarshal(b, &f) != nil {
		return
	}
	if d := s.pending[f.EnvelopeID]; d != nil {
		s.poison[d.act] = s.opts.Now().Add(poisonLife)
	}
}

// resendPoison delivers the acts of too long acknowledgements again, on the new socket. The caller holds mu.
func (s *Server) resendPoison(k *socket) {
	for a, until := range s.poison {
		if s.opts.Now().After(until) {
			delete(s.poison, a)
			continue
		}
		s.sendOn(k, a, 0, s.uuid())
	}
}

// settle does what an acknowledgement asks for. The caller holds mu.
func (s *Server) settle(a *Act, payload json.RawMessage) {
	if p := bytes.TrimSpace(payload); len(p) == 0 || string(p) == "{}" || string(p) == "null" {
		payload = nil // Slack's Node client always sends {}
	}
	switch {
	case a.finished: // delivered more than once: the first acknowledgement was the one
	case payload != nil && !a.accepts:
		s.violate("a payload in the acknowledgement of " + a.kind + ", which takes none")
	case a.what == isCommand && payload != nil:
		s.answerCommand(a, payload)
	case a.what == isSubmission:
		s.answerSubmission(a, payload)
	case a.what == isSuggestion:
		if bad := checkOptions(payload); len(bad) > 0 {
			s.violate("options: " + strings.Join(bad, "; "))
		}
	}
	a.finish(payload, nil)
}

// answerCommand posts the message in a command's acknowledgement: ephemeral unless it says in_channel.
func (s *Server) answerCommand(a *Act, payload json.RawMessage) {
	req := request{args: map[string]string{}}
	if req.readJSON(payload) != "" {
		s.violate("the payload of a command's acknowledgement is no message")
		return
	}
	h := &hook{user: a.user, ch: a.ch, ws: a.user.ws}
	if err := h.answer(&call{s: s, in: a.user.ws.in, args: req.args}); err != nil {
		s.violate("the payload of a command's acknowledgement: " + err.code)
	}
}

// answerSubmission does what a submission's acknowledgement says: close, errors, update, push or clear (docs:
// surfaces/modals). What Slack cannot use leaves the modal with "trouble connecting".
func (s *Server) answerSubmission(a *Act, payload json.RawMessage) {
	v := a.view
	if payload == nil {
		v.close()
		return
	}
	p, ok := parseObj(payload)
	if !ok {
		s.badAnswer(v, "no object")
		return
	}
	switch p.str("response_action") {
	case "clear":
		v.user.closeAll()
	case "errors":
		s.showErrors(v, p.obj("errors"))
	case "update", "push":
		s.showView(v, p)
	default:
		s.badAnswer(v, "unknown response_action")
	}
}

func (s *Server) badAnswer(v *View, why string) {
	v.Trouble = trouble
	s.violate("the answer to a view_submission: " + why)
}

// showErrors puts sentences under inputs. Keys that are no input block make Slack show its general trouble.
func (s *Server) showErrors(v *View, errs obj) {
	if len(errs) == 0 {
		s.badAnswer(v, "errors without any")
		return
	}
	inputs := map[string]bool{}
	for _, b := range v.raw.list("blocks") {
		if o := asObj(b); o.str("type") == "input" {
			inputs[o.str("block_id")] = true
		}
	}
	shown := map[string]string{}
	for id := range errs {
		if !inputs[id] || errs.str(id) == "" {
			s.badAnswer(v, "errors."+id+" names no input block")
			return
		}
		shown[id] = errs.str(id)
	}
	v.Errors, v.Trouble = shown, ""
	s.touch()
}

func (s *Server) showView(v *View, p obj) {
	raw := p.obj("view")
	if problems := checkView(raw, inModal); len(problems) > 0 {
		s.badAnswer(v, problems[0].String())
		return
	}
	if p.str("response_action") == "update" {
		v.fill(raw)
		return
	}
	if len(v.user.modals) >= modalsMax {
		s.badAnswer(v, "push_limit_reached")
		return
	}
	v.user.push(s.newView(raw, v.user, v.ws))
}
