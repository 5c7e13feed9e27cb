package incident

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestIncident(t *testing.T) {
	script := newScript(t).on("IncidentsService.GetIncident", ok(oneIncident))
	got, err := script.stack().Incident(t.Context(), "42")
	if err != nil {
		t.Fatal(err)
	}
	want := Incident{ID: "42", Title: "checkout returns 500s", Severity: "Major", Status: "active",
		Labels:   []Label{{"team", "payments"}, {"tags", "eu"}},
		Declared: time.Date(2026, 11, 24, 14, 32, 0, 0, time.UTC), Modified: time.Date(2026, 11, 24, 14, 40, 0, 5e8, time.UTC),
		Started: time.Date(2026, 11, 24, 14, 30, 20, 574137000, time.UTC), Creator: "Service Account: bot", Summary: "s",
		Roles: []Assignment{{"commander", "u1", "Ana"}},
		Tasks: []Task{{ID: "t1", Text: "restart the cache", Assignee: "Bob", Done: true}, {ID: "t2", Text: "choose a severity", Immutable: true}},
		URL:   "https://my-stack.grafana.net/a/grafana-irm-app/incidents/42/checkout-returns-500s"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if body := script.calls("")[0].body; len(body) != 1 || body["incidentID"] != "42" {
		t.Error(body)
	}
}

func TestUnknownIncident(t *testing.T) {
	for name, a := range map[string]reply{
		"404 of the plugin":  answer(404, `{"error":"incident not found"}`),
		"404 without a body": answer(404, ""),
		"200 without an id":  ok(`{"incident":{"incidentID":""},"error":""}`),
		"200 without it all": ok(`{}`),
		"in-band":            ok(`{"error":"Incident.FindOne: not found"}`),
	} {
		_, err := newScript(t).on("IncidentsService.GetIncident", a).stack().Incident(t.Context(), "99")
		if e := wantCode(t, err, NotFound); e.Op != "get incident 99" || e.Uncertain() || e.Temporary() {
			t.Errorf("%s: %+v", name, e)
		}
	}
}

func TestUsersAndRoles(t *testing.T) {
	script := newScript(t).
		on("UsersService.QueryUsers",
			ok(`{"users":[{"userID":"grafana-incident:1","email":"ana@example.com","name":"Ana","slackUserID":"U1","slackTeamID":"T1","grafanaLogin":"ana"}],"cursor":{"hasMore":true,"nextValue":"2"}}`),
			ok(`{"users":[{"userID":"grafana-incident:2","name":"Bob"}],"cursor":{"hasMore":false}}`)).
		on("RolesService.GetRoles", ok(`{"roles":[{"roleID":1,"name":"commander","description":"leads","important":true,"mandatory":true,"archived":false}]}`))
	s := script.stack()
	users, err := s.Users(t.Context())
	if diff := cmp.Diff([]User{{ID: "grafana-incident:1", Name: "Ana", Email: "ana@example.com", SlackUserID: "U1", SlackTeamID: "T1", GrafanaLogin: "ana"},
		{ID: "grafana-incident:2", Name: "Bob"}}, users); diff != "" || err != nil {
		t.Error(diff, err)
	}
	roles, err := s.Roles(t.Context())
	if diff := cmp.Diff([]Role{{ID: 1, Name: "commander", Description: "leads", Important: true, Mandatory: true}}, roles); diff != "" || err != nil {
		t.Error(diff, err)
	}
	_, _ = s.Users(t.Context())
	if got := script.methods(); got != "QueryUsers QueryUsers GetRoles" {
		t.Error(got)
	}
	if c := script.calls("")[1].body["cursor"].(map[string]any); c["nextValue"] != "2" {
		t.Error(c)
	}
}

func TestCheckAndRefused(t *testing.T) {
	script := newScript(t).on(previews, ok(`{"incidentPreviews":[],"cursor":{}}`), answer(401, `{"messageId":"api-key.revoked","message":"Revoked API key"}`),
		answer(400, `{}`), answer(403, `{"message":"Permission denied"}`), ok(`{}`))
	s := script.stack()
	for i, want := range []Code{"", Unauthorized, Unauthorized, Forbidden, ""} {
		_ = s.Check(t.Context())
		if want == "" {
			if err := s.Refused(); err != nil {
				t.Errorf("step %d: %v", i, err)
			}
		} else {
			wantCode(t, s.Refused(), want)
		}
	}
	if q := script.calls("")[0].body["query"].(map[string]any); q["limit"] != 1. {
		t.Error(q)
	}
	err := newScript(t).on(previews, answer(404, `{"message":"Plugin not found"}`)).stack().Check(t.Context())
	if e := wantCode(t, err, PluginMissing); e.Op != "check the stack" {
		t.Error(e)
	}
}
