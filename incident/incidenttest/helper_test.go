package incidenttest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	api "github.com/grafana/incident-go"

	"incident-bot/incident/incidenttest"
)

// start starts a stack that ends with the test.
func start(t testing.TB, o incidenttest.Options) *incidenttest.Server {
	t.Helper()
	s := incidenttest.New(o)
	t.Cleanup(s.Close)
	return s
}

// client is the official client with a new Editor's token.
func client(s *incidenttest.Server) *api.Client {
	return api.NewClient(s.URL()+"/api/plugins/grafana-irm-app/resources/api/v1/", s.NewToken(incidenttest.Editor))
}

// answer is a raw answer, err what kept it from coming.
type answer struct {
	status int
	header http.Header
	body   string
	err    error
}

// object reads the body as a JSON object.
func (a answer) object(t testing.TB) map[string]any {
	t.Helper()
	var all map[string]any
	if err := json.Unmarshal([]byte(a.body), &all); err != nil {
		t.Fatalf("%v in %q (%v)", err, a.body, a.err)
	}
	return all
}

// post calls a path below /api/plugins/ without the official client. token "" sends no Authorization.
func post(ctx context.Context, s *incidenttest.Server, path, token, body string) answer {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.URL()+"/api/plugins/"+path, strings.NewReader(body))
	if err != nil {
		return answer{err: err}
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	plain := &http.Transport{DisableKeepAlives: true, DisableCompression: true}
	c := &http.Client{Transport: plain, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	out, err := c.Do(r)
	if err != nil {
		return answer{err: err}
	}
	defer out.Body.Close()
	data, err := io.ReadAll(out.Body)
	return answer{out.StatusCode, out.Header, string(data), err}
}

const v1 = "grafana-irm-app/resources/api/v1/"

// call calls a method under /v1 with a body.
func call(t testing.TB, s *incidenttest.Server, method, token, body string) answer {
	t.Helper()
	return post(t.Context(), s, v1+method, token, body)
}

// clock is a time that a test moves.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *clock { return &clock{at: time.Date(2026, 1, 2, 15, 4, 5, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) Add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// must gives a value or ends the test.
func must[T any](out T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
}

// refused checks that an error says something.
func refused(t testing.TB, err error, want string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("the error is %v, want %q", err, want)
	}
}

func canonical(t testing.TB, v any) string {
	t.Helper()
	var b bytes.Buffer
	if err := json.NewEncoder(&b).Encode(v); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
