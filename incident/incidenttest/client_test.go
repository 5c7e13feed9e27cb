package incidenttest_test

import (
	"context"
	"strings"
	"testing"

	api "github.com/grafana/incident-go"

	"incident-bot/incident/incidenttest"
)

func TestClientDeclaresAndChanges(t *testing.T) {
	s := start(t, incidenttest.Options{})
	inc, ctx := api.NewIncidentsService(client(s)), t.Context()
	made := must(inc.CreateIncident(ctx, api.CreateIncidentRequest{Title: "Checkout is down!", Severity: "Critical", IsDrill: true,
		Labels: []api.IncidentLabel{{Label: "urgent"}, {Key: "team", Label: "web"}}, AttachURL: "https://example.com/a", AttachCaption: "alert", InitialStatusUpdate: "We look"}))(t).Incident
	if made.IncidentID != "1" || made.Severity != "Pending" || made.Status != "active" || !made.IsDrill ||
		made.OverviewURL != "/a/grafana-irm-app/incidents/1/checkout-is-down" ||
		made.Labels[0].Key != "tags" || made.Labels[1].Label != "web" || !strings.HasPrefix(made.CreatedByUser.Name, "Service Account") || made.IncidentType != "internal" {
		t.Errorf("made %+v", made)
	}
	id := made.IncidentID
	must(inc.UpdateSeverity(ctx, api.UpdateSeverityRequest{IncidentID: id, Severity: "critical"}))(t)
	must(inc.UpdateTitle(ctx, api.UpdateTitleRequest{IncidentID: id, Title: "Checkout"}))(t)
	must(inc.UpdateIncidentIsDrill(ctx, api.UpdateIncidentIsDrillRequest{IncidentID: id}))(t)
	must(inc.UpdateIncidentEventTime(ctx, api.UpdateIncidentEventTimeRequest{IncidentID: id, EventName: "incidentStart", ActivityItemKind: "incidentStart", EventTime: "2026-01-02T15:04:05+01:00"}))(t)
	done := must(inc.UpdateStatus(ctx, api.UpdateStatusRequest{IncidentID: id, Status: "resolved"}))(t).Incident
	if done.Severity != "Critical" || done.Title != "Checkout" || done.IsDrill ||
		done.IncidentStart != "2026-01-02T14:04:05Z" || done.Status != "resolved" || done.ClosedTime == "" ||
		done.IncidentEnd == "" {
		t.Errorf("changed %+v", done)
	}
	if again := must(inc.GetIncident(ctx, api.GetIncidentRequest{IncidentID: id}))(t).Incident; canonical(t, again) != canonical(t, done) {
		t.Errorf("got %+v, want %+v", again, done)
	}
	open := must(inc.UpdateStatus(ctx, api.UpdateStatusRequest{IncidentID: id, Status: "active"}))(t).Incident
	if open.ClosedTime != "" || open.Status != "active" {
		t.Errorf("reopened %+v", open)
	}
	var kinds []string
	one, _ := s.Incident(id)
	for _, a := range one.Activity {
		kinds = append(kinds, a.ActivityKind)
	}
	want := "incidentCreated contextAttached incidentSeverityChanged incidentTitleChanged incidentIsDrillChanged incidentStart incidentStatusChanged incidentStatusChanged"
	if got := strings.Join(kinds, " "); got != want || one.Version != 7 || one.KeyUpdates[0].Content != "We look" ||
		one.Context[0] != "https://example.com/a" {
		t.Errorf("timeline %s, version %d, %+v", got, one.Version, one)
	}
}

func TestClientChangesAreRefused(t *testing.T) {
	s := start(t, incidenttest.Options{})
	c, ctx, id := client(s), t.Context(), s.Add(incidenttest.Incident{Title: "x"})
	inc := api.NewIncidentsService(c)
	for want, f := range map[string]func() error{
		`title: must`: func() error {
			_, err := inc.CreateIncident(ctx, api.CreateIncidentRequest{Title: " "})
			return err
		},
		`title: must hold`: func() error {
			_, err := inc.UpdateTitle(ctx, api.UpdateTitleRequest{IncidentID: id, Title: strings.Repeat("x", 2001)})
			return err
		},
		`unknown status "bad"`: func() error {
			_, err := inc.CreateIncident(ctx, api.CreateIncidentRequest{Title: "x", Status: "bad"})
			return err
		},
		`status: unknown status "Mitigated"`: func() error {
			_, err := inc.UpdateStatus(ctx, api.UpdateStatusRequest{IncidentID: id, Status: "Mitigated"})
			return err
		},
		`Severity.FindOne: not found`: func() error {
			_, err := inc.UpdateSeverity(ctx, api.UpdateSeverityRequest{IncidentID: id, Severity: "sev9"})
			return err
		},
		`incidentStart or incidentEnd`: func() error {
			_, err := inc.UpdateIncidentEventTime(ctx, api.UpdateIncidentEventTimeRequest{IncidentID: id, EventTime: "2026-01-02T15:04:05Z", EventName: "lunch"})
			return err
		},
	} {
		refused(t, f(), want)
	}
	if one, _ := s.Incident(id); one.Version != 1 || len(one.Activity) != 0 || len(s.Incidents()) != 1 {
		t.Errorf("a refusal changed %+v", one)
	}
}

func TestClientQueriesAreRefused(t *testing.T) {
	s := start(t, incidenttest.Options{})
	c, ctx, id := client(s), t.Context(), s.Add(incidenttest.Incident{Title: "x"})
	inc := api.NewIncidentsService(c)
	for want, f := range map[string]func() error{
		`must be at most 100`: func() error {
			_, err := inc.QueryIncidentPreviews(ctx, api.QueryIncidentPreviewsRequest{Query: api.IncidentPreviewsQuery{Limit: 101}})
			return err
		},
		`unknown field "age"`: func() error {
			_, err := inc.QueryIncidentPreviews(ctx, api.QueryIncidentPreviewsRequest{Query: api.IncidentPreviewsQuery{OrderField: "age"}})
			return err
		},
		`must be ASC or DESC`: func() error {
			_, err := inc.QueryIncidentPreviews(ctx, api.QueryIncidentPreviewsRequest{Query: api.IncidentPreviewsQuery{OrderDirection: "up"}})
			return err
		},
		`cursor: cannot read`: func() error {
			_, err := inc.QueryIncidentPreviews(ctx, api.QueryIncidentPreviewsRequest{Cursor: api.Cursor{NextValue: "x"}})
			return err
		},
		`Invalid query string`: func() error {
			_, err := inc.QueryIncidentPreviews(ctx, api.QueryIncidentPreviewsRequest{Query: api.IncidentPreviewsQuery{QueryString: "any(title:x)"}})
			return err
		},
	} {
		refused(t, f(), want)
	}
	if one, _ := s.Incident(id); one.Version != 1 || len(one.Activity) != 0 || len(s.Incidents()) != 1 {
		t.Errorf("a refusal changed %+v", one)
	}
}

func TestClientNotesAreRefused(t *testing.T) {
	s := start(t, incidenttest.Options{})
	c, ctx, id := client(s), t.Context(), s.Add(incidenttest.Incident{Title: "x"})
	notes := api.NewActivityService(c)
	for want, f := range map[string]func() error{
		`must be userNote`: func() error {
			_, err := notes.AddActivity(ctx, api.AddActivityRequest{IncidentID: id, ActivityKind: "dataQuery", Body: "x"})
			return err
		},
		`body: must hold 1 to 65536`: func() error {
			_, err := notes.AddActivity(ctx, api.AddActivityRequest{IncidentID: id, ActivityKind: "userNote", Body: strings.Repeat("x", 65537)})
			return err
		},
		`cannot read "noon"`: func() error {
			_, err := notes.AddActivity(ctx, api.AddActivityRequest{IncidentID: id, ActivityKind: "userNote", Body: "x", EventTime: "noon"})
			return err
		},
		`activity item not found`: func() error {
			_, err := notes.RemoveActivity(ctx, api.RemoveActivityRequest{IncidentID: id, ActivityItemID: "9"})
			return err
		},
		`incident not found`: func() error {
			_, err := notes.QueryActivity(ctx, api.QueryActivityRequest{Query: api.ActivityQuery{IncidentID: "9"}})
			return err
		},
	} {
		refused(t, f(), want)
	}
	if one, _ := s.Incident(id); one.Version != 1 || len(one.Activity) != 0 || len(s.Incidents()) != 1 {
		t.Errorf("a refusal changed %+v", one)
	}
}

func TestClientNotes(t *testing.T) {
	s := start(t, incidenttest.Options{Now: newClock().Now})
	notes, ctx, id := api.NewActivityService(client(s)), t.Context(), s.Add(incidenttest.Incident{Title: "x"})
	first := must(notes.AddActivity(ctx, api.AddActivityRequest{IncidentID: id, ActivityKind: "userNote", Body: "see https://example.com/b"}))(t).ActivityItem
	must(notes.AddActivity(ctx, api.AddActivityRequest{IncidentID: id, ActivityKind: "userNote", Body: "earlier", EventTime: "2026-01-02T14:00:00Z"}))(t)
	must(notes.UpdateActivityBody(ctx, api.UpdateActivityBodyRequest{IncidentID: id, ActivityItemID: first.ActivityItemID, Body: "changed"}))(t)
	must(notes.UpdateActivityRelevance(ctx, api.UpdateActivityRelevanceRequest{IncidentID: id, ActivityItemID: first.ActivityItemID, Relevance: "high"}))(t)
	q := api.QueryActivityRequest{Query: api.ActivityQuery{IncidentID: id, Limit: 10, OrderDirection: "ASC", ActivityKind: []string{"userNote"}}}
	got := must(notes.QueryActivity(ctx, q))(t).ActivityItems
	if len(got) != 2 || got[0].Body != "earlier" || got[1].Body != "changed" || got[1].Relevance != "high" ||
		got[1].EventTime != "2026-01-02T15:04:05Z" {
		t.Errorf("%+v", got)
	}
	must(notes.UpdateActivityEventTime(ctx, api.UpdateActivityEventTimeRequest{IncidentID: id, ActivityItemID: first.ActivityItemID, EventTime: "2026-01-02T13:00:00Z"}))(t)
	must(notes.RemoveActivity(ctx, api.RemoveActivityRequest{IncidentID: id, ActivityItemID: got[0].ActivityItemID}))(t)
	got = must(notes.QueryActivity(ctx, q))(t).ActivityItems
	if one, _ := s.Incident(id); len(got) != 1 || got[0].EventTime != "2026-01-02T13:00:00Z" || one.Context[0] != "https://example.com/b" {
		t.Errorf("%+v", got)
	}
}

func TestClientKeyUpdates(t *testing.T) {
	s := start(t, incidenttest.Options{})
	c, ctx, id := client(s), context.Background(), s.Add(incidenttest.Incident{Title: "x"})
	updates := api.NewKeyUpdatesService(c)
	if last := must(updates.GetLastKeyUpdate(ctx, api.GetLastKeyUpdateRequest{IncidentID: id}))(t); last.KeyUpdate != nil || last.KeyUpdateCount != 0 {
		t.Errorf("%+v", last)
	}
	in := api.CreateKeyUpdateRequest{IncidentID: id, Content: "*one*", ContentType: "text/markdown+slack", StatusID: "status-internal-active", SeverityID: "sev-1", Scope: "internal"}
	first := must(updates.CreateKeyUpdate(ctx, in))(t).KeyUpdate
	in.Content = "two"
	second := must(updates.CreateKeyUpdate(ctx, in))(t).KeyUpdate
	last := must(updates.GetLastKeyUpdate(ctx, api.GetLastKeyUpdateRequest{IncidentID: id}))(t)
	initial := must(updates.GetInitialKeyUpdate(ctx, api.GetInitialKeyUpdateRequest{IncidentID: id}))(t)
	if last.KeyUpdateCount != 2 || last.KeyUpdate.ID != second.ID || initial.KeyUpdate.ID != first.ID {
		t.Errorf("%+v %+v", last, initial)
	}
	must(updates.UpdateKeyUpdate(ctx, api.UpdateKeyUpdateRequest{IncidentID: id, ID: first.ID, Content: "uno", ContentType: "text/plain", StatusID: in.StatusID, SeverityID: "sev-2", Scope: "public"}))(t)
	if got := must(updates.GetKeyUpdate(ctx, api.GetKeyUpdateRequest{IncidentID: id, ID: first.ID}))(t).KeyUpdate; got.Content != "uno" ||
		got.Scope != "public" || got.SeverityID != "sev-2" {
		t.Errorf("%+v", got)
	}
	page := must(updates.QueryKeyUpdates(ctx, api.QueryKeyUpdatesRequest{Query: api.KeyUpdatesQuery{IncidentID: id, Limit: 1, OrderDirection: "ASC"}}))(t)
	if len(page.KeyUpdates) != 1 || page.KeyUpdates[0].ID != first.ID || !page.Cursor.HasMore {
		t.Errorf("%+v", page)
	}
	must(updates.DeleteKeyUpdate(ctx, api.DeleteKeyUpdateRequest{IncidentID: id, ID: first.ID}))(t)
	for want, change := range map[string]func(*api.CreateKeyUpdateRequest){
		"content: must": func(r *api.CreateKeyUpdateRequest) { r.Content = "" },
		"contentType":   func(r *api.CreateKeyUpdateRequest) { r.ContentType = "text/html" },
		"scope":         func(r *api.CreateKeyUpdateRequest) { r.Scope = "world" },
		"statusID":      func(r *api.CreateKeyUpdateRequest) { r.StatusID = "" },
		"severityID":    func(r *api.CreateKeyUpdateRequest) { r.SeverityID = "Critical" },
		"not found":     func(r *api.CreateKeyUpdateRequest) { r.IncidentID = "9" },
	} {
		bad := in
		change(&bad)
		_, err := updates.CreateKeyUpdate(ctx, bad)
		refused(t, err, want)
	}
	if one, _ := s.Incident(id); len(one.KeyUpdates) != 1 || one.KeyUpdates[0].Content != "two" {
		t.Errorf("%+v", one.KeyUpdates)
	}
}
