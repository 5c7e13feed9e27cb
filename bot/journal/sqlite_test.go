package journal

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"

	"incident-bot/bot"
)

// sqliteStore is a file in a folder of its own.
func sqliteStore(t *testing.T) store {
	path := filepath.Join(t.TempDir(), "journal.db")
	return store{open: func(t *testing.T, o Options) Journal { return openAt(t, path, o) }}
}

// openAt opens the file, and closes it when the test ends.
func openAt(t *testing.T, path string, o Options) *sqliteJournal {
	t.Helper()
	j, err := tryOpen(t, path, o)
	if err != nil {
		t.Fatal(err)
	}
	return j
}

func tryOpen(t *testing.T, path string, o Options) (*sqliteJournal, error) {
	t.Helper()
	if o.Log.GetLevel() == zerolog.DebugLevel { // the zero Logger
		o.Log = zerolog.New(zerolog.NewTestWriter(t))
	}
	j, err := Open(t.Context(), "sqlite:"+path, o)
	if err != nil {
		return nil, err
	}
	t.Cleanup(func() { _ = j.Close() })
	return j.(*sqliteJournal), nil
}

func TestSQLiteSuite(t *testing.T) { suite(t, sqliteStore) }

// settled waits until the file has all that was said.
func (j *sqliteJournal) settled(t *testing.T) {
	t.Helper()
	j.mu.Lock()
	w := j.await(nil)
	j.mu.Unlock()
	if err := w.wait(); err != nil {
		t.Fatal(err)
	}
}

// leftBehind copies what a crash would leave now, and gives the copy's path.
func leftBehind(t *testing.T, path string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "left.db")
	copyLeft(t, path, to)
	return to
}

func copyLeft(t *testing.T, from, to string) {
	t.Helper()
	for _, part := range []string{"", "-wal"} {
		if err := os.WriteFile(to+part, content(t, from+part), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// content is what a file holds, nothing if there is none.
func content(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return b
}

// files lists a folder.
func files(t *testing.T, dir, pattern string) []string {
	t.Helper()
	list, err := filepath.Glob(filepath.Join(dir, pattern))
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// figure gives the value of a counter or gauge, or the count of a histogram.
func figure(t *testing.T, r *prometheus.Registry, name, label string) float64 {
	t.Helper()
	families, err := r.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			if f.GetName() == name && (label == "" || len(m.GetLabel()) == 1 && m.GetLabel()[0].GetValue() == label) {
				return m.GetCounter().GetValue() + m.GetGauge().GetValue() + float64(m.GetHistogram().GetSampleCount())
			}
		}
	}
	t.Fatalf("no figure %s", name)
	return 0
}

func TestSQLitePutsShareCommits(t *testing.T) {
	r := prometheus.NewRegistry()
	j := openAt(t, filepath.Join(t.TempDir(), "journal.db"), Options{Metrics: r})
	before := figure(t, r, "incident_bot_inbox_commit_seconds", "")
	release := block(t, j) // so that they meet, however fast the disk is
	var all sync.WaitGroup
	for i := range 64 {
		all.Go(func() {
			if _, err := j.Put(t.Context(), entry(fmt.Sprint("key", i))); err != nil {
				t.Error(err)
			}
		})
	}
	eventually(t, "all are under way", func() bool { w, _, _ := j.depth(); return w == 64 })
	close(release)
	all.Wait()
	if commits := figure(t, r, "incident_bot_inbox_commit_seconds", "") - before; commits > 4 {
		t.Errorf("64 puts at once took %v commits", commits)
	}
	if got := figure(t, r, "incident_bot_inbox_deliveries", "waiting"); got != 64 {
		t.Errorf("%v wait", got)
	}
}

func TestSQLiteFigures(t *testing.T) {
	r := prometheus.NewRegistry()
	j := openAt(t, filepath.Join(t.TempDir(), "journal.db"), Options{Metrics: r})
	a, b := put(t, j, entry("a")), put(t, j, entry("b"))
	put(t, j, entry("c"))
	start(t, j, a)
	start(t, j, b)
	j.End(b, true, "too old")
	for name, want := range map[string]float64{"attempts_total": 2, "dead_total": 1, "puts_per_commit": 3} {
		if got := figure(t, r, "incident_bot_inbox_"+name, ""); got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
	for label, want := range map[string]float64{"waiting": 1, "running": 1} {
		if got := figure(t, r, "incident_bot_inbox_deliveries", label); got != want {
			t.Errorf("%s: %v, want %v", label, got, want)
		}
	}
	if got := figure(t, r, "incident_bot_inbox_oldest_seconds", ""); got <= 0 || got > 60 {
		t.Errorf("the oldest has waited %v s", got)
	}
	if _, err := tryOpen(t, filepath.Join(t.TempDir(), "journal.db"), Options{Metrics: r}); err == nil {
		t.Error("the same figures twice")
	}
}

func TestSQLiteIsBusyAndRecovers(t *testing.T) {
	j := openAt(t, filepath.Join(t.TempDir(), "journal.db"), Options{})
	var all sync.WaitGroup
	for worker := range 50 {
		all.Go(func() {
			for i := range maxLive / 50 {
				if _, err := j.Put(t.Context(), entry(fmt.Sprint(worker, "/", i))); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if _, err := j.Put(t.Context(), entry("one more")); !errors.Is(err, bot.ErrBusy) {
		t.Fatalf("one more: %v", err)
	}
	if !seen(t, j, entry("0/0")) {
		t.Error("a repeated one is not recognised because it is full")
	}
	first, err := j.Waiting(t.Context(), "T1", 1)
	if err != nil || len(first) != 1 {
		t.Fatal(first, err)
	}
	j.End(first[0].ID, false, "")
	put(t, j, entry("one more"))
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	if list := taken(t, openAt(t, j.path, Options{})); len(list) != maxLive {
		t.Errorf("%d are left", len(list))
	}
}

func TestSQLiteFilesAreForTheirOwner(t *testing.T) {
	dir := t.TempDir()
	put(t, openAt(t, filepath.Join(dir, "journal.db"), Options{}), entry("a"))
	list := files(t, dir, "*")
	if len(list) != 2 {
		t.Errorf("files: %v", list)
	}
	for _, name := range list {
		if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", name, info.Mode(), err)
		}
	}
}

func TestSQLiteKeepsNothingAsSomething(t *testing.T) {
	j := openAt(t, filepath.Join(t.TempDir(), "journal.db"), Options{})
	j.Keep("flag", nil, time.Now().Add(time.Hour))
	for range 2 {
		if value, err := j.Kept(t.Context(), "flag"); err != nil || value == nil || len(value) != 0 {
			t.Errorf("%v, %v", value, err)
		}
		j.settled(t)
	}
}

func TestSQLiteForgetsBodiesOfWhatIsDone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.db")
	j := openAt(t, path, Options{})
	for key, dead := range map[string]bool{"done": false, "dead": true} {
		e := entry(key)
		e.Body = []byte("the body of what is " + key)
		id := put(t, j, e)
		start(t, j, id)
		j.End(id, dead, "")
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]int64{"done": 0, "dead": 1} {
		if got := asked(t, path, "SELECT count(*) FROM deliveries WHERE body IS NOT NULL AND key = '"+key+"'"); got != want {
			t.Errorf("%s: %d bodies", key, got)
		}
	}
	if !bytes.Contains(content(t, path), []byte("the body of what is dead")) {
		t.Error("this test does not see bodies")
	}
}

// asked asks a file that is not open.
func asked(t *testing.T, path, question string) int64 {
	t.Helper()
	c, err := openConn(path)
	if err != nil {
		t.Fatal(err)
	}
	n, err := c.number(question)
	if err := errors.Join(err, c.close()); err != nil {
		t.Fatal(err)
	}
	return n
}
