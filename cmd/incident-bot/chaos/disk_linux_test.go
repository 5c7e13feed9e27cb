package chaos

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"incident-bot/bot/slacktest"
	"incident-bot/incident/incidenttest"
)

// recovers is how long the bot may take to find out that the disk is well again.
const recovers = 30 * time.Second

// disk is a place for the database that can be spoilt and mended.
type disk struct {
	dir         string
	spoil, mend func(*testing.T, *child)
}

// TestDisk takes the database's disk away and gives it back: people are told at once, and all goes on by itself.
func TestDisk(t *testing.T) {
	t.Parallel()
	t.Run("refuses to be written", func(t *testing.T) {
		t.Parallel()
		d := disk{dir: t.TempDir()}
		d.spoil = func(t *testing.T, c *child) { limitFiles(t, c, 0) }
		d.mend = func(t *testing.T, c *child) { limitFiles(t, c, unix.RLIM_INFINITY) }
		d.run(t)
	})
	t.Run("full", func(t *testing.T) {
		t.Parallel()
		small := smallDisk(t)
		filler := filepath.Join(small, "filler")
		d := disk{dir: small}
		d.spoil = func(t *testing.T, _ *child) { fill(t, filler) }
		d.mend = func(t *testing.T, _ *child) { _ = os.Remove(filler) }
		d.run(t)
	})
}

// limitFiles sets how long a file of the process may become; with 0 no file can be written.
func limitFiles(t *testing.T, c *child, size uint64) {
	t.Helper()
	if err := unix.Prlimit(c.cmd.Process.Pid, unix.RLIMIT_FSIZE, &unix.Rlimit{Cur: size, Max: unix.RLIM_INFINITY}, nil); err != nil {
		t.Fatal(err)
	}
}

// smallDisk mounts a file system of 4 MB.
func smallDisk(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := unix.Mount("none", dir, "tmpfs", 0, "size=4m"); err != nil {
		t.Skipf("only root can mount: %v", err)
	}
	t.Cleanup(func() { _ = unix.Unmount(dir, unix.MNT_DETACH) })
	return dir
}

// fill writes a file until nothing more fits.
func fill(t *testing.T, path string) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	for size := 64 << 10; size > 0; {
		if _, err = f.Write(bytes.Repeat([]byte("x"), size)); err != nil {
			size /= 2
		}
	}
	if !errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("the disk is not full: %v", err)
	}
}

// run spoils the disk under a bot that works, has people type until one is refused and some more, and mends it.
func (d disk) run(t *testing.T) {
	w := newWorld(t, slacktest.Options{Seed: 21}, incidenttest.Options{})
	w.env["DATABASE_URL"] = "sqlite:" + filepath.Join(d.dir, "incident-bot.db")
	l := newLife(t, w)
	k := &keeper{w: w}
	k.expect(t, "before", done)
	d.spoil(t, l.child())
	refused := 0
	for n := 0; refused < 6 && n < 60; n++ {
		if k.told(k.next()) == denied {
			refused++
		}
	}
	if refused < 6 {
		t.Errorf("with no room on the disk %d of %d were refused", refused, len(k.acts)-1)
	}
	unready := until(recovers, 50*time.Millisecond, func() bool { status, _ := l.child().ready(); return status == 503 })
	if !unready {
		t.Error("/readyz does not fail")
	}
	d.mend(t, l.child())
	if !until(recovers, 50*time.Millisecond, func() bool { status, _ := l.child().ready(); return status == 200 }) {
		_, body := l.child().ready()
		t.Errorf("not ready again in %v: %s", recovers, body)
	}
	for range 3 {
		k.expect(t, "after", done)
	}
	b := k.settle()
	l.alive()
	t.Logf("%v", b)
	b.mustBeClean(t)
}

// next has the next act typed.
func (k *keeper) next() *act {
	n := len(k.acts)
	a := k.w.newAct(n, dice(uint64(n), forWords))
	a.send()
	k.acts = append(k.acts, a)
	return a
}

// told waits for the final answer to an act, for toldWithin.
func (k *keeper) told(a *act) said {
	var last said
	until(toldWithin, 20*time.Millisecond, func() bool {
		for _, text := range k.w.answers(a) {
			last = read(text)
		}
		return last.final()
	})
	return last
}

// expect has something typed and wants an answer of a kind.
func (k *keeper) expect(t *testing.T, when string, kind said) {
	t.Helper()
	if a := k.next(); k.told(a) != kind {
		t.Errorf("%s: %q was told %q", when, a.words(), strings.Join(k.w.answers(a), " / "))
	}
}
