package incident

import (
	"context"
	"errors"
	"io"
	"net/http"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

func limited(seconds string) reply {
	return reply{status: 429, body: `{"message":"slow down"}`, header: http.Header{"Retry-After": {seconds}}}
}

func TestWhatIsSentAgain(t *testing.T) {
	unavailable := answer(503, `{"message":"Plugin unavailable"}`)
	refused := reply{err: &netError{syscall.ECONNREFUSED}}
	reset := reply{err: &netError{syscall.ECONNRESET}, touched: true}
	broken := answer(500, `{"error":"broke"}`)
	for _, c := range []struct {
		name            string
		answers         []reply
		reads, writes   int
		readOK, writeOK bool
	}{
		{"429 then fine", []reply{answer(429, `{}`), ok(oneIncident)}, 2, 2, true, true},
		{"429 with a short wait", []reply{limited("1"), ok(oneIncident)}, 2, 2, true, true},
		{"429 with a long wait", []reply{limited("60"), ok(oneIncident)}, 1, 1, false, false},
		{"429 for ever", []reply{answer(429, `{}`)}, maxAttempts, maxAttempts, false, false},
		{"503 before the plugin", []reply{unavailable, unavailable, ok(oneIncident)}, 3, 3, true, true},
		{"503 of something else", []reply{answer(503, `<html>`), ok(oneIncident)}, 2, 1, true, false},
		{"no connection", []reply{refused, refused, ok(oneIncident)}, 3, 3, true, true},
		{"reset", []reply{reset, ok(oneIncident)}, 2, 1, true, false},
		{"500 of the plugin", []reply{broken, ok(oneIncident)}, 2, 1, true, false},
		{"failed to call resource", []reply{answer(500, `{"message":"Failed to call resource"}`), ok(oneIncident)}, 2, 1, true, false},
		{"502", []reply{answer(502, `<html>`), ok(oneIncident)}, 2, 1, true, false},
		{"cut off", []reply{ok(oneIncident[:50]), ok(oneIncident)}, 2, 1, true, false},
		{"in-band error", []reply{ok(`{"error":"broke"}`), ok(oneIncident)}, 1, 1, false, false},
		{"a page", []reply{ok(`<html>`), ok(oneIncident)}, 1, 1, false, false},
		{"401", []reply{answer(401, `{"messageId":"api-key.invalid"}`), ok(oneIncident)}, 1, 1, false, false},
		{"400", []reply{answer(400, `{"error":"no"}`), ok(oneIncident)}, 1, 1, false, false},
		{"302", []reply{answer(302, ``), ok(oneIncident)}, 1, 1, false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				script := newScript(t).on("IncidentsService.GetIncident", c.answers...).on("IncidentsService.CreateIncident", c.answers...)
				_, err := script.stack().Incident(t.Context(), "42")
				if n := len(script.calls("IncidentsService.GetIncident")); n != c.reads || (err == nil) != c.readOK {
					t.Errorf("read %d times, want %d: %v", n, c.reads, err)
				}
				if err != nil && fault(t, err).Uncertain() {
					t.Errorf("a failed read is never uncertain: %v", err)
				}
				_, err = script.stack().Declare(t.Context(), Declaration{Title: "x"})
				if n := len(script.calls("IncidentsService.CreateIncident")); n != c.writes || (err == nil) != c.writeOK {
					t.Errorf("declared %d times, want %d: %v", n, c.writes, err)
				}
			})
		})
	}
}

// netError stands for what net/http gives: an error whose text says little.
type netError struct{ err error }

func (e *netError) Error() string { return "network: " + e.err.Error() }
func (e *netError) Unwrap() error { return e.err }

func TestRetryAfterIsWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		script := newScript(t).on("IncidentsService.CreateIncident", limited("2"), ok(oneIncident))
		began := time.Now()
		if _, err := script.stack().Declare(t.Context(), Declaration{Title: "x"}); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(began); took < 2*time.Second || took > 4*time.Second {
			t.Errorf("waited %v", took)
		}
	})
}

// A stack that asked for quiet is left alone, by all calls, and at most for a minute.
func TestQuietTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		script := newScript(t).on("IncidentsService.CreateIncident", limited("3600")).on("IncidentsService.GetIncident", ok(oneIncident))
		s := script.stack()
		_, err := s.Declare(t.Context(), Declaration{Title: "x"})
		if e := wantCode(t, err, RateLimited); e.RetryAfter != time.Hour || e.Uncertain() || !e.Temporary() {
			t.Errorf("%+v", e)
		}
		_, err = s.Incident(t.Context(), "42")
		if e := wantCode(t, err, RateLimited); e.RetryAfter <= 0 || e.RetryAfter > longestHold || e.Status != 0 {
			t.Errorf("%+v", e)
		}
		if got := script.methods(); got != "CreateIncident" {
			t.Errorf("called %s", got)
		}
		time.Sleep(longestHold - time.Second)
		if _, err = s.Incident(t.Context(), "42"); err != nil { // waits for the last second of it
			t.Error(err)
		}
	})
}

func TestDeadlineCoversTheRetries(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		script := newScript(t).on("IncidentsService.GetIncident", limited("3"), limited("3"), limited("3"))
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		began := time.Now()
		_, err := script.stack().Incident(ctx, "42")
		wantCode(t, err, RateLimited)
		if took := time.Since(began); took > 5*time.Second || len(script.calls("")) != 2 {
			t.Errorf("%v and %d calls: a wait that the deadline cuts is not begun", took, len(script.calls("")))
		}
	})
}

func TestTimeLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newTestStack(t, "https://my-stack.grafana.net", roundTripper(func(r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		}))
		began := time.Now()
		_, err := s.Incident(t.Context(), "42")
		if e := wantCode(t, err, Unavailable); !errors.Is(e, context.DeadlineExceeded) || time.Since(began) != callTimeout {
			t.Errorf("%v after %v", err, time.Since(began))
		}
	})
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	s := newTestStack(t, "https://my-stack.grafana.net", roundTripper(func(r *http.Request) (*http.Response, error) {
		cancel()
		return nil, io.ErrUnexpectedEOF
	}))
	_, err := s.Declare(ctx, Declaration{Title: "x"})
	if e := wantCode(t, err, Unavailable); !errors.Is(e, context.Canceled) {
		t.Error(err)
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestJitterIsFull(t *testing.T) {
	least, most := time.Hour, time.Duration(0)
	for range 1000 {
		wait, again := again(true, 1, &Error{Code: Lost})
		if !again || wait <= 0 || wait > 2*firstWait {
			t.Fatal(wait, again)
		}
		least, most = min(least, wait), max(most, wait)
	}
	if least > firstWait/4 || most < firstWait {
		t.Errorf("between %v and %v", least, most)
	}
}
