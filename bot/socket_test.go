package bot

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"
	"github.com/rs/zerolog"

	"incident-bot/bot/slacktest"
)

// eventually waits until ok, for conditions that nothing announces.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	look := time.NewTicker(time.Millisecond)
	defer look.Stop()
	for end := time.Now().Add(patience); !ok(); <-look.C {
		if time.Now().After(end) {
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

// keeper is a socketOwner that notes what it is told.
type keeper struct {
	*diary
	mu   sync.Mutex
	hold func() // while an envelope is worked on
}

func (k *keeper) greeted(*socket, *frame) { k.note("hello") }

func (k *keeper) envelope(s *socket, f *frame, _ time.Time) {
	k.note("envelope %s", f.EnvelopeID)
	k.mu.Lock()
	hold := k.hold
	k.mu.Unlock()
	if hold != nil {
		hold()
	}
	ack, _ := encodeAck(f.EnvelopeID, nil)
	if s.send(ack) != nil {
		k.note("not sent %s", f.EnvelopeID)
	}
}

func (k *keeper) unreadable(*socket, error) { k.note("unreadable") }

func (k *keeper) ended(s *socket) { k.note("ended: %s", s.why()) }

// wirePair is a socket and the connection at Slack's end of it.
type wirePair struct {
	*keeper
	t     *testing.T
	s     *socket
	slack *websocket.Conn
}

func newWire(t *testing.T, change func(*timing)) *wirePair {
	t.Helper()
	return newWireOver(t, nil, change)
}

// simulatedWire gives a test a wire on simulated time: what it waits for takes none, and is not late on a busy machine.
func simulatedWire(t *testing.T, change func(*timing), test func(t *testing.T, w *wirePair)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { test(t, newWireOver(t, slacktest.NewPipe(), change)) })
}

// newWireOver makes a wire that goes through memory, or over the network where there is no pipe.
func newWireOver(t *testing.T, pipe *slacktest.Pipe, change func(*timing)) *wirePair {
	t.Helper()
	peers := make(chan *websocket.Conn, 1)
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		up := websocket.Upgrader{}
		conn, err := up.Upgrade(w, r, nil)
		if err != nil {
			t.Error(err)
			return
		}
		peers <- conn
	}))
	dialer := newDialer(patience)
	if pipe != nil {
		_ = server.Listener.Close()
		server.Listener, dialer.NetDialContext = pipe, pipe.DialContext
	}
	server.Start()
	t.Cleanup(server.Close)
	conn, _, err := dialer.Dial("ws"+strings.TrimPrefix(server.URL, "http"), nil)
	if err != nil {
		t.Fatal(err)
	}
	w := &wirePair{keeper: &keeper{diary: newDiary()}, t: t, slack: <-peers}
	timing := defaultTiming()
	if change != nil {
		change(&timing)
	}
	w.s = startSocket(conn, w.keeper, timing, 0, zerolog.Nop())
	t.Cleanup(func() {
		_ = w.slack.Close()
		_ = conn.Close()
		<-w.s.gone
	})
	return w
}

// says writes text frames as Slack.
func (w *wirePair) says(frames ...string) {
	w.t.Helper()
	for _, f := range frames {
		if err := w.slack.WriteMessage(websocket.TextMessage, []byte(f)); err != nil {
			w.t.Fatal(err)
		}
	}
}

// reads gives the next text frame that Slack gets.
func (w *wirePair) reads() string {
	w.t.Helper()
	_ = w.slack.SetReadDeadline(time.Now().Add(patience))
	_, b, err := w.slack.ReadMessage()
	if err != nil {
		w.t.Fatal(err)
	}
	return string(b)
}

// readsClose gives the close code that Slack gets, 0 for an end without a close frame.
func (w *wirePair) readsClose() int {
	_ = w.slack.SetReadDeadline(time.Now().Add(patience))
	for {
		if _, _, err := w.slack.ReadMessage(); err != nil {
			var closed *websocket.CloseError
			if errors.As(err, &closed) && closed.Code != websocket.CloseAbnormalClosure {
				return closed.Code
			}
			return 0
		}
	}
}

func (w *wirePair) expect(want ...string) {
	w.t.Helper()
	got := w.wait(w.t, len(want))
	if strings.Join(got, "; ") != strings.Join(want, "; ") {
		w.t.Errorf("got  %q\nwant %q", got, want)
	}
}

const hello = `{"type":"hello","num_connections":1}`

func envelope(id string) string {
	return `{"envelope_id":"` + id + `","type":"slash_commands","payload":{}}`
}

func TestSocketReadsAndAnswers(t *testing.T) {
	w := newWire(t, nil)
	w.says(hello, envelope("e1"), envelope("e2"))
	if got := w.reads() + w.reads(); got != `{"envelope_id":"e1"}{"envelope_id":"e2"}` {
		t.Errorf("Slack read %s", got) // hello is not among them
	}
	w.expect("hello", "envelope e1", "envelope e2")
	if n := w.s.carried.Load(); n != 2 {
		t.Errorf("%d envelopes carried", n)
	}
}

func TestSocketAnswersPingsWithTheirPayload(t *testing.T) {
	w := newWire(t, nil)
	got := make(chan string, 1)
	w.slack.SetPongHandler(func(data string) error { got <- data; return nil })
	go w.readsClose()
	if err := w.slack.WriteControl(websocket.PingMessage, []byte("Ping from applink-7"), time.Now().Add(time.Second)); err != nil {
		t.Fatal(err)
	}
	select {
	case data := <-got:
		if data != "Ping from applink-7" {
			t.Errorf("pong %q", data)
		}
	case <-time.After(patience):
		t.Error("no pong")
	}
}

func TestSilenceEndsASocket(t *testing.T) {
	simulatedWire(t, func(t *timing) { t.ping = time.Hour }, func(t *testing.T, w *wirePair) {
		w.says(hello)
		w.expect("hello", "ended: silence")
	})
}

func TestSocketThatNeverSaysHelloEnds(t *testing.T) {
	simulatedWire(t, nil, func(t *testing.T, w *wirePair) {
		w.expect("ended: silence")
	})
}

// Nothing but the pongs to our own pings: that is life.
func TestPongsBreakTheSilence(t *testing.T) {
	simulatedWire(t, func(t *timing) { t.silence, t.ping = 1500*time.Millisecond, 50*time.Millisecond }, func(t *testing.T, w *wirePair) {
		pings := make(chan struct{}, 1000)
		answer := w.slack.PingHandler()
		w.slack.SetPingHandler(func(data string) error { pings <- struct{}{}; return answer(data) })
		go w.readsClose()
		w.says(hello)
		for range 90 { // three times the silence
			select {
			case <-pings:
			case <-w.s.gone:
				t.Fatalf("ended: %s", w.s.why())
			}
		}
	})
}

func TestUnreadableFramesAreTolerated(t *testing.T) {
	w := newWire(t, nil)
	w.says(hello)
	for range maxBad - 1 {
		w.says(`{"envelope_id":`)
	}
	w.says(envelope("e1"))
	for range maxBad - 1 {
		w.says(`{"type":"slash_commands","payload":{}}`) // an envelope without an id cannot be acknowledged
	}
	w.says(envelope("e2"))
	if got := w.reads() + w.reads(); got != `{"envelope_id":"e1"}{"envelope_id":"e2"}` {
		t.Errorf("Slack read %s", got)
	}
	for range maxBad {
		w.says("nonsense")
	}
	got := w.wait(t, 1+2*maxBad+maxBad+1)
	if last := got[len(got)-1]; last != "ended: unreadable frames" {
		t.Errorf("%q", last)
	}
}

func TestBinaryAndHugeFrames(t *testing.T) {
	w := newWire(t, nil)
	w.says(hello)
	if err := w.slack.WriteMessage(websocket.BinaryMessage, []byte(envelope("e1"))); err != nil {
		t.Fatal(err)
	}
	w.says(`{"envelope_id":"e2","type":"x","payload":{"text":"` + strings.Repeat("x", 1<<20) + `"}}`)
	w.expect("hello", "envelope e2")
	if w.reads() != `{"envelope_id":"e2"}` {
		t.Error("not acknowledged")
	}
	// The socket is given up at the frame's header, so writing the rest of it may fail.
	_ = w.slack.WriteMessage(websocket.TextMessage, bytes.Repeat([]byte("x"), readLimit+1))
	w.expect("hello", "envelope e2", "ended: frame too long")
}

func TestDisconnectAsksAndReadsOn(t *testing.T) {
	w := newWire(t, nil)
	w.says(hello, `{"type":"disconnect","reason":"warning"}`)
	<-w.s.asked
	w.says(envelope("e1"))
	if w.reads() != `{"envelope_id":"e1"}` {
		t.Error("what comes after a warning is not acknowledged")
	}
	_ = w.slack.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseNormalClosure, ""), time.Now().Add(time.Second))
	w.expect("hello", "envelope e1", "ended: warning")
}

func TestStopFinishesTheFrameInHand(t *testing.T) {
	w := newWire(t, nil)
	reached, release := make(chan struct{}), make(chan struct{})
	w.hold = func() { close(reached); <-release }
	w.says(hello, envelope("e1"))
	<-reached
	stopped := make(chan struct{})
	go func() { w.s.stop("stop"); close(stopped) }()
	select {
	case <-stopped:
		t.Error("stopped with a frame in hand")
	case <-time.After(20 * time.Millisecond):
	}
	close(release)
	if w.reads() != `{"envelope_id":"e1"}` {
		t.Error("the frame in hand is not acknowledged")
	}
	if code := w.readsClose(); code != websocket.CloseNormalClosure {
		t.Errorf("close code %d", code)
	}
	<-stopped
	w.expect("hello", "envelope e1", "ended: stop")
}

// Slack answers the close frame late or never, and may send more: that is not taken, and not waited for.
func TestStopDoesNotWaitForEver(t *testing.T) {
	simulatedWire(t, nil, func(t *testing.T, w *wirePair) {
		w.says(hello)
		w.wait(t, 1)
		w.slack.SetCloseHandler(func(int, string) error { return nil })
		start := time.Now()
		stopped := make(chan struct{})
		go func() { w.s.stop("stop"); close(stopped) }()
		if code := w.readsClose(); code != websocket.CloseNormalClosure {
			t.Errorf("close code %d", code)
		}
		w.says(envelope("late"))
		<-stopped
		if took := time.Since(start); took > 2*closeWait {
			t.Errorf("took %v", took)
		}
		w.expect("hello", "ended: stop")
		w.s.stop("again") // is harmless
	})
}

func TestWriteErrorEndsTheSocket(t *testing.T) {
	w := newWire(t, nil)
	w.says(hello)
	w.wait(t, 1)
	_ = w.slack.NetConn().Close()
	<-w.s.gone
	if w.s.send([]byte(`{}`)) == nil {
		t.Error("a write to a dead socket succeeded")
	}
}

func TestConcurrentWritesDoNotMix(t *testing.T) {
	w := newWire(t, func(t *timing) { t.ping = time.Millisecond })
	w.says(hello)
	var writers sync.WaitGroup
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	for i := range 8 {
		writers.Go(func() {
			text := `{"envelope_id":"` + strings.Repeat(string(rune('a'+i)), 500) + `"}`
			for range 50 {
				if w.s.send([]byte(text)) != nil || ctx.Err() != nil {
					return
				}
			}
		})
	}
	for range 8 * 50 {
		if got := w.reads(); strings.Count(got, got[len(got)-3:len(got)-2]) < 500 {
			t.Fatalf("mixed: %s", got)
		}
	}
	writers.Wait()
}

func TestPanicEndsTheFrameAlone(t *testing.T) {
	w := newWire(t, nil)
	w.hold = func() { panic("a bug") }
	w.says(hello, envelope("e1"))
	w.wait(t, 3)
	w.mu.Lock()
	w.hold = nil
	w.mu.Unlock()
	w.says(envelope("e2"))
	if got := w.reads(); got != `{"envelope_id":"e2"}` {
		t.Errorf("Slack read %s", got)
	}
	w.expect("hello", "envelope e1", "unreadable", "envelope e2")
}
