package chaos

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"incident-bot/bot/slacktest"
	"incident-bot/incident/incidenttest"
)

// garbage is what a broken disk leaves of a database.
func garbage() []byte { return bytes.Repeat([]byte("this is no database. "), 1000) }

// TestCorruptFile starts a bot on a file that is no database: it is set aside as it is, and the bot works.
func TestCorruptFile(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacktest.Options{Seed: 31}, incidenttest.Options{})
	path := strings.TrimPrefix(w.env["DATABASE_URL"], "sqlite:")
	if err := os.WriteFile(path, garbage(), 0o600); err != nil {
		t.Fatal(err)
	}
	l := newLife(t, w)
	k := &keeper{w: w}
	k.expect(t, "on a corrupt file", done)
	kept := false
	files, _ := filepath.Glob(filepath.Join(filepath.Dir(path), "*"))
	for _, name := range files {
		text, _ := os.ReadFile(name)
		kept = kept || bytes.Equal(text, garbage())
	}
	if !kept {
		t.Errorf("the corrupt file is not kept: there are %q", files)
	}
	if now, err := os.ReadFile(path); err != nil || bytes.Equal(now, garbage()) {
		t.Errorf("there is no new file in its place: %v", err)
	}
	l.alive()
}

// TestCorruptedMeanwhile overwrites the file of a bot that works, and kills it: what was accepted before is done or lost
// to the disk, and what is accepted afterwards is not.
func TestCorruptedMeanwhile(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacktest.Options{Seed: 32}, incidenttest.Options{})
	path := strings.TrimPrefix(w.env["DATABASE_URL"], "sqlite:")
	l := newLife(t, w)
	k := &keeper{w: w}
	k.expect(t, "before", done)
	l.alive()
	l.child().kill()
	for _, suffix := range []string{"", "-wal", "-shm"} {
		if _, err := os.Stat(path + suffix); err == nil {
			_ = os.WriteFile(path+suffix, garbage(), 0o600)
		}
	}
	l.restart()
	if !until(patience, 20*time.Millisecond, func() bool { return w.slack.Sockets() > 0 }) {
		t.Fatal("no socket on a corrupt file")
	}
	for range 4 {
		k.expect(t, "on a corrupt file", done)
	}
	k.settle().mustBeClean(t)
}

// TestFileRemoved takes the file away under a bot that works. Once it has had the time to notice, what it accepts
// survives a crash, or people read that it cannot be taken.
func TestFileRemoved(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacktest.Options{Seed: 33}, incidenttest.Options{})
	path := strings.TrimPrefix(w.env["DATABASE_URL"], "sqlite:")
	l := newLife(t, w)
	k := &keeper{w: w}
	k.expect(t, "before", done)
	for _, suffix := range []string{"", "-wal", "-shm"} {
		_ = os.Remove(path + suffix)
	}
	pause(notices)
	for range 12 {
		k.next()
		pause(20 * time.Millisecond)
	}
	l.crash()
	b := k.settle()
	t.Logf("%v", b)
	b.mustBeClean(t)
	k.expect(t, "afterwards", done)
}

// notices is how long the bot may take to see that its file is gone.
const notices = 10 * time.Second
