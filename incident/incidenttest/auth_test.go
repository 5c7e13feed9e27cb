package incidenttest_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"incident-bot/incident"
	"incident-bot/incident/incidenttest"
)

func TestTokensAreWellFormed(t *testing.T) {
	s, seen := start(t, incidenttest.Options{}), map[string]bool{}
	for range 20 {
		token := s.NewToken(incidenttest.Viewer)
		if !regexp.MustCompile(`^glsa_[0-9A-Za-z]{32}_[0-9a-f]{8}$`).MatchString(token) || incident.CheckToken(token) != nil {
			t.Errorf("%q: %v", token, incident.CheckToken(token))
		}
		if seen[token] {
			t.Errorf("%q came twice", token)
		}
		seen[token] = true
	}
}

func TestWhoMayWhat(t *testing.T) {
	s := start(t, incidenttest.Options{})
	s.Add(incidenttest.Incident{Title: "x"})
	token := map[string]string{"none": s.NewToken(incidenttest.None), "viewer": s.NewToken(incidenttest.Viewer), "editor": s.NewToken(incidenttest.Editor),
		"admin": s.NewToken(incidenttest.Admin), "expired": s.NewToken(incidenttest.Editor), "revoked": s.NewToken(incidenttest.Editor),
		"unknown": "glsa_iNValIdinValiDinvalidinvalidinva_5b582697", "cloud": "glc_eyJvIjoiMSJ9", "": ""}
	s.Expire(token["expired"])
	s.Revoke(token["revoked"])
	for _, c := range []struct {
		who         string
		read, write int
		says        string
	}{
		{"editor", 200, 200, `"error":""`},
		{"admin", 200, 200, `"error":""`},
		{"viewer", 200, 403, `incidents:write`},
		{"none", 403, 403, `"accessErrorId":"ACE`},
		{"", 401, 401, `"messageId":"auth.unauthorized"`},
		{"unknown", 401, 401, `"messageId":"api-key.invalid"`},
		{"cloud", 401, 401, `"messageId":"api-key.invalid"`},
		{"expired", 401, 401, `"messageId":"api-key.expired"`},
		{"revoked", 401, 401, `"messageId":"api-key.revoked"`},
	} {
		read := call(t, s, "IncidentsService.GetIncident", token[c.who], `{"incidentID":"1"}`)
		write := call(t, s, "IncidentsService.UpdateTitle", token[c.who], `{"incidentID":"1","title":"y"}`)
		if read.status != c.read || write.status != c.write || !strings.Contains(write.body, c.says) {
			t.Errorf("%s: %d, %d %s", c.who, read.status, write.status, write.body)
		}
	}
	calls := s.Calls("IncidentsService.UpdateTitle")
	committed := 0
	for _, c := range calls {
		if c.Committed {
			committed++
		}
	}
	if len(calls) != 9 || committed != 2 || calls[0].Token != token["editor"] || string(calls[0].Body) != `{"incidentID":"1","title":"y"}` {
		t.Errorf("heard %d, committed %d", len(calls), committed)
	}
}

func TestOlderForbidden(t *testing.T) {
	s := start(t, incidenttest.Options{OldForbidden: true})
	got := call(t, s, "IncidentsService.UpdateTitle", s.NewToken(incidenttest.Viewer), `{}`)
	if got.status != 403 || got.body != `{"message":"Permission denied"}` {
		t.Errorf("%d %s", got.status, got.body)
	}
}

func TestPathsAndBodies(t *testing.T) {
	s := start(t, incidenttest.Options{})
	token := s.NewToken(incidenttest.Editor)
	const plain = "grafana-irm-app/resources/api/"
	for _, c := range []struct {
		name, path, body string
		status           int
		says             string
	}{
		{"v1", v1 + "RolesService.GetRoles", `{}`, 200, "commander"},
		{"unversioned", plain + "RolesService.GetRoles", `{}`, 200, "commander"},
		{"severities", plain + "SeveritiesService.GetOrgSeverities", `{}`, 200, `"displayLabel":"Critical"`},
		{"severities under v1", v1 + "SeveritiesService.GetOrgSeverities", `{}`, 404, "not found"},
		{"the other plugin", "grafana-incident-app/resources/api/v1/RolesService.GetRoles", `{}`, 404, `{"message":"Plugin not found"}`},
		{"unknown method", v1 + "RolesService.Frobnicate", `{}`, 404, "not found"},
		{"no slash, as a base without one gives", "grafana-irm-app/resources/api/v1RolesService.GetRoles", `{}`, 404, "not found"},
		{"no body", v1 + "RolesService.GetRoles", ``, 500, "unexpected end"},
		{"no JSON", v1 + "RolesService.GetRoles", `roles`, 400, "cannot read"},
		{"two values", v1 + "RolesService.GetRoles", `{} {}`, 400, "more than one value"},
		{"a list", v1 + "RolesService.GetRoles", `[]`, 400, "cannot read"},
		{"unknown field", v1 + "RolesService.GetRoles", `{"rolls":1}`, 400, "rolls"},
		{"a number for an id", v1 + "IncidentsService.GetIncident", `{"incidentID":1}`, 400, "incidentID"},
		{"unknown incident", v1 + "IncidentsService.GetIncident", `{"incidentID":"9"}`, 404, `{"error":"incident not found"}`},
	} {
		got := post(t.Context(), s, c.path, token, c.body)
		if got.status != c.status || !strings.Contains(got.body, c.says) {
			t.Errorf("%s: %d %s", c.name, got.status, got.body)
		}
	}
	r, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL()+"/api/plugins/"+v1+"RolesService.GetRoles", nil)
	r.Header.Set("Authorization", "Bearer "+token)
	out, err := http.DefaultClient.Do(r)
	if err != nil || out.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("GET: %v, %v", out, err)
	}
	_ = out.Body.Close()
}

func TestOptionsOfTheStack(t *testing.T) {
	s := start(t, incidenttest.Options{PluginID: "grafana-incident-app", UnknownInBand: true, NoSeverities: true})
	token := s.NewToken(incidenttest.Editor)
	const base = "grafana-incident-app/resources/api/"
	if got := post(t.Context(), s, base+"SeveritiesService.GetOrgSeverities", token, `{}`); got.status != 404 {
		t.Errorf("severities: %d %s", got.status, got.body)
	}
	got := post(t.Context(), s, base+"v1/IncidentsService.GetIncident", token, `{"incidentID":"9"}`)
	if got.status != 200 || !strings.Contains(got.body, `"incidentID":""`) {
		t.Errorf("unknown incident: %d %s", got.status, got.body)
	}
}
