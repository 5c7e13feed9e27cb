package incident

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"
)

const (
	maxAttempts = 3
	firstWait   = 200 * time.Millisecond
	longestWait = 2 * time.Second
	// patience is the longest Retry-After that is waited for inside a call. A person waits meanwhile; what takes longer is
	// the caller's to try later.
	patience = 3 * time.Second
	// longestHold is after how long a stack is asked again, whatever its Retry-After said.
	longestHold = time.Minute
)

// again says whether a failed attempt may be followed by another, and after what wait. A read is repeated on whatever
// may pass. A change is repeated only on an answer that proves it did not happen.
func again(read bool, attempt int, e *Error) (time.Duration, bool) {
	unharmed := e.Code == RateLimited || e.Code == Unavailable
	passing := unharmed || e.Code == Lost || e.Code == Failed && e.Status >= 500
	if attempt >= maxAttempts || !(unharmed || read && passing) || e.RetryAfter > patience {
		return 0, false
	}
	return e.RetryAfter + jitter(min(firstWait<<attempt, longestWait)), true
}

// jitter is full: any wait up to the most, so that callers that failed together do not return together.
func jitter(most time.Duration) time.Duration { return rand.N(most) + 1 }

// pause waits, unless the context ends first or is sure to: then it says no at once.
func pause(ctx context.Context, wait time.Duration) bool {
	if end, ok := ctx.Deadline(); ok && time.Until(end) <= wait {
		return false
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// pacer keeps a whole stack quiet while Grafana asked for it. The API publishes no limit, so a 429's Retry-After is all
// there is to go by.
type pacer struct {
	mu    sync.Mutex
	until time.Time
}

func (p *pacer) hold(wait time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if until := time.Now().Add(min(wait, longestHold)); until.After(p.until) {
		p.until = until
	}
}

// admit waits for the end of a quiet time, or refuses if that is too long.
func (p *pacer) admit(ctx context.Context) *Error {
	p.mu.Lock()
	wait := time.Until(p.until)
	p.mu.Unlock()
	if wait <= 0 {
		return nil
	}
	if wait <= patience && pause(ctx, wait+jitter(firstWait)) {
		return nil
	}
	return &Error{Code: RateLimited, RetryAfter: wait}
}
