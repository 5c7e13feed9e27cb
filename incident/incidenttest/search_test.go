package incidenttest_test

import (
	"strings"
	"testing"
	"time"

	api "github.com/grafana/incident-go"

	"incident-bot/incident/incidenttest"
)

// found lists the ids a query finds, in order.
func found(t *testing.T, inc *api.IncidentsService, q api.IncidentPreviewsQuery) string {
	t.Helper()
	if q.Limit == 0 {
		q.Limit = 100
	}
	var ids []string
	for _, p := range must(inc.QueryIncidentPreviews(t.Context(), api.QueryIncidentPreviewsRequest{Query: q}))(t).IncidentPreviews {
		ids = append(ids, p.IncidentID)
	}
	return strings.Join(ids, " ")
}

func TestSeed(t *testing.T) {
	c := newClock()
	s, twin := start(t, incidenttest.Options{Now: c.Now}), start(t, incidenttest.Options{Now: c.Now})
	s.Seed()
	twin.Seed()
	if canonical(t, s.Incidents()) != canonical(t, twin.Incidents()) {
		t.Error("two seeds differ")
	}
	inc := api.NewIncidentsService(client(s))
	for query, want := range map[string]string{
		``:                                       "41 40 38 36 23 15 7", // the private one is not seen
		`status:active`:                          "41 38",
		`status:"mitigated"`:                     "40",
		`isdrill:true`:                           "38 23",
		`status:resolved isdrill:false`:          "15 7",
		`severity:"critical"`:                    "41 15",
		`title:"checkout"`:                       "41",
		`or(status:mitigated status:monitoring)`: "40 36",
		`label:"customer-facing"`:                "41 40 15",
		`role:commander user.email:"ana@example.com" isdrill:false`: "41 40 15 7",
	} {
		if got := found(t, inc, api.IncidentPreviewsQuery{QueryString: query}); got != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
	if made := must(inc.CreateIncident(t.Context(), api.CreateIncidentRequest{Title: "next"}))(t).Incident.IncidentID; made != "42" {
		t.Errorf("declared %s", made)
	}
	for _, i := range s.Incidents() {
		if (i.Status == "resolved") != (i.ClosedTime != "") || len(i.Activity) == 0 || i.ModifiedTime < i.CreatedTime {
			t.Errorf("%+v", i)
		}
	}
}

func TestPagesAndOrder(t *testing.T) {
	c := newClock()
	s := start(t, incidenttest.Options{Now: c.Now})
	for range 25 {
		s.Add(incidenttest.Incident{Title: "x"})
		c.Add(time.Minute)
	}
	inc := api.NewIncidentsService(client(s))
	in, seen := api.QueryIncidentPreviewsRequest{Query: api.IncidentPreviewsQuery{Limit: 10}}, map[string]bool{}
	pages := 0
	for {
		out := must(inc.QueryIncidentPreviews(t.Context(), in))(t)
		for _, p := range out.IncidentPreviews {
			seen[p.IncidentID] = true
		}
		pages++
		in.Cursor = out.Cursor
		if !out.Cursor.HasMore {
			break
		}
	}
	if pages != 3 || len(seen) != 25 {
		t.Errorf("%d pages, %d incidents", pages, len(seen))
	}
	if got := found(t, inc, api.IncidentPreviewsQuery{Limit: 3, OrderField: "incidentID", OrderDirection: "ASC"}); got != "1 2 3" {
		t.Error(got)
	}
	must(inc.UpdateTitle(t.Context(), api.UpdateTitleRequest{IncidentID: "4", Title: "y"}))(t)
	if got := found(t, inc, api.IncidentPreviewsQuery{Limit: 1, OrderField: "modifiedTime"}); got != "4" {
		t.Error(got)
	}
}

func TestSearchLag(t *testing.T) {
	c := newClock()
	s := start(t, incidenttest.Options{Now: c.Now, SearchLag: 10 * time.Second})
	inc := api.NewIncidentsService(client(s))
	id := must(inc.CreateIncident(t.Context(), api.CreateIncidentRequest{Title: "before"}))(t).Incident.IncidentID
	title := func(want string) {
		t.Helper()
		got := found(t, inc, api.IncidentPreviewsQuery{QueryString: "title:" + want})
		if got != id {
			t.Errorf("title:%s finds %q", want, got)
		}
	}
	if got := found(t, inc, api.IncidentPreviewsQuery{}); got != "" {
		t.Errorf("found %s at once", got)
	}
	c.Add(9 * time.Second)
	must(inc.UpdateTitle(t.Context(), api.UpdateTitleRequest{IncidentID: id, Title: "after"}))(t)
	c.Add(time.Second)
	title("before")
	c.Add(8 * time.Second)
	title("before")
	c.Add(time.Second)
	title("after")
}

func TestPrivateIncidents(t *testing.T) {
	s := start(t, incidenttest.Options{})
	mine, other := s.NewToken(incidenttest.Editor), s.NewToken(incidenttest.Admin)
	got := call(t, s, declare, mine, `{"title":"secret","incidentType":"private"}`)
	if got.status != 200 || !strings.Contains(got.body, `"incidentType":"private"`) {
		t.Fatalf("%d %s", got.status, got.body)
	}
	for token, want := range map[string]int{mine: 200, other: 404} {
		if got := call(t, s, "IncidentsService.GetIncident", token, `{"incidentID":"1"}`); got.status != want {
			t.Errorf("%d %s", got.status, got.body)
		}
		list := call(t, s, "IncidentsService.QueryIncidentPreviews", token, `{"query":{"limit":5}}`)
		if (want == 200) != strings.Contains(list.body, "secret") {
			t.Errorf("%d: %s", want, list.body)
		}
	}
}

func TestSeverityOnCreate(t *testing.T) {
	s := start(t, incidenttest.Options{HonourSeverityOnCreate: true})
	inc := api.NewIncidentsService(client(s))
	if got := must(inc.CreateIncident(t.Context(), api.CreateIncidentRequest{Title: "x", Severity: "major"}))(t).Incident.Severity; got != "Major" {
		t.Error(got)
	}
	_, err := inc.CreateIncident(t.Context(), api.CreateIncidentRequest{Title: "x", Severity: "SEV9"})
	refused(t, err, "Severity.FindOne: not found")
	if n := len(s.Incidents()); n != 1 {
		t.Errorf("%d incidents", n)
	}
}

func TestBadQueryInBand(t *testing.T) {
	s := start(t, incidenttest.Options{BadQueryInBand: true})
	got := call(t, s, "IncidentsService.QueryIncidentPreviews", s.NewToken(incidenttest.Viewer), `{"query":{"limit":5,"queryString":"any(title:x)"}}`)
	if got.status != 200 || got.object(t)["error"] != "Invalid query string" {
		t.Errorf("%d %s", got.status, got.body)
	}
}

func TestOlderSearch(t *testing.T) {
	s := start(t, incidenttest.Options{})
	s.Seed()
	s.Add(incidenttest.Incident{Title: "with a channel", Channels: []incidenttest.Channel{{Provider: "slack", ChannelID: "C1"}}})
	inc := api.NewIncidentsService(client(s))
	for _, c := range []struct {
		query api.IncidentsQuery
		want  string
	}{
		{api.IncidentsQuery{Limit: 100, IncludeStatuses: []string{"active"}, OrderDirection: "ASC"}, "38 41 42"},
		{api.IncidentsQuery{Limit: 100, ExcludeStatuses: []string{"active", "resolved"}}, "40 36"},
		{api.IncidentsQuery{Limit: 100, OnlyDrills: true}, "38 23"},
		{api.IncidentsQuery{Limit: 100, Severity: "Critical", IncidentLabels: []string{"payments"}}, "41"},
		{api.IncidentsQuery{Limit: 100, OnlyDrills: true, QueryString: "title:checkout"}, "41"},
		{api.IncidentsQuery{Limit: 1, DateFrom: "2100-01-01T00:00:00Z"}, "42"},
	} {
		var ids []string
		for _, i := range must(inc.QueryIncidents(t.Context(), api.QueryIncidentsRequest{Query: c.query}))(t).Incidents {
			ids = append(ids, i.IncidentID)
			if len(i.IncidentChannels) > 0 {
				t.Error("the older search gave channels")
			}
		}
		if got := strings.Join(ids, " "); got != c.want {
			t.Errorf("%+v: %s, want %s", c.query, got, c.want)
		}
	}
}

func TestWhatPreviewsInclude(t *testing.T) {
	s := start(t, incidenttest.Options{})
	role := incidenttest.OrgRole{RoleID: 1, Name: "commander", Important: true}
	s.Add(incidenttest.Incident{Title: "Über alles: ☃", Severity: "Major", Channels: []incidenttest.Channel{{ChannelID: "C1"}}, FieldValues: []incidenttest.FieldValue{{FieldUUID: "f", Value: "1"}},
		Assignments: []incidenttest.Assignment{{User: incidenttest.UserPreview{UserID: "u"}, Role: role, RoleID: 1}}})
	inc := api.NewIncidentsService(client(s))
	in := api.QueryIncidentPreviewsRequest{Query: api.IncidentPreviewsQuery{Limit: 1}}
	p := must(inc.QueryIncidentPreviews(t.Context(), in))(t).IncidentPreviews[0]
	if len(p.FieldValues)+len(p.IncidentChannels)+len(p.IncidentMembershipPreview.ImportantAssignments) != 0 ||
		p.Slug != "über-alles" || p.SeverityID != "sev-2" || p.Version != 1 {
		t.Errorf("%+v", p)
	}
	in.IncludeCustomFieldValues, in.IncludeIncidentChannels, in.IncludeMembershipPreview = true, true, true
	p = must(inc.QueryIncidentPreviews(t.Context(), in))(t).IncidentPreviews[0]
	if len(p.FieldValues) != 1 || len(p.IncidentChannels) != 1 || len(p.IncidentMembershipPreview.ImportantAssignments) != 1 {
		t.Errorf("%+v", p)
	}
}
