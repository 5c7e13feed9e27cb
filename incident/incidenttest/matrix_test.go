package incidenttest

import (
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"
)

// ask calls a path of a stack without a network.
func ask(s *Server, verb, path, token, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(verb, "/api/plugins/"+path, strings.NewReader(body))
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

// each runs f for every method of a seeded stack.
func each(t *testing.T, o Options, f func(t *testing.T, s *Server, name string, m method, base string)) {
	s := New(o)
	t.Cleanup(s.Close)
	s.Seed()
	for _, name := range slices.Sorted(maps.Keys(s.methods)) {
		m, base := s.methods[name], "grafana-irm-app/resources/api/v1/"
		if m.unversioned {
			base = "grafana-irm-app/resources/api/"
		}
		t.Run(name, func(t *testing.T) { f(t, s, name, m, base) })
	}
}

// TestEveryMethodAsksForARole holds the roles of every method: None nothing, Viewer reads, Editor writes, Admin all.
func TestEveryMethodAsksForARole(t *testing.T) {
	each(t, Options{KeepCalls: 1}, func(t *testing.T, s *Server, name string, m method, base string) {
		for role, may := range map[Role]bool{None: false, Viewer: !m.write, Editor: !m.admin, Admin: true} {
			got := ask(s, http.MethodPost, base+name, s.NewToken(role), `{"nonsense":1}`)
			if may && got.Code != http.StatusBadRequest || !may && (got.Code != http.StatusForbidden || !strings.Contains(got.Body.String(), `"accessErrorId":"ACE`)) {
				t.Errorf("%s: %d %s", role, got.Code, got.Body)
			}
		}
	})
}

// TestEveryMethodAsksForAToken holds the four kinds of 401, whatever the method, and before anything else is looked at.
func TestEveryMethodAsksForAToken(t *testing.T) {
	each(t, Options{KeepCalls: 1}, func(t *testing.T, s *Server, name string, _ method, base string) {
		expired, revoked := s.NewToken(Admin), s.NewToken(Admin)
		s.Expire(expired)
		s.Revoke(revoked)
		for token, want := range map[string]string{
			"":                    `{"message":"Unauthorized","messageId":"auth.unauthorized","statusCode":401,"traceID":""}`,
			"glsa_wrong_00000000": `{"message":"Invalid API key","messageId":"api-key.invalid","statusCode":401,"traceID":""}`,
			"glc_eyJvIjoiMSJ9":    `{"message":"Invalid API key","messageId":"api-key.invalid","statusCode":401,"traceID":""}`,
			expired:               `{"message":"Expired API key","messageId":"api-key.expired","statusCode":401,"traceID":""}`,
			revoked:               `{"message":"Revoked API key","messageId":"api-key.revoked","statusCode":401,"traceID":""}`,
		} {
			if got := ask(s, http.MethodPost, base+name, token, `{`); got.Code != 401 || got.Body.String() != want {
				t.Errorf("%q: %d %s", token, got.Code, got.Body)
			}
		}
	})
}

// TestEveryMethodHasItsBases holds where each method answers: under both bases, or outside /v1 alone, and nowhere else.
func TestEveryMethodHasItsBases(t *testing.T) {
	each(t, Options{KeepCalls: 1}, func(t *testing.T, s *Server, name string, m method, _ string) {
		token := s.NewToken(Admin)
		for base, want := range map[string]int{
			"grafana-irm-app/resources/api/":         400,
			"grafana-irm-app/resources/api/v1/":      map[bool]int{false: 400, true: 404}[m.unversioned],
			"grafana-irm-app/resources/api/v1":       404, // a base without its slash
			"grafana-irm-app/resources/api/v2/":      404,
			"grafana-irm-app/resources/":             404,
			"grafana-incident-app/resources/api/v1/": 404,
		} {
			if got := ask(s, http.MethodPost, base+name, token, `{"nonsense":1}`); got.Code != want {
				t.Errorf("%s: %d %s, want %d", base, got.Code, got.Body, want)
			}
		}
	})
}

// TestEveryMethodIsStrictAboutBodies holds what is refused whatever the method, and that it changes nothing.
func TestEveryMethodIsStrictAboutBodies(t *testing.T) {
	each(t, Options{KeepCalls: 1}, func(t *testing.T, s *Server, name string, _ method, base string) {
		token, before := s.NewToken(Admin), fmt.Sprint(s.Incidents())
		for _, c := range []struct {
			verb, body string
			status     int
		}{
			{http.MethodPost, ``, 500},
			{http.MethodPost, `x`, 400},
			{http.MethodPost, `[]`, 400},
			{http.MethodPost, `"x"`, 400},
			{http.MethodPost, `{"incidentID":41,"query":7,"fieldUUID":true,"role":"x","field":1,"roleID":"1","title":2,"userID":3,"key":4,"incidentType":5,"statusID":6,"domainName":8,"targetID":9,"integrationID":10,"eventName":11}`, 400},
			{http.MethodPost, `{"nonsense":1}`, 400},
			{http.MethodGet, `{}`, 405},
			{http.MethodPut, `{}`, 405},
			{http.MethodDelete, `{}`, 405},
		} {
			got := ask(s, c.verb, base+name, token, c.body)
			if got.Code != c.status || !strings.HasPrefix(got.Body.String(), `{"error":"`) || got.Header().Get("Content-Type") != "application/json" {
				t.Errorf("%s %s: %d %s", c.verb, c.body, got.Code, got.Body)
			}
		}
		if after := fmt.Sprint(s.Incidents()); after != before {
			t.Error("a refusal changed the stack")
		}
	})
}

// TestEveryMethodSleepsAndIsMissing holds the two 404s that are not about a method or an incident.
func TestEveryMethodSleepsAndIsMissing(t *testing.T) {
	each(t, Options{KeepCalls: 1}, func(t *testing.T, s *Server, name string, _ method, base string) {
		token := s.NewToken(Admin)
		defer s.Sleep(false)
		defer s.Uninstall(false)
		s.Uninstall(true)
		if got := ask(s, http.MethodPost, base+name, token, `{}`); got.Code != 404 || got.Body.String() != `{"message":"Plugin not found"}` {
			t.Errorf("missing: %d %s", got.Code, got.Body)
		}
		s.Sleep(true)
		const asleep = `{"code":"NotFound","message":"We do not recognize the instance URL you're trying to reach."}`
		if got := ask(s, http.MethodPost, base+name, "", `{}`); got.Code != 404 || got.Body.String() != asleep {
			t.Errorf("asleep: %d %s", got.Code, got.Body)
		}
	})
}

// TestTooMuch refuses a request that no proxy would let through.
func TestTooMuch(t *testing.T) {
	s := New(Options{Now: func() time.Time { return time.Unix(0, 0) }})
	defer s.Close()
	got := ask(s, http.MethodPost, "grafana-irm-app/resources/api/v1/RolesService.GetRoles", s.NewToken(Admin), `{"x":"`+strings.Repeat("x", maxBody)+`"}`)
	if got.Code != http.StatusRequestEntityTooLarge || len(s.Calls("")) != 0 {
		t.Errorf("%d %s", got.Code, got.Body)
	}
}
