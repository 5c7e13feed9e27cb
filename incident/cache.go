package incident

import (
	"context"
	"sync"
	"time"
)

const (
	// listLife is how long a list of the stack's (severities, statuses, roles, users) is believed.
	listLife = 5 * time.Minute
	// failureLife is how long a failed question is not repeated where nobody waits for the answer, or an older list serves.
	failureLife = 30 * time.Second
	// failurePause is how long a failure is the answer for those who wait, too, when there is no list at all: while a stack
	// is down, each question takes as long as its time limits allow, and whoever declares would wait for it.
	failurePause = 5 * time.Second
)

// cache keeps one list. It asks once at a time, whoever waits. When asking fails, an older list serves, and without one the
// failure does for a while.
type cache[T any] struct {
	fetch func(context.Context) (T, error)

	mu      sync.Mutex
	value   T
	had     bool
	read    time.Time  // when value was read
	failed  time.Time  // when a question failed last
	failure *flight[T] // that question
	flight  *flight[T]
}

// flight is one question under way. Its fields are written before done is closed.
type flight[T any] struct {
	done  chan struct{}
	value T
	err   error
}

func newCache[T any](fetch func(context.Context) (T, error)) *cache[T] {
	return &cache[T]{fetch: fetch}
}

// get gives the list, asking for it when it is older than listLife and asking did not just fail.
func (c *cache[T]) get(ctx context.Context) (T, error) { return c.since(ctx, listLife) }

// since is get with another limit of age. Its error may be shared with others that waited, so it must not be changed.
func (c *cache[T]) since(ctx context.Context, age time.Duration) (T, error) {
	value, had, f := c.join(ctx, age)
	if f == nil {
		return value, nil
	}
	select {
	case <-f.done:
		if f.err == nil || !had {
			return f.value, f.err
		}
		return value, nil
	case <-ctx.Done():
		if had {
			return value, nil
		}
		return value, &Error{Op: "wait for a list", Code: Unavailable, Err: context.Cause(ctx)}
	}
}

// known gives the list as it is and never waits; a missing or old one is asked for behind the caller's back.
func (c *cache[T]) known() T {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now := time.Now(); !c.fresh(now, listLife) && !c.failing(now, failureLife) {
		c.start(context.Background())
	}
	return c.value
}

// join gives what is there and, if that is too old, the question under way, which it may start, or the one that has just
// failed.
func (c *cache[T]) join(ctx context.Context, age time.Duration) (T, bool, *flight[T]) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := time.Now()
	switch {
	case c.fresh(now, age) || c.had && c.failing(now, failureLife):
		return c.value, true, nil
	case !c.had && c.failing(now, failurePause):
		return c.value, false, c.failure
	}
	return c.value, c.had, c.start(ctx)
}

func (c *cache[T]) fresh(now time.Time, age time.Duration) bool {
	return c.had && now.Sub(c.read) < age
}

// failing says whether the last question failed within an age.
func (c *cache[T]) failing(now time.Time, age time.Duration) bool {
	return c.failure != nil && now.Sub(c.failed) < age
}

// start asks unless a question is under way. It does not end with the context of who asked first, for others may come to
// wait for it; the call's own time limit ends it.
func (c *cache[T]) start(ctx context.Context) *flight[T] {
	if c.flight == nil {
		c.flight = &flight[T]{done: make(chan struct{})}
		go c.ask(context.WithoutCancel(ctx), c.flight)
	}
	return c.flight
}

func (c *cache[T]) ask(ctx context.Context, f *flight[T]) {
	f.value, f.err = c.fetch(ctx)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.flight = nil; f.err == nil {
		c.value, c.had, c.read, c.failure = f.value, true, time.Now(), nil
	} else {
		c.failed, c.failure = time.Now(), f
	}
	close(f.done)
}
