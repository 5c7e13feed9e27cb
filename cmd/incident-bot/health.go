package main

import (
	"errors"
	"fmt"
	"log"
	"net"
	"net/http"
	"strings"
	"syscall"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/rs/zerolog"
)

// readiness is the state of the bridge: why it cannot do its work, and what is wrong besides.
type readiness struct {
	reasons []string // each of them fails readiness
	notes   []string // shown, and fail nothing
}

// text is what /readyz shows: one line for each reason and note.
func (r readiness) text() string {
	var b strings.Builder
	if len(r.reasons) == 0 {
		b.WriteString("ready\n")
	} else {
		b.WriteString("not ready\n")
	}
	for _, line := range append(r.reasons, r.notes...) {
		fmt.Fprintf(&b, "- %s\n", line)
	}
	return b.String()
}

// newHTTP is the server of /healthz, /readyz and /metrics. It reads small requests and shows nothing of the process
// beyond these; the limits are for an endpoint that anybody in the cluster can reach.
func newHTTP(ready func() readiness, metrics *prometheus.Registry, log zerolog.Logger) *http.Server {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { plain(w, http.StatusOK, "alive\n") })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, _ *http.Request) {
		state := ready()
		status := http.StatusOK
		if len(state.reasons) > 0 {
			status = http.StatusServiceUnavailable
		}
		plain(w, status, state.text())
	})
	mux.Handle("GET /metrics", promhttp.HandlerFor(metrics, promhttp.HandlerOpts{MaxRequestsInFlight: 4}))
	return &http.Server{
		Handler:           mux,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      30 * time.Second,
		IdleTimeout:       time.Minute,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          httpErrors(log),
	}
}

func plain(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(text))
}

// listen opens HTTP_ADDR. Its error is a sentence for people.
func listen(addr string) (net.Listener, error) {
	l, err := net.Listen("tcp", addr)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("HTTP_ADDR %s is in use by another process: stop that one, or give another address", addr)
	case errors.Is(err, syscall.EACCES):
		return nil, fmt.Errorf("HTTP_ADDR %s may not be opened by this user: give a port above 1023", addr)
	case err != nil:
		return nil, fmt.Errorf("HTTP_ADDR %s cannot be opened: %w", addr, err)
	}
	return l, nil
}

// httpErrors turns the lines that net/http writes about broken connections into lines of the log.
func httpErrors(l zerolog.Logger) *log.Logger { return log.New(errorLines{l}, "", 0) }

type errorLines struct{ log zerolog.Logger }

func (e errorLines) Write(line []byte) (int, error) {
	e.log.Debug().Str("error", strings.TrimSpace(string(line))).Msg("http connection failed")
	return len(line), nil
}
