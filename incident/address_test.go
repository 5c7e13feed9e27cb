package incident

import (
	"net/url"
	"strings"
	"testing"
)

func TestCheckURL(t *testing.T) {
	const stack = "https://my-stack.grafana.net"
	for _, c := range []struct{ raw, stack, plugin string }{
		{stack, stack, pluginIRM},
		{stack + "/", stack, pluginIRM},
		{"  \"" + stack + "/\"\n", stack, pluginIRM},
		{"“" + stack + "”", stack, pluginIRM},
		{"\ufeff" + stack, stack, pluginIRM},
		{"HTTPS://My-Stack.Grafana.NET", stack, pluginIRM},
		{stack + "/api/plugins/grafana-irm-app", stack, pluginIRM},
		{stack + "/api/plugins/grafana-irm-app/resources", stack, pluginIRM},
		{stack + "/api/plugins/grafana-irm-app/resources/api/", stack, pluginIRM},
		{stack + "/api/plugins/grafana-irm-app/resources/api/v1", stack, pluginIRM},
		{stack + "/api/plugins/grafana-irm-app/resources/api/v1/", stack, pluginIRM},
		{stack + "/api/plugins/grafana-incident-app/resources/api/v1/", stack, pluginIncident},
		{stack + "/?orgId=1", stack, pluginIRM},
		{stack + "/a/grafana-irm-app/incidents/42/slug?x=1#y", stack, pluginIRM},
		{"http://127.0.0.1:3000", "http://127.0.0.1:3000", pluginIRM},
		{"http://localhost:3000/", "http://localhost:3000", pluginIRM},
		{"http://[::1]:3000", "http://[::1]:3000", pluginIRM},
		{"http://proxy.internal/grafana/api/plugins/grafana-irm-app/resources/api/v1", "http://proxy.internal/grafana", pluginIRM},
		{"http://proxy.internal//api/plugins/grafana-irm-app/", "http://proxy.internal", pluginIRM},
		{"https://proxy.internal/grafana/", "https://proxy.internal/grafana", pluginIRM},
		{"https://proxy.internal/grafana/a/grafana-irm-app/incidents", "https://proxy.internal/grafana", pluginIRM},
	} {
		gotStack, plugin, err := CheckURL(c.raw)
		if err != nil || gotStack != c.stack || plugin != c.plugin {
			t.Errorf("CheckURL(%q) = %q, %q, %v; want %q, %q", c.raw, gotStack, plugin, err, c.stack, c.plugin)
		}
	}
}

func TestCheckURLRefuses(t *testing.T) {
	for _, c := range []struct{ raw, says string }{
		{"", "empty"},
		{" \n", "empty"},
		{"my-stack.grafana.net", "Write https://my-stack.grafana.net"},
		{"//my-stack.grafana.net", "Write https://my-stack.grafana.net"},
		{"http://my-stack.grafana.net", "Write https://my-stack.grafana.net"},
		{"ftp://my-stack.grafana.net", "Write https://my-stack.grafana.net"},
		{"https://grafana.net", "name is missing"},
		{"https://grafana.com/orgs/me", "portal"},
		{"https://user:pass@my-stack.grafana.net", "Write https://my-stack.grafana.net"},
		{"https://", "no host"},
		{"http://my-stack.grafana.net.:80", "host"},
		{"https://grafana.com.:443", "host"},
		{"https://<your-stack>.grafana.net", "host"},
		{"https://my stack.grafana.net", "white space"},
		{"https://my-stack.grafana.net:port", "not a web address"},
		{testToken, "token, not an address"},
		{"https://my-stack.grafana.net/api/plugins/grafana-oncall-app/resources", "Write https://my-stack.grafana.net"},
		{"https://my-stack.grafana.net/api/plugins/grafana-irm-app/resources/api/v1/IncidentsService.GetIncident", "Write https://my-stack.grafana.net"},
		{"https://proxy.internal/grafana?x=1", "Write https://proxy.internal/grafana"},
		{"https://proxy.internal/#top", "Write https://proxy.internal"},
	} {
		_, _, err := CheckURL(c.raw)
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("CheckURL(%q) says %v; want %q in it", c.raw, err, c.says)
		}
		if err != nil && (strings.Contains(err.Error(), "glsa_") || strings.Contains(err.Error(), "pass@")) {
			t.Errorf("CheckURL(%q) shows a secret: %v", c.raw, err)
		}
	}
}

func TestBaseEndsWithASlash(t *testing.T) {
	at, err := parseAddress("https://my-stack.grafana.net/api/plugins/grafana-irm-app/resources/api/v1")
	if want := "https://my-stack.grafana.net/api/plugins/grafana-irm-app/resources/api/v1/"; err != nil || at.base() != want {
		t.Errorf("base %q, %v", at.base(), err)
	}
}

func FuzzCheckURL(f *testing.F) {
	for _, seed := range []string{"https://my-stack.grafana.net/", "http://127.0.0.1:1/api/plugins/grafana-incident-app/resources/api/v1/",
		"my-stack.grafana.net", "https://x.y/g/?q#f", "https://[::1]:80/%2e%2e/", " 'https://a.grafana.net:443' "} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		stack, plugin, err := CheckURL(raw)
		if err != nil {
			if stack != "" || plugin != "" || strings.TrimSpace(err.Error()) == "" {
				t.Fatalf("%q: %q %q %v", raw, stack, plugin, err)
			}
			return
		}
		u, parseErr := url.Parse(stack)
		if parseErr != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || strings.HasSuffix(stack, "/") || !knownPlugin(plugin) {
			t.Fatalf("%q gave %q, %q", raw, stack, plugin)
		}
		if u.Scheme == "http" && strings.HasSuffix(u.Hostname(), ".grafana.net") {
			t.Fatalf("%q would send the token in the clear: %q", raw, stack)
		}
		at := address{stack, plugin}
		if again, plugin2, err := CheckURL(at.base()); err != nil || again != stack || plugin2 != plugin {
			t.Fatalf("%q: its own base %q reads as %q, %v", raw, at.base(), again, err)
		}
	})
}
