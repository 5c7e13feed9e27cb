package bot

import (
	"context"
	"strconv"
	"time"

	"incident-bot/bot/blocks"
)

// tellAfter is when somebody who has no answer yet is told that it takes time, counted from when the frame was read:
// whoever types shall know within 3 seconds what became of it.
const tellAfter = 2200 * time.Millisecond

// tellAgain is when somebody who was told through a response URL is told again by direct message: the URL lives for 30
// minutes, and what it said cannot be changed after that.
const tellAgain = 24 * time.Minute

// tellRestored is how long an act of an earlier process has before its person is told that it takes time.
const tellRestored = time.Second

// waiting is what a person was told while there is no answer: one message, which becomes the answer. Its mutex is held
// while the message is on its way, so that the answer comes after it.
type waiting struct {
	mu    turn
	timer *time.Timer
	doubt bool // it may have been told, and nobody knows where
	asked bool // what an earlier process told is known
	told  told
	twin  bool      // it may have been told twice in one place
	vain  time.Time // since when the answer cannot take its place
	over  bool      // the answer is on its way, or the act is over
}

// turn is a mutex that is held while messages travel. Unlike a sync.Mutex it lets simulated time pass meanwhile.
type turn chan struct{}

func newTurn() turn { return make(turn, 1) }

// Lock waits for the turn.
func (t turn) Lock() { t <- struct{}{} }

// Unlock ends it.
func (t turn) Unlock() { <-t }

// told is where a person was told that an act waits, and has no answer yet. That it was told is in the effect
// log, and where is kept beside that: a result would say that something was done.
type told struct {
	Hook    bool   `json:",omitempty"` // through the response URL, to the person alone
	Channel string `json:",omitempty"`
	TS      string `json:",omitempty"`
	Twin    bool   `json:",omitempty"` // as waiting.twin
	// Direct says that it may have been told by direct message. Where that is, Slack says with the next one.
	Direct bool `json:",omitempty"`
}

func (t told) any() bool { return t.Hook || t.TS != "" || t.Direct }

// effectWaiting is under what it is logged.
const effectWaiting = "waiting"

// toldFor is how long it is kept where a person was told.
const toldFor = maxAge + time.Hour

func (a *act) toldKey() string { return "told/" + strconv.FormatInt(a.id, 10) }

// start has tell called after a time, unless it was called for before.
func (w *waiting) start(after time.Duration, tell func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.timer == nil && !w.over {
		w.timer = time.AfterFunc(max(after, tellRestored), tell)
	}
}

// tellRetry is when telling is tried again that reached nobody.
const tellRetry = 15 * time.Second

// again has tell called once more, later.
func (w *waiting) again(after time.Duration) { w.timer.Reset(max(after, time.Minute)) }

// later has tell called again after a time, unless the answer is on its way.
func (w *waiting) later(after time.Duration) {
	if w.timer != nil && !w.over {
		w.timer.Reset(after)
	}
}

// toldBefore says whether the person has or may have a message that said to wait and that Slack is asked to change, while
// something may wait for the act. What a response URL said is no such message: nothing limits its change.
func (a *act) toldBefore() bool {
	a.waiting.mu.Lock()
	defer a.waiting.mu.Unlock()
	return !a.givenUp && (a.restored || a.waiting.doubt || a.waiting.told.TS != "")
}

// stop ends the telling. It waits for a message that is on its way.
func (w *waiting) stop() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.over = true
	if w.timer != nil {
		w.timer.Stop()
	}
}

// Wait tells a person that what they wanted takes time, and why.
func (rt *Router) Wait(ctx context.Context, a *act, w Wait) {
	r, _ := rt.request(a.Delivery)
	r.act, r.Ref, r.Now = a, refOf(a.Key), time.Now()
	if r.ws == nil || rt.waiting == nil {
		return
	}
	rt.send.tell(rt.logger(r).WithContext(ctx), r, rt.waitingMessage(r, w))
}

// waitingMessage asks the routes for the message. One that panics is replaced by a plain one.
func (rt *Router) waitingMessage(r *Request, w Wait) (m blocks.Message) {
	defer func() {
		if p := recover(); p != nil {
			m = blocks.NewMessage(blocks.Textf("⏳ That takes a moment. `ref %s`", r.Ref))
		}
	}()
	return rt.waiting(r, w)
}
