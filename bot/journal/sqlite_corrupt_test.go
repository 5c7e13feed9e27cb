package journal

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rs/zerolog"
)

// filled makes a file of many pages, and gives its path.
func filled(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "journal.db")
	j := openAt(t, path, Options{})
	for i := range 100 {
		put(t, j, entry(fmt.Sprint("key", i), fmt.Sprint(strings.Repeat("name", 100), i)))
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestSQLiteCorruptFile(t *testing.T) {
	noise := make([]byte, 4096)
	_, _ = rand.Read(noise)
	for what, spoil := range map[string]func([]byte) []byte{
		"not a database":  func([]byte) []byte { return []byte(strings.Repeat("not a database\n", 500)) },
		"noise":           func([]byte) []byte { return noise },
		"cut off":         func(b []byte) []byte { return b[:len(b)/2] },
		"cut to a byte":   func(b []byte) []byte { return b[:1] },
		"cut to its head": func(b []byte) []byte { return b[:511] },
		"a page of noise": func(b []byte) []byte {
			copy(b[5*4096:], noise)
			return b
		},
		"a page of zeros": func(b []byte) []byte {
			clear(b[4096 : 2*4096])
			return b
		},
	} {
		t.Run(what, func(t *testing.T) {
			path := filled(t)
			spoilt := spoil(content(t, path))
			if err := os.WriteFile(path, spoilt, 0o600); err != nil {
				t.Fatal(err)
			}
			var log bytes.Buffer
			j := openAt(t, path, Options{Log: zerolog.New(&log)})
			put(t, j, entry("a"))
			if got := keysOf(waiting(t, j)); got != "[a]" {
				t.Errorf("in the new file: %s", got)
			}
			kept := files(t, filepath.Dir(path), "journal.db.corrupt-????????T??????Z")
			if len(kept) != 1 || !bytes.Equal(content(t, kept[0]), spoilt) {
				t.Errorf("the damaged one is not kept as it was: %v", kept)
			}
			if got := strings.Count(log.String(), "it was set aside"); got != 1 || strings.Count(log.String(), `"error"`) != 1 {
				t.Errorf("logged: %s", log.String())
			}
		})
	}
}

func TestSQLiteCorruptFilesAreAllKept(t *testing.T) {
	c := &clock{now: at()}
	dir := t.TempDir()
	path := filepath.Join(dir, "journal.db")
	for round := 1; round <= 3; round++ {
		if err := os.WriteFile(path, bytes.Repeat([]byte{byte(round)}, 5000), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := openAt(t, path, Options{Now: c.read}).Close(); err != nil {
			t.Fatal(err)
		}
		if kept := files(t, dir, "*.corrupt-*"); len(kept) != round {
			t.Fatalf("round %d: %v", round, kept)
		}
	}
}

func TestSQLiteCorruptWhileOpen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.db")
	var log bytes.Buffer
	j := openAt(t, path, Options{Log: zerolog.New(zerolog.SyncWriter(&log))})
	during, after := stock(t, j)
	during()
	j.settled(t)
	done := false
	w := inject(j, func(*conn) error {
		if done {
			return nil
		}
		done = true
		return errCorrupt
	})
	if err := w.wait(); err != nil {
		t.Fatalf("somebody noticed: %v", err)
	}
	put(t, j, entry("after that"))
	j.End(4, false, "")
	j.settled(t)
	if kept := files(t, filepath.Dir(path), "*.corrupt-*Z"); len(kept) != 1 {
		t.Errorf("the damaged one is not kept: %v", kept)
	}
	if !seen(t, j, entry("waits")) {
		t.Error("what was put before is not recognised")
	}
	j.Keep("card", []byte("7"), at().AddDate(50, 0, 0)) // what was kept is lost with the file
	j.settled(t)
	after(leftBehind(t, path))
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	if got := strings.Count(log.String(), "it was set aside"); got != 1 {
		t.Errorf("logged: %s", log.String())
	}
}

func TestSQLiteOrphanedLog(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.db")
	if err := os.WriteFile(path+"-wal", []byte("what is left of a journal"), 0o600); err != nil {
		t.Fatal(err)
	}
	put(t, openAt(t, path, Options{}), entry("a"))
	kept := files(t, filepath.Dir(path), "*.orphan-*-wal")
	if len(kept) != 1 || string(content(t, kept[0])) != "what is left of a journal" {
		t.Errorf("not kept: %v", kept)
	}
}
