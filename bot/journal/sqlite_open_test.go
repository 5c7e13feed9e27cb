package journal

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"
)

// TestSQLiteAfterACrash opens what a process leaves that ends without a word.
func TestSQLiteAfterACrash(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.db")
	j := openAt(t, path, Options{})
	put(t, j, entry("waits"))
	runs, later, past, done := put(t, j, entry("runs")), put(t, j, entry("later")), put(t, j, entry("past")), put(t, j, entry("done"))
	for _, id := range []int64{runs, later, past, done} {
		start(t, j, id)
	}
	begin(t, j, runs, "effect", "memo")
	j.Later(later, time.Now().Add(time.Hour), "not yet")
	j.Later(past, time.Now().Add(-time.Second), "at once")
	j.End(done, false, "")
	j.settled(t)
	left := leftBehind(t, path)
	for round := 1; round <= 3; round++ {
		j := openAt(t, left, Options{})
		for _, e := range taken(t, j) {
			attempts, crashes := map[string]int{"waits": round, "runs": round, "later": 1, "past": 1}[e.Key], 0
			if e.Key == "runs" {
				crashes = 1
			}
			if e.Attempts != attempts || e.Crashes != crashes {
				t.Errorf("round %d: %s: %d attempts, %d crashes", round, e.Key, e.Attempts, e.Crashes)
			}
		}
		if got := keysOf(waiting(t, j)); got != "[waits runs later past]" {
			t.Errorf("left: %s", got)
		}
		if l := begin(t, j, runs, "effect", ""); !l.Before || string(l.Memo) != "memo" {
			t.Errorf("effect: %+v", l)
		}
		left = leftBehind(t, left)
	}
}

// TestSQLiteStartsAreCounted looks at what a crash right after a start leaves: never fewer attempts than starts.
func TestSQLiteStartsAreCounted(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.db")
	j := openAt(t, path, Options{})
	id, starts := put(t, j, entry("a")), 0
	for i := range 20 {
		start(t, j, id)
		starts++
		list := taken(t, openAt(t, leftBehind(t, path), Options{}))
		if len(list) != 1 || list[0].Attempts < starts || list[0].Attempts > starts+1 {
			t.Fatalf("round %d: %d starts, %+v", i, starts, list)
		}
		due := time.Now()
		if i%2 == 1 {
			due = due.Add(time.Hour)
		}
		j.Later(id, due, "")
	}
}

func TestSQLiteNewerSchema(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.db")
	if err := openAt(t, path, Options{}).Close(); err != nil {
		t.Fatal(err)
	}
	newer := int64(len(schema()) + 1)
	asked(t, path, fmt.Sprint("PRAGMA user_version = ", newer))
	before := content(t, path)
	_, err := tryOpen(t, path, Options{})
	if !errors.Is(err, errNewer) || !strings.Contains(err.Error(), fmt.Sprint("schema ", newer)) {
		t.Errorf("%v", err)
	}
	if !bytes.Equal(before, content(t, path)) {
		t.Error("it was written to")
	}
	asked(t, path, fmt.Sprint("PRAGMA user_version = ", newer-1))
	openAt(t, path, Options{})
}

func TestSQLiteForeignFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.db")
	asked(t, path, "CREATE TABLE deliveries (id INTEGER PRIMARY KEY)")
	before := content(t, path)
	if _, err := tryOpen(t, path, Options{}); !errors.Is(err, errForeign) {
		t.Errorf("%v", err)
	}
	if !bytes.Equal(before, content(t, path)) || len(files(t, filepath.Dir(path), "*")) != 1 {
		t.Error("it was written to, or renamed")
	}
}

// TestSQLiteMigrates opens a file of every earlier schema.
func TestSQLiteMigrates(t *testing.T) {
	for version := range schema() {
		path := filepath.Join(t.TempDir(), "journal.db")
		c, err := openConn(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, step := range schema()[:version] {
			err = errors.Join(err, c.exec(step))
		}
		if err := errors.Join(err, c.exec(fmt.Sprint("PRAGMA user_version = ", version)), c.close()); err != nil {
			t.Fatal(err)
		}
		put(t, openAt(t, path, Options{}), entry("a"))
	}
}

func TestSQLiteCannotBeOpened(t *testing.T) {
	dir := t.TempDir()
	folder := filepath.Join(dir, "folder")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		filepath.Join(dir, "missing", "journal.db"): "the folder of journal.db does not exist: make " + filepath.Join(dir, "missing"),
		folder: "folder is a folder: name a file in it",
	} {
		if _, err := tryOpen(t, path, Options{}); err == nil || err.Error() != want {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// TestSQLiteOpenIsGivenUp has the file in use by another journal, and asks it not to wait.
func TestSQLiteOpenIsGivenUp(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.db")
	j := openAt(t, path, Options{})
	put(t, j, entry("a"))
	ctx, cancel := context.WithTimeout(t.Context(), 3*lockPause)
	defer cancel()
	var log bytes.Buffer
	var why error
	r := prometheus.NewRegistry()
	_, err := Open(ctx, "sqlite:"+path, Options{Log: zerolog.New(&log), Metrics: r, Delayed: func(err error) { why = err }})
	if err == nil || !strings.HasPrefix(err.Error(), "another process uses journal.db; a file is for one process") {
		t.Errorf("%v", err)
	}
	if why == nil || why.Error() != "another process uses journal.db: waiting for it to end" {
		t.Errorf("meanwhile: %v", why)
	}
	if got := figure(t, r, "incident_bot_inbox_failing", ""); got != 1 {
		t.Errorf("not open and failing: %v", got)
	}
	if got := strings.Count(log.String(), "in use by another process"); got != 1 {
		t.Errorf("said %d times: %s", got, log.String())
	}
	if strings.Contains(log.String(), filepath.Dir(path)) {
		t.Errorf("the log tells the path: %s", log.String())
	}
}
