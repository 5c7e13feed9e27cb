package bot

import (
	"context"
	"sync"
)

// oldInbox holds what was received until it has been acted upon. It is asked before an envelope is acknowledged, so what
// Put accepted must not depend on anything that a crash takes away, as far as the implementation promises that: the
// memory inbox promises nothing beyond the process.
type oldInbox interface {
	// Put commits d under its key. seen means that the act was put before: nothing is to be done. An error means that d
	// was not taken; ErrBusy is one.
	Put(ctx context.Context, d Delivery) (seen bool, err error)
	// Done says that d, which Put took, has been acted upon and need not be replayed.
	Done(ctx context.Context, d Delivery)
}

// maxWaiting is how many deliveries may wait or run at once in a process.
const maxWaiting = 10_000

// memory is the inbox of one process: it recognises what came within the last hour and bounds what is under way.
type memory struct {
	mu      sync.Mutex
	seen    *seen
	waiting int
	limit   int
}

func newMemory(s *seen, limit int) *memory { return &memory{seen: s, limit: limit} }

// Put takes d unless its act was seen or too much waits. What is refused is not remembered: it may come again.
func (m *memory) Put(_ context.Context, d Delivery) (bool, error) {
	names := d.names()
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.seen.has(names) {
		return true, nil
	}
	if m.waiting >= m.limit {
		return false, ErrBusy
	}
	m.seen.add(names)
	m.waiting++
	return false, nil
}

// Done makes room for another.
func (m *memory) Done(context.Context, Delivery) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.waiting--
}
