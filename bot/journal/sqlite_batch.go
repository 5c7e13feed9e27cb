package journal

import (
	"bytes"
	"time"
)

// batch is what was said since the writer last looked: it becomes one transaction.
type batch struct {
	began   time.Time // when the writer took it
	since   time.Time // since when somebody has waited for it
	fresh   []*row
	changed []change
	effects []effectChange
	kept    map[string]keep
	reads   []func(*conn) error
	waiters []*waiter
	lasting bool // somebody waits for it to outlive the machine
	given   bool // up: those who waited were told that it failed. Guarded by the journal's lock
}

// change is a row with what is to be written of it.
type change struct {
	row *row
	record
}

// effectChange is an effect as it is to be written, or gone.
type effectChange struct {
	id   int64
	name string
	effect
	gone bool
}

// keep is a small thing that is kept.
type keep struct {
	value []byte
	until time.Time
}

func (b *batch) empty() bool {
	return len(b.fresh)+len(b.changed)+len(b.effects)+len(b.kept)+len(b.reads)+len(b.waiters) == 0
}

// plain says that b only reads.
func (b *batch) plain() bool { return len(b.fresh)+len(b.changed)+len(b.effects)+len(b.kept) == 0 }

// late says that somebody has waited for too long.
func (b *batch) late() bool {
	return b != nil && !b.given && len(b.waiters) > 0 && time.Since(b.since) > patience
}

// waiter is somebody who needs to know what became of a batch, or several who do.
type waiter struct {
	done   chan struct{}
	err    error           // once done is closed
	settle func(err error) // called first, while the journal is locked
}

// wait gives what became of the batch. It takes as long as the watch lets it.
func (w *waiter) wait() error {
	<-w.done
	return w.err
}

// answer tells whoever waits, once.
func (w *waiter) answer(err error) {
	select {
	case <-w.done:
		return
	default:
	}
	w.err = err
	if w.settle != nil {
		w.settle(err)
	}
	close(w.done)
}

// await joins the batch and has the writer begin at once. The journal is locked.
func (j *sqliteJournal) await(settle func(error)) *waiter {
	w := &waiter{done: make(chan struct{}), settle: settle}
	if len(j.batch.waiters) == 0 {
		j.batch.since = time.Now()
	}
	j.batch.waiters = append(j.batch.waiters, w)
	poke(j.wake)
	return w
}

// awaitLasting is await for what has to outlive the machine. The journal is locked.
func (j *sqliteJournal) awaitLasting(settle func(error)) *waiter {
	j.batch.lasting = true
	return j.await(settle)
}

// note puts a row's change into the batch. The journal is locked.
func (j *sqliteJournal) note(r *row) {
	if r.changed || !j.recording {
		return
	}
	r.changed = true
	j.batch.changed = append(j.batch.changed, change{row: r})
	poke(j.lazy)
}

// noteEffect puts an effect's change into the batch. The journal is locked.
func (j *sqliteJournal) noteEffect(id int64, name string, e *effect, gone bool) {
	if !j.recording {
		return
	}
	j.batch.effects = append(j.batch.effects, effectChange{id, name, *e, gone})
	poke(j.lazy)
}

// take gives the writer what there is to do, and begins the next batch.
func (j *sqliteJournal) take() *batch {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.batch.empty() {
		return nil
	}
	b := j.batch
	j.batch = &batch{}
	b.began = time.Now()
	b.freeze()
	j.flight = b
	return b
}

// freeze notes how the changed rows are now: they go on changing while the batch is written.
func (b *batch) freeze() {
	for i := range b.changed {
		c := &b.changed[i]
		c.record = c.row.record()
		c.row.changed = false
	}
}

// written says that the file has what b says. Those who wait may go on. It is false when that took too long.
func (j *sqliteJournal) written(b *batch) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	if b.given {
		return false
	}
	j.flight = nil
	for _, r := range b.fresh {
		r.file = record{}
	}
	for _, c := range b.changed {
		j.saved(c.row, c.record)
	}
	j.unkeep(b.kept)
	for _, w := range b.waiters {
		w.answer(nil)
	}
	return true
}

// unkeep notes that the file has these, unless they were replaced meanwhile.
func (j *sqliteJournal) unkeep(written map[string]keep) {
	for key, k := range written {
		j.filed[markOf(key)] = millis(k.until)
		if now, ok := j.kept[key]; ok && now.until.Equal(k.until) && bytes.Equal(now.value, k.value) {
			delete(j.kept, key)
		}
	}
}

// saved notes what the file has of a row, and forgets one that is over.
func (j *sqliteJournal) saved(r *row, rec record) {
	r.file = rec
	if !rec.state.live() {
		delete(j.rows, r.e.ID)
	}
}

// refuse tells everybody who waits that nothing can be written. The journal is locked.
func (j *sqliteJournal) refuse(b *batch, err error) {
	for _, w := range b.waiters {
		w.answer(err)
	}
	b.given = true
}

// poke wakes whoever waits at a channel, if nobody has yet.
func poke(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
