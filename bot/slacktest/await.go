package slacktest

import (
	"context"
	"time"
)

// outsidePoll is how often Await asks again about conditions that the fake does not see changing.
const outsidePoll = 25 * time.Millisecond

// Await waits until ok says so. It is asked again after every change of the server's state and, for the sake of
// conditions outside it, every 25 ms. ok may call any method of the server but Await and WaitSocket.
func (s *Server) Await(ctx context.Context, ok func() bool) error {
	outside := time.NewTicker(outsidePoll)
	defer outside.Stop()
	for {
		changed := s.change()
		if ok() {
			return nil
		}
		select {
		case <-changed:
		case <-outside.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// change gives a channel that is closed at the next change.
func (s *Server) change() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.changed == nil {
		s.changed = make(chan struct{})
	}
	return s.changed
}

// touch wakes everybody in Await. The caller holds mu.
func (s *Server) touch() {
	if s.changed != nil {
		close(s.changed)
		s.changed = nil
	}
}

// violationsMax bounds the memory of Violations.
const violationsMax = 1000

// violate records something that Slack tolerates, hides or punishes later. The caller holds mu.
func (s *Server) violate(text string) {
	if len(s.notes) < violationsMax {
		s.notes = append(s.notes, text)
	}
	s.touch()
}

// Violations lists what the app did that Slack lets pass and a careful app does not do: blocks without a complete text
// beside them, a payload in an acknowledgement that takes none, an acknowledgement of nothing, a text that is cut. The
// first 1000 are kept.
func (s *Server) Violations() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.notes...)
}
