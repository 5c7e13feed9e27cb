package incidenttest_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"incident-bot/incident/incidenttest"
)

// benchmark posts one body to one method again and again, from several sides.
func benchmark(b *testing.B, s *incidenttest.Server, method, body string) {
	b.Helper()
	token := s.NewToken(incidenttest.Editor)
	transport := &http.Transport{MaxIdleConnsPerHost: 100}
	defer transport.CloseIdleConnections()
	c := &http.Client{Transport: transport}
	b.ReportAllocs()
	b.RunParallel(func(p *testing.PB) {
		for p.Next() {
			r, _ := http.NewRequestWithContext(b.Context(), http.MethodPost, s.URL()+"/api/plugins/"+v1+method, strings.NewReader(body))
			r.Header.Set("Authorization", "Bearer "+token)
			out, err := c.Do(r)
			if err != nil || out.StatusCode != http.StatusOK {
				b.Errorf("%v, %v", out, err)
				return
			}
			_, _ = io.Copy(io.Discard, out.Body)
			_ = out.Body.Close()
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "calls/s")
}

// BenchmarkCall is what one call of each weight costs, client and HTTP included: what a bench of the bot has to bear.
func BenchmarkCall(b *testing.B) {
	for _, c := range []struct{ name, method, body string }{
		{"read", "RolesService.GetRoles", `{}`},
		{"get", "IncidentsService.GetIncident", `{"incidentID":"41"}`},
		{"declare", declare, `{"title":"Checkout is down","severity":"Critical","attachURL":"https://example.com/1"}`},
		{"note", "ActivityService.AddActivity", `{"incidentID":"41","activityKind":"userNote","body":"rolled back"}`},
	} {
		b.Run(c.name, func(b *testing.B) {
			s := start(b, incidenttest.Options{KeepCalls: 100})
			s.Seed()
			benchmark(b, s, c.method, c.body)
		})
	}
}

// BenchmarkSearch looks for one incident, and lists a page, among more and more.
func BenchmarkSearch(b *testing.B) {
	for _, n := range []int{10, 1000, 10000} {
		s := start(b, incidenttest.Options{KeepCalls: 100})
		for i := range n {
			s.Add(incidenttest.Incident{Title: fmt.Sprint("incident ", i), Context: []string{fmt.Sprint("https://example.com/", i)}})
		}
		b.Run(fmt.Sprintf("context/%d", n), func(b *testing.B) {
			benchmark(b, s, "IncidentsService.QueryIncidentPreviews", `{"query":{"limit":10,"queryString":"context:\"https://example.com/5\""}}`)
		})
		b.Run(fmt.Sprintf("page/%d", n), func(b *testing.B) {
			benchmark(b, s, "IncidentsService.QueryIncidentPreviews", `{"query":{"limit":20,"queryString":"status:active isdrill:false"}}`)
		})
	}
}
