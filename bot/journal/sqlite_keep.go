package journal

import (
	"bytes"
	"context"
	"database/sql/driver"
	"time"
)

// maxUnwritten bounds the small things that wait to be written. Beyond it, what is kept anew is forgotten: the file has
// been away for long.
const maxUnwritten = 10_000

func (j *sqliteJournal) Keep(key string, value []byte, until time.Time) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if _, known := j.kept[key]; j.closed || !known && len(j.kept) >= maxUnwritten {
		return
	}
	k := keep{bytes.Clone(value), until}
	j.kept[key] = k
	if !j.recording {
		return
	}
	if j.batch.kept == nil {
		j.batch.kept = map[string]keep{}
	}
	j.batch.kept[key] = k
	poke(j.lazy)
}

func (j *sqliteJournal) Kept(_ context.Context, key string) ([]byte, error) {
	var found keep
	w, err := j.look(key, &found)
	if w != nil {
		err = w.wait()
	}
	if err != nil || !j.now().Before(found.until) {
		return nil, err
	}
	return append([]byte{}, found.value...), nil // nil means that there is nothing
}

// loadFiled finds out what the file keeps.
func (j *sqliteJournal) loadFiled() error {
	return j.file.query(func(row []driver.Value) error {
		j.filed[markOf(textOf(row[0]))] = intOf(row[1])
		return nil
	}, "SELECT key, until FROM kept")
}

// forgetFiled forgets what the file has kept for long enough.
func (j *sqliteJournal) forgetFiled(now time.Time) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for m, until := range j.filed {
		if until < millis(now) {
			delete(j.filed, m)
		}
	}
}

// look finds what is kept: at once if the file does not have it, otherwise once the waiter is answered.
func (j *sqliteJournal) look(key string, found *keep) (*waiter, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if k, ok := j.kept[key]; ok {
		*found = k
		return nil, nil
	}
	if _, there := j.filed[markOf(key)]; !there {
		return nil, nil
	}
	if err := j.refusal(); err != nil {
		return nil, err
	}
	j.batch.reads = append(j.batch.reads, func(c *conn) error {
		return c.query(func(row []driver.Value) error {
			*found = keep{bytesOf(row[0]), fromMillis(intOf(row[1]))}
			return nil
		}, "SELECT value, until FROM kept WHERE key = ?", key)
	})
	return j.await(nil), nil
}
