package chaos

import (
	"path/filepath"
	"testing"

	"incident-bot/cmd/incident-bot/sources"
)

// TestSources has results of these tests follow the sources of the program.
func TestSources(t *testing.T) {
	if read, err := sources.Read(filepath.Join("..", "..", "..")); err != nil || read < 100 {
		t.Errorf("%d files read: %v", read, err)
	}
}
