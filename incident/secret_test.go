package incident

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/rs/zerolog"
)

// leaky is a Secret whose every printer shows it: what stays hidden is hidden by this package.
type leaky struct{ Text string }

func (l leaky) Reveal() string { return l.Text }

// The token is never in an error, in the log, even at trace, or in what a printer makes of a Stack or a Config, not even
// when the peer answers with it.
func TestTheTokenStaysHidden(t *testing.T) {
	var log bytes.Buffer
	bodies := []func(http.ResponseWriter, *http.Request){
		func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprintf(w, `{"error":"bad header %s"}`, r.Header.Get("Authorization"))
		},
		func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(401)
			fmt.Fprintf(w, `{"message":"token %s is unknown","messageId":"api-key.invalid"}`, testToken)
		},
		func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(502)
			fmt.Fprintf(w, `<html><title>GET Authorization=%s</title><body>%s</body>`, r.Header.Get("Authorization"), testToken)
		},
		func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", "https://login.example/?token="+testToken)
			w.WriteHeader(302)
		},
		func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprintf(w, `{"incident":{"title":{"x":"%s"}}}`, testToken)
		},
		func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, strings.Replace(oneIncident, "checkout", testToken, 1))
		},
		func(w http.ResponseWriter, _ *http.Request) { panic(http.ErrAbortHandler) },
	}
	var turn atomic.Int32
	s := served(t, func(w http.ResponseWriter, r *http.Request) { bodies[turn.Load()](w, r) })
	s.log = zerolog.New(zerolog.SyncWriter(&log)).Level(zerolog.TraceLevel)
	s.guard.log = s.log
	for i := range bodies {
		turn.Store(int32(i))
		_, err := s.Declare(within(t), Declaration{Title: "x"})
		shows(t, fmt.Sprintf("error %d", i), fmt.Sprintf("%v %+v %#v", err, err, err))
		if refused := s.Refused(); refused != nil {
			shows(t, "refusal", fmt.Sprintf("%+v", refused))
		}
		s.Warm(within(t))
	}
	if !strings.Contains(log.String(), "grafana exchange") || !strings.Contains(log.String(), "grafana called") {
		t.Fatalf("the log was not tried: %s", log.String())
	}
	shows(t, "log", log.String())
	c := Config{URL: "https://u:" + testToken + "@my-stack.grafana.net", Token: leaky{testToken}}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		shows(t, "Stack "+verb, fmt.Sprintf(verb, s), fmt.Sprintf(verb, struct{ S *Stack }{s}), fmt.Sprintf(verb, struct{ s *Stack }{s}), fmt.Sprintf(verb, []*Stack{s, nil}))
		shows(t, "Config "+verb, fmt.Sprintf(verb, c), fmt.Sprintf(verb, &c), fmt.Sprintf(verb, []Config{c}), fmt.Sprintf(verb, struct{ C Config }{c}))
	}
	shows(t, "guard", fmt.Sprintf("%v %+v", s.guard, s.guard), fmt.Sprintf("%+v", s.api))
	//lint:ignore SA9005 that there is no field to see is what is shown
	raw, _ := json.Marshal(s)
	shows(t, "Stack as JSON", string(raw))
	_, err := New(c)
	shows(t, "New", fmt.Sprint(err))
	_, err = New(Config{URL: "https://my-stack.grafana.net", Token: leaky{testToken + "x"}})
	shows(t, "New", fmt.Sprint(err))
}

func shows(t *testing.T, where string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if strings.Contains(text, testToken[5:37]) || strings.Contains(text, fmt.Sprintf("%x", testToken[5:20])) {
			t.Errorf("%s shows the token: %s", where, text)
		}
	}
}

func TestNewIsForPeople(t *testing.T) {
	for want, c := range map[string]Config{
		"Write https://my-stack.grafana.net": {URL: "my-stack.grafana.net", Token: testSecret(testToken)},
		"checksum":                           {URL: "https://my-stack.grafana.net", Token: testSecret(testToken[:45] + "8")},
		"it is empty":                        {URL: "https://my-stack.grafana.net"},
	} {
		if s, err := New(c); s != nil || err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
	s, err := New(Config{URL: "https://my-stack.grafana.net", Token: testSecret(testToken)})
	if err != nil || fmt.Sprintf("%v", s) != "incident.Stack(https://my-stack.grafana.net)" {
		t.Errorf("%v, %v", s, err)
	}
}
