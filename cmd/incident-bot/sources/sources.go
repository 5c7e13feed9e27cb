// Package sources is for tests of the built program. They build it and are not linked with it, so the go command knows
// only from the files they read that a result of theirs is not to be taken from its cache any more.
package sources

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Read reads every Go file that the program may be made of, under the root of the module, and gives their number.
func Read(root string) (files int, err error) {
	err = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		files++
		_, err = os.ReadFile(path)
		return err
	})
	return files, err
}
