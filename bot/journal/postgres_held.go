package journal

import "sync"

// held are the deliveries that this process owns and that have not ended.
type held struct {
	mu    sync.Mutex
	given map[int64]bool
}

func newHeld() *held { return &held{given: map[int64]bool{}} }

// add notes a delivery. It is false when that was noted before.
func (h *held) add(id int64) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.given[id] {
		return false
	}
	h.given[id] = true
	return true
}

func (h *held) remove(id int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.given, id)
}

func (h *held) len() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.given)
}
