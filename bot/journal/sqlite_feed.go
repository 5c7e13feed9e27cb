package journal

import (
	"bytes"
	"context"
	"slices"
	"time"

	"incident-bot/bot"
)

func (j *sqliteJournal) Put(ctx context.Context, e *bot.Entry) (bool, error) {
	return j.Offer(ctx, e)()
}

// Offer is Put in two halves.
func (j *sqliteJournal) Offer(_ context.Context, e *bot.Entry) func() (bool, error) {
	marks := marksOf(e)
	w, known, err := j.put(e, marks)
	return func() (bool, error) {
		for known && w != nil && err == nil {
			_ = w.wait() // somebody else puts the same: what becomes of that decides
			w, known, err = j.put(e, marks)
		}
		if err != nil || known {
			return known, err
		}
		return false, w.wait()
	}
}

// put puts e into the batch. When e is known, w is the one to wait for, nil if e has been put.
func (j *sqliteJournal) put(e *bot.Entry, marks []mark) (w *waiter, known bool, err error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, m := range marks {
		if w := j.coming[m]; w != nil {
			return w, true, nil
		}
	}
	if err := j.refusal(); err != nil {
		return nil, false, err
	}
	if j.recent.has(marks) {
		return nil, true, nil
	}
	if j.live >= maxLive {
		return nil, false, bot.ErrBusy
	}
	r := j.admit(e)
	w = j.awaitLasting(func(err error) { j.admitted(r, marks, err) })
	r.put = w
	for _, m := range marks {
		j.coming[m] = w
	}
	j.batch.fresh = append(j.batch.fresh, r)
	return w, false, nil
}

// admit makes a row of e, which is on loan.
func (j *sqliteJournal) admit(e *bot.Entry) *row {
	j.last++
	j.live++
	e.ID = j.last
	r := &row{e: *e, arrived: j.now()}
	r.e.Body, r.e.Names = bytes.Clone(e.Body), slices.Clone(e.Names)
	r.e.Attempts, r.e.Crashes, r.e.Due, r.e.Why = 0, 0, time.Time{}, ""
	j.rows[e.ID] = r
	return r
}

// admitted makes an entry known, or forgets it. The journal is locked.
func (j *sqliteJournal) admitted(r *row, marks []mark, err error) {
	for _, m := range marks {
		delete(j.coming, m)
	}
	r.put = nil
	if err != nil {
		delete(j.rows, r.e.ID)
		j.live--
		return
	}
	j.recent.add(marks, r.arrived)
}

func (j *sqliteJournal) Open(_ context.Context, take func(bot.Entry)) error {
	j.mu.Lock()
	var list []bot.Entry
	for _, id := range j.early {
		if r := j.rows[id]; r != nil && r.state == stateWaiting {
			list = append(list, r.entry())
		}
	}
	j.early = nil
	j.mu.Unlock()
	for _, e := range list {
		take(e)
	}
	return nil
}
