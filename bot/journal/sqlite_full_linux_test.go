package journal

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// smallDisk mounts a file system of a megabyte.
func smallDisk(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("journal", dir, "tmpfs", 0, "size=1m"); err != nil {
		t.Skipf("no file system of its own: %v (TestSQLiteNoMorePages stands in)", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
	return dir
}

// fill fills what is left of it with a file.
func fill(dir string) (ballast string) {
	ballast = filepath.Join(dir, "ballast")
	_ = os.WriteFile(ballast, make([]byte, 2<<20), 0o600) // as much of it as fits
	return ballast
}

// TestSQLiteStartsOnAFullDisk has a process die because the disk is full, and the next one find it full.
func TestSQLiteStartsOnAFullDisk(t *testing.T) {
	path := filepath.Join(smallDisk(t), "journal.db")
	elsewhere := filepath.Join(t.TempDir(), "journal.db")
	j := openAt(t, elsewhere, Options{})
	stock(t, j)
	j.settled(t)
	copyLeft(t, elsewhere, path)
	ballast := fill(filepath.Dir(path))
	j = openAt(t, path, Options{})
	if list := taken(t, j); keysOf(list) != "[waits runs ends]" || list[1].Crashes != 1 {
		t.Errorf("found: %+v", list)
	}
	if err := wasRefused(t, j, entry("never taken")); !strings.Contains(err.Error(), "is full") {
		t.Error(err)
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	wellAgain(t, j)
	put(t, j, entry("never taken"))
	list := taken(t, openAt(t, leftBehind(t, path), Options{}))
	if keysOf(list) != "[waits runs ends never taken]" || list[1].Crashes != 1 {
		t.Errorf("left: %+v", list)
	}
}

// TestSQLiteDiskFull fills a small file system, where the process may mount one.
func TestSQLiteDiskFull(t *testing.T) {
	dir := smallDisk(t)
	path := filepath.Join(dir, "journal.db")
	j := openAt(t, path, Options{})
	during, after := stock(t, j)
	ballast := fill(dir)
	full(t, j, "the disk of journal.db is full")
	during()
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	wellAgain(t, j)
	put(t, j, entry("never taken"))
	j.End(waiting(t, j)[2].ID, false, "")
	j.settled(t)
	after(leftBehind(t, path))
}
