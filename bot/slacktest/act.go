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
	ErrNoSocket = errors.New("slacktest: no socket was open")
	// ErrTimeout says that nothing acknowledged in time: the person sees "did not respond".
	ErrTimeout = errors.New("slacktest: not acknowledged in time")
	// ErrNotSent says that Slack would not have sent anything: no subscription, nothing to click.
	ErrNotSent = errors.New("slacktest: not sent")
)

// Act is something a person did, and what became of its delivery.
type Act struct {
	s        *Server
	kind     string
	accepts  bool
	payload  json.RawMessage
	eventID  string
	user     *User
	ch       *Channel
	command  string
	view     *View
	message  Message
	done     chan struct{}
	finished bool
	reply    json.RawMessage
	err      error
	attempts []*delivery
}

func (s *Server) act(kind string, accepts bool) *Act {
	return &Act{s: s, kind: kind, accepts: accepts, done: make(chan struct{})}
}

// Acked waits for the acknowledgement and gives its payload, nil without one. The error is ErrNoSocket, ErrTimeout,
// ErrNotSent (all wrapped) or the context's.
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

// finish settles the act once. The caller holds mu.
func (a *Act) finish(reply json.RawMessage, err error) {
	if a.finished {
		return
	}
	a.finished, a.reply, a.err = true, reply, err
	close(a.done)
	a.s.touch()
}

func (a *Act) refuse(format string, args ...any) *Act {
	a.finish(nil, fmt.Errorf("%w: "+format, append([]any{ErrNotSent}, args...)...))
	return a
}

// Message is the message that a mention posted.
func (a *Act) Message() Message { return a.message }

// EnvelopeIDs lists the envelopes in which the act was delivered.
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
