package journal

import (
	"testing"
)

// openIt opens a journal, which the test's end closes.
func openIt(t testing.TB, url string, o Options, with timing) *postgres {
	t.Helper()
	j, err := openPostgresTimed(t.Context(), url, o, with)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = j.Close() })
	return j
}

func TestPostgres(t *testing.T) {
	s := newServer(t)
	suite(t, func(t *testing.T) store {
		url := s.database(t)
		with := usualTiming()
		with.answer = patient / 2 // on a busy machine too
		return store{open: func(t *testing.T, o Options) Journal { return openIt(t, url, o, with) }}
	})
}
