package incidenttest_test

import (
	"fmt"
	"testing"
	"time"

	api "github.com/grafana/incident-go"

	"incident-bot/incident/incidenttest"
)

// TestLagOfEveryChange holds, for each change a search can see, that GetIncident shows it at once and a search only after
// the lag, which still finds the incident as it was until then.
func TestLagOfEveryChange(t *testing.T) {
	for _, change := range []struct{ method, body, finds string }{
		{"IncidentsService.UpdateTitle", `"title":"changed"`, `title:changed`},
		{"IncidentsService.UpdateSeverity", `"severity":"Minor"`, `severity:minor`},
		{"IncidentsService.UpdateStatus", `"status":"resolved"`, `status:resolved`},
		{"IncidentsService.UpdateIncidentIsDrill", `"isDrill":true`, `isdrill:true`},
		{"IncidentsService.AddLabel", `"label":{"label":"urgent"}`, `label:urgent`},
		{"IncidentsService.AssignRole", `"userID":"grafana-incident:7","role":"observer"`, `role:observer user.email:ana@example.com`},
		{"IncidentsService.UpdateIncidentEventTime", `"eventName":"incidentStart","eventTime":"2020-01-01T00:00:00Z"`, `started:2019-12-31T00:00:00Z,2020-01-02T00:00:00Z`},
		{"ActivityService.AddActivity", `"activityKind":"userNote","body":"https://example.com/z"`, `context:"https://example.com/z"`},
	} {
		c := newClock()
		s := start(t, incidenttest.Options{Now: c.Now, SearchLag: 10 * time.Second})
		s.AddUser(incidenttest.User{UserID: "grafana-incident:7", Email: "ana@example.com"})
		id := s.Add(incidenttest.Incident{Title: "x", Severity: "Major"})
		inc := api.NewIncidentsService(client(s))
		c.Add(time.Hour)
		if got := call(t, s, change.method, s.NewToken(incidenttest.Editor), fmt.Sprintf(`{"incidentID":%q,%s}`, id, change.body)); got.status != 200 {
			t.Errorf("%s: %d %s", change.method, got.status, got.body)
		}
		for _, wait := range []struct {
			after time.Duration
			want  string
		}{{0, ""}, {9 * time.Second, ""}, {time.Second, id}} {
			c.Add(wait.after)
			if got := found(t, inc, api.IncidentPreviewsQuery{QueryString: change.finds}); got != wait.want {
				t.Errorf("%s: %s finds %q, want %q", change.method, change.finds, got, wait.want)
			}
			if got := found(t, inc, api.IncidentPreviewsQuery{}); got != id {
				t.Errorf("%s: the incident is lost: %q", change.method, got)
			}
		}
	}
}

// TestLagOfANewIncident holds what a bot must cope with that looks for its own incident after a lost answer.
func TestLagOfANewIncident(t *testing.T) {
	c := newClock()
	s := start(t, incidenttest.Options{Now: c.Now, SearchLag: time.Minute})
	inc := api.NewIncidentsService(client(s))
	id := must(inc.CreateIncident(t.Context(), api.CreateIncidentRequest{Title: "x", AttachURL: "https://example.com/key/1"}))(t).Incident.IncidentID
	must(inc.UpdateSeverity(t.Context(), api.UpdateSeverityRequest{IncidentID: id, Severity: "Major"}))(t)
	q := api.IncidentPreviewsQuery{QueryString: `context:"https://example.com/key/1"`}
	for range 59 {
		if got := found(t, inc, q); got != "" {
			t.Fatalf("found %q", got)
		}
		if one := must(inc.GetIncident(t.Context(), api.GetIncidentRequest{IncidentID: id}))(t).Incident; one.Severity != "Major" {
			t.Fatalf("%+v", one)
		}
		c.Add(time.Second)
	}
	c.Add(time.Second)
	if got := found(t, inc, q); got != id {
		t.Errorf("found %q", got)
	}
	if old := must(inc.QueryIncidents(t.Context(), api.QueryIncidentsRequest{Query: api.IncidentsQuery{Limit: 1}}))(t).Incidents; len(old) != 1 || old[0].Severity != "Major" {
		t.Errorf("%+v", old)
	}
}
