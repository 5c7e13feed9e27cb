package incidenttest_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"strings"
	"syscall"
	"testing"
	"time"

	"incident-bot/incident/incidenttest"
)

const declare = "IncidentsService.CreateIncident"

func TestFaults(t *testing.T) {
	for _, c := range []struct {
		name   string
		fault  incidenttest.Fault
		status int
		says   string
		made   int // incidents afterwards
	}{
		{"zero", incidenttest.Fault{}, 500, `{"message":"Internal Server Error"}`, 0},
		{"status and body", incidenttest.Fault{Status: 401, Body: `{"messageId":"api-key.expired"}`}, 401, `api-key.expired`, 0},
		{"HTML", incidenttest.Fault{Status: 502, HTML: true}, 502, "<h1>502 Bad Gateway</h1>", 0},
		{"login page", incidenttest.Fault{Status: 200, HTML: true}, 200, "<html>", 0},
		{"too many", incidenttest.Fault{Status: 429, RetryAfter: 1500 * time.Millisecond}, 429, "Too Many Requests", 0},
		{"in-band", incidenttest.Fault{InBand: "something broke"}, 200, `{"error":"something broke"}`, 0},
		{"redirect", incidenttest.Fault{Redirect: "https://login.example/"}, 302, "", 0},
		{"delay", incidenttest.Fault{Delay: time.Millisecond}, 200, `"incidentID":"1"`, 1},
		{"delayed failure", incidenttest.Fault{Delay: time.Millisecond, Status: 503}, 503, "Service Unavailable", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := start(t, incidenttest.Options{})
			token := s.NewToken(incidenttest.Editor)
			s.Fail(declare, c.fault)
			got := call(t, s, declare, token, `{"title":"x"}`)
			if got.status != c.status || !strings.Contains(got.body, c.says) || len(s.Incidents()) != c.made {
				t.Errorf("%d %s (%v), %d incidents", got.status, got.body, got.err, len(s.Incidents()))
			}
			if c.fault.RetryAfter > 0 && got.header.Get("Retry-After") != "2" {
				t.Errorf("Retry-After %q", got.header.Get("Retry-After"))
			}
			if c.fault.Redirect != got.header.Get("Location") {
				t.Errorf("Location %q", got.header.Get("Location"))
			}
			if again := call(t, s, declare, token, `{"title":"x"}`); again.status != 200 {
				t.Errorf("the fault stays: %d %s", again.status, again.body)
			}
		})
	}
}

func TestBrokenConnections(t *testing.T) {
	for _, c := range []struct {
		name  string
		fault incidenttest.Fault
		made  int
		is    error
	}{
		{"reset before", incidenttest.Fault{ResetBefore: true}, 0, syscall.ECONNRESET},
		{"reset after", incidenttest.Fault{ResetAfter: true}, 1, syscall.ECONNRESET},
		{"truncated", incidenttest.Fault{Truncate: true}, 1, io.ErrUnexpectedEOF},
		{"hang", incidenttest.Fault{Hang: true}, 0, context.Canceled},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := start(t, incidenttest.Options{})
			token := s.NewToken(incidenttest.Editor)
			s.Fail(declare, c.fault)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			if c.fault.Hang {
				go func() { // whoever calls leaves when the call has come
					for len(s.Calls(declare)) == 0 && ctx.Err() == nil {
						<-time.After(time.Millisecond)
					}
					cancel()
				}()
			}
			got := post(ctx, s, v1+declare, token, `{"title":"x"}`)
			if !errors.Is(got.err, c.is) {
				t.Errorf("%d %q: %v", got.status, got.body, got.err)
			}
			calls := s.Calls(declare)
			if len(s.Incidents()) != c.made || len(calls) != 1 || calls[0].Committed != (c.made == 1) {
				t.Errorf("%d incidents after %+v", len(s.Incidents()), calls)
			}
		})
	}
}

func TestGzip(t *testing.T) {
	s := start(t, incidenttest.Options{})
	token := s.NewToken(incidenttest.Editor)
	s.Fail("", incidenttest.Fault{Gzip: true})
	got := call(t, s, "RolesService.GetRoles", token, `{}`)
	z, err := gzip.NewReader(bytes.NewReader([]byte(got.body)))
	if err != nil {
		t.Fatal(err)
	}
	if plain, err := io.ReadAll(z); err != nil || !strings.Contains(string(plain), "commander") {
		t.Errorf("%s, %v", plain, err)
	}
}

func TestOversize(t *testing.T) {
	s := start(t, incidenttest.Options{})
	token := s.NewToken(incidenttest.Editor)
	s.Fail(declare, incidenttest.Fault{Oversize: 3 << 20})
	got := call(t, s, declare, token, `{"title":"x"}`)
	if got.status != 200 || len(got.body) != 3<<20 || got.object(t)["error"] != "" || len(s.Incidents()) != 1 {
		t.Errorf("%d, %d bytes, %d incidents", got.status, len(got.body), len(s.Incidents()))
	}
	s.Fail(declare, incidenttest.Fault{Oversize: 1})
	if got := call(t, s, declare, token, `{"title":"x"}`); got.status != 200 || got.object(t)["error"] != "" {
		t.Errorf("%d %s", got.status, got.body)
	}
}

// TestFaultsByChance holds that the share of the calls that go wrong is about the chance, and the same for one seed.
func TestFaultsByChance(t *testing.T) {
	run := func(seed uint64) string {
		s := start(t, incidenttest.Options{})
		token := s.NewToken(incidenttest.Viewer)
		s.Fail("", incidenttest.Fault{Chance: 0.25, Seed: seed, Times: -1})
		var b strings.Builder
		for range 200 {
			if call(t, s, "RolesService.GetRoles", token, `{}`).status == 200 {
				b.WriteByte('.')
			} else {
				b.WriteByte('x')
			}
		}
		return b.String()
	}
	one, again, other := run(1), run(1), run(2)
	if n := strings.Count(one, "x"); n < 25 || n > 80 || one != again || one == other {
		t.Errorf("%d of 200 went wrong\n%s\n%s\n%s", n, one, again, other)
	}
}

func TestFaultsAreCounted(t *testing.T) {
	s := start(t, incidenttest.Options{})
	token := s.NewToken(incidenttest.Editor)
	run := func(n int) string {
		var b strings.Builder
		for range n {
			if call(t, s, "RolesService.GetRoles", token, `{}`).status == 200 {
				b.WriteByte('.')
			} else {
				b.WriteByte('x')
			}
		}
		return b.String()
	}
	for _, c := range []struct {
		name, want string
		faults     []incidenttest.Fault
	}{
		{"once", "x.....", []incidenttest.Fault{{}}},
		{"two", "xx....", []incidenttest.Fault{{Times: 2}}},
		{"for ever", "xxxxxx", []incidenttest.Fault{{Times: -1}}},
		{"every third", "..x..x", []incidenttest.Fault{{Times: -1, Every: 3}}},
		{"every second, once", ".x....", []incidenttest.Fault{{Every: 2}}},
		{"one after the other", "xx....", []incidenttest.Fault{{}, {}}},
	} {
		for _, f := range c.faults {
			s.Fail("RolesService.GetRoles", f)
		}
		s.Fail("IncidentsService.GetIncident", incidenttest.Fault{Times: -1})
		if got := run(6); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
		s.Heal()
		if got := run(1); got != "." {
			t.Errorf("%s: not healed", c.name)
		}
	}
}

func TestSleepAndUninstall(t *testing.T) {
	s := start(t, incidenttest.Options{})
	token := s.NewToken(incidenttest.Editor)
	check := func(status int, says string) {
		t.Helper()
		got := call(t, s, "RolesService.GetRoles", token, `{}`)
		if got.status != status || !strings.Contains(got.body, says) {
			t.Errorf("%d %s", got.status, got.body)
		}
	}
	s.Sleep(true)
	check(404, `"code":"NotFound"`)
	s.Sleep(false)
	s.Uninstall(true)
	check(404, `"Plugin not found"`)
	s.Uninstall(false)
	check(200, "commander")
}

func TestDownAndUpAtTheSameAddress(t *testing.T) {
	s := start(t, incidenttest.Options{})
	token, url := s.NewToken(incidenttest.Editor), s.URL()
	s.Add(incidenttest.Incident{Title: "kept"})
	for range 3 {
		s.Down(true)
		s.Down(true)
		if got := call(t, s, "RolesService.GetRoles", token, `{}`); !errors.Is(got.err, syscall.ECONNREFUSED) {
			t.Errorf("down: %d %v", got.status, got.err)
		}
		s.Down(false)
		s.Down(false)
		if got := call(t, s, "IncidentsService.GetIncident", token, `{"incidentID":"1"}`); got.status != 200 || s.URL() != url {
			t.Errorf("up: %d %v", got.status, got.err)
		}
	}
}

func TestCloseEndsWhatHangs(t *testing.T) {
	s := incidenttest.New(incidenttest.Options{})
	token := s.NewToken(incidenttest.Editor)
	s.Fail("", incidenttest.Fault{Hang: true, Times: -1})
	done := make(chan answer, 1)
	go func() { done <- post(t.Context(), s, v1+"RolesService.GetRoles", token, `{}`) }()
	for len(s.Calls("")) == 0 && t.Context().Err() == nil {
		<-time.After(time.Millisecond)
	}
	s.Close()
	s.Close()
	if got := <-done; got.err == nil {
		t.Errorf("answered %d", got.status)
	}
	s.Down(false)
	if got := call(t, s, "RolesService.GetRoles", token, `{}`); got.err == nil {
		t.Error("a closed stack answers")
	}
}
