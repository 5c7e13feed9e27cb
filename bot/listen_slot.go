package bot

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"
)

// slot is the place of one socket.
type slot struct {
	number  int
	greeted chan struct{} // closed at the first hello
	once    sync.Once
	old     *socket // the last one, which may still be read
	wait    backoff // after failures
	quick   backoff // after sockets of no use
	full    backoff // when Slack has no room
	refused bool    // Slack has no room; guarded by listener.mu
}

func newSlot(n int, t timing) *slot {
	return &slot{
		number: n, greeted: make(chan struct{}),
		wait: backoff{base: t.base, top: t.top}, quick: backoff{base: t.base, top: t.top, even: quickEven},
		full: backoff{base: t.tooMany, top: 30 * t.tooMany},
	}
}

// fill keeps a slot filled until ctx is done or an error ends all.
func (l *listener) fill(ctx context.Context, p *slot) error {
	for l.turn(ctx, p); ctx.Err() == nil; {
		s, err := l.connect(ctx, p.number)
		if ctx.Err() != nil {
			break
		}
		l.metrics.opens.WithLabelValues(openOutcome(err)).Inc()
		if err == nil {
			select {
			case <-s.asked:
			case <-ctx.Done():
				return nil
			}
			err = l.leave(ctx, p, s)
		} else {
			err = l.failed(ctx, p, err)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// turn waits until the slot may start: the first at once, each other some time after the one before has said hello, so
// that their lives do not end together.
func (l *listener) turn(ctx context.Context, p *slot) {
	if p.number == 0 {
		return
	}
	select {
	case <-l.slots[p.number-1].greeted:
		sleep(ctx, l.timing.stagger/2+jitter(l.timing.stagger), nil)
	case <-ctx.Done():
	}
}

// failed is what happens after an attempt that gave no socket.
func (l *listener) failed(ctx context.Context, p *slot, err error) error {
	if fatal := fatalOpen(err); fatal != nil {
		return fatal
	}
	pause := max(p.wait.next(), retryAfter(err))
	l.troubled(err)
	l.log.Warn().Err(err).Int("slot", p.number).Dur("retry_in", pause).Msg("cannot open a socket")
	sleep(ctx, pause, nil)
	return nil
}

// leave is what happens between a socket that ends, or was asked to, and the next one of its slot. A socket that was of
// use is replaced at once. So is one that was not, unless that happens again and again.
func (l *listener) leave(ctx context.Context, p *slot, s *socket) error {
	reason, lived := s.why(), time.Since(s.began)
	switch reason {
	case reasonDisabled:
		return errDisabled
	case reasonTooMany:
		l.crowded(ctx, p, s)
		return nil
	}
	p.old = s
	p.full.reset()
	l.refused(p, false)
	time.AfterFunc(l.timing.linger, func() { s.stop("linger") }) // it closes earlier, as a rule
	if s.greeted {
		p.wait.reset()
	}
	if s.carried.Load() > 0 || lived >= l.timing.useful {
		p.quick.reset()
		return nil
	}
	if s.greeted && lived >= p.quick.base && (reason == "refresh_requested" || reason == "warning") {
		return nil // Slack asks politely, and nobody had anything to say: to stay away would be to miss the next who has
	}
	if pause := p.quick.next() - lived; pause > 0 {
		l.troubled(errQuick)
		s.log.Warn().Str("reason", loggable(reason)).Dur("lived", lived).Dur("retry_in", pause).Msg("socket was of no use")
		sleep(ctx, pause, nil)
	}
	return nil
}

// crowded waits until Slack may have room again: a long time, or until the slot's own old socket makes room.
func (l *listener) crowded(ctx context.Context, p *slot, s *socket) {
	go s.stop(reasonTooMany)
	var room <-chan struct{}
	if p.old != nil && !p.old.isGone() {
		room = p.old.gone
	}
	pause := p.full.next()
	l.refused(p, true)
	l.troubled(errTooMany)
	s.log.Warn().Err(errTooMany).Dur("retry_in", pause).Msg("socket refused")
	if sleep(ctx, pause, room) {
		p.full.reset()
		sleep(ctx, p.wait.base, nil) // Slack has to notice too
	}
}

// quickEven is how many sockets of no use in a row cost no more than the first pause: while Slack itself is being
// restarted they come and go for some seconds.
const quickEven = 8

// backoff stays at base for some misses, then doubles up to top, with jitter: many processes must not come back at the
// same moment.
type backoff struct {
	base, top time.Duration
	even      int
	misses    int
}

// next gives the next pause, between half of it and all of it.
func (b *backoff) next() time.Duration {
	d := min(b.base<<min(max(0, b.misses-b.even), 16), b.top)
	b.misses++
	return d/2 + jitter(d/2)
}

func (b *backoff) reset() { b.misses = 0 }

// jitter gives a random time up to d.
func jitter(d time.Duration) time.Duration { return rand.N(d + 1) }

// sleep waits for d, or until ctx is done or wake closes. It says whether it was woken.
func sleep(ctx context.Context, d time.Duration, wake <-chan struct{}) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-wake:
		return true
	case <-timer.C:
	case <-ctx.Done():
	}
	return false
}
