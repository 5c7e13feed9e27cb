package journal

import (
	"path/filepath"
	"testing"

	"github.com/rs/zerolog"
)

// sqliteStore is a file in a folder of its own.
func sqliteStore(t *testing.T) store {
	path := filepath.Join(t.TempDir(), "journal.db")
	return store{open: func(t *testing.T, o Options) Journal { return openAt(t, path, o) }}
}

// openAt opens the file, and closes it when the test ends.
func openAt(t *testing.T, path string, o Options) Journal {
	t.Helper()
	o.Log = zerolog.New(zerolog.NewTestWriter(t))
	j, err := Open(t.Context(), "sqlite:"+path, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = j.Close() })
	return j
}

func TestSQLiteSuite(t *testing.T) { suite(t, sqliteStore) }
