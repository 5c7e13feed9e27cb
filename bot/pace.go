package bot

import (
	"context"
	"errors"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// errTooSlow says that a call's turn would come after its deadline.
var errTooSlow = errors.New("rate limited beyond the deadline")

// The pace at which one method is called for one channel or workspace, per second. Slack documents about one message a
// second per channel "with bursts", and does not say how large they may be; so the pace starts there, rises while Slack
// accepts, and goes back for a minute when it does not.
const (
	paceTop   = 50
	paceGrow  = 1.25
	paceIdle  = time.Minute // after a pause of this length all starts again
	paceCalm  = time.Minute // after a 429
	pacesKept = 4096
)

// pacer spaces calls.
type pacer struct {
	mu    sync.Mutex
	known *lru[string, *pace]
}

type pace struct {
	limiter *rate.Limiter
	base    rate.Limit
	used    time.Time
	closed  time.Time // no call before this: Retry-After
	calm    time.Time // no growth before this
}

func newPacer() *pacer { return &pacer{known: newLRU[string, *pace](pacesKept)} }

// wait returns when a call may be made. base and burst are where its pace starts.
func (p *pacer) wait(ctx context.Context, key string, base rate.Limit, burst int) error {
	now := time.Now()
	p.mu.Lock()
	at, ok := p.known.get(key)
	if !ok || now.Sub(at.used) > paceIdle && now.After(at.calm) {
		at = &pace{limiter: rate.NewLimiter(base, burst), base: base}
		p.known.put(key, at)
	}
	at.used = now
	closed := at.closed
	p.mu.Unlock()
	if err := sleepUntil(ctx, closed); err != nil {
		return err
	}
	if err := at.limiter.Wait(ctx); err != nil {
		return errTooSlow
	}
	return nil
}

// accepted notes that Slack took a call.
func (p *pacer) accepted(key string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if at, ok := p.known.get(key); ok && time.Now().After(at.calm) {
		at.limiter.SetLimit(min(at.limiter.Limit()*paceGrow, paceTop))
	}
}

// limited notes a 429 and how long Slack wants to be left alone.
func (p *pacer) limited(key string, retryAfter time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	at, ok := p.known.get(key)
	if !ok {
		return
	}
	now := time.Now()
	at.closed, at.calm = now.Add(retryAfter), now.Add(retryAfter+paceCalm)
	at.limiter.SetLimit(at.base)
}

// sleepUntil waits for t, or fails at once when ctx ends before.
func sleepUntil(ctx context.Context, t time.Time) error {
	d := time.Until(t)
	if d <= 0 {
		return nil
	}
	if end, ok := ctx.Deadline(); ok && end.Before(t) {
		return errTooSlow
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return errTooSlow
	}
}
