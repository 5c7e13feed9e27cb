package journal

import (
	"context"
	"slices"
	"time"

	"incident-bot/bot"
)

func (j *sqliteJournal) Start(_ context.Context, id int64) (bool, error) {
	for {
		w, ours, err := j.start(id)
		if w == nil || err != nil {
			return ours, err
		}
		if err := w.wait(); ours || err != nil {
			return ours && err == nil, err
		}
	}
}

// start notes a start. When w is not nil, it has to be waited for: until the start is written if the entry is ours,
// otherwise until it is known whether it was dropped.
func (j *sqliteJournal) start(id int64) (w *waiter, ours bool, err error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	r := j.rows[id]
	switch {
	case j.refusal() != nil:
		return nil, false, j.refusal()
	case r != nil && r.dropping != nil:
		return r.dropping, false, nil
	case r == nil || !r.state.live():
		return nil, false, nil
	}
	unseen := r.startsUnseen()
	before := r.record()
	r.state, r.e.Due = stateRunning, time.Time{}
	r.e.Attempts++
	j.metrics.attempts.Inc()
	j.note(r)
	if unseen {
		return nil, true, nil
	}
	return j.await(func(err error) {
		if err != nil && r.state == stateRunning {
			r.state, r.e.Due = before.state, fromMillis(before.due)
		}
	}), true, nil
}

func (j *sqliteJournal) Later(id int64, due time.Time, why string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	r := j.rows[id]
	if r == nil || !r.state.live() || j.closed {
		return
	}
	r.state, r.e.Due, r.e.Why = stateWaiting, due, why
	j.note(r)
}

func (j *sqliteJournal) End(id int64, dead bool, why string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if r := j.rows[id]; r != nil && r.state.live() && !j.closed {
		j.end(r, dead, why)
	}
}

// end ends a row. The journal is locked.
func (j *sqliteJournal) end(r *row, dead bool, why string) {
	r.state, r.ended, r.e.Why, r.e.Due = stateDone, j.now(), why, time.Time{}
	if dead {
		r.state = stateDead
		j.metrics.dead.Inc()
	}
	j.live--
	j.note(r)
}

func (j *sqliteJournal) Waiting(_ context.Context, workspace string, limit int) ([]bot.Entry, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	var list []*row
	for _, r := range j.rows {
		if r.e.Workspace == workspace && r.state.live() && r.put == nil {
			list = append(list, r)
		}
	}
	slices.SortFunc(list, func(a, b *row) int { return int(a.e.ID - b.e.ID) })
	entries := make([]bot.Entry, 0, min(limit, len(list)))
	for _, r := range list[:min(limit, len(list))] {
		entries = append(entries, r.entry())
	}
	return entries, nil
}

func (j *sqliteJournal) Drop(_ context.Context, workspace, user string, id int64) (bool, error) {
	w, err := j.drop(workspace, user, id)
	if w == nil || err != nil {
		return false, err
	}
	err = w.wait()
	return err == nil, err
}

// drop ends a row that waits; w says when that is written, and is nil when there is nothing to drop. Until then the row
// is neither started nor dropped again, and if it cannot be written the row waits as before.
func (j *sqliteJournal) drop(workspace, user string, id int64) (w *waiter, err error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if err := j.refusal(); err != nil {
		return nil, err
	}
	r := j.rows[id]
	if r == nil || r.state != stateWaiting || r.put != nil || r.dropping != nil ||
		r.e.Workspace != workspace || r.e.User != user || r.begun() {
		return nil, nil
	}
	due, why := r.e.Due, r.e.Why
	j.end(r, false, "dropped by its user")
	r.dropping = j.awaitLasting(func(err error) {
		r.dropping = nil
		if err != nil {
			r.state, r.e.Due, r.e.Why, r.ended = stateWaiting, due, why, time.Time{}
			j.live++
		}
	})
	return r.dropping, nil
}
