package journal

import (
	"sync"
	"time"
)

// held are the deliveries that this process owns and knows of, and that have not ended.
type held struct {
	mu  sync.Mutex
	all map[int64]holding
}

type holding struct {
	received time.Time
	running  bool
}

func newHeld() *held { return &held{all: map[int64]holding{}} }

// add notes a delivery. It is false when that was noted before.
func (h *held) add(id int64, received time.Time) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if _, known := h.all[id]; known {
		return false
	}
	h.all[id] = holding{received: received}
	return true
}

// run notes that a delivery runs, or waits again.
func (h *held) run(id int64, running bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if one, known := h.all[id]; known {
		one.running = running
		h.all[id] = one
	}
}

func (h *held) remove(id int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.all, id)
}

func (h *held) len() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.all)
}

// depth counts what waits and what runs, and says for how long the oldest has waited.
func (h *held) depth(now time.Time) (waiting, running int, oldest time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, one := range h.all {
		if one.running {
			running++
			continue
		}
		waiting++
		oldest = max(oldest, now.Sub(one.received))
	}
	return waiting, running, oldest
}
