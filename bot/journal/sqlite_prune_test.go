package journal

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"
)

const day = 24 * time.Hour

func TestSQLiteRetention(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.db")
	c := &clock{now: at()}
	count := func() (rows, effects, kept int64) {
		return asked(t, path, "SELECT count(*) FROM deliveries"), asked(t, path, "SELECT count(*) FROM effects"), asked(t, path, "SELECT count(*) FROM kept")
	}
	again := func() {
		t.Helper()
		if err := openAt(t, path, Options{Now: c.read}).Close(); err != nil { // it prunes at once
			t.Fatal(err)
		}
	}
	j := openAt(t, path, Options{Now: c.read})
	put(t, j, entry("waits"))
	for i := range 2 * pruneChunk {
		id := put(t, j, entry(fmt.Sprint("done ", i)))
		if i%100 == 0 {
			begin(t, j, id, "effect", "")
		}
		j.End(id, i%500 == 0, "")
	}
	j.Keep("short", nil, at().Add(2*time.Hour))
	j.Keep("long", nil, at().Add(40*day))
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		pass                time.Duration
		rows, effects, kept int64
	}{
		{0, 1001, 10, 2}, {day - time.Minute, 1001, 10, 1}, {2 * time.Minute, 3, 2, 1}, {29*day - 2*time.Minute, 3, 2, 1}, {2 * time.Minute, 1, 0, 1},
		{20 * day, 1, 0, 0},
	} {
		c.pass(step.pass)
		again()
		if rows, effects, kept := count(); rows != step.rows || effects != step.effects || kept != step.kept {
			t.Errorf("after %v more: %d rows, %d effects, %d kept, want %+v", step.pass, rows, effects, kept, step)
		}
	}
	j = openAt(t, path, Options{Now: c.read})
	if list := taken(t, j); keysOf(list) != "[waits]" {
		t.Errorf("left: %s", keysOf(list))
	}
	if id := put(t, j, entry("new")); id != 1002 {
		t.Errorf("number %d, want 1002: numbers are not given twice", id)
	}
}
