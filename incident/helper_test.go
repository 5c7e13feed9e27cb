package incident

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"strings"
	"sync"
	"testing"
	"time"
)

// testToken is the vector of grafana's satokengen: it has a valid checksum, and no stack knows it.
const testToken = "glsa_iNValIdinValiDinvalidinvalidinva_5b582697"

type testSecret string

func (s testSecret) Reveal() string { return string(s) }

// reply is one canned answer, or a failure of the network.
type reply struct {
	status  int
	body    string
	header  http.Header
	err     error // no answer
	touched bool  // with err: after a connection was there
}

func ok(body string) reply              { return reply{status: 200, body: body} }
func answer(status int, b string) reply { return reply{status: status, body: b} }

// sent is one request that a script saw.
type sent struct {
	method string // IncidentsService.GetIncident
	path   string
	header http.Header
	body   map[string]any
}

// script is an http.RoundTripper that gives each method its answers in order, the last one again and again. A method
// without answers fails the test.
type script struct {
	t       *testing.T
	mu      sync.Mutex
	answers map[string][]reply
	seen    []sent
}

func newScript(t *testing.T) *script { return &script{t: t, answers: map[string][]reply{}} }

func (s *script) on(method string, answers ...reply) *script {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answers[method] = answers
	return s
}

func (s *script) RoundTrip(r *http.Request) (*http.Response, error) {
	defer r.Body.Close()
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	in := sent{method: methodOf(r.URL.Path), path: r.URL.Path, header: r.Header.Clone()}
	if err := json.Unmarshal(raw, &in.body); err != nil {
		s.t.Errorf("%s: body %q: %v", in.method, raw, err)
	}
	a := s.take(in)
	if trace := httptrace.ContextClientTrace(r.Context()); trace != nil && (a.err == nil || a.touched) {
		trace.GotConn(httptrace.GotConnInfo{Conn: &net.TCPConn{}})
	}
	if a.err != nil {
		return nil, a.err
	}
	h := a.header.Clone()
	if h == nil {
		h = http.Header{"Content-Type": {"application/json"}}
	}
	return &http.Response{StatusCode: a.status, Header: h, Body: io.NopCloser(strings.NewReader(a.body)), ContentLength: int64(len(a.body)), Request: r}, nil
}

func (s *script) take(in sent) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen = append(s.seen, in)
	answers := s.answers[in.method]
	if len(answers) == 0 {
		s.t.Errorf("unexpected call of %s with %v", in.method, in.body)
		return answer(500, `{"error":"unexpected"}`)
	}
	if len(answers) > 1 {
		s.answers[in.method] = answers[1:]
	}
	return answers[0]
}

// calls are the requests for a method; "" is all.
func (s *script) calls(method string) []sent {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []sent
	for _, c := range s.seen {
		if method == "" || c.method == method {
			out = append(out, c)
		}
	}
	return out
}

func (s *script) methods() string {
	var names []string
	for _, c := range s.calls("") {
		_, name, _ := strings.Cut(c.method, ".")
		names = append(names, name)
	}
	return strings.Join(names, " ")
}

// stack makes a Stack that talks to a script.
func (s *script) stack() *Stack {
	return newTestStack(s.t, "https://my-stack.grafana.net", s)
}

func newTestStack(t testing.TB, url string, transport http.RoundTripper) *Stack {
	t.Helper()
	stack, err := New(Config{URL: url, Token: testSecret(testToken), HTTP: &http.Client{Transport: transport}})
	if err != nil {
		t.Fatal(err)
	}
	return stack
}

// served makes a Stack that talks to a real server on the loopback.
func served(t testing.TB, h http.HandlerFunc) *Stack {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	client := NewHTTP()
	t.Cleanup(client.CloseIdleConnections)
	s := newTestStack(t, server.URL, client.Transport)
	s.timeout = 5 * time.Second
	return s
}

// simulated is served in a synctest bubble: the server is reached through memory, and no busy machine makes a call late.
func simulated(t *testing.T, h http.HandlerFunc) *Stack {
	t.Helper()
	server := httptest.NewUnstartedServer(h)
	_ = server.Listener.Close()
	door := &memory{conns: make(chan net.Conn), closed: make(chan struct{})}
	server.Listener = door
	server.Start()
	t.Cleanup(server.Close)
	transport := &http.Transport{DialContext: door.dial}
	t.Cleanup(transport.CloseIdleConnections)
	return newTestStack(t, server.URL, transport)
}

// memory is a listener that dial alone reaches.
type memory struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func (m *memory) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	here, there := net.Pipe()
	select {
	case m.conns <- there:
		return here, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (m *memory) Accept() (net.Conn, error) {
	select {
	case c := <-m.conns:
		return c, nil
	case <-m.closed:
		return nil, net.ErrClosed
	}
}

func (m *memory) Close() error { m.once.Do(func() { close(m.closed) }); return nil }

func (m *memory) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1} }

// fault is the *Error in err, or the end of the test.
func fault(t *testing.T, err error) *Error {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("got %v (%T), want an *Error", err, err)
	}
	return e
}

func wantCode(t *testing.T, err error, code Code) *Error {
	t.Helper()
	e := fault(t, err)
	if e.Code != code {
		t.Fatalf("code %s, want %s: %v", e.Code, code, err)
	}
	if strings.Contains(err.Error(), "glsa_") {
		t.Errorf("the error shows the token: %v", err)
	}
	return e
}

// Bodies of a small stack.
const (
	oneIncident = `{"incident":{"incidentID":"42","title":"checkout returns 500s","severity":"Major","status":"active","isDrill":false,` +
		`"incidentType":"internal","labels":[{"key":"team","label":"payments"},{"key":"","label":"eu"}],` +
		`"createdTime":"2026-11-24T14:32:00Z","modifiedTime":"2026-11-24T14:40:00.5Z","incidentStart":"2026-11-24 14:30:20.574137","incidentEnd":"","closedTime":"",` +
		`"createdByUser":{"userID":"grafana-incident:1","name":"Service Account: bot"},"durationSeconds":60,"overviewURL":"/a/grafana-irm-app/incidents/42/checkout-returns-500s",` +
		`"incidentMembership":{"assignments":[{"user":{"userID":"u1","name":"Ana"},"role":{"roleID":1,"name":"commander"},"roleID":1}]},` +
		`"taskList":{"tasks":[{"taskID":"t1","text":"restart the cache","status":"done","assignedUser":{"name":"Bob"}},{"taskID":"t2","text":"choose a severity","status":"todo","immutable":true,"assignedUser":null}]},"summary":"s"},"error":""}`
	someSeverities = `{"severities":[{"severityID":"s-p","displayLabel":"Pending","level":-1},{"severityID":"s-2","displayLabel":"Major","level":2},{"severityID":"s-1","displayLabel":"Critical","level":1},` +
		`{"severityID":"s-x","displayLabel":"Old","level":3,"archivedAt":"2024-01-01T00:00:00Z"}],"error":""}`
	someStatuses = `{"configurations":[{"incidentType":"internal","default":true,"statuses":[` +
		`{"statusID":"st-2","name":"Mitigated","slug":"mitigated-1","category":"active","position":2},{"statusID":"st-1","name":"Active","slug":"active","category":"active","position":1},` +
		`{"statusID":"st-3","name":"Resolved","slug":"resolved","category":"resolved","position":3},{"statusID":"st-9","name":"Gone","slug":"gone","category":"active","archivedTime":"2024-01-01T00:00:00Z"}]},` +
		`{"incidentType":"private","default":true,"statuses":[{"statusID":"pst-2","name":"Mitigated","slug":"mitigated-1","category":"active","incidentType":"private"},{"statusID":"pst-4","name":"Sealed","slug":"sealed","kind":"active","incidentType":"private"}]}],"error":""}`
)

// incidentWith is oneIncident with other values: "severity", "Minor", …
func incidentWith(pairs ...string) string {
	body := oneIncident
	for i := 0; i < len(pairs); i += 2 {
		_, after, _ := strings.Cut(body, `"`+pairs[i]+`":"`)
		old, _, _ := strings.Cut(after, `"`)
		body = strings.Replace(body, `"`+pairs[i]+`":"`+old+`"`, `"`+pairs[i]+`":"`+pairs[i+1]+`"`, 1)
	}
	return body
}

func drain(r io.Reader) []byte {
	var b bytes.Buffer
	_, _ = b.ReadFrom(r)
	return b.Bytes()
}

func within(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	return ctx
}
