package journal

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

// TestSQLiteNoMorePages forbids the file to grow, which SQLite reports as a full disk.
func TestSQLiteNoMorePages(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.db")
	j := openAt(t, path, Options{})
	during, after := stock(t, j)
	limit := func(pages string) error { // the writer's own connection is not for others
		return inject(j, func(c *conn) error { return c.exec("PRAGMA max_page_count = " + pages) }).wait()
	}
	if err := limit("1"); err != nil { // the present size then
		t.Fatal(err)
	}
	full(t, j, "the disk of journal.db is full")
	during()
	eventually(t, "the file may grow", func() bool { return limit("100000") == nil })
	wellAgain(t, j)
	put(t, j, entry("never taken"))
	j.End(waiting(t, j)[2].ID, false, "")
	j.settled(t)
	after(leftBehind(t, path))
}

// full puts until nothing is taken any more, ends what was taken, and checks what is said.
func full(t *testing.T, j *sqliteJournal, want string) {
	t.Helper()
	for i := range 1000 {
		e := entry(fmt.Sprint("filling ", i))
		e.Body = make([]byte, 50_000)
		if _, err := j.Put(t.Context(), e); err != nil {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%v", err)
			}
			break
		}
		j.End(e.ID, false, "")
	}
	if err := j.Err(); err == nil || !strings.Contains(err.Error(), want) {
		t.Fatalf("what is wrong: %v", err)
	}
	wasRefused(t, j, entry("never taken"))
}

// TestSQLiteReadOnly has SQLite refuse to write, as it does on a file system that became read-only.
func TestSQLiteReadOnly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.db")
	j := openAt(t, path, Options{})
	during, after := stock(t, j)
	if err := inject(j, func(c *conn) error { return c.exec("PRAGMA query_only = 1") }).wait(); err != nil {
		t.Fatal(err)
	}
	if err := wasRefused(t, j, entry("never taken")); !strings.Contains(err.Error(), "journal.db may not be written to") {
		t.Error(err)
	}
	during()
	wellAgain(t, j) // the file is opened anew after some attempts
	after(leftBehind(t, path))
	put(t, j, entry("never taken"))
}
