package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"incident-bot/bot/slacktest"
	"incident-bot/incident/incidenttest"
)

// world is both fakes, one workspace with a person and a channel, and the stack that it uses.
type world struct {
	slack   *slacktest.Server
	team    *slacktest.Workspace
	ana     *slacktest.User
	ops     *slacktest.Channel
	grafana *incidenttest.Server
	token   string
	dir     string // of the database
}

func newWorld(t *testing.T) *world {
	t.Helper()
	// Slack's three seconds are for simulated time: here a busy machine and a busy disk may use them up.
	w := &world{slack: slacktest.New(slacktest.Options{AckTimeout: time.Minute}), grafana: incidenttest.New(incidenttest.Options{}), dir: t.TempDir()}
	t.Cleanup(w.slack.Close)
	t.Cleanup(w.grafana.Close)
	w.team = w.slack.NewWorkspace("Acme", slacktest.WithScopes(manifestScopes()...))
	w.ana = w.team.NewUser("ana")
	w.ops = w.team.NewChannel("ops", slacktest.WithBot())
	w.token = w.grafana.NewToken(incidenttest.Editor)
	return w
}

// manifestScopes are the scopes that the manifest asks for: the program has to get by with them.
func manifestScopes() []string {
	var list []string
	for _, n := range needs() {
		list = append(list, n.scopes...)
	}
	return list
}

// env is the environment of a bot in this world.
func (w *world) env() map[string]string {
	return map[string]string{
		"SLACK_APP_TOKEN": w.slack.AppToken(), "SLACK_BOT_TOKEN": w.team.BotToken, "SLACK_API_URL": w.slack.APIURL(),
		"GRAFANA_URL": w.grafana.URL(), "GRAFANA_SERVICE_ACCOUNT_TOKEN": w.token,
		"HTTP_ADDR": "127.0.0.1:0", "LOG_LEVEL": "trace", "DATABASE_URL": "sqlite://" + filepath.Join(w.dir, "incident-bot.db"),
	}
}

// program is a run of the whole program inside the test.
type program struct {
	t      *testing.T
	stdout output
	stderr output
	cancel context.CancelFunc
	done   chan struct{}
	code   int
}

// output is a buffer that may be read while it is written.
type output struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.String()
}

// start runs the program with an environment until the test ends or stops it.
func start(t *testing.T, env map[string]string) *program {
	t.Helper()
	setEnv(t, env)
	ctx, cancel := context.WithCancel(context.Background())
	p := &program{t: t, cancel: cancel, done: make(chan struct{})}
	go func() {
		defer close(p.done)
		p.code = run(ctx, nil, strings.NewReader(""), &p.stdout, &p.stderr)
	}()
	t.Cleanup(func() {
		cancel()
		<-p.done
		if t.Failed() {
			t.Logf("log:\n%s\nstderr:\n%s", p.stdout.String(), p.stderr.String())
		}
	})
	return p
}

// stop asks the program to end, as SIGTERM does, and gives its exit code.
func (p *program) stop() int {
	p.cancel()
	return p.wait()
}

// wait gives the exit code once the program has ended.
func (p *program) wait() int {
	p.t.Helper()
	select {
	case <-p.done:
		return p.code
	case <-time.After(time.Minute):
		p.t.Fatal("the program did not end in a minute")
		return -1
	}
}

// lines are the lines of the log.
func (p *program) lines() []map[string]any {
	p.t.Helper()
	var list []map[string]any
	for _, line := range strings.Split(strings.TrimSpace(p.stdout.String()), "\n") {
		var one map[string]any
		if line == "" {
			continue
		}
		if err := json.Unmarshal([]byte(line), &one); err != nil {
			p.t.Fatalf("the log has a line that is no JSON: %s", line)
		}
		list = append(list, one)
	}
	return list
}

// logged finds a line by its message.
func (p *program) logged(message string) (map[string]any, bool) {
	for _, one := range p.lines() {
		if one["message"] == message {
			return one, true
		}
	}
	return nil, false
}

// addr is where the program serves HTTP.
func (p *program) addr() string {
	p.t.Helper()
	var addr string
	eventually(p.t, "the program listens", func() bool {
		line, ok := p.logged("starting")
		if ok {
			addr, _ = line["http"].(string)
		}
		return ok
	})
	return addr
}

// get asks the program's HTTP server.
func (p *program) get(path string) (status int, body string) {
	p.t.Helper()
	resp, err := http.Get("http://" + p.addr() + path)
	if err != nil {
		return 0, err.Error()
	}
	defer func() { _ = resp.Body.Close() }()
	text, _ := io.ReadAll(resp.Body)
	return resp.StatusCode, string(text)
}

// becomes waits until /readyz has the status and says the words.
func (p *program) becomes(status int, words string) {
	p.t.Helper()
	var got int
	var body string
	eventually(p.t, "/readyz", func() bool {
		got, body = p.get("/readyz")
		return got == status && strings.Contains(body, words)
	}, func() string { return body })
}

// eventually waits for a condition, for a minute at most.
func eventually(t *testing.T, what string, ok func() bool, more ...func() string) {
	t.Helper()
	end := time.After(time.Minute)
	again := time.NewTicker(10 * time.Millisecond)
	defer again.Stop()
	for !ok() {
		select {
		case <-end:
			for _, m := range more {
				what += "\n" + m()
			}
			t.Fatalf("not in a minute: %s", what)
		case <-again.C:
		}
	}
}

// sees waits until a person sees text in a channel.
func sees(t *testing.T, u *slacktest.User, ch *slacktest.Channel, text string) slacktest.Message {
	t.Helper()
	var found slacktest.Message
	eventually(t, u.Name+" sees "+text, func() bool {
		for _, m := range u.Sees(ch) {
			if strings.Contains(m.Plain(), text) || strings.Contains(m.Text, text) {
				found = m
				return true
			}
		}
		return false
	}, func() string {
		var all strings.Builder
		for _, m := range u.Sees(ch) {
			all.WriteString(m.Plain() + "\n")
		}
		return "seen:\n" + all.String()
	})
	return found
}
