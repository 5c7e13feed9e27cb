package journal

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// TestSQLiteAfterTheMachine: when the machine ended, what is not in the file may have been lost, so each effect of what
// is live counts as begun until it was looked for. When the process alone ended, the file has all.
func TestSQLiteAfterTheMachine(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.db")
	j := openAt(t, path, Options{machine: 1})
	id := put(t, j, entry("a"))
	start(t, j, id)
	j.Concluded(id, "known", []byte("42"))
	j.settled(t)

	same := openAt(t, leftBehind(t, path), Options{machine: 1})
	if l := begin(t, same, id, "effect", ""); l.Before {
		t.Errorf("the process alone ended: %+v", l)
	}
	for name, machine := range map[string]int64{"another start": 2, "a start that cannot be told": unknownMachine} {
		t.Run(name, func(t *testing.T) { afterTheMachine(t, leftBehind(t, path), id, machine) })
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	ordered := openAt(t, path, Options{machine: 2})
	if l := begin(t, ordered, id, "effect", ""); l.Before {
		t.Errorf("after an ordered end: %+v", l)
	}
}

func afterTheMachine(t *testing.T, path string, id, machine int64) {
	j := openAt(t, path, Options{machine: machine})
	if l := begin(t, j, id, "known", ""); !l.Done || string(l.Result) != "42" {
		t.Errorf("a result that is there: %+v", l)
	}
	looked := begin(t, j, id, "effect", "")
	if !looked.Before || looked.Done || time.Since(looked.Began).Abs() > time.Minute {
		t.Errorf("it may have been begun: %+v", looked)
	}
	j.Undone(id, "effect")
	if l := begin(t, j, id, "effect", "memo"); l.Before {
		t.Errorf("it was looked for and not found: %+v", l)
	}
	if dropped, err := j.Drop(t.Context(), "T1", "U1", id); dropped || err != nil {
		t.Errorf("dropped %v, %v although something may have happened", dropped, err)
	}
	fresh := put(t, j, entry("fresh"))
	if l := begin(t, j, fresh, "effect", ""); l.Before {
		t.Errorf("what was put after the start of the machine: %+v", l)
	}
	j.settled(t)
	again := openAt(t, leftBehind(t, path), Options{machine: machine})
	if l := begin(t, again, id, "another", ""); !l.Before {
		t.Errorf("the doubt did not outlive the process: %+v", l)
	}
}

// TestSQLiteSyncsWhatLasts: a put and a drop wait for the disk, nothing else does.
func TestSQLiteSyncsWhatLasts(t *testing.T) {
	r := prometheus.NewRegistry()
	j := openAt(t, filepath.Join(t.TempDir(), "journal.db"), Options{Metrics: r})
	syncs := func() float64 { return figure(t, r, "incident_bot_inbox_syncs_total", "") }
	before := syncs()
	id, other := put(t, j, entry("a")), put(t, j, entry("b"))
	if got := syncs() - before; got != 2 {
		t.Errorf("2 puts: %v syncs", got)
	}
	start(t, j, id)
	begin(t, j, id, "effect", "memo")
	j.Concluded(id, "effect", nil)
	j.Keep("small", []byte("thing"), time.Now().Add(time.Hour))
	j.End(id, false, "")
	j.settled(t)
	if got := syncs() - before; got != 2 {
		t.Errorf("what a crash may take away: %v syncs", got-2)
	}
	if dropped, err := j.Drop(t.Context(), "T1", "U1", other); !dropped || err != nil || syncs()-before != 3 {
		t.Errorf("dropped %v, %v after %v syncs", dropped, err, syncs()-before)
	}
}
