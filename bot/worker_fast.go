package bot

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// fastLane does what cannot wait for the inbox.
type fastLane interface {
	// Fast checks a submitted form, whose errors are the payload of the acknowledgement, or opens a form. keep says
	// that d still has to go through the inbox and Run.
	Fast(ctx context.Context, d Delivery) (payload any, keep bool)
}

const (
	// fastSlots is how many things that cannot wait are done at once.
	fastSlots = 64
	// fastBudget is how long an acknowledgement may wait for its payload: Slack gives up after 3 s from the act.
	fastBudget = 2500 * time.Millisecond
)

// fast is the bounded pool of the fast lane.
type fast struct {
	slots  chan struct{}
	budget time.Duration

	mu     sync.Mutex
	closed bool
	busy   sync.WaitGroup

	opened *seen // forms that were opened; guarded by mu
}

func newFast(slots int, budget time.Duration, opened *seen) *fast {
	return &fast{slots: make(chan struct{}, slots), budget: budget, opened: opened}
}

// start runs f beside the caller, unless no slot is free or the pool is closed.
func (p *fast) start(f func()) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return false
	}
	select {
	case p.slots <- struct{}{}:
	default:
		return false
	}
	p.busy.Go(func() {
		defer func() { <-p.slots }()
		f()
	})
	return true
}

// close lets nothing more start, and waits for what has, or for ctx.
func (p *fast) close(ctx context.Context) {
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	over := make(chan struct{})
	go func() {
		p.busy.Wait()
		close(over)
	}()
	select {
	case <-over:
	case <-ctx.Done():
	}
}

// again says whether the act was led to the fast lane before, and remembers it. Forms need this: opening one leaves no
// trace in the inbox.
func (p *fast) again(d *Delivery) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	names := append(d.names(), d.Key)
	if p.opened.has(names) {
		return true
	}
	p.opened.add(names)
	return false
}

// urgent leads d to the fast lane if that is where it belongs and there is room. Where there is none, d goes the plain
// way: its form opens later or not at all, and a submission is checked again by its handler.
func (in *intake) urgent(from acker, d *Delivery) bool {
	if !in.needsFast(d) {
		return false
	}
	if d.Kind != Submission && in.fast.again(d) {
		in.metrics.seen.WithLabelValues(string(d.Kind)).Inc()
		in.log.Info().Str("kind", string(d.Kind)).Str("key", d.Key).Msg("form asked for before")
		from.acknowledge(d.EnvelopeID, nil, d.Received)
		return true
	}
	u := &urgency{intake: in, from: &ackOnce{acker: from}, d: *d}
	return in.fast.start(u.run)
}

// needsFast asks the router. Should it panic, the plain way is open.
func (in *intake) needsFast(d *Delivery) (needs bool) {
	defer in.recovered("fast", d.EnvelopeID)
	return in.router.NeedsFast(*d)
}

// urgency is one delivery in the fast lane. It is acknowledged when it has been dealt with, so that what was
// acknowledged is never lost with the process: a form is open by then. Only when that takes longer than Slack waits does
// the acknowledgement come before.
type urgency struct {
	*intake
	from *ackOnce
	d    Delivery
	put  sync.Once
}

func (u *urgency) run() {
	ctx, cancel := context.WithTimeout(u.lanes.ctx, runDeadline)
	defer cancel()
	budget := time.AfterFunc(u.fast.budget-time.Since(u.d.Received), u.late)
	defer budget.Stop()
	payload, keep := u.ask(ctx)
	if keep {
		u.keepOnce()
		return
	}
	u.from.acknowledge(u.d.EnvelopeID, u.fitting(payload), u.d.Received)
}

// late acts at the end of the budget. A submission goes the plain way, whatever its check says later. A form may still
// open, so its command or click is acknowledged and left to the router.
func (u *urgency) late() {
	defer u.recovered("fast", u.d.EnvelopeID)
	u.log.Warn().Str("kind", string(u.d.Kind)).Str("key", u.d.Key).Msg("fast lane took too long")
	if u.d.Kind == Submission {
		u.keepOnce()
		return
	}
	u.from.acknowledge(u.d.EnvelopeID, nil, u.d.Received)
}

func (u *urgency) keepOnce() { u.put.Do(func() { u.keep(u.from, &u.d) }) }

// ask asks the router. Should it panic, the delivery is kept: Run deals with it and says what is wrong.
func (u *urgency) ask(ctx context.Context) (payload any, keep bool) {
	keep = true
	defer u.recovered("fast", u.d.EnvelopeID)
	return u.router.Fast(ctx, u.d)
}

// fitting gives the payload if the acknowledgement may carry one.
func (u *urgency) fitting(payload any) any {
	if payload != nil && !u.d.AcceptsPayload {
		u.log.Error().Str("key", u.d.Key).Msg("an answer was dropped: this acknowledgement takes none")
		return nil
	}
	return payload
}

// ackOnce acknowledges the first time and then no more: one response an envelope.
type ackOnce struct {
	acker
	sent atomic.Bool
}

func (a *ackOnce) acknowledge(id string, payload any, received time.Time) {
	if a.sent.CompareAndSwap(false, true) {
		a.acker.acknowledge(id, payload, received)
	}
}
