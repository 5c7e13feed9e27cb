package bot

import (
	"context"
	"sync"
	"time"
)

// An act is a delivery on its way through this process, from the inbox until nothing of it is left to do. Its handler
// may run several times; what it has done already is not done again.
type act struct {
	Delivery
	id    int64
	lane  string // in which it runs, workspace first
	inbox Inbox
	// finish is called once, when nothing is left to do.
	finish func(*act)

	givenUp bool // it is in no lane any more

	// These belong to the worker while the handler runs.
	attempts int     // runs, the present one included
	before   bool    // it was handled before this run, or may have been
	restored bool    // an earlier process, or another one, may have handled it
	suspect  bool    // its handler is not run any more
	ending   outcome // of the last run

	waiting waiting

	mu      sync.Mutex
	holds   int               // its handler, and messages of it that wait for their turn
	sent    map[string]bool   // messages that are out, or not: false is that one was tried in vain
	misses  map[string]misses // effects tried in vain; the worker's
	why     string            // why it was put off, "" when it was not
	unheard int               // how often a message of it reached nobody
	unsent  []error           // messages that waited for their turn and reached nobody
}

// newAct makes the act of a delivery that is in the inbox under id.
func newAct(d Delivery, id int64, lane string, in Inbox) *act {
	return &act{Delivery: d, id: id, lane: lane, inbox: in, holds: 1, finish: func(*act) {}, waiting: waiting{mu: newTurn()}}
}

// An outcome says what becomes of an act after a run. The zero value is: it is done.
type outcome struct {
	due  time.Time // to be handled again then
	why  string    // for people
	firm bool      // not earlier, whatever happens
	dead bool      // given up
	gone bool      // it is not ours any more
	// proved says that the other side answered: what waits for it may try again.
	proved bool
}

func (o outcome) later() bool { return !o.due.IsZero() }

// hold says that something besides the handler is still to be done; release has to follow.
func (a *act) hold() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.holds++
}

// release ends a hold. Whoever ends the last one finishes the act.
func (a *act) release() {
	a.mu.Lock()
	a.holds--
	last := a.holds == 0
	a.mu.Unlock()
	if last {
		a.finish(a)
	}
}

// putOff keeps why the act waits.
func (a *act) putOff(why string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.why = why
}

func (a *act) waitsFor() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.why
}

// reachedNobody notes that a message of it is not out although its run is over.
func (a *act) reachedNobody(err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.unsent = append(a.unsent, err)
}

// takeUnsent gives the messages that reached nobody since the last time.
func (a *act) takeUnsent() []error {
	a.mu.Lock()
	defer a.mu.Unlock()
	unsent := a.unsent
	a.unsent = nil
	return unsent
}

// isOut says whether a message of the act is known to be out.
func (a *act) isOut(ctx context.Context, message string) bool {
	a.mu.Lock()
	out := a.sent[message]
	a.mu.Unlock()
	if out || !a.restored {
		return out
	}
	log, _ := a.peek(ctx, message)
	return log.Done
}

// peek gives what is logged of an effect, and leaves nothing of one that was not begun.
func (a *act) peek(ctx context.Context, effect string) (Logged, error) {
	log, err := a.inbox.Begin(ctx, a.id, effect, nil)
	if err == nil && !log.Before {
		a.inbox.Undone(a.id, effect)
	}
	return log, err
}

// sending says that a message is about to be sent, and whether it may be out: it was tried before, or an earlier process
// may have sent it. One that others can see and so can be looked for is logged before it is sent: only what was begun is
// looked for.
func (a *act) sending(ctx context.Context, message string, seen bool) (maybe bool) {
	a.mu.Lock()
	_, tried := a.sent[message]
	a.mu.Unlock()
	if tried || !seen {
		return tried || a.restored
	}
	log, err := a.inbox.Begin(ctx, a.id, message, nil)
	return log.Before || err != nil && a.restored
}

// inVain notes that a message was tried and is not known to be out.
func (a *act) inVain(message string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.sent == nil {
		a.sent = map[string]bool{}
	}
	if _, known := a.sent[message]; !known {
		a.sent[message] = false
	}
}

// out notes that a message is out.
func (a *act) out(message string) {
	a.mu.Lock()
	if a.sent == nil {
		a.sent = map[string]bool{}
	}
	a.sent[message] = true
	a.mu.Unlock()
	a.inbox.Concluded(a.id, message, nil)
}
