package main

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// runHere runs the program in this process and gives its exit code and output.
func runHere(ctx context.Context, args ...string) (code int, stdout, stderr string) {
	var out, err bytes.Buffer
	code = run(ctx, args, strings.NewReader(""), &out, &err)
	return code, out.String(), err.String()
}

func TestSubcommands(t *testing.T) {
	setEnv(t, nil)
	for name, c := range map[string]struct {
		args           []string
		code           int
		stdout, stderr string
	}{
		"version":          {[]string{"version"}, exitOK, "incident-bot devel", ""},
		"version as flag":  {[]string{"--version"}, exitOK, "incident-bot devel", ""},
		"version and more": {[]string{"version", "x"}, exitUsage, "", "version takes no arguments"},
		"help":             {[]string{"help"}, exitOK, "SLACK_APP_TOKEN", ""},
		"help as flag":     {[]string{"-h"}, exitOK, "healthcheck", ""},
		"unknown":          {[]string{"strat"}, exitUsage, "", `there is no subcommand "strat"`},
		"a token":          {[]string{goodBot}, exitUsage, "", `there is no subcommand "[a token]"`},
		"bot and more":     {[]string{"bot", "--fast"}, exitUsage, "", "bot takes no arguments"},
		"bot by default":   {nil, exitUsage, "", "No workspace is configured"},
		"bot by name":      {[]string{"bot"}, exitUsage, "", "No workspace is configured"},
		"manifest":         {[]string{"manifest"}, exitOK, "socket_mode_enabled: true", ""},
		"manifest as JSON": {[]string{"manifest", "--json"}, exitOK, `"socket_mode_enabled": true`, ""},
		"manifest help":    {[]string{"manifest", "-h"}, exitOK, "", "-name"},
	} {
		t.Run(name, func(t *testing.T) {
			code, stdout, stderr := runHere(t.Context(), c.args...)
			if code != c.code {
				t.Errorf("exit code %d, want %d", code, c.code)
			}
			for _, out := range []struct{ name, got, want string }{{"stdout", stdout, c.stdout}, {"stderr", stderr, c.stderr}} {
				if !strings.Contains(out.got, out.want) || out.want == "" && out.got != "" {
					t.Errorf("%s is %q, want %q", out.name, out.got, out.want)
				}
			}
		})
	}
}

func TestHelpNamesEverything(t *testing.T) {
	_, stdout, _ := runHere(t.Context(), "help")
	for _, v := range variables() {
		if !strings.Contains(stdout, v.name) || v.meaning == "" {
			t.Errorf("help does not explain %s", v.name)
		}
	}
	for _, c := range subcommands() {
		if !strings.Contains(stdout, c.summary) {
			t.Errorf("help does not explain %s", c.name)
		}
	}
}

func TestHealthcheck(t *testing.T) {
	status := http.StatusOK
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/healthz" {
			t.Errorf("asked for %s", r.URL.Path)
		}
		w.WriteHeader(status)
	}))
	defer server.Close()
	addr := server.Listener.Addr().String()
	_, port, _ := net.SplitHostPort(addr)
	for _, listenAddr := range []string{addr, ":" + port, "0.0.0.0:" + port} {
		setEnv(t, map[string]string{"HTTP_ADDR": listenAddr})
		if code, _, stderr := runHere(t.Context(), "healthcheck"); code != exitOK {
			t.Errorf("HTTP_ADDR %s: exit %d, %s", listenAddr, code, stderr)
		}
	}
	status = http.StatusTeapot
	if code, _, stderr := runHere(t.Context(), "healthcheck"); code != exitFailed || !strings.Contains(stderr, "418") {
		t.Errorf("exit %d, %s", code, stderr)
	}
	setEnv(t, map[string]string{"HTTP_ADDR": "nonsense"})
	if code, _, stderr := runHere(t.Context(), "healthcheck"); code != exitFailed || !strings.Contains(stderr, "HTTP_ADDR") {
		t.Errorf("exit %d, %s", code, stderr)
	}
	setEnv(t, map[string]string{"HTTP_ADDR": closedAddr(t)})
	if code, _, _ := runHere(t.Context(), "healthcheck"); code != exitFailed {
		t.Errorf("nobody listens: exit %d", code)
	}
}

// closedAddr is an address of this machine on which nobody listens.
func closedAddr(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}
