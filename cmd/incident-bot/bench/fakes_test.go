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
// what is measured is the child. What they say has the size and the headers of the real thing, since reading it is part
// of the job: chat.postMessage gives the whole message back, AddActivity the whole item, a response URL the text "ok".
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
	mux.HandleFunc("/api/chat.postMessage", answer(postedJSON))
	mux.HandleFunc("/api/chat.update", answer(postedJSON))
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
		dress(w.Header(), "application/json; charset=utf-8")
		_, _ = io.WriteString(w, body)
	}
}

// dress adds what stands above an answer of Slack or of a stack behind its load balancer.
func dress(h http.Header, kind string) {
	for name, value := range map[string]string{
		"Content-Type": kind, "Server": "Apache", "Vary": "Accept-Encoding", "Via": "1.1 slack-prod.tinyspeck.com, envoy-www-iad",
		"Referrer-Policy": "no-referrer", "Strict-Transport-Security": "max-age=31536000; includeSubDomains; preload",
		"X-Content-Type-Options": "nosniff", "X-Xss-Protection": "0", "Cache-Control": "private, no-cache, no-store, must-revalidate",
		"Pragma": "no-cache", "Expires": "Sat, 26 Jul 1997 05:00:00 GMT", "X-Oauth-Scopes": "commands,chat:write,users:read",
		"X-Accepted-Oauth-Scopes": "chat:write", "X-Slack-Req-Id": "9b1deb4d3b7d4bad9bdd2b0d7b3dcb6d", "X-Envoy-Upstream-Service-Time": "104",
	} {
		h.Set(name, value)
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

// postedJSON is chat.postMessage's answer: a card's message as Slack stored it.
const postedJSON = `{"ok":true,"channel":"C0OPS0001","ts":"1700000000.000100","message":{"user":"U0BOT0001","type":"message","ts":"1700000000.000100","bot_id":"B0BOT0001","app_id":"A0BENCH01","text":"#42 checkout returns 500s, severity Critical, active","team":"T0BENCH01","bot_profile":{"id":"B0BOT0001","app_id":"A0BENCH01","user_id":"U0BOT0001","name":"incident-bot","icons":{"image_36":"https://avatars.slack-edge.com/36.png","image_48":"https://avatars.slack-edge.com/48.png","image_72":"https://avatars.slack-edge.com/72.png"},"deleted":false,"updated":1700000000,"team_id":"T0BENCH01"},"blocks":[{"type":"header","block_id":"h1","text":{"type":"plain_text","text":"#42 checkout returns 500s","emoji":true}},{"type":"section","block_id":"s1","fields":[{"type":"mrkdwn","text":"*Severity*\nCritical","verbatim":true},{"type":"mrkdwn","text":"*Status*\nactive","verbatim":true}]},{"type":"actions","block_id":"a1","elements":[{"type":"button","action_id":"card.update","text":{"type":"plain_text","text":"Update","emoji":true},"value":"42"},{"type":"button","action_id":"card.note","text":{"type":"plain_text","text":"Note","emoji":true},"value":"42"},{"type":"button","action_id":"card.severity","text":{"type":"plain_text","text":"Severity","emoji":true},"value":"42"},{"type":"button","action_id":"card.resolve","text":{"type":"plain_text","text":"Resolve","emoji":true},"value":"42"}]}]}}`

// activityJSON is an item of the timeline.
const activityJSON = `{"activityItemID":"activity-0001","incidentID":"42","user":{"userID":"grafana-incident:1","name":"Service Account: bot","photoURL":""},"subjectUser":{"userID":"","name":"","photoURL":""},"createdTime":"2026-11-24T03:00:00Z","eventTime":"2026-11-24T03:00:00Z","activityKind":"userNote","body":"CPU back to normal\n— ana via Slack","url":"","tags":[],"immutable":false,"fieldValues":{},"attachments":[],"relevance":"automatic"}`

const incidentJSON = `{"incidentID":"42","severity":"Critical","labels":[],"isDrill":false,"incidentType":"internal","createdTime":"2026-11-24T03:00:00Z","modifiedTime":"2026-11-24T03:00:00Z","createdByUser":{"userID":"grafana-incident:1","name":"Service Account: bot","photoURL":""},"closedTime":"","durationSeconds":0,"status":"active","title":"checkout returns 500s","overviewURL":"/a/grafana-irm-app/incidents/42/checkout","incidentMembership":{"assignments":[],"totalAssignments":0,"totalParticipants":0},"taskList":{"tasks":[],"todoCount":0,"doneCount":0},"summary":"","incidentStart":"","incidentEnd":"","incidentChannels":[]}`

func (p *peers) grafana(w http.ResponseWriter, r *http.Request) {
	body := `{"error":""}`
	switch method := r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]; method {
	case "IncidentsService.GetIncident", "IncidentsService.CreateIncident", "IncidentsService.UpdateSeverity":
		body = `{"incident":` + incidentJSON + `,"error":""}`
	case "IncidentsService.QueryIncidentPreviews":
		body = `{"incidentPreviews":[],"query":{},"cursor":{"nextValue":"","hasMore":false},"error":""}`
	case "ActivityService.AddActivity":
		body = `{"activityItem":` + activityJSON + `,"error":""}`
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
	dress(w.Header(), "text/html")
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
		"token": "gIkuvaNzQIHg97ATvDxqgjtO", "team_id": "T0BENCH01", "team_domain": "bench", "channel_id": fmt.Sprintf("C0OPS%04d", channel), "channel_name": "ops",
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
