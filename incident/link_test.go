package incident

import (
	"strings"
	"testing"
)

func TestIncidentID(t *testing.T) {
	s := newScript(t).stack()
	for text, want := range map[string]string{
		"https://my-stack.grafana.net/a/grafana-irm-app/incidents/42/checkout-returns-500s":   "42",
		"https://my-stack.grafana.net/a/grafana-incident-app/incidents/42/slug?orgId=1#notes": "42",
		"https://my-stack.grafana.net/a/grafana-irm-app/incidents/42":                         "42",
		"HTTPS://My-Stack.grafana.net:443/a/grafana-irm-app/incidents/42/":                    "42",
		"<https://my-stack.grafana.net/a/grafana-irm-app/incidents/42/x|#42 checkout>":        "42",
		" “my-stack.grafana.net/a/grafana-irm-app/incidents/42” ":                             "42",
		"https://my-stack.grafana.net/a/grafana-irm-app/incidents/incident-123":               "incident-123",
		"https://other.grafana.net/a/grafana-irm-app/incidents/42":                            "",
		"https://my-stack.grafana.net.evil.com/a/grafana-irm-app/incidents/42":                "",
		"https://my-stack.grafana.net@evil.com/a/grafana-irm-app/incidents/42":                "",
		"https://my-stack.grafana.net:8443/a/grafana-irm-app/incidents/42":                    "",
		"https://my-stack.grafana.net/a/grafana-irm-app/incidents/declare?title=x":            "",
		"https://my-stack.grafana.net/a/grafana-irm-app/incidents/":                           "",
		"https://my-stack.grafana.net/a/grafana-irm-app/incidents":                            "",
		"https://my-stack.grafana.net/a/grafana-irm-app/incidents/4%2F2":                      "",
		"https://my-stack.grafana.net/a/grafana-irm-app/incidents/4%202":                      "",
		"https://my-stack.grafana.net/a/grafana-oncall-app/incidents/42":                      "",
		"https://my-stack.grafana.net/d/abc":                                                  "",
		"ftp://my-stack.grafana.net/a/grafana-irm-app/incidents/42":                           "",
		"42": "", "": "", "#42": "", "://": "",
	} {
		if id, ok := s.IncidentID(text); id != want || ok != (want != "") {
			t.Errorf("%q: %q, %v; want %q", text, id, ok, want)
		}
	}
}

func TestIncidentURL(t *testing.T) {
	for url, want := range map[string]string{
		"https://my-stack.grafana.net/":                                           "https://my-stack.grafana.net/a/grafana-irm-app/incidents/42",
		"https://my-stack.grafana.net/api/plugins/grafana-incident-app/resources": "https://my-stack.grafana.net/a/grafana-incident-app/incidents/42",
		"http://proxy.internal/grafana":                                           "http://proxy.internal/grafana/a/grafana-irm-app/incidents/42",
	} {
		s := newTestStack(t, url, newScript(t))
		got := s.IncidentURL("42")
		if id, ok := s.IncidentID(got); got != want || id != "42" || !ok {
			t.Errorf("%s: %s reads as %q", url, got, id)
		}
	}
}

func TestOverview(t *testing.T) {
	at, _ := parseAddress("https://my-stack.grafana.net")
	const good = "https://my-stack.grafana.net/a/grafana-irm-app/incidents/42/slug"
	for in, want := range map[string]string{
		"/a/grafana-irm-app/incidents/42/slug": good,
		good:                                   good,
		good + "?x=<y>#z":                      good,
		"/a/grafana-incident-app/incidents/42/slug": "https://my-stack.grafana.net/a/grafana-incident-app/incidents/42/slug",
		"":                                     "",
		"/a/grafana-irm-app/incidents/43/slug": "",
		"//evil.com/a/grafana-irm-app/incidents/42/slug":       "",
		"https://evil.com/a/grafana-irm-app/incidents/42/slug": "",
		"javascript:alert(1)":                                  "",
		"/login":                                               "",
		"/a/grafana-irm-app/incidents/42/<b>|":                 "https://my-stack.grafana.net/a/grafana-irm-app/incidents/42/%3Cb%3E%7C",
	} {
		if got := at.overview(in, "42"); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func FuzzIncidentID(f *testing.F) {
	for _, seed := range []string{"https://my-stack.grafana.net/a/grafana-irm-app/incidents/42/slug", "<my-stack.grafana.net/a/grafana-incident-app/incidents/%34|x>",
		"https://user@my-stack.grafana.net/a/grafana-irm-app/incidents/1", "//my-stack.grafana.net:443/a/grafana-irm-app/incidents/a%2fb"} {
		f.Add(seed)
	}
	s := newTestStack(f, "https://my-stack.grafana.net", nil)
	f.Fuzz(func(t *testing.T, text string) {
		id, ok := s.IncidentID(text)
		if ok != (id != "") || strings.ContainsAny(id, "/\"<>| \n") {
			t.Fatalf("%q gave %q, %v", text, id, ok)
		}
		if !ok {
			return
		}
		if !strings.Contains(strings.ToLower(text), "my-stack.grafana.net") {
			t.Fatalf("%q is of another stack", text)
		}
		if again, ok := s.IncidentID(s.IncidentURL(id)); !ok || again != id {
			t.Fatalf("%q: %q reads as %q", text, s.IncidentURL(id), again)
		}
	})
}
