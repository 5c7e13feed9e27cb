package incidenttest_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"incident-bot/incident/incidenttest"
)

// TestChaos declares from many sides while calls are lost, refused and late and the stack goes down and up, and holds
// the ledger: an incident for every call that is said to be committed, and none besides; a 200 for none that is not.
func TestChaos(t *testing.T) {
	s := start(t, incidenttest.Options{SearchLag: time.Millisecond})
	for n, f := range []incidenttest.Fault{{Status: 429, RetryAfter: time.Second}, {ResetBefore: true}, {ResetAfter: true}, {Truncate: true}, {Gzip: true},
		{Status: 502, HTML: true}, {InBand: "locked"}, {Delay: 2 * time.Millisecond}, {Oversize: 5000}} {
		f.Times, f.Chance, f.Seed = -1, 0.05, uint64(n)
		s.Fail("", f)
	}
	token := s.NewToken(incidenttest.Editor)
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	c := &http.Client{Transport: transport, Timeout: 30 * time.Second}
	var all sync.WaitGroup
	for side := range 8 {
		all.Go(func() {
			for n := range 60 {
				for method, body := range map[string]string{
					declare: fmt.Sprintf(`{"title":"%d of %d"}`, n, side), "ActivityService.AddActivity": `{"incidentID":"1","activityKind":"userNote","body":"x"}`,
					"IncidentsService.QueryIncidentPreviews": `{"query":{"limit":100,"queryString":"title:\"of\""}}`,
				} {
					r, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL()+"/api/plugins/"+v1+method, strings.NewReader(body))
					r.Header.Set("Authorization", "Bearer "+token)
					if out, err := c.Do(r); err == nil {
						_ = out.Body.Close()
					}
				}
			}
		})
	}
	all.Go(func() {
		for range 10 {
			s.Down(true)
			s.Down(false)
			s.Incidents()
		}
	})
	all.Wait()
	committed := 0
	for _, c := range s.Calls(declare) {
		if c.Committed {
			committed++
		}
	}
	titles := map[string]bool{}
	for _, i := range s.Incidents() {
		titles[i.Title] = true
	}
	if committed == 0 || len(titles) > committed || len(s.Incidents()) != committed {
		t.Errorf("%d incidents with %d titles, %d committed", len(s.Incidents()), len(titles), committed)
	}
}

// TestDownKeepsTheAddress opens many connections to a stack that is down: each is refused, none is connected to itself,
// and the stack comes back where it was.
func TestDownKeepsTheAddress(t *testing.T) {
	s := start(t, incidenttest.Options{KeepCalls: 10})
	token := s.NewToken(incidenttest.Viewer)
	s.Down(true)
	for range 2000 {
		if got := call(t, s, "RolesService.GetRoles", token, `{}`); got.err == nil {
			t.Fatalf("answered %d", got.status)
		}
	}
	s.Down(false)
	if got := call(t, s, "RolesService.GetRoles", token, `{}`); got.status != 200 {
		t.Errorf("%d %v", got.status, got.err)
	}
	s.Down(true) // and closed while it is down
}
