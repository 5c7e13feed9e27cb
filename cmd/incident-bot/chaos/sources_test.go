package chaos

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestSources reads what the program under test is made of. It is built by these tests and not linked into them, so the
// go command knows only from what they read that a result of theirs is not to be taken from its cache any more.
func TestSources(t *testing.T) {
	read := 0
	err := filepath.WalkDir(filepath.Join("..", "..", ".."), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		read++
		_, err = os.ReadFile(path)
		return err
	})
	if err != nil || read < 100 {
		t.Errorf("%d files read: %v", read, err)
	}
}
