package incident_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"incident-bot/incident"
	"incident-bot/incident/incidenttest"
)

// grafana is a simulated stack and a client of it, as an Editor.
func grafana(t *testing.T, o incidenttest.Options) (*incidenttest.Server, *incident.Stack) {
	t.Helper()
	server := incidenttest.New(o)
	t.Cleanup(server.Close)
	return server, client(t, server, server.NewToken(incidenttest.Editor))
}

func client(t *testing.T, server *incidenttest.Server, secret string) *incident.Stack {
	t.Helper()
	shared := incident.NewHTTP()
	t.Cleanup(shared.CloseIdleConnections)
	stack, err := incident.New(incident.Config{URL: server.URL(), Token: token(secret), HTTP: shared})
	if err != nil {
		t.Fatal(err)
	}
	return stack
}

func limited(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	return ctx
}

func must[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func code(t *testing.T, err error) incident.Code {
	t.Helper()
	var e *incident.Error
	if err != nil && !errors.As(err, &e) {
		t.Fatalf("%v (%T) is no *Error", err, err)
	}
	if e == nil {
		return ""
	}
	return e.Code
}

// The life of an incident, over each account of how the API behaves.
func TestLifeOfAnIncident(t *testing.T) {
	for name, o := range map[string]incidenttest.Options{
		"as gcx found it":       {},
		"severity at create":    {HonourSeverityOnCreate: true},
		"statuses by slug":      {StatusBySlug: true},
		"statuses by id":        {StatusByID: true},
		"errors in-band":        {BadQueryInBand: true, UnknownInBand: true},
		"older plugin":          {PluginID: "grafana-incident-app"},
		"severities not listed": {NoSeverities: true},
		"older refusals":        {OldForbidden: true},
	} {
		t.Run(name, func(t *testing.T) {
			server, stack := grafana(t, o)
			if o.PluginID != "" {
				stack = must[*incident.Stack](t)(incident.New(incident.Config{Token: token(server.NewToken(incidenttest.Editor)),
					URL: server.URL() + "/api/plugins/" + o.PluginID + "/resources/api/v1"}))
			}
			server.Seed()
			live(t, server, stack)
		})
	}
}

func live(t *testing.T, server *incidenttest.Server, stack *incident.Stack) {
	t.Helper()
	ctx, one := limited(t), must[incident.Incident](t)
	if err := stack.Check(ctx); err != nil {
		t.Fatal(err)
	}
	made := one(stack.Declare(ctx, incident.Declaration{Title: "checkout returns 500s", Severity: "major", Drill: true,
		Labels: []incident.Label{{Key: "team", Value: "payments"}}, AttachURL: "https://example.com/1", AttachCaption: "Slack"}))
	if made.ID != "42" || made.Severity != "Major" || made.Status != "active" || !made.Drill || !strings.HasPrefix(made.URL, server.URL()+"/a/") {
		t.Fatalf("%+v", made)
	}
	if id, ok := stack.IncidentID(made.URL); !ok || id != "42" {
		t.Errorf("%s reads as %q", made.URL, id)
	}
	at := time.Now().Add(-time.Hour).Truncate(time.Second)
	if err := stack.AddNote(ctx, "42", incident.Note{Text: "CPU back to normal", At: at}); err != nil {
		t.Error(err)
	}
	if now := one(stack.SetStatus(ctx, "42", "Mitigated")); !strings.EqualFold(now.Status, "mitigated") {
		t.Errorf("%+v", now)
	}
	if now := one(stack.SetSeverity(ctx, "42", "CRITICAL")); now.Severity != "Critical" {
		t.Errorf("%+v", now)
	}
	if err := stack.AddUpdate(ctx, "42", "*rolled back*"); err != nil {
		t.Error(err)
	}
	drills := true
	page := must[incident.Page](t)(stack.Incidents(ctx, incident.Query{Status: "active", Title: "CHECKOUT", Drills: &drills, Label: incident.Label{Key: "team", Value: "payments"}}, ""))
	if len(page.Incidents) != 1 || page.Incidents[0].ID != "42" || page.Incidents[0].URL != made.URL {
		t.Errorf("%+v", page)
	}
	if page = must[incident.Page](t)(stack.Incidents(ctx, incident.Query{Context: "https://example.com/1"}, "")); len(page.Incidents) != 1 {
		t.Errorf("not found again by its context: %+v", page)
	}
	if now := one(stack.SetStatus(ctx, "42", "resolved")); now.Status != "resolved" || now.Closed.IsZero() {
		t.Errorf("%+v", now)
	}
	if now := one(stack.SetStatus(ctx, "42", "active")); now.Status != "active" {
		t.Errorf("%+v", now)
	}
	kept, _ := server.Incident("42")
	if kept.Severity != "Critical" || len(kept.KeyUpdates) != 1 || kept.KeyUpdates[0].SeverityID == "" || kept.KeyUpdates[0].StatusID != "status-own-1" {
		t.Errorf("%+v", kept)
	}
	notes := 0
	for _, a := range kept.Activity {
		if a.ActivityKind == "userNote" && a.Body == "CPU back to normal" && a.EventTime == at.UTC().Format(time.RFC3339) {
			notes++
		}
	}
	if notes != 1 {
		t.Errorf("%d notes in %+v", notes, kept.Activity)
	}
	if _, err := stack.Incident(ctx, "4711"); code(t, err) != incident.NotFound {
		t.Errorf("an unknown incident: %v", err)
	}
	if err := stack.AddNote(ctx, "4711", incident.Note{Text: "x"}); code(t, err) != incident.NotFound {
		t.Errorf("a note to an unknown incident: %v", err)
	}
	if err := stack.AddUpdate(ctx, "4711", "x"); code(t, err) != incident.NotFound {
		t.Errorf("an update to an unknown incident: %v", err)
	}
	if _, err := stack.SetStatus(ctx, "4711", "mitigated"); code(t, err) != incident.NotFound {
		t.Errorf("the status of an unknown incident: %v", err)
	}
}

// Everything a page at a time is everything, once, newest first.
func TestWholeListInPages(t *testing.T) {
	server, stack := grafana(t, incidenttest.Options{})
	for n := range 237 {
		labels := []incidenttest.Label{}
		if n%10 == 0 {
			labels = append(labels, incidenttest.Label{Key: "team", Label: "payments"})
		}
		server.Add(incidenttest.Incident{Title: fmt.Sprint("outage ", n), Labels: labels,
			CreatedTime: time.Date(2026, 11, 1, 0, n, 0, 0, time.UTC).Format(time.RFC3339)})
	}
	for _, c := range []struct {
		q     incident.Query
		want  int
		pages int
	}{
		{incident.Query{}, 237, 3},
		{incident.Query{Limit: 50}, 237, 5},
		{incident.Query{Limit: 7, Label: incident.Label{Key: "team", Value: "payments"}}, 24, 4},
		{incident.Query{Title: "nothing"}, 0, 1},
	} {
		seen, pages, last := map[string]bool{}, 0, time.Now().AddDate(1, 0, 0)
		for cursor := ""; ; pages++ {
			page := must[incident.Page](t)(stack.Incidents(limited(t), c.q, cursor))
			for _, i := range page.Incidents {
				if seen[i.ID] || i.Declared.After(last) {
					t.Fatalf("%+v: %s comes again or out of order", c.q, i.ID)
				}
				seen[i.ID], last = true, i.Declared
			}
			if cursor = page.Next; cursor == "" || pages > 300 {
				break
			}
		}
		if len(seen) != c.want || pages+1 != c.pages {
			t.Errorf("%+v: %d incidents in %d pages, want %d in %d", c.q, len(seen), pages+1, c.want, c.pages)
		}
	}
}

func TestRefusals(t *testing.T) {
	server, _ := grafana(t, incidenttest.Options{})
	server.Seed()
	viewer, none := server.NewToken(incidenttest.Viewer), server.NewToken(incidenttest.None)
	revoked, expired := server.NewToken(incidenttest.Editor), server.NewToken(incidenttest.Editor)
	server.Revoke(revoked)
	server.Expire(expired)
	for _, c := range []struct {
		name, token string
		read, write incident.Code
		reason      string
	}{
		{"viewer", viewer, "", incident.Forbidden, incident.ReasonRBAC},
		{"none", none, incident.Forbidden, incident.Forbidden, incident.ReasonRBAC},
		{"revoked", revoked, incident.Unauthorized, incident.Unauthorized, "api-key.revoked"},
		{"expired", expired, incident.Unauthorized, incident.Unauthorized, "api-key.expired"},
		{"of another stack", "glsa_iNValIdinValiDinvalidinvalidinva_5b582697", incident.Unauthorized, incident.Unauthorized, "api-key.invalid"},
	} {
		stack := client(t, server, c.token)
		if got := code(t, stack.Check(limited(t))); got != c.read {
			t.Errorf("%s reads: %s, want %s", c.name, got, c.read)
		}
		before := len(server.Incidents())
		_, err := stack.Declare(limited(t), incident.Declaration{Title: "x"})
		var e *incident.Error
		if code(t, err) != c.write || !errors.As(err, &e) || e.Reason != c.reason || e.Uncertain() || len(server.Incidents()) != before {
			t.Errorf("%s writes: %v", c.name, err)
		}
		if refused := stack.Refused(); code(t, refused) != c.write || strings.Contains(fmt.Sprint(refused, err), c.token) {
			t.Errorf("%s: refused %v", c.name, refused)
		}
	}
}

// Each way an answer can go wrong: what the error says of the change is true.
func TestFaultsTellTheTruth(t *testing.T) {
	const method = "IncidentsService.CreateIncident"
	for _, c := range []struct {
		name  string
		fault incidenttest.Fault
		want  incident.Code
		made  int
	}{
		{"500", incidenttest.Fault{}, incident.Failed, 0},
		{"500 with a page", incidenttest.Fault{Status: 500, HTML: true}, incident.Failed, 0},
		{"503 with a page", incidenttest.Fault{Status: 503, HTML: true}, incident.Failed, 0},
		{"503 once", incidenttest.Fault{Status: 503, Body: `{"message":"Plugin unavailable"}`}, "", 1},
		{"503 for ever", incidenttest.Fault{Status: 503, Body: `{"message":"Plugin unavailable"}`, Times: -1}, incident.Unavailable, 0},
		{"429 once", incidenttest.Fault{Status: 429}, "", 1},
		{"429 for a minute", incidenttest.Fault{Status: 429, RetryAfter: time.Minute}, incident.RateLimited, 0},
		{"in-band", incidenttest.Fault{InBand: "database is locked"}, incident.Failed, 0},
		{"a page with 200", incidenttest.Fault{Status: 200, HTML: true}, incident.Unreadable, 0},
		{"redirect", incidenttest.Fault{Redirect: "https://login.example/"}, incident.Unreadable, 0},
		{"reset before", incidenttest.Fault{ResetBefore: true}, incident.Lost, 0},
		{"reset after", incidenttest.Fault{ResetAfter: true}, incident.Lost, 1},
		{"truncated", incidenttest.Fault{Truncate: true}, incident.Lost, 1},
		{"gzip", incidenttest.Fault{Gzip: true}, "", 1},
		{"slow", incidenttest.Fault{Delay: 50 * time.Millisecond}, "", 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			server, stack := grafana(t, incidenttest.Options{})
			if err := stack.Check(limited(t)); err != nil { // so that the connection is a kept one
				t.Fatal(err)
			}
			server.Fail(method, c.fault)
			_, err := stack.Declare(limited(t), incident.Declaration{Title: "x"})
			made := len(server.Incidents())
			if code(t, err) != c.want || made != c.made {
				t.Errorf("%d made, %v; want %d and %s", made, err, c.made, c.want)
			}
			var e *incident.Error
			if errors.As(err, &e) && made > 0 && !e.Uncertain() {
				t.Errorf("it happened, and the error says that it did not: %v", err)
			}
		})
	}
}

func TestTroubleOfTheStack(t *testing.T) {
	server, stack := grafana(t, incidenttest.Options{})
	server.Seed()
	server.Sleep(true)
	if err := stack.Check(limited(t)); code(t, err) != incident.StackUnknown {
		t.Error(err)
	}
	server.Sleep(false)
	server.Uninstall(true)
	if err := stack.Check(limited(t)); code(t, err) != incident.PluginMissing {
		t.Error(err)
	}
	server.Uninstall(false)
	stack.Warm(limited(t))
	server.Down(true)
	if _, err := stack.Incident(limited(t), "41"); code(t, err) != incident.Unavailable && code(t, err) != incident.Lost {
		t.Error(err)
	}
	if all, err := stack.Severities(limited(t)); err != nil || len(all) != 4 || len(stack.KnownStatuses()) != 4 {
		t.Errorf("the lists are there while it is down: %v, %v, %v", all, err, stack.KnownStatuses())
	}
	server.Down(false)
	if err := stack.Check(limited(t)); err != nil || stack.Refused() != nil {
		t.Error(err, stack.Refused())
	}
	if len(must[[]incident.Role](t)(stack.Roles(limited(t)))) != 4 || len(must[[]incident.User](t)(stack.Users(limited(t)))) != 4 {
		t.Error("roles or users are missing")
	}
}

// TestLabelsWhoseKeyIsIgnored declares on stacks that take the value of a label alone at create (incident-go), with keys
// and values that have to be made first and without: the labels end under their keys, and nothing is left astray.
func TestLabelsWhoseKeyIsIgnored(t *testing.T) {
	want := []incident.Label{{Key: "team", Value: "payments"}, {Key: "nobody-made-me", Value: "odd"}, {Key: "tags", Value: "security"}}
	for name, o := range map[string]incidenttest.Options{
		"honoured": {}, "ignored": {IgnoreLabelKeyOnCreate: true}, "free": {IgnoreLabelKeyOnCreate: true, FreeLabels: true},
	} {
		t.Run(name, func(t *testing.T) {
			server, stack := grafana(t, o)
			i := must[incident.Incident](t)(stack.Declare(limited(t), incident.Declaration{Title: "x", Labels: want}))
			kept, _ := server.Incident(i.ID)
			got := map[string]bool{}
			for _, l := range kept.Labels {
				got[l.Key+"="+l.Label] = true
			}
			if len(got) != 3 || !got["team=payments"] || !got["nobody-made-me=odd"] || !got["tags=security"] || len(i.Labels) != 3 {
				t.Errorf("Grafana has %v, the answer %v", got, i.Labels)
			}
		})
	}
	server, stack := grafana(t, incidenttest.Options{IgnoreLabelKeyOnCreate: true})
	server.Fail("IncidentsService.AssignLabel", incidenttest.Fault{Status: 500, Times: -1})
	i, err := stack.Declare(limited(t), incident.Declaration{Title: "x", Labels: want[:1]})
	var e *incident.Error
	if !errors.As(err, &e) || !e.Partial || e.Op != "label 1 team=payments" || i.ID != "1" || len(server.Incidents()) != 1 {
		t.Errorf("%+v, %v", i, err)
	}
}
