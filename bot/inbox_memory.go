package bot

import (
	"context"
	"slices"
	"sync"
	"time"
)

// maxWaiting is how many deliveries may wait or run at once in a process.
const maxWaiting = 10_000

// memory is the Inbox of one process and for its life: it recognises what came within the last hour and bounds what is
// under way.
type memory struct {
	now   func() time.Time
	limit int

	mu    sync.Mutex
	seen  *seen
	last  int64
	live  map[int64]*kept
	notes *lru[string, note]
}

// kept is an entry that is not over.
type kept struct {
	Entry
	running bool
	effects map[string]Logged
}

type note struct {
	value []byte
	until time.Time
}

// notesKept is how many small things are remembered; what was used longest ago goes first.
const notesKept = 20_000

func newMemory(now func() time.Time, limit int) *memory {
	return &memory{now: now, limit: limit, seen: newSeen(now, maxSeen), live: map[int64]*kept{}, notes: newLRU[string, note](notesKept)}
}

// Put takes e unless its act was seen or too much waits. What is refused is not remembered: it may come again.
func (m *memory) Put(_ context.Context, e *Entry) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	names := append([]string{e.Key}, e.Names...)
	if m.seen.has(names) {
		return true, nil
	}
	if len(m.live) >= m.limit {
		return false, ErrBusy
	}
	m.seen.add(names)
	m.last++
	e.ID = m.last
	m.live[e.ID] = &kept{Entry: *e}
	return false, nil
}

// Open gives nothing: there is no earlier time.
func (m *memory) Open(context.Context, func(Entry)) error { return nil }

// Err is nil: there is always memory.
func (m *memory) Err() error { return nil }

// Start is false for what was dropped.
func (m *memory) Start(_ context.Context, id int64) (bool, error) {
	e := m.change(id, func(k *kept) { k.running, k.Attempts = true, k.Attempts+1 })
	return e != nil, nil
}

// change changes an entry and gives it, nil when it is over.
func (m *memory) change(id int64, how func(*kept)) *kept {
	m.mu.Lock()
	defer m.mu.Unlock()
	k := m.live[id]
	if k != nil {
		how(k)
	}
	return k
}

// Later keeps why an entry waits.
func (m *memory) Later(id int64, due time.Time, why string) {
	m.change(id, func(k *kept) { k.running, k.Due, k.Why = false, due, why })
}

// End forgets an entry, but not that it was there.
func (m *memory) End(id int64, _ bool, _ string) {
	m.change(id, func(*kept) { delete(m.live, id) })
}

// Waiting lists what is not over.
func (m *memory) Waiting(_ context.Context, workspace string, limit int) ([]Entry, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var all []Entry
	for _, k := range m.live {
		if k.Workspace == workspace {
			all = append(all, k.Entry)
		}
	}
	slices.SortFunc(all, func(a, b Entry) int { return int(a.ID - b.ID) })
	return all[:min(len(all), limit)], nil
}

// Drop forgets an entry of which nothing can have happened.
func (m *memory) Drop(_ context.Context, workspace, user string, id int64) (dropped bool, err error) {
	m.change(id, func(k *kept) {
		if k.Workspace == workspace && k.User == user && !k.running && !k.begun() {
			delete(m.live, id)
			dropped = true
		}
	})
	return dropped, nil
}

// begun says whether an effect may have happened.
func (k *kept) begun() bool {
	for _, e := range k.effects {
		if !e.Done || len(e.Result) > 0 {
			return true
		}
	}
	return false
}

// Begin notes that an effect is tried.
func (m *memory) Begin(_ context.Context, id int64, effect string, memo []byte) (log Logged, err error) {
	m.change(id, func(k *kept) {
		var before bool
		if log, before = k.effects[effect]; before {
			log.Before = true
			return
		}
		if k.effects == nil {
			k.effects = map[string]Logged{}
		}
		k.effects[effect] = Logged{Began: m.now(), Memo: memo}
	})
	return log, nil
}

// Concluded keeps a result.
func (m *memory) Concluded(id int64, effect string, result []byte) {
	m.change(id, func(k *kept) {
		log := k.effects[effect]
		log.Done, log.Result = true, result
		if k.effects == nil {
			k.effects = map[string]Logged{}
		}
		k.effects[effect] = log
	})
}

// Undone forgets an effect.
func (m *memory) Undone(id int64, effect string) {
	m.change(id, func(k *kept) { delete(k.effects, effect) })
}

// Keep remembers a small thing.
func (m *memory) Keep(key string, value []byte, until time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.notes.put(key, note{value, until})
}

// Kept gives a small thing back.
func (m *memory) Kept(_ context.Context, key string) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	n, ok := m.notes.get(key)
	if !ok || !m.now().Before(n.until) {
		return nil, nil
	}
	return n.value, nil
}
