package journal

import (
	"sync"
	"time"
)

// handoverTime is how long a caller of Put may take until the entry is in its lane. A lane that is idle starts it at
// once, which shows that it is there.
const handoverTime = time.Second

// handovers are the entries that this process has put and that may not be in their lanes yet. What other processes put
// into such a lane meanwhile has to wait for them: it came later, and would overtake.
type handovers struct {
	mu    sync.Mutex
	last  uint64
	lanes map[string][]*handover
	known map[int64]*handover
}

// handover is one entry on its way from Put to its lane.
type handover struct {
	lane string
	turn uint64 // grows
	id   int64
	over time.Time // zero while Put has not returned
}

func newHandovers() *handovers {
	return &handovers{lanes: map[string][]*handover{}, known: map[int64]*handover{}}
}

// begin notes that something is being put into a lane.
func (h *handovers) begin(lane string) *handover {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.last++
	one := &handover{lane: lane, turn: h.last}
	h.lanes[lane] = append(h.lanes[lane], one)
	return one
}

// returned notes that Put returns. An id of 0 says that the caller will hand nothing over.
func (h *handovers) returned(one *handover, id int64, now time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if id == 0 {
		h.remove(one)
		return
	}
	one.id, one.over = id, now.Add(handoverTime)
	h.known[id] = one
}

// started notes that an entry is in its lane.
func (h *handovers) started(id int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if one := h.known[id]; one != nil {
		h.remove(one)
	}
}

func (h *handovers) remove(one *handover) {
	list := h.lanes[one.lane]
	kept := list[:0]
	for _, other := range list {
		if other != one {
			kept = append(kept, other)
		}
	}
	clear(list[len(kept):])
	if h.lanes[one.lane] = kept; len(kept) == 0 {
		delete(h.lanes, one.lane)
	}
	delete(h.known, one.id)
}

// turn is that of the last entry.
func (h *handovers) turn() uint64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.last
}

// clear says that everything that was put into a lane up to a turn is there by now.
func (h *handovers) clear(lane string, turn uint64) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, one := range h.lanes[lane] {
		if one.turn <= turn {
			return false
		}
	}
	return true
}

// sweep forgets those whose time is over.
func (h *handovers) sweep(now time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, one := range h.known {
		if now.After(one.over) {
			h.remove(one)
		}
	}
}
