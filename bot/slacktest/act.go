package slacktest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
)

// Errors of Act.Acked.
var (
	// ErrNoSocket says that no socket was open: the person sees dispatch_failed.
	ErrNoSocket = errors.New("slacktest: no socket was open (dispatch_failed)")
	// ErrTimeout says that nothing acknowledged in time: the person sees that the app did not respond.
	ErrTimeout = errors.New("slacktest: not acknowledged in time (the app did not respond)")
	// ErrNotSent says that Slack would have sent nothing: no subscription, nothing to click, a required input is empty.
	ErrNotSent = errors.New("slacktest: not sent")
)

// what says how an acknowledgement of an act is taken.
type what int

const (
	isEvent what = iota
	isCommand
	isClick // block_actions, shortcuts, view_closed
	isSubmission
	isSuggestion
	isOther // Deliver
)

// Act is something a person did, and what became of its delivery.
type Act struct {
	s       *Server
	kind    string // of the envelope
	what    what
	accepts bool
	payload json.RawMessage
	user    *User
	ch      *Channel
	command string
	view    *View
	message Message
	done    chan struct{}

	finished bool // these are guarded by Server.mu
	reply    json.RawMessage
	err      error
	attempts []*delivery
}

func (s *Server) act(kind string, w what, accepts bool) *Act {
	return &Act{s: s, kind: kind, what: w, accepts: accepts, done: make(chan struct{})}
}

// Acked waits for the acknowledgement and gives its payload, nil without one. The error is ErrNoSocket, ErrTimeout,
// ErrNotSent (all wrapped) or the context's. An event fails only after its last redelivery.
func (a *Act) Acked(ctx context.Context) (json.RawMessage, error) {
	select {
	case <-a.done:
		a.s.mu.Lock()
		defer a.s.mu.Unlock()
		return a.reply, a.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Done is closed when the act is acknowledged or has failed.
func (a *Act) Done() <-chan struct{} { return a.done }

// Failed is Slack's name for how the act failed as its person sees it: "dispatch_failed", "operation_timeout", "" while
// it has not.
func (a *Act) Failed() string {
	a.s.mu.Lock()
	defer a.s.mu.Unlock()
	switch {
	case errors.Is(a.err, ErrNoSocket):
		return "dispatch_failed"
	case errors.Is(a.err, ErrTimeout):
		return "operation_timeout"
	}
	return ""
}

// Message is the message that a mention posted.
func (a *Act) Message() Message { return a.message }

// Payload is what was or would be delivered.
func (a *Act) Payload() json.RawMessage { return a.payload }

// EnvelopeIDs lists the envelopes in which the act was delivered, oldest first.
func (a *Act) EnvelopeIDs() []string {
	a.s.mu.Lock()
	defer a.s.mu.Unlock()
	var out []string
	for _, d := range a.attempts {
		out = append(out, d.id)
	}
	return out
}

// Redelivered counts the deliveries after the first.
func (a *Act) Redelivered() int {
	a.s.mu.Lock()
	defer a.s.mu.Unlock()
	return max(0, len(a.attempts)-1)
}

// finish settles the act once. The caller holds mu.
func (a *Act) finish(reply json.RawMessage, err error) {
	if a.finished {
		return
	}
	a.finished, a.reply, a.err = true, reply, err
	close(a.done)
	a.s.touch()
}

// refuse settles an act that Slack would not have sent. The caller holds mu.
func (a *Act) refuse(format string, args ...any) *Act {
	a.finish(nil, fmt.Errorf("%w: %s", ErrNotSent, fmt.Sprintf(format, args...)))
	return a
}
