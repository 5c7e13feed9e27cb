package incidenttest_test

import (
	"strings"
	"testing"

	api "github.com/grafana/incident-go"

	"incident-bot/incident/incidenttest"
)

// The mistakes of a client that a lenient simulation would hide. Each of them works against a stub and fails at Grafana.

// TestMistakeCursorInsideTheQuery pages as a client does that puts the cursor into the query: page 1 comes for ever.
func TestMistakeCursorInsideTheQuery(t *testing.T) {
	s := start(t, incidenttest.Options{})
	s.Seed()
	token := s.NewToken(incidenttest.Viewer)
	for method, list := range map[string]string{"QueryIncidentPreviews": "incidentPreviews", "QueryIncidents": "incidents"} {
		first := call(t, s, "IncidentsService."+method, token, `{"query":{"limit":3}}`).object(t)
		inside := call(t, s, "IncidentsService."+method, token, `{"query":{"limit":3,"cursor":{"nextValue":"3","hasMore":true}}}`).object(t)
		beside := call(t, s, "IncidentsService."+method, token, `{"query":{"limit":3},"cursor":{"nextValue":"3","hasMore":true}}`).object(t)
		if canonical(t, first[list]) != canonical(t, inside[list]) {
			t.Errorf("%s: a cursor inside the query counts: %v", method, inside[list])
		}
		if canonical(t, first[list]) == canonical(t, beside[list]) || canonical(t, first["cursor"]) != canonical(t, inside["cursor"]) {
			t.Errorf("%s: a cursor beside the query does not count: %v", method, beside[list])
		}
	}
}

// TestMistakeBaseWithoutASlash declares as the official client does with the base of its own comment: it is told of a
// success, and nothing was declared.
func TestMistakeBaseWithoutASlash(t *testing.T) {
	s := start(t, incidenttest.Options{})
	c := api.NewClient(s.URL()+"/api/plugins/"+strings.TrimSuffix(v1, "/"), s.NewToken(incidenttest.Editor))
	out, err := api.NewIncidentsService(c).CreateIncident(t.Context(), api.CreateIncidentRequest{Title: "x"})
	calls := s.Calls("")
	if err != nil || out.Incident.IncidentID != "" || len(s.Incidents()) != 0 || len(calls) != 1 || calls[0].Status != 404 {
		t.Errorf("%+v, %v, %+v", out, err, calls)
	}
}

// TestMistakeTrustingTheClient lets the official client call what Grafana refuses: it reports a success each time.
func TestMistakeTrustingTheClient(t *testing.T) {
	for name, trouble := range map[string]func(*incidenttest.Server, string){
		"expired":     func(s *incidenttest.Server, token string) { s.Expire(token) },
		"asleep":      func(s *incidenttest.Server, _ string) { s.Sleep(true) },
		"uninstalled": func(s *incidenttest.Server, _ string) { s.Uninstall(true) },
		"too many":    func(s *incidenttest.Server, _ string) { s.Fail(declare, incidenttest.Fault{Status: 429}) },
		"unavailable": func(s *incidenttest.Server, _ string) {
			s.Fail(declare, incidenttest.Fault{Status: 503, Body: `{"message":"Plugin unavailable"}`})
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := start(t, incidenttest.Options{})
			token := s.NewToken(incidenttest.Editor)
			trouble(s, token)
			c := api.NewClient(s.URL()+"/api/plugins/"+v1, token)
			out, err := api.NewIncidentsService(c).CreateIncident(t.Context(), api.CreateIncidentRequest{Title: "x"})
			if err != nil || out.Incident.IncidentID != "" || len(s.Incidents()) != 0 {
				t.Errorf("%+v, %v", out, err)
			}
		})
	}
}

// TestMistakeBlindRetry sends a declaration again after its answer was lost: there are two.
func TestMistakeBlindRetry(t *testing.T) {
	s := start(t, incidenttest.Options{})
	token := s.NewToken(incidenttest.Editor)
	s.Fail(declare, incidenttest.Fault{ResetAfter: true})
	lost, again := call(t, s, declare, token, `{"title":"x"}`), call(t, s, declare, token, `{"title":"x"}`)
	if n := len(s.Incidents()); lost.err == nil || again.status != 200 || n != 2 {
		t.Errorf("%v, %d, %d incidents", lost.err, again.status, n)
	}
}

// TestMistakeEscapingAQuote quotes a value as Go or JSON do: there is no escape in this language.
func TestMistakeEscapingAQuote(t *testing.T) {
	s := start(t, incidenttest.Options{})
	_, err := api.NewIncidentsService(client(s)).QueryIncidentPreviews(t.Context(),
		api.QueryIncidentPreviewsRequest{Query: api.IncidentPreviewsQuery{Limit: 1, QueryString: `title:"say \"hi\""`}})
	refused(t, err, "Invalid query string")
}

// TestMistakeLeavingOutTheLimit reads one page without a limit: the server's default is small.
func TestMistakeLeavingOutTheLimit(t *testing.T) {
	s := start(t, incidenttest.Options{})
	for range 11 {
		s.Add(incidenttest.Incident{Title: "x"})
	}
	out := must(api.NewIncidentsService(client(s)).QueryIncidentPreviews(t.Context(), api.QueryIncidentPreviewsRequest{}))(t)
	if len(out.IncidentPreviews) != 10 || !out.Cursor.HasMore {
		t.Errorf("%d previews, %+v", len(out.IncidentPreviews), out.Cursor)
	}
}
