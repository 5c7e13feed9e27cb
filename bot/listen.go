package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/gorilla/websocket"
	"github.com/rs/zerolog"
	"golang.org/x/sync/errgroup"
	"golang.org/x/time/rate"
)

// listener keeps a number of sockets open. Each has a slot that replaces it when it ends, and before it ends where
// Slack says so in time: the old one is read until it closes, and what it carries is acknowledged on it.
type listener struct {
	open    opener
	dialer  *websocket.Dialer
	take    func(from acker, f *frame, received time.Time)
	timing  timing
	metrics *metrics
	log     zerolog.Logger
	bucket  *rate.Limiter
	slots   []*slot

	mu      sync.Mutex
	live    map[*socket]bool // every socket from its handshake to its end
	ready   []*socket        // those that have said hello, oldest first
	trouble error            // why the last attempt failed; nil after a hello
}

func newListener(n int, open opener, take func(acker, *frame, time.Time), t timing, m *metrics, log zerolog.Logger) *listener {
	l := &listener{
		open: open, dialer: newDialer(t.open), take: take, timing: t, metrics: m, log: log,
		bucket: rate.NewLimiter(rate.Limit(t.rate), t.burst), live: map[*socket]bool{},
	}
	for i := range n {
		l.slots = append(l.slots, newSlot(i, t))
	}
	return l
}

// run opens sockets until ctx is done, which is no error, or until Slack says that there is no use in it. The sockets
// stay open: stop closes them.
func (l *listener) run(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	for _, p := range l.slots {
		group.Go(func() error { return l.fill(ctx, p) })
	}
	return group.Wait()
}

// stop closes every socket with a close frame, after the frame it has in hand.
func (l *listener) stop() {
	l.mu.Lock()
	var all []*socket
	for s := range l.live {
		all = append(all, s)
	}
	l.mu.Unlock()
	var closing sync.WaitGroup
	for _, s := range all {
		closing.Go(func() { s.stop("stop") })
	}
	closing.Wait()
}

// Err says why nothing can be received at present, nil while a socket is open.
func (l *listener) Err() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case len(l.ready) > 0:
		return nil
	case l.trouble != nil:
		return fmt.Errorf("no socket to Slack is open: %w", l.trouble)
	default:
		return errors.New("no socket to Slack is open yet")
	}
}

// troubled notes why an attempt failed.
func (l *listener) troubled(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.trouble = err
}

// refused notes whether Slack has room for a slot's socket.
func (l *listener) refused(p *slot, refused bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	p.refused = refused
}

// crowding says how many slots Slack has no room for, nil for none.
func (l *listener) crowding() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := 0
	for _, p := range l.slots {
		open := slices.ContainsFunc(l.ready, func(s *socket) bool { return s.slot == p.number })
		if p.refused && !open {
			n++
		}
	}
	if n == 0 {
		return nil
	}
	return fmt.Errorf("%d of %d sockets: %w", n, len(l.slots), errTooMany)
}

// greeted files a socket that is ready.
func (l *listener) greeted(s *socket, f *frame) {
	l.mu.Lock()
	if slices.Contains(l.ready, s) {
		l.mu.Unlock()
		return
	}
	l.ready = append(l.ready, s)
	l.trouble = nil
	l.mu.Unlock()
	l.metrics.sockets.Inc()
	s.log.Info().Str("host", loggable(f.Debug.Host)).Int("life_seconds", f.Debug.Life).Msg("socket open")
	place := l.slots[s.slot]
	place.once.Do(func() { close(place.greeted) })
}

// envelope leads an envelope to the intake.
func (l *listener) envelope(s *socket, f *frame, received time.Time) {
	l.take(onSocket{l, s}, f, received)
}

// unreadable counts a frame that means nothing. The connection is kept.
func (l *listener) unreadable(s *socket, err error) {
	l.metrics.undecodable.Inc()
	s.log.Warn().Err(err).Msg("unreadable frame")
}

// ended forgets a socket.
func (l *listener) ended(s *socket) {
	l.mu.Lock()
	delete(l.live, s)
	was := len(l.ready)
	l.ready = slices.DeleteFunc(l.ready, func(o *socket) bool { return o == s })
	now := len(l.ready)
	l.mu.Unlock()
	l.metrics.sockets.Sub(float64(was - now))
	reason := s.why()
	l.metrics.disconnects.WithLabelValues(disconnectLabel(reason)).Inc()
	s.log.Info().Str("reason", loggable(reason)).Dur("lived", time.Since(s.began)).Int64("envelopes", s.carried.Load()).
		Msg("socket closed")
}

// newest gives the socket that opened last, other than the given one; nil when there is none.
func (l *listener) newest(but *socket) *socket {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, s := range slices.Backward(l.ready) {
		if s != but {
			return s
		}
	}
	return nil
}
