package journal

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"incident-bot/bot"
)

// inject has the writer run f with its connection. An error counts as one of the disk.
func inject(j *sqliteJournal, f func(c *conn) error) *waiter {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.batch.reads = append(j.batch.reads, f)
	return j.await(nil)
}

// block makes the writer wait until the channel is closed, as a disk does that does not answer.
func block(t *testing.T, j *sqliteJournal) chan struct{} {
	t.Helper()
	release, reached := make(chan struct{}), make(chan struct{})
	inject(j, func(*conn) error {
		select {
		case <-reached: // again
		default:
			close(reached)
		}
		<-release
		return nil
	})
	<-reached
	return release
}

// refused says why e is not taken, which must not take long.
func wasRefused(t *testing.T, j bot.Inbox, e *bot.Entry) error {
	t.Helper()
	began := time.Now()
	seen, err := j.Put(t.Context(), e)
	if err == nil || seen || !errors.Is(err, bot.ErrUnkept) {
		t.Fatalf("put %s: seen %v, %v", e.Key, seen, err)
	}
	if took := time.Since(began); took > 3*time.Second { // Slack waits no longer
		t.Errorf("put %s: refused after %v", e.Key, took)
	}
	return err
}

// wellAgain waits until j takes things again.
func wellAgain(t *testing.T, j bot.Inbox) {
	t.Helper()
	eventually(t, "all is well again", func() bool { return j.Err() == nil })
}

// stock is what every trouble has to leave alone: an entry that waits, one that runs with an effect, one that ends during
// the trouble, and something small. What it gives checks that all of it is in the file.
func stock(t *testing.T, j *sqliteJournal) (during func(), after func(path string)) {
	t.Helper()
	waits, runs, ends := put(t, j, entry("waits")), put(t, j, entry("runs")), put(t, j, entry("ends"))
	start(t, j, runs)
	start(t, j, ends)
	begin(t, j, runs, "concluded", "memo")
	begin(t, j, runs, "open", "memo")
	begin(t, j, runs, "undone", "memo")
	during = func() {
		j.Concluded(runs, "concluded", []byte("42"))
		j.Undone(runs, "undone")
		j.Later(waits, time.Now().Add(time.Hour), "Grafana is away")
		j.End(ends, false, "")
		j.Keep("card", []byte("7"), time.Now().Add(time.Hour))
	}
	after = func(path string) {
		t.Helper()
		j := openAt(t, path, Options{})
		list := taken(t, j)
		if keysOf(list) != "[waits runs]" {
			t.Fatalf("left: %s", keysOf(list))
		}
		if list[0].Why != "Grafana is away" || list[0].Due.IsZero() || list[0].Attempts != 0 || list[1].Attempts < 1 || list[1].Crashes != 1 {
			t.Errorf("left: %+v", list)
		}
		if l := begin(t, j, runs, "concluded", ""); !l.Done || string(l.Result) != "42" || string(l.Memo) != "memo" {
			t.Errorf("a concluded effect: %+v", l)
		}
		if l := begin(t, j, runs, "open", ""); !l.Before || l.Done {
			t.Errorf("an open effect: %+v", l)
		}
		if l := begin(t, j, runs, "undone", ""); l.Before {
			t.Errorf("an effect that did not happen: %+v", l)
		}
		if value, err := j.Kept(t.Context(), "card"); err != nil || string(value) != "7" {
			t.Errorf("kept: %q, %v", value, err)
		}
	}
	return during, after
}

func TestSQLiteDiskDoesNotAnswer(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.db")
	j := openAt(t, path, Options{})
	during, after := stock(t, j)
	release := block(t, j)
	err := wasRefused(t, j, entry("never taken", "name"))
	if !strings.Contains(err.Error(), "does not answer") || j.Err() == nil {
		t.Errorf("%v, %v", err, j.Err())
	}
	during()
	if ours, err := j.Start(t.Context(), 1); ours || !errors.Is(err, bot.ErrUnkept) {
		t.Errorf("start: %v, %v", ours, err)
	}
	if _, err := j.Begin(t.Context(), 2, "new", nil); !errors.Is(err, bot.ErrUnkept) {
		t.Errorf("begin: %v", err)
	}
	if _, err := j.Drop(t.Context(), "T1", "U1", 1); !errors.Is(err, bot.ErrUnkept) {
		t.Errorf("drop: %v", err)
	}
	close(release)
	wellAgain(t, j)
	after(leftBehind(t, path))
	put(t, j, entry("never taken", "name"))
}

// TestSQLiteWriterIsBusyElsewhere has the writer wait for a disk when nobody waits for the writer yet.
func TestSQLiteWriterIsBusyElsewhere(t *testing.T) {
	j := openAt(t, filepath.Join(t.TempDir(), "journal.db"), Options{})
	release, reached := make(chan struct{}), make(chan struct{})
	j.mu.Lock()
	j.batch.reads = append(j.batch.reads, func(*conn) error { close(reached); <-release; return nil })
	poke(j.wake)
	j.mu.Unlock()
	<-reached
	wasRefused(t, j, entry("a"))
	close(release)
	wellAgain(t, j)
	put(t, j, entry("a"))
	j.mu.Lock()
	j.stall(nil, unkept("nobody knows")) // as if it had been somewhere else still
	j.mu.Unlock()
	wasRefused(t, j, entry("b"))
	wellAgain(t, j)
	put(t, j, entry("b"))
}

// TestSQLitePutFailsLate has a commit succeed of which everybody was told that it failed.
func TestSQLitePutFailsLate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.db")
	j := openAt(t, path, Options{})
	waits := put(t, j, entry("waits"))
	start(t, j, waits)
	release := make(chan struct{})
	inject(j, func(*conn) error { <-release; return nil })
	if _, err := j.Begin(t.Context(), waits, "effect", nil); !errors.Is(err, bot.ErrUnkept) {
		t.Fatalf("begin: %v", err)
	}
	wasRefused(t, j, entry("never taken"))
	close(release)
	wellAgain(t, j)
	if l := begin(t, j, waits, "effect", "again"); l.Before {
		t.Errorf("an effect that was refused: %+v", l)
	}
	if list := taken(t, openAt(t, leftBehind(t, path), Options{})); keysOf(list) != "[waits]" {
		t.Errorf("left: %s", keysOf(list))
	}
}

func TestSQLiteFileDeleted(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.db")
	j := openAt(t, path, Options{})
	during, after := stock(t, j)
	during()
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	put(t, j, entry("after that"))
	j.End(4, false, "")
	j.settled(t)
	after(leftBehind(t, path))
	if orphans := files(t, filepath.Dir(path), "*.orphan-*-wal"); len(orphans) != 1 {
		t.Errorf("its log was not set aside: %v", orphans)
	}
}

func TestSQLiteFileReplaced(t *testing.T) {
	dir := t.TempDir()
	path, other := filepath.Join(dir, "journal.db"), filepath.Join(dir, "other.db")
	another := openAt(t, other, Options{})
	for i := range 10 {
		put(t, another, entry(fmt.Sprint("of the other ", i)))
	}
	if err := another.Close(); err != nil {
		t.Fatal(err)
	}
	j := openAt(t, path, Options{})
	during, after := stock(t, j)
	if err := os.Rename(other, path); err != nil {
		t.Fatal(err)
	}
	during()
	eventually(t, "it is noticed without a put", func() bool { return len(files(t, dir, "*.orphan-*-wal")) == 1 })
	j.settled(t)
	after(leftBehind(t, path))
	if id := put(t, j, entry("new")); id <= 10 {
		t.Errorf("number %d was given before", id)
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	if got := asked(t, path, "SELECT count(*) FROM deliveries WHERE state = 3"); got != 10 {
		t.Errorf("%d entries of the other file are left for a person", got)
	}
}

func TestSQLiteFolderGone(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "journal.db")
	r := prometheus.NewRegistry()
	j := openAt(t, path, Options{Metrics: r})
	if got := figure(t, r, "incident_bot_inbox_failing", ""); got != 0 {
		t.Errorf("failing although all is well: %v", got)
	}
	during, after := stock(t, j)
	if err := os.Rename(dir, dir+".away"); err != nil {
		t.Fatal(err)
	}
	if err := wasRefused(t, j, entry("never taken")); !strings.Contains(err.Error(), "folder of journal.db does not exist") {
		t.Error(err)
	}
	if got := figure(t, r, "incident_bot_inbox_failing", ""); got != 1 {
		t.Errorf("refusing and failing: %v", got)
	}
	during()
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	wellAgain(t, j)
	after(leftBehind(t, path))
}
