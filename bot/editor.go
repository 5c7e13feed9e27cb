package bot

import (
	"context"
	"sync"
	"time"
)

// editEvery is how often one message is changed at most: a burst of changes is read as its last.
const editEvery = 2 * time.Second

// editTimeout bounds an edit that was put off; the request that asked for it is over by then.
const editTimeout = 20 * time.Second

// editor spaces the edits of each message. The first is made at once, in the caller's time; what comes within two
// seconds replaces what waits, and the last one is always made.
type editor struct {
	send func(context.Context, messageRef, pendingEdit)

	mu      sync.Mutex
	slots   map[messageRef]*editSlot
	drained bool
	busy    sync.WaitGroup // edits on their way
}

// editSlot exists while a message was edited less than two seconds ago.
type editSlot struct {
	shows time.Time    // At of the newest edit
	next  *pendingEdit // nil when nothing waits
	timer *time.Timer  // nil while an edit is on its way
}

// pendingEdit is one edit with the request it comes from.
type pendingEdit struct {
	workspace *workspace
	request   *Request
	label     string
	at        time.Time // as Edit.At
	wire      wire
}

// older says whether the edit shows what was over at another edit's time.
func (e pendingEdit) older(than time.Time) bool { return !e.at.IsZero() && e.at.Before(than) }

func newEditor(send func(context.Context, messageRef, pendingEdit)) *editor {
	return &editor{send: send, slots: map[messageRef]*editSlot{}}
}

// put makes an edit now, or leaves it to be made when the message's two seconds are over.
func (e *editor) put(ctx context.Context, ref messageRef, edit pendingEdit) {
	e.mu.Lock()
	if slot, ok := e.slots[ref]; ok {
		if !edit.older(slot.shows) {
			slot.next, slot.shows = &edit, edit.at
		}
		e.mu.Unlock()
		return
	}
	if e.drained {
		e.mu.Unlock()
		e.send(ctx, ref, edit)
		return
	}
	slot := &editSlot{shows: edit.at}
	e.slots[ref] = slot
	e.busy.Add(1)
	e.mu.Unlock()
	defer e.busy.Done()
	e.send(ctx, ref, edit)
	e.rest(ref, slot)
}

// rest starts a message's two seconds.
func (e *editor) rest(ref messageRef, slot *editSlot) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.drained && slot.next == nil {
		delete(e.slots, ref)
		return
	}
	wait := editEvery
	if e.drained {
		wait = 0
	}
	e.busy.Add(1)
	slot.timer = time.AfterFunc(wait, func() {
		defer e.busy.Done()
		e.wake(ref, slot)
	})
}

// wake makes the edit that waits, or forgets the message.
func (e *editor) wake(ref messageRef, slot *editSlot) {
	e.mu.Lock()
	slot.timer = nil
	next := slot.next
	slot.next = nil
	if next == nil {
		delete(e.slots, ref)
		e.mu.Unlock()
		return
	}
	e.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), editTimeout)
	defer cancel()
	e.send(ctx, ref, *next)
	e.rest(ref, slot)
}

// drain makes what waits without waiting any longer, and returns when all is made or ctx is done.
func (e *editor) drain(ctx context.Context) {
	e.mu.Lock()
	e.drained = true
	for ref, slot := range e.slots {
		if slot.timer == nil || !slot.timer.Stop() {
			continue // on its way; rest sees that the time is over
		}
		slot.timer = nil
		if slot.next == nil {
			delete(e.slots, ref)
			e.busy.Done()
			continue
		}
		go func() {
			defer e.busy.Done()
			e.wake(ref, slot)
		}()
	}
	e.mu.Unlock()
	done := make(chan struct{})
	go func() { e.busy.Wait(); close(done) }()
	select {
	case <-done:
	case <-ctx.Done():
	}
}
