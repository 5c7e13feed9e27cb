package bot

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/rs/zerolog"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
)

// benchSlack opens sockets and nothing else; the last one is what the benchmark talks through.
type benchSlack struct {
	*httptest.Server
	conns chan *websocket.Conn
}

func newBenchSlack(b *testing.B) *benchSlack {
	s := &benchSlack{conns: make(chan *websocket.Conn, 1)}
	mux := http.NewServeMux()
	mux.HandleFunc("/api/apps.connections.open", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprintf(w, `{"ok":true,"url":"ws%s/link"}`, strings.TrimPrefix(s.URL, "http"))
	})
	mux.HandleFunc("/link", func(w http.ResponseWriter, r *http.Request) {
		up := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
		conn, err := up.Upgrade(w, r, nil)
		if err != nil {
			b.Error(err)
			return
		}
		_ = conn.WriteMessage(websocket.TextMessage, []byte(hello))
		s.conns <- conn
	})
	s.Server = httptest.NewServer(mux)
	b.Cleanup(s.Close)
	return s
}

func (s *benchSlack) client() *slack.Client {
	return slack.New("xoxb-1", slack.OptionAppLevelToken("xapp-1"), slack.OptionAPIURL(s.URL+"/api/"),
		slack.OptionLog(log.New(io.Discard, "", 0)))
}

// roundTrips sends frames with ids of their own, each when the one before was acknowledged.
func roundTrips(b *testing.B, conn *websocket.Conn, raw []byte, n, from int) time.Duration {
	b.Helper()
	start := time.Now()
	for i := range n {
		id := fmt.Sprintf("bench-%08d", from+i)
		frame := bytes.Replace(raw, []byte("e1-1b2c"), []byte(id), 1)
		frame = bytes.Replace(frame, []byte("6155.738474920"), []byte(id), 1) // the trigger: another act
		if err := conn.WriteMessage(websocket.TextMessage, frame); err != nil {
			b.Fatal(err)
		}
		_, ack, err := conn.ReadMessage()
		if err != nil || !bytes.Contains(ack, []byte(id)) {
			b.Fatalf("%s, %v", ack, err)
		}
	}
	return time.Since(start)
}

// BenchmarkFrameToAck is from a command's frame leaving Slack to its acknowledgement arriving there, over loopback, with
// the whole delivery path behind it (dedupe, lanes, a handler that does nothing), beside slack-go's socketmode handler
// acknowledging as its first act. One operation is one command to each, in turns.
func BenchmarkFrameToAck(b *testing.B) {
	raw := compact(b, envelopeFile(b, "command"))
	ours, theirs := benchOurs(b), benchTheirs(b)
	const round = 200
	var our, their time.Duration
	roundTrips(b, ours, raw, round, 0)
	roundTrips(b, theirs, raw, round, 0)
	done := round
	for b.Loop() {
		our += roundTrips(b, ours, raw, round, done)
		their += roundTrips(b, theirs, raw, round, done)
		done += round
	}
	b.ReportMetric(float64(our.Microseconds())/float64(done-round), "µs/ack")
	b.ReportMetric(float64(our)/float64(their), "time/slack-go")
}

func benchOurs(b *testing.B) *websocket.Conn {
	s := newBenchSlack(b)
	m := unmeasured(b)
	inbox := newMemory(time.Now, maxWaiting)
	way := &nothing{}
	lanes := newLanes(way, inbox, m, zerolog.Nop())
	in := &intake{
		inbox: inbox, router: way, lanes: lanes, metrics: m, log: zerolog.Nop(),
		fast: newFast(fastSlots, fastBudget, newSeen(time.Now, maxSeen)),
	}
	l := newListener(1, s.client(), in.take, defaultTiming(), m, zerolog.Nop())
	ctx, cancel := context.WithCancel(context.Background())
	over := make(chan error)
	go func() { over <- l.run(ctx) }()
	b.Cleanup(func() { cancel(); <-over; l.stop(); lanes.abandon() })
	return <-s.conns
}

// nothing is a dispatcher whose handlers do nothing.
type nothing struct{}

func (nothing) Run(context.Context, *act) outcome          { return outcome{} }
func (nothing) Wait(context.Context, *act, Wait)           {}
func (nothing) Refusal(Delivery, error) any                { return nil }
func (nothing) Fast(context.Context, Delivery) (any, bool) { return nil, true }
func (nothing) NeedsFast(Delivery) bool                    { return false }
func (nothing) Lane(d Delivery) string                     { return d.Installation.TeamID + "/" + d.Place.ChannelID }
func (nothing) Refuse(context.Context, Delivery, error)    {}

func benchTheirs(b *testing.B) *websocket.Conn {
	s := newBenchSlack(b)
	client := socketmode.New(s.client(), socketmode.OptionLog(log.New(io.Discard, "", 0)))
	handler := socketmode.NewSocketmodeHandler(client)
	handler.HandleSlashCommand("/incident", func(e *socketmode.Event, c *socketmode.Client) { _ = c.Ack(*e.Request) })
	ctx, cancel := context.WithCancel(context.Background())
	go func() { _ = handler.RunEventLoopContext(ctx) }()
	b.Cleanup(cancel)
	return <-s.conns
}
