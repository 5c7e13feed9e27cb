package journal

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// A wait is the part of an operation that its caller waits for. An operation nobody waits for has none (nil).
type wait struct {
	answer chan error
	state  atomic.Int32
}

// The states of a wait.
const (
	waitOpen int32 = iota
	waitAnswered
	waitLeft
)

func newWait() *wait { return &wait{answer: make(chan error, 1)} }

// end gives the caller its answer. It is false when the caller has left.
func (w *wait) end(err error) bool {
	if w == nil {
		return true
	}
	if !w.state.CompareAndSwap(waitOpen, waitAnswered) {
		return false
	}
	w.answer <- err
	return true
}

// left says that the caller waits no more.
func (w *wait) left() bool { return w != nil && w.state.Load() == waitLeft }

// await gives the answer, or the context's error if that comes first: then the operation's outcome is not known.
func (w *wait) await(ctx context.Context) error {
	select {
	case err := <-w.answer:
		return err
	case <-ctx.Done():
	}
	if w.state.CompareAndSwap(waitOpen, waitLeft) {
		return context.Cause(ctx)
	}
	return <-w.answer
}

// An item is what a fold holds.
type item interface {
	// caller is the wait of whoever is interested.
	caller() *wait
	// dropped is called instead of the item's being tried (again), because the caller has left.
	dropped()
}

// A fold collects operations while a transaction is under way, and does all of them in the next one. One transaction
// costs the database about the same whether it does one thing or fifty, so the more comes, the less each costs. What
// fails because the database is away is tried again in the same order until it succeeds or nobody waits for it.
type fold[T item] struct {
	// try does all items in one transaction. It gives an answer to those that wait, unless it has an error.
	try func(ctx context.Context, items []T) error
	// fits says whether an item may be in one transaction with others.
	fits func(items []T, next T) bool
	// most is how many items may be in one transaction, limit how many may wait.
	most, limit int

	mu     sync.Mutex
	items  []T
	closed bool
	wake   chan struct{}
	over   chan struct{} // closed when the loop has ended
}

func newFold[T item](most, limit int, try func(context.Context, []T) error) *fold[T] {
	return &fold[T]{
		try: try, fits: func([]T, T) bool { return true }, most: most, limit: limit,
		wake: make(chan struct{}, 1), over: make(chan struct{}),
	}
}

// add queues an item. It is false when there is no room, or no more is done.
func (f *fold[T]) add(v T) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed || len(f.items) >= f.limit {
		return false
	}
	f.items = append(f.items, v)
	f.stir()
	return true
}

func (f *fold[T]) stir() {
	select {
	case f.wake <- struct{}{}:
	default:
	}
}

// close lets the loop end when nothing is queued any more.
func (f *fold[T]) close() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.closed = true
	f.stir()
}

// next gives the items of the next transaction, none when nothing is queued. They stay queued until they are done.
func (f *fold[T]) next() (items []T, closed bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	kept := f.items[:0]
	for _, v := range f.items {
		if v.caller().left() {
			v.dropped()
			continue
		}
		kept = append(kept, v)
	}
	clear(f.items[len(kept):])
	f.items = kept
	for _, v := range kept {
		if len(items) == f.most || !f.fits(items, v) {
			break
		}
		items = append(items, v)
	}
	return items, f.closed
}

// finish takes the first n items out of the queue.
func (f *fold[T]) finish(n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	rest := copy(f.items, f.items[n:])
	clear(f.items[rest:])
	f.items = f.items[:rest]
}

// loop works until ctx is done, or the fold is closed and nothing is left.
func (f *fold[T]) loop(ctx context.Context) {
	defer close(f.over)
	pause := backoff{}
	for ctx.Err() == nil {
		items, closed := f.next()
		switch {
		case len(items) == 0 && closed:
			return
		case len(items) == 0:
			pause.wait(ctx, time.Hour, f.wake)
		case f.attempt(ctx, items):
			pause = backoff{}
		default:
			pause.wait(ctx, pause.step(), nil)
		}
	}
}

// attempt tries the items together and, if one of them is refused for what it says, each by itself. It is false when
// they have to be tried again.
func (f *fold[T]) attempt(ctx context.Context, items []T) bool {
	err := f.try(ctx, items)
	if err != nil && len(items) > 1 && malformed(err) {
		return f.attempt(ctx, items[:1])
	}
	if err != nil && !malformed(err) {
		return false
	}
	f.finish(len(items))
	if err != nil {
		items[0].caller().end(err)
	}
	return true
}

// backoff is the time between two tries: none before the second, then from 25 ms to half a second.
type backoff struct{ tries int }

func (b *backoff) step() time.Duration {
	b.tries++
	if b.tries == 1 {
		return 0
	}
	return min(25*time.Millisecond<<min(b.tries-2, 10), 500*time.Millisecond)
}

// wait returns after d, when ctx is done, or on wake.
func (backoff) wait(ctx context.Context, d time.Duration, wake <-chan struct{}) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	case <-wake:
	}
}
