package journal

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// TestSQLiteUnsynced: a machine that failed to sync may forget what it was to write, and say that all is well the next
// time. What was said to be kept is in the file itself by then, without the log.
func TestSQLiteUnsynced(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.db")
	deaf, other, err := os.Pipe() // which cannot be synced
	if err != nil {
		t.Fatal(err)
	}
	defer deaf.Close()
	defer other.Close()
	var j *sqliteJournal
	var log *os.File
	j = openAt(t, path, Options{step: func(step string) {
		switch {
		case step == "commit" && log == nil && j != nil:
			log, j.file.wal = j.file.wal, deaf
		case step == "committed" && j != nil:
			j.file.wal = log
		}
	}})
	put(t, j, entry("a"))
	alone := filepath.Join(t.TempDir(), "journal.db")
	if err := os.WriteFile(alone, content(t, path), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := keysOf(waiting(t, openAt(t, alone, Options{}))); got != "[a]" {
		t.Errorf("in the file without its log: %s", got)
	}
}

// TestSQLiteStartsUnseen: of what was put off, a start may be missing from the file only where the machine ended.
func TestSQLiteStartsUnseen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.db")
	j := openAt(t, path, Options{machine: 1})
	id := put(t, j, entry("a"))
	start(t, j, id)
	j.Later(id, time.Now().Add(time.Hour), "Grafana is down")
	j.settled(t)
	for machine, want := range map[int64]int{1: 1, 2: 2} {
		next := openAt(t, leftBehind(t, path), Options{machine: machine})
		if list := waiting(t, next); len(list) != 1 || list[0].Attempts != want {
			t.Errorf("machine %d: %+v", machine, list)
		}
	}
}
