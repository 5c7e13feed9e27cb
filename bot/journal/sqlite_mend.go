package journal

import (
	"database/sql/driver"
	"errors"
	"maps"
	"os"
	"time"
)

// mend is called when a batch was not written, or may not have been, and again until it succeeds. It makes the file say
// what memory says, which includes that batch; so a trouble that is over at once is noticed by nobody.
func (j *sqliteJournal) mend(cause error) {
	if cause == nil {
		cause = errSlow
	}
	if err := j.tryMend(cause); err != nil {
		j.attempt++
		j.fail(err)
		return
	}
	j.attempt, j.cause = 0, nil
}

// fail notes why nothing can be written, and says so when it is news.
func (j *sqliteJournal) fail(err error) {
	j.cause = err
	j.mu.Lock()
	defer j.mu.Unlock()
	why := unkept(sentence(j.path, err))
	if j.trouble == nil || j.trouble.Error() != why.Error() {
		j.log.Error().Err(err).Msg("the journal cannot be written: nothing is accepted")
	}
	flight := j.flight
	j.flight = nil
	j.stall(flight, why)
}

func (j *sqliteJournal) tryMend(cause error) error {
	replaced, err := j.ready(cause)
	if err != nil {
		return err
	}
	if err := j.file.rewrite(); err != nil {
		return err
	}
	last, err := j.file.lastID()
	if err != nil {
		return err
	}
	p := j.picture(last)
	low, last := j.bounds()
	err = j.file.transact(func() error {
		if err := j.file.match(p, replaced); err != nil {
			return err
		}
		return errors.Join(j.file.marks(low, last, 0), j.file.fact("machine", j.machine))
	})
	if err == nil {
		err = j.file.sync()
	}
	if err == nil {
		err = j.file.writeBatch(p.asked)
	}
	if err == nil && !j.mended(p) {
		err = errSlow
	}
	return err
}

// retriesBeforeReopen is how often it is tried with the file as it is open. Closing it gives up the lock for a moment.
const retriesBeforeReopen = 5

// ready sees to it that a file is open that can be written to. replaced says that it is another one than before.
func (j *sqliteJournal) ready(cause error) (replaced bool, err error) {
	switch {
	case j.file == nil:
	case j.file.moved() != nil:
		err = j.file.abandon(j.now())
		j.file = nil
	case corrupt(cause):
		err = j.setAside(j.file)
		j.file = nil
	case j.attempt > retriesBeforeReopen && !noRoom(cause):
		_ = j.file.close()
		j.file = nil
	default:
		j.file.rollback()
	}
	if err != nil {
		return false, err
	}
	if j.file == nil {
		if err := j.openFile(true); err != nil {
			return false, err
		}
		j.file.unsynced = true // for all that is known of what the log has
	}
	replaced = j.is != nil && !os.SameFile(j.is, j.file.info)
	j.is = j.file.info
	if j.attempt > 0 {
		err = j.file.room()
	}
	return replaced, err
}

// roomBytes is what has to fit onto a disk that was full, before it counts as having room.
const roomBytes = 64 << 10

func (f *file) room() error {
	if err := f.exec("INSERT OR REPLACE INTO kept (key, value, until) VALUES ('', zeroblob(?), 0)", int64(roomBytes)); err != nil {
		return err
	}
	return f.exec("DELETE FROM kept WHERE key = ''")
}

// picture is all that memory has, for a file to be made like it.
type picture struct {
	at      time.Time
	rows    []change
	effects map[int64]map[string]effect
	kept    map[string]keep
	asked   *batch // those who wait for it, and what they want to read
}

// picture takes the picture, and begins to record what changes from here on.
func (j *sqliteJournal) picture(last int64) *picture {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.last = max(j.last, last)
	p := &picture{at: j.now(), effects: map[int64]map[string]effect{}, kept: maps.Clone(j.kept), asked: &batch{began: time.Now()}}
	for id, r := range j.rows {
		r.changed = false
		p.rows = append(p.rows, change{r, r.record()})
		for name, e := range r.effects {
			if p.effects[id] == nil {
				p.effects[id] = map[string]effect{}
			}
			p.effects[id][name] = *e
		}
	}
	p.asked.join(j.flight)
	p.asked.join(j.batch)
	j.flight, j.batch, j.recording = p.asked, &batch{}, true
	return p
}

// join takes over those who wait for another batch, which may be nil.
func (b *batch) join(other *batch) {
	if other == nil || other.given || len(other.waiters) == 0 {
		return
	}
	if len(b.waiters) == 0 {
		b.since = other.since
	}
	b.waiters = append(b.waiters, other.waiters...)
	b.reads = append(b.reads, other.reads...)
}

// mended says that the file is as the picture. It is false when that took too long: memory has changed since.
func (j *sqliteJournal) mended(p *picture) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	if p.asked.given {
		return false
	}
	for _, c := range p.rows {
		j.saved(c.row, c.record)
	}
	j.unkeep(p.kept)
	j.flight = nil
	for _, w := range p.asked.waiters {
		w.answer(nil)
	}
	if j.trouble != nil {
		j.log.Info().Msg("the journal can be written again")
	}
	j.trouble = nil
	return true
}

// match makes what is live in the file equal to p.
func (f *file) match(p *picture, replaced bool) error {
	if replaced {
		if err := f.makeWay(p); err != nil {
			return err
		}
	}
	has, err := f.live()
	if err != nil {
		return err
	}
	for _, c := range p.rows {
		id := c.row.e.ID
		rec, there := has[id]
		delete(has, id)
		if err := f.matchRow(c, rec, there, p.effects[id]); err != nil {
			return err
		}
	}
	for id := range has { // it was refused when it was put
		if err := f.forget(id); err != nil {
			return err
		}
	}
	for key, k := range p.kept {
		if err := f.keep(key, k); err != nil {
			return err
		}
	}
	return nil
}

// makeWay leaves what is live in a file that took the place of ours to a person: nobody here knows what became of it.
// What has one of our numbers gets the negative one, which nothing else has.
func (f *file) makeWay(p *picture) error {
	const why = "found in a file that took the place of another"
	err := f.exec("UPDATE deliveries SET state = ?, ended = ?, why = ? WHERE state < 2", int64(stateDead), millis(p.at), why)
	for _, c := range p.rows {
		for _, text := range []string{
			"UPDATE OR REPLACE deliveries SET id = -id WHERE id = ?", "UPDATE OR REPLACE effects SET delivery = -delivery WHERE delivery = ?",
		} {
			if err == nil {
				err = f.exec(text, c.row.e.ID)
			}
		}
	}
	return err
}

// live gives what the file has of each row that is live there.
func (f *file) live() (map[int64]record, error) {
	has := map[int64]record{}
	err := f.query(func(v []driver.Value) error {
		has[intOf(v[0])] = record{state(intOf(v[1])), int(intOf(v[2])), int(intOf(v[3])), intOf(v[4]), intOf(v[5]), textOf(v[6])}
		return nil
	}, `SELECT id, state, attempts, crashes, due, ended, why FROM deliveries
		WHERE state < 2 AND id >= coalesce((SELECT value FROM facts WHERE name = 'low'), 0)`)
	return has, err
}

func (f *file) matchRow(c change, has record, there bool, effects map[string]effect) error {
	id := c.row.e.ID
	var err error
	switch {
	case !there:
		err = f.insert(c.row, c.record)
	case has != c.record:
		err = f.update(id, c.record)
	}
	if err == nil {
		err = f.exec("DELETE FROM effects WHERE delivery = ?", id)
	}
	for name, e := range effects {
		if err == nil {
			err = f.effect(effectChange{id, name, e, false})
		}
	}
	return err
}
