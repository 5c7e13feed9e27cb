package slacktest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"incident-bot/bot/slacktest"
)

// room is a Slack with one workspace, one person and one channel.
type room struct {
	*slacktest.Server
	w   *slacktest.Workspace
	ana *slacktest.User
	ops *slacktest.Channel
}

func newRoom(t testing.TB, o slacktest.Options) room {
	t.Helper()
	s := slacktest.New(o)
	t.Cleanup(s.Close)
	w := s.NewWorkspace("Acme")
	return room{s, w, w.NewUser("ana"), w.NewChannel("ops")}
}

// patience is how long a test waits for something that should come at once.
const patience = 30 * time.Second

// soon is a context for what must happen at once.
func soon(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	return ctx
}

type answer map[string]any

func (a answer) str(path string) string {
	var v any = map[string]any(a)
	for _, key := range strings.Split(path, ".") {
		m, _ := v.(map[string]any)
		v = m[key]
	}
	s, _ := v.(string)
	return s
}

// call calls a method with form arguments, given as name, value, name, value.
func (r room) call(t testing.TB, method string, args ...string) answer {
	t.Helper()
	return r.callAs(t, r.w.BotToken, method, args...)
}

func (r room) callAs(t testing.TB, token, method string, args ...string) answer {
	t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(args); i += 2 {
		form.Set(args[i], args[i+1])
	}
	_, out := r.post(t, r.APIURL()+method, "application/x-www-form-urlencoded", token, form.Encode())
	return out
}

// post sends a body and gives the HTTP answer and its JSON, nil when it is none.
func (r room) post(t testing.TB, url, kind, token, body string) (*http.Response, answer) {
	t.Helper()
	req, err := http.NewRequestWithContext(soon(t), http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", kind)
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	var out answer
	_ = json.Unmarshal(b, &out)
	return resp, out
}

// respond posts to the response URL of an act.
func (r room) respond(t testing.TB, a *slacktest.Act, body string) (int, answer) {
	t.Helper()
	resp, out := r.post(t, field(t, a.Payload(), "response_url"), "application/json", "", body)
	return resp.StatusCode, out
}

// field is a string at a path like "event.user" or "actions.0.value".
func field(t testing.TB, raw []byte, path string) string {
	t.Helper()
	v := value(t, raw, path)
	if s, ok := v.(string); ok {
		return s
	}
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func value(t testing.TB, raw []byte, path string) any {
	t.Helper()
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatal(err)
	}
	for _, key := range strings.Split(path, ".") {
		switch x := v.(type) {
		case map[string]any:
			v = x[key]
		case []any:
			i := int(key[0] - '0')
			if i >= len(x) {
				return nil
			}
			v = x[i]
		default:
			return nil
		}
	}
	return v
}

// client is a bare Socket Mode client.
type client struct {
	t    testing.TB
	conn *websocket.Conn
	// frames are the frames that were read; it is closed when the socket ends.
	frames chan frame
	err    error // why it ended, once frames is closed
	pings  chan string
}

type frame struct {
	Type        string          `json:"type"`
	EnvelopeID  string          `json:"envelope_id"`
	Reason      string          `json:"reason"`
	Accepts     bool            `json:"accepts_response_payload"`
	Attempt     *int            `json:"retry_attempt"`
	RetryReason string          `json:"retry_reason"`
	Payload     json.RawMessage `json:"payload"`
	Connections int             `json:"num_connections"`
	Info        struct {
		AppID string `json:"app_id"`
	} `json:"connection_info"`
	Debug struct {
		Host string `json:"host"`
		Life int    `json:"approximate_connection_time"`
	} `json:"debug_info"`
}

// socketURL gives a fresh address.
func (r room) socketURL(t testing.TB) string {
	t.Helper()
	out := r.callAs(t, r.AppToken(), "apps.connections.open")
	if out["ok"] != true {
		t.Fatalf("apps.connections.open: %v", out)
	}
	return out.str("url")
}

// dial opens a socket and reads its hello.
func (r room) dial(t testing.TB) *client {
	t.Helper()
	c := r.dialRaw(t)
	if f := c.next(); f.Type != "hello" {
		t.Fatalf("first frame is %+v", f)
	}
	return c
}

func (r room) dialRaw(t testing.TB) *client {
	t.Helper()
	conn, _, err := websocket.DefaultDialer.DialContext(soon(t), r.socketURL(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	return newClient(t, conn)
}

func newClient(t testing.TB, conn *websocket.Conn) *client {
	c := &client{t: t, conn: conn, frames: make(chan frame, 10_000), pings: make(chan string, 100)}
	t.Cleanup(func() { _ = conn.Close() })
	answer := conn.PingHandler()
	conn.SetPingHandler(func(data string) error {
		c.pings <- data
		return answer(data)
	})
	go func() {
		defer close(c.frames)
		for {
			var f frame
			if c.err = conn.ReadJSON(&f); c.err != nil {
				return
			}
			c.frames <- f
		}
	}()
	return c
}

// next is the next frame; the test ends when there is none.
func (c *client) next() frame {
	c.t.Helper()
	select {
	case f, ok := <-c.frames:
		if !ok {
			c.t.Fatalf("the socket ended: %v", c.err)
		}
		return f
	case <-time.After(patience):
		c.t.Fatal("no frame")
	}
	return frame{}
}

// ended waits for the end of the socket and says why.
func (c *client) ended() error {
	c.t.Helper()
	timeout := time.After(patience)
	for {
		select {
		case _, ok := <-c.frames:
			if !ok {
				return c.err
			}
		case <-timeout:
			c.t.Fatal("the socket stays open")
		}
	}
}

func (c *client) ack(f frame, payload string) {
	c.t.Helper()
	out := map[string]any{"envelope_id": f.EnvelopeID}
	if payload != "" {
		out["payload"] = json.RawMessage(payload)
	}
	if err := c.conn.WriteJSON(out); err != nil {
		c.t.Fatal(err)
	}
}

// acked acknowledges the next frame and waits until the act knows.
func (c *client) acked(a *slacktest.Act, payload string) frame {
	c.t.Helper()
	f := c.next()
	c.ack(f, payload)
	if _, err := a.Acked(soon(c.t)); err != nil {
		c.t.Fatal(err)
	}
	return f
}

// sees fails the test unless the person sees these plain messages in the channel.
func sees(t testing.TB, u *slacktest.User, ch *slacktest.Channel, want ...string) {
	t.Helper()
	var got []string
	for _, m := range u.Sees(ch) {
		got = append(got, m.Plain())
	}
	if len(got) != len(want) {
		t.Fatalf("%s sees %d messages %q, want %q", u.Name, len(got), got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%s sees %q as message %d, want %q", u.Name, got[i], i, want[i])
		}
	}
}

// wantError fails the test unless the answer is this refusal.
func wantError(t testing.TB, a answer, name string) {
	t.Helper()
	if a["ok"] != false || a.str("error") != name {
		t.Errorf("answer %v, want error %s", compact(a), name)
	}
}

func wantOK(t testing.TB, a answer) {
	t.Helper()
	if a["ok"] != true {
		t.Fatalf("answer %v, want ok", compact(a))
	}
}

func compact(v any) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(v)
	s := b.String()
	return s[:min(len(s), 400)]
}

// none fails the test when the app did what a careful app does not do.
func (r room) none(t testing.TB) {
	t.Helper()
	if v := r.Violations(); len(v) > 0 {
		t.Errorf("violations: %q", v)
	}
}
