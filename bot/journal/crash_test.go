package journal

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"
)

// crashStore is something that outlives a process that is killed. url makes an empty one and gives its URL.
type crashStore struct {
	name string
	url  func(t *testing.T) string
}

// crashStores lists what the crash test runs over.
func crashStores() []crashStore {
	return []crashStore{
		{"SQLite", func(t *testing.T) string { return "sqlite:" + filepath.Join(t.TempDir(), "journal.db") }},
	}
}

// TestCrash kills a process that uses a journal, again and again, and looks at what the world has seen in the end: each
// act that was acknowledged has had one effect and one answer, each other at most one.
func TestCrash(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	for _, s := range crashStores() {
		t.Run(s.name, func(t *testing.T) {
			for i, step := range crashSteps() {
				t.Run("at "+step, func(t *testing.T) {
					t.Parallel()
					crashAt(newWorld(t, s.url(t), seed+uint64(i)), step)
				})
			}
			for i := range 4 {
				t.Run(fmt.Sprint("at random instants ", i), func(t *testing.T) {
					t.Parallel()
					crashAnywhere(newWorld(t, s.url(t), seed+uint64(100+i)))
				})
			}
		})
	}
}

// rounds is how often each of the tests has a child die.
func rounds() int {
	if testing.Short() || raceDetector {
		return 10
	}
	return 90
}

// crashAt has children die at one step, some early, some late.
func crashAt(w *world, step string) {
	for round := range rounds() {
		if step == "opened" || step == "recovered" { // passed once a life, and nothing has arrived by then
			w.live("", 0, 1000)
			w.live(step, 0, 0)
			continue
		}
		w.live(step, round%7, 20)
	}
	w.finish()
}

func crashAnywhere(w *world) {
	for range 3 * rounds() {
		w.live("", 0, 1000)
	}
	w.finish()
}

// finish has a last child live until nothing is left to do, and judges.
func (w *world) finish() {
	w.live("never", 0, 5)
	w.judge()
}
