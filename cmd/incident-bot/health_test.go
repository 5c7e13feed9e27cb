package main

import (
	"context"
	"net"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rs/zerolog"

	"incident-bot/bot/journal"
)

func TestHealthPages(t *testing.T) {
	var state readiness
	registry, observe := newMetrics()
	observe.grafana("IncidentsService.GetIncident", "", 1)
	observe.grafana("IncidentsService.GetIncident", "lost", 1)
	handler := newHTTP(func() readiness { return state }, registry, zerolog.Nop()).Handler
	for name, c := range map[string]struct {
		state        readiness
		method, path string
		status       int
		body         string
	}{
		"alive":            {readiness{reasons: []string{"no socket"}}, "GET", "/healthz", 200, "alive\n"},
		"alive, HEAD":      {readiness{}, "HEAD", "/healthz", 200, ""},
		"ready":            {readiness{}, "GET", "/readyz", 200, "ready\n"},
		"ready with notes": {readiness{notes: []string{"a stack sleeps"}}, "GET", "/readyz", 200, "ready\n- a stack sleeps\n"},
		"not ready":        {readiness{[]string{"no socket", "refused"}, []string{"asleep"}}, "GET", "/readyz", 503, "not ready\n- no socket\n- refused\n- asleep\n"},
		"metrics":          {readiness{}, "GET", "/metrics", 200, `incident_bot_grafana_call_seconds_count{method="IncidentsService.GetIncident",outcome="lost"} 1`},
		"build":            {readiness{}, "GET", "/metrics", 200, "incident_bot_build_info{version="},
		"process":          {readiness{}, "GET", "/metrics", 200, "process_resident_memory_bytes"},
		"not here":         {readiness{}, "GET", "/", 404, ""},
		"no profiles":      {readiness{}, "GET", "/debug/pprof/", 404, ""},
		"no writing":       {readiness{}, "POST", "/readyz", 405, ""},
	} {
		t.Run(name, func(t *testing.T) {
			state = c.state
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, httptest.NewRequest(c.method, c.path, nil))
			if w.Code != c.status || !strings.Contains(w.Body.String(), c.body) {
				t.Errorf("%d %s", w.Code, w.Body)
			}
		})
	}
}

// TestReadySaysWhyTheDatabaseIsNotOpen has it in use by another process.
func TestReadySaysWhyTheDatabaseIsNotOpen(t *testing.T) {
	var state progress
	if got := ready(t.Context(), &state, nil).text(); got != "not ready\n- the database is not open yet\n" {
		t.Error(got)
	}
	url := "sqlite://" + filepath.Join(t.TempDir(), "one.db")
	first, err := journal.Open(t.Context(), url, journal.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer closeJournal(first, zerolog.Nop())
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	registry, _ := newMetrics()
	ended := make(chan error, 1)
	go func() { ended <- bridge(ctx, config{database: url}, nil, registry, zerolog.Nop(), &state) }()
	want := "not ready\n- the database is not open yet: another process uses one.db: waiting for it to end\n"
	said := func() string { return ready(t.Context(), &state, nil).text() }
	eventually(t, "it is said who uses it", func() bool { return said() == want }, said)
	cancel()
	if err := <-ended; err != nil {
		t.Errorf("told to stop while it waits: %v", err)
	}
}

func TestHTTPIsBounded(t *testing.T) {
	registry, _ := newMetrics()
	s := newHTTP(func() readiness { return readiness{} }, registry, zerolog.Nop())
	if s.ReadHeaderTimeout <= 0 || s.ReadTimeout <= 0 || s.WriteTimeout <= 0 || s.IdleTimeout <= 0 || s.MaxHeaderBytes <= 0 {
		t.Errorf("%+v", s)
	}
}

func TestListenSaysWhatIsWrong(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	_, err = listen(taken.Addr().String())
	if err == nil || !strings.Contains(err.Error(), "is in use by another process") {
		t.Error(err)
	}
	_, err = listen("127.0.0.1:99999")
	if err == nil || !strings.Contains(err.Error(), "HTTP_ADDR 127.0.0.1:99999 cannot be opened") {
		t.Error(err)
	}
}

func TestHTTPFailuresAreLogged(t *testing.T) {
	var out strings.Builder
	httpErrors(newLogger(&out, config{})).Print("http: TLS handshake error\n")
	if got := out.String(); !strings.Contains(got, `"error":"http: TLS handshake error"`) || !strings.Contains(got, `"level":"debug"`) {
		t.Error(got)
	}
}
