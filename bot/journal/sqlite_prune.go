package journal

import (
	"database/sql/driver"
	"time"
)

// pruneChunk is how many rows are looked at in one go: what waits is written in between.
const pruneChunk = 500

// pruneAll deletes what was kept for long enough, and notes where a scan for what is live may begin.
func (j *sqliteJournal) pruneAll() {
	for cursor := int64(-1 << 62); j.cause == nil; {
		next, more, err := j.pruneSome(cursor)
		if err != nil {
			j.mend(err)
			return
		}
		cursor = next
		if !more {
			j.forgetFiled(j.now())
		}
		select {
		case <-j.wake:
			j.turn()
		default:
		}
		if !more {
			return
		}
	}
}

// pruneSome deletes some rows beyond cursor, in order of their numbers, and says whether there may be more.
func (j *sqliteJournal) pruneSome(cursor int64) (next int64, more bool, err error) {
	now := j.now()
	low, last := j.bounds()
	err = j.file.transact(func() error {
		ids, end, young, err := j.file.prunable(cursor, now, j.keep)
		if err != nil {
			return err
		}
		next, more = end, !young
		for _, id := range ids {
			if err := j.file.forget(id); err != nil {
				return err
			}
		}
		if more {
			return nil
		}
		if err := j.file.exec("DELETE FROM kept WHERE until < ?", millis(now)); err != nil {
			return err
		}
		return j.file.marks(low, last, 0)
	})
	return next, more, err
}

// prunable lists the rows of the next chunk whose time is over. last says that none comes after it: those that arrived
// later have ended later.
func (f *file) prunable(cursor int64, now time.Time, keep Retention) (ids []int64, end int64, last bool, err error) {
	done, dead := millis(now.Add(-keep.Done)), millis(now.Add(-keep.Dead))
	count := 0
	end = cursor
	err = f.query(func(v []driver.Value) error {
		count++
		end = intOf(v[0])
		ended := intOf(v[2])
		switch state(intOf(v[1])) {
		case stateDone:
			if ended < done {
				ids = append(ids, end)
			}
		case stateDead:
			if ended < dead {
				ids = append(ids, end)
			}
		}
		last = intOf(v[3]) >= max(done, dead)
		return nil
	}, "SELECT id, state, ended, arrived FROM deliveries WHERE id > ? ORDER BY id LIMIT ?", cursor, int64(pruneChunk))
	return ids, end, last || count < pruneChunk, err
}

func (f *file) forget(id int64) error {
	if err := f.exec("DELETE FROM effects WHERE delivery = ?", id); err != nil {
		return err
	}
	return f.exec("DELETE FROM deliveries WHERE id = ?", id)
}
