package incident

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	api "github.com/grafana/incident-go"
)

// BenchmarkCall is one guarded call, beside a bare http.Post and json.Unmarshal of the same answer in the same run. The
// ratio is what the guard, incident-go and the conversion cost on top.
//
//	go test ./incident -run - -bench Call
func BenchmarkCall(b *testing.B) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, oneIncident)
	}))
	defer server.Close()
	client := NewHTTP()
	defer client.CloseIdleConnections()
	s := newTestStack(b, server.URL, client.Transport)
	guarded := func() error {
		_, err := s.Incident(b.Context(), "42")
		return err
	}
	bare := func() error {
		resp, err := client.Post(s.at.base()+"IncidentsService.GetIncident", "application/json", bytes.NewReader([]byte(`{"incidentID":"42"}`)))
		if err != nil {
			return err
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			return err
		}
		return json.Unmarshal(body, &api.GetIncidentResponse{})
	}
	var tookGuarded, tookBare time.Duration
	b.ReportAllocs()
	for b.Loop() { // in turns, so that both meet the same machine
		tookBare += timed(b, bare)
		tookGuarded += timed(b, guarded)
	}
	b.ReportMetric(float64(tookGuarded)/float64(tookBare), "×bare")
	b.ReportMetric(float64(tookGuarded.Microseconds())/float64(b.N), "µs/guarded")
	b.ReportMetric(float64(tookBare.Microseconds())/float64(b.N), "µs/bare")
}

func timed(b *testing.B, f func() error) time.Duration {
	began := time.Now()
	if err := f(); err != nil {
		b.Fatal(err)
	}
	return time.Since(began)
}

// BenchmarkGuardOfAPage is what looking an answer of 100 previews over costs, without network or decoding.
func BenchmarkGuardOfAPage(b *testing.B) {
	body := []byte(pageOf(1, 101, "c2").body)
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		if verdict(200, http.Header{}, body) != nil || len(mend(body)) != len(body) {
			b.Fatal("not sound")
		}
	}
}
