package bot

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/rs/zerolog"
)

// web is a Slack in memory: a RoundTripper that answers each method as told, in simulated time too. What a test has not
// told and what has no usual answer fails the test.
type web struct {
	t       testing.TB
	mu      sync.Mutex
	made    []webCall
	answers map[string][]webAnswer
	posted  int
}

// webCall is one request as it arrived.
type webCall struct {
	Method string // "chat.postMessage"; "hook" for a response URL
	Token  string
	Args   map[string]any
	At     time.Time
}

func (c webCall) arg(name string) string { s, _ := c.Args[name].(string); return s }

// webAnswer answers one request; an error is a failure below HTTP.
type webAnswer func(r *http.Request, c webCall) (status int, header http.Header, body string, err error)

func newWeb(t testing.TB) *web { return &web{t: t, answers: map[string][]webAnswer{}} }

// on queues answers of a method; after them come the usual ones again.
func (w *web) on(method string, answers ...webAnswer) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.answers[method] = append(w.answers[method], answers...)
}

// calls gives the requests of a method in order, of all for "".
func (w *web) calls(method string) []webCall {
	w.mu.Lock()
	defer w.mu.Unlock()
	var found []webCall
	for _, c := range w.made {
		if method == "" || c.Method == method {
			found = append(found, c)
		}
	}
	return found
}

// methods gives the names of all requests in order, but for those that every test makes.
func (w *web) methods() string {
	var names []string
	for _, c := range w.calls("") {
		if c.Method != "auth.test" && c.Method != "users.info" {
			names = append(names, c.Method)
		}
	}
	return strings.Join(names, " ")
}

func (w *web) RoundTrip(r *http.Request) (*http.Response, error) {
	c := readWebCall(r)
	w.mu.Lock()
	w.made = append(w.made, c)
	var answer webAnswer
	if queue := w.answers[c.Method]; len(queue) > 0 {
		answer, w.answers[c.Method] = queue[0], queue[1:]
	}
	if c.Method == "chat.postMessage" {
		w.posted++
	}
	n := w.posted
	w.mu.Unlock()
	if answer == nil {
		answer = w.usual(c, n)
	}
	status, header, body, err := answer(r, c)
	if err != nil {
		return nil, err
	}
	if header == nil {
		header = http.Header{"Content-Type": {"application/json; charset=utf-8"}}
	}
	return &http.Response{
		StatusCode: status, Status: fmt.Sprint(status, " ", http.StatusText(status)), Header: header,
		Body: io.NopCloser(strings.NewReader(body)), Request: r,
	}, nil
}

func readWebCall(r *http.Request) webCall {
	c := webCall{Method: strings.TrimPrefix(r.URL.Path, "/api/"), Args: map[string]any{}, At: time.Now()}
	if strings.HasPrefix(r.URL.Path, "/hook/") {
		c.Method = "hook"
	}
	c.Token = strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	body, _ := io.ReadAll(r.Body)
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		_ = json.NewDecoder(bytes.NewReader(body)).Decode(&c.Args)
	} else if form, err := url.ParseQuery(string(body)); err == nil {
		for k := range form {
			c.Args[k] = form.Get(k)
		}
		if c.Token == "" {
			c.Token = form.Get("token")
		}
	}
	return c
}

// usual is what Slack says when all is well.
func (w *web) usual(c webCall, n int) webAnswer {
	switch c.Method {
	case "auth.test":
		return says(`{"ok":true,"team_id":"T1","user_id":"UBOT","bot_id":"BBOT"}`)
	case "users.info":
		return says(fmt.Sprintf(`{"ok":true,"user":{"id":%q,"team_id":"T1","name":"ana","tz":"Europe/Berlin","profile":{"display_name":"Ana"}}}`, c.arg("user")))
	case "chat.postMessage":
		return says(fmt.Sprintf(`{"ok":true,"channel":%q,"ts":"100.%06d"}`, c.arg("channel"), n))
	case "chat.postEphemeral":
		return says(`{"ok":true,"message_ts":"200.000001"}`)
	case "chat.update", "chat.delete":
		return says(fmt.Sprintf(`{"ok":true,"channel":%q,"ts":%q}`, c.arg("channel"), c.arg("ts")))
	case "views.open", "views.push", "views.update":
		return says(`{"ok":true,"view":{"id":"V1","hash":"h1","type":"modal"}}`)
	case "hook":
		return func(*http.Request, webCall) (int, http.Header, string, error) {
			return http.StatusOK, http.Header{"Content-Type": {"text/plain"}}, "ok", nil
		}
	}
	w.t.Errorf("nobody told what %s answers", c.Method)
	return says(`{"ok":false,"error":"unknown_method"}`)
}

// says answers with a body.
func says(body string) webAnswer {
	return func(*http.Request, webCall) (int, http.Header, string, error) { return http.StatusOK, nil, body, nil }
}

// slackError answers with Slack's name for an error.
func slackError(code string) webAnswer { return says(fmt.Sprintf(`{"ok":false,"error":%q}`, code)) }

// missingScope answers that a scope is missing.
func missingScope(needed string) webAnswer {
	return says(fmt.Sprintf(`{"ok":false,"error":"missing_scope","needed":%q,"provided":"commands"}`, needed))
}

// status answers with an HTTP status and a page.
func status(code int) webAnswer {
	return func(*http.Request, webCall) (int, http.Header, string, error) {
		return code, http.Header{"Content-Type": {"text/html"}}, "<html>sorry</html>", nil
	}
}

// tooMany answers 429.
func tooMany(seconds int) webAnswer {
	return func(*http.Request, webCall) (int, http.Header, string, error) {
		return http.StatusTooManyRequests, http.Header{"Retry-After": {fmt.Sprint(seconds)}}, "", nil
	}
}

// hangs never answers.
func hangs() webAnswer {
	return func(r *http.Request, _ webCall) (int, http.Header, string, error) {
		<-r.Context().Done()
		return 0, nil, "", r.Context().Err()
	}
}

// breaks cuts the connection; refuses does not let it begin.
func breaks() webAnswer {
	return func(*http.Request, webCall) (int, http.Header, string, error) {
		return 0, nil, "", &net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET}
	}
}

func refuses() webAnswer {
	return func(*http.Request, webCall) (int, http.Header, string, error) {
		return 0, nil, "", &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("connection refused")}
	}
}

// times repeats an answer.
func times(n int, a webAnswer) []webAnswer {
	var all []webAnswer
	for range n {
		all = append(all, a)
	}
	return all
}

// rig is a sender and a router of one workspace, T1, on a web.
type rig struct {
	*web
	ws     *Workspaces
	sender *Sender
	log    *logBuffer
}

func newRig(t testing.TB) *rig {
	t.Helper()
	w := newWeb(t)
	return newRigOn(t, w, w)
}

// newRigOn makes a rig whose calls go through another transport.
func newRigOn(t testing.TB, w *web, through http.RoundTripper) *rig {
	t.Helper()
	log := &logBuffer{}
	ws := NewWorkspaces([]Credentials{{TeamID: "T1", BotToken: NewSecret("xoxb-one")}}, "https://slack.test/api",
		&http.Client{Transport: through}, zerolog.New(log))
	if err := ws.Resolve(context.Background()); err != nil {
		t.Fatal(err)
	}
	return &rig{web: w, ws: ws, sender: NewSender(ws, zerolog.New(log)), log: log}
}

// request is a request of somebody in C1, answered through hook n.
func (g *rig) request(kind Kind) *Request {
	one, _ := g.ws.byID("T1")
	r := &Request{
		Delivery: Delivery{
			Kind: kind, Key: "k1", CommandName: "/incident", Text: "note it &lt;works&gt;", Installation: Installation{TeamID: "T1"},
			Actor: Actor{UserID: "U1", TeamID: "T1"}, Place: Place{ChannelID: "C1"},
		},
		Workspace: "T1", Ref: "abcde", ws: one,
	}
	switch kind {
	case Command, Click:
		r.Response = Response{URL: NewSecret("https://slack.test/hook/1"), Expires: time.Now().Add(30 * time.Minute)}
	}
	if kind != Command {
		r.Place.MessageTS = "50.000001"
	}
	return r
}

// logBuffer keeps log lines.
type logBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// lines gives the log lines with a message.
func (l *logBuffer) lines(message string) []map[string]any {
	var found []map[string]any
	for _, text := range strings.Split(l.String(), "\n") {
		var line map[string]any
		if json.Unmarshal([]byte(text), &line) == nil && line["message"] == message {
			found = append(found, line)
		}
	}
	return found
}
