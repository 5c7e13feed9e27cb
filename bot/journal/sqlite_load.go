package journal

import (
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"incident-bot/bot"
)

// load reads what an earlier process left, and counts what may have happened to it since.
func (j *sqliteJournal) load() error {
	clean, err := j.fact("clean")
	if err != nil {
		return err
	}
	if err := j.loadRows(); err != nil {
		return err
	}
	if err := errors.Join(j.loadEffects(), j.loadFiled()); err != nil {
		return err
	}
	if j.last, err = j.file.lastID(); err != nil {
		return err
	}
	doubtful, err := j.doubtful(clean == 1)
	for _, id := range j.early {
		j.inherit(j.rows[id], clean == 1, doubtful)
		if doubtful {
			j.doubt(j.rows[id])
		}
	}
	return err
}

// inherit counts what an entry of an earlier process went through. doubtful says that a start may be missing even of what
// was put off.
func (j *sqliteJournal) inherit(r *row, clean, doubtful bool) {
	switch {
	case r.state == stateRunning:
		r.state = stateWaiting
		r.e.Crashes++
	case clean || !doubtful && !r.e.Due.IsZero():
		return
	default:
		r.e.Attempts++ // it may have been started: see startsUnseen
	}
	j.note(r)
}

func (j *sqliteJournal) fact(name string) (int64, error) {
	return j.file.number("SELECT value FROM facts WHERE name = ?", name)
}

// lastID gives the highest number that was ever given.
func (f *file) lastID() (int64, error) {
	return f.number("SELECT max(coalesce((SELECT value FROM facts WHERE name = 'last'), 0), coalesce((SELECT max(id) FROM deliveries), 0))")
}

// loadRows reads the rows that are live, and the names of what arrived within the window.
func (j *sqliteJournal) loadRows() error {
	low, err := j.fact("low")
	if err != nil {
		return err
	}
	since := j.now().Add(-seenWindow)
	from, err := j.file.firstSince(since)
	if err != nil {
		return err
	}
	return j.file.query(func(v []driver.Value) error {
		r, err := rowOf(v)
		if err != nil {
			return err
		}
		if r.arrived.After(since) {
			j.recent.add(marksOf(&r.e), r.arrived)
		}
		if r.state.live() {
			j.rows[r.e.ID] = r
			j.early = append(j.early, r.e.ID)
			j.live++
		}
		return nil
	}, `SELECT id, state, arrived, received, attempts, crashes, due, ended, workspace, user, lane, key, names, why,
		CASE WHEN state < 2 THEN body END FROM deliveries WHERE id >= ? ORDER BY id`, min(low, from))
}

// firstSince gives the number of the first delivery that arrived after a time, as far as the order of numbers is that of
// arrival. It goes back from the newest, since there is no index.
func (f *file) firstSince(since time.Time) (first int64, err error) {
	const chunk = 1000
	first = 1 << 62
	for {
		old, count := false, 0
		err := f.query(func(v []driver.Value) error {
			count++
			if old = old || intOf(v[1]) <= millis(since); !old {
				first = intOf(v[0])
			}
			return nil
		}, "SELECT id, arrived FROM deliveries WHERE id < ? ORDER BY id DESC LIMIT ?", first, int64(chunk))
		if err != nil || old || count < chunk {
			return first, err
		}
	}
}

func rowOf(v []driver.Value) (*row, error) {
	r := &row{
		arrived: fromMillis(intOf(v[2])), state: state(intOf(v[1])), ended: fromMillis(intOf(v[7])),
		e: bot.Entry{
			ID: intOf(v[0]), Received: fromMillis(intOf(v[3])), Attempts: int(intOf(v[4])), Crashes: int(intOf(v[5])),
			Due: fromMillis(intOf(v[6])), Workspace: textOf(v[8]), User: textOf(v[9]), Lane: textOf(v[10]), Key: textOf(v[11]),
			Why: textOf(v[13]), Body: bytesOf(v[14]),
		},
	}
	if err := json.Unmarshal(bytesOf(v[12]), &r.e.Names); err != nil {
		return nil, fmt.Errorf("names of delivery %d: %w", r.e.ID, err)
	}
	r.file = r.record()
	return r, nil
}

// loadEffects reads the effects of the rows that are live.
func (j *sqliteJournal) loadEffects() error {
	if len(j.early) == 0 {
		return nil
	}
	return j.file.query(func(v []driver.Value) error {
		r := j.rows[intOf(v[0])]
		if r == nil {
			return nil
		}
		if r.effects == nil {
			r.effects = map[string]*effect{}
		}
		r.effects[textOf(v[1])] = &effect{began: fromMillis(intOf(v[2])), memo: bytesOf(v[3]), done: intOf(v[4]) == 1, result: bytesOf(v[5])}
		return nil
	}, "SELECT delivery, name, began, memo, done, result FROM effects WHERE delivery >= ? ORDER BY delivery", j.early[0])
}
