package bench

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// peers are the least that Slack and Grafana can be: they check nothing (the strict fakes do that elsewhere) so that
// what is measured is the child.
type peers struct {
	t    testing.TB
	http *httptest.Server

	mu     sync.Mutex
	socket *websocket.Conn
	joined chan struct{}
	once   sync.Once

	next    atomic.Int64
	waiting sync.Map // response path -> chan struct{}
	acks    atomic.Int64
}

func newPeers(t testing.TB) *peers {
	p := &peers{t: t, joined: make(chan struct{})}
	mux := http.NewServeMux()
	mux.HandleFunc("/api/apps.connections.open", p.open)
	mux.HandleFunc("/api/auth.test", answer(`{"ok":true,"url":"https://bench.slack.com/","team":"bench","user":"incident-bot","team_id":"T0BENCH01","user_id":"U0BOT0001","bot_id":"B0BOT0001","is_enterprise_install":false}`))
	mux.HandleFunc("/api/users.info", answer(`{"ok":true,"user":{"id":"U0ANA0001","team_id":"T0BENCH01","name":"ana","real_name":"Ana","tz":"Europe/Berlin","profile":{"display_name":"ana"}}}`))
	mux.HandleFunc("/api/chat.postMessage", answer(`{"ok":true,"channel":"C0OPS0001","ts":"1700000000.000100","message":{}}`))
	mux.HandleFunc("/api/chat.update", answer(`{"ok":true,"channel":"C0OPS0001","ts":"1700000000.000100","message":{}}`))
	mux.HandleFunc("/api/", answer(`{"ok":true}`))
	mux.HandleFunc("/socket", p.serve)
	mux.HandleFunc("/response/", p.response)
	mux.HandleFunc("/api/plugins/", p.grafana)
	p.http = httptest.NewServer(mux)
	t.Cleanup(p.http.Close)
	return p
}

func answer(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, body)
	}
}

func (p *peers) open(w http.ResponseWriter, r *http.Request) {
	answer(`{"ok":true,"url":"ws`+strings.TrimPrefix(p.http.URL, "http")+`/socket"}`)(w, r)
}

func (p *peers) serve(w http.ResponseWriter, r *http.Request) {
	up := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }} // slack-go says it is a page of slack.com
	c, err := up.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	_ = c.WriteMessage(websocket.TextMessage, []byte(`{"type":"hello","num_connections":1,"connection_info":{"app_id":"A0BENCH01"},"debug_info":{"host":"bench","approximate_connection_time":18060}}`))
	p.mu.Lock()
	p.socket = c
	p.mu.Unlock()
	p.once.Do(func() { close(p.joined) })
	for {
		if _, _, err := c.ReadMessage(); err != nil {
			return
		}
		p.acks.Add(1)
	}
}

const incidentJSON = `{"incidentID":"42","severity":"Critical","labels":[],"isDrill":false,"incidentType":"internal","createdTime":"2026-11-24T03:00:00Z","modifiedTime":"2026-11-24T03:00:00Z","createdByUser":{"userID":"grafana-incident:1","name":"Service Account: bot","photoURL":""},"closedTime":"","durationSeconds":0,"status":"active","title":"checkout returns 500s","overviewURL":"/a/grafana-irm-app/incidents/42/checkout","incidentMembership":{"assignments":[],"totalAssignments":0,"totalParticipants":0},"taskList":{"tasks":[],"todoCount":0,"doneCount":0},"summary":"","incidentStart":"","incidentEnd":"","incidentChannels":[]}`

func (p *peers) grafana(w http.ResponseWriter, r *http.Request) {
	body := `{"error":""}`
	switch method := r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]; method {
	case "IncidentsService.GetIncident", "IncidentsService.CreateIncident", "IncidentsService.UpdateSeverity":
		body = `{"incident":` + incidentJSON + `,"error":""}`
	case "IncidentsService.QueryIncidentPreviews":
		body = `{"incidentPreviews":[],"query":{},"cursor":{"nextValue":"","hasMore":false},"error":""}`
	case "ActivityService.AddActivity":
		body = `{"activityItem":{"activityItemID":"a1","incidentID":"42","activityKind":"userNote","body":"x"},"error":""}`
	case "SeveritiesService.GetOrgSeverities":
		body = `{"severities":[{"severityID":"s1","displayLabel":"Critical","level":1},{"severityID":"s2","displayLabel":"Minor","level":3}],"error":""}`
	case "StatusService.QueryOrgStatuses":
		body = `{"configurations":[],"error":""}`
	}
	answer(body)(w, r)
}

// response is where the answer to a command arrives: the end of the measured path.
func (p *peers) response(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	_, _ = io.WriteString(w, "ok")
	if done, ok := p.waiting.LoadAndDelete(r.URL.Path); ok {
		close(done.(chan struct{}))
	}
}

// channels is over how many channels commands are spread: one channel takes about one message a second (docs).
const channels = 500

// command sends one slash command frame, its text ending in a number, and gives the channel that closes when its answer has arrived.
func (p *peers) command(text string) <-chan struct{} {
	n := p.next.Add(1)
	return p.commandIn(n%channels, n, text)
}

func (p *peers) commandIn(channel, n int64, text string) <-chan struct{} {
	path := fmt.Sprintf("/response/%d", n)
	done := make(chan struct{})
	p.waiting.Store(path, done)
	payload, err := json.Marshal(map[string]any{
		"token": "x", "team_id": "T0BENCH01", "team_domain": "bench", "channel_id": fmt.Sprintf("C0OPS%04d", channel), "channel_name": "ops",
		"user_id": "U0ANA0001", "user_name": "ana", "command": "/incident", "text": text + " " + strconv.FormatInt(n, 10), "api_app_id": "A0BENCH01",
		"is_enterprise_install": "false", "response_url": p.http.URL + path, "trigger_id": fmt.Sprintf("%d.1.abc", n),
	})
	if err != nil {
		p.t.Fatal(err)
	}
	frame := fmt.Sprintf(`{"envelope_id":"e-%d","type":"slash_commands","accepts_response_payload":true,"payload":%s}`, n, payload)
	p.mu.Lock()
	err = p.socket.WriteMessage(websocket.TextMessage, []byte(frame))
	p.mu.Unlock()
	if err != nil {
		p.t.Error(err)
	}
	return done
}

func (p *peers) wait(done <-chan struct{}) {
	p.t.Helper()
	select {
	case <-done:
	case <-time.After(30 * time.Second):
		p.t.Fatal("no answer in 30 s")
	}
}
