package slacktest_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"incident-bot/bot/slacktest"
)

func TestHello(t *testing.T) {
	r := newRoom(t, slacktest.Options{})
	for i := range 3 {
		c := r.dialRaw(t)
		f := c.next()
		if f.Type != "hello" || f.Connections != i+1 || f.Info.AppID != r.AppID() || f.Debug.Life != 18060 || f.Debug.Host == "" {
			t.Errorf("hello %+v", f)
		}
	}
	if n := r.Sockets(); n != 3 {
		t.Errorf("%d sockets", n)
	}
}

func TestATicketWorksOnce(t *testing.T) {
	r := newRoom(t, slacktest.Options{})
	url := r.socketURL(t)
	conn, _, err := websocket.DefaultDialer.DialContext(soon(t), url, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, resp, err := websocket.DefaultDialer.DialContext(soon(t), url, nil); err == nil || resp.StatusCode != http.StatusForbidden {
		t.Errorf("the address works twice: %v", err)
	}
	if _, _, err := websocket.DefaultDialer.DialContext(soon(t), strings.Replace(url, "ticket=", "ticket=x", 1), nil); err == nil {
		t.Error("any ticket works")
	}
}

func TestPings(t *testing.T) {
	simulated(t, slacktest.Options{}, func(t *testing.T, r bubble) {
		c := r.dial(t)
		for range 5 {
			if p := <-c.pings; p != "Ping from applink-1" {
				t.Errorf("ping %q", p)
			}
		}
		r.none(t)
		if r.Sockets() != 1 {
			t.Error("a socket that answers pings was dropped")
		}
	})
}

func TestASocketThatAnswersNoPings(t *testing.T) {
	r := newRoom(t, slacktest.Options{PingEvery: 10 * time.Millisecond})
	conn, _, err := websocket.DefaultDialer.DialContext(soon(t), r.socketURL(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	conn.SetPingHandler(func(string) error { return nil })
	if err := newSilent(conn).wait(soon(t)); err != nil {
		t.Fatal(err)
	}
	if v := r.Violations(); len(v) != 1 || !strings.Contains(v[0], "did not answer") {
		t.Errorf("violations %q", v)
	}
}

// silent reads a socket to its end.
type silent struct{ done chan struct{} }

func newSilent(conn *websocket.Conn) silent {
	s := silent{make(chan struct{})}
	go func() {
		defer close(s.done)
		for {
			if _, _, err := conn.ReadMessage(); err != nil {
				return
			}
		}
	}()
	return s
}

func (s silent) wait(ctx context.Context) error {
	select {
	case <-s.done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func TestAcknowledgements(t *testing.T) {
	r := newRoom(t, slacktest.Options{})
	c := r.dial(t)
	a := r.ana.Command(r.ops, "/incident", "x")
	f := c.next()
	if f.Type != "slash_commands" || !f.Accepts || f.Attempt != nil || f.EnvelopeID != a.EnvelopeIDs()[0] {
		t.Errorf("frame %+v", f)
	}
	c.ack(f, `{"text":"*on it*"}`)
	payload, err := a.Acked(soon(t))
	if err != nil || string(payload) != `{"text":"*on it*"}` {
		t.Errorf("%s %v", payload, err)
	}
	sees(t, r.ana, r.ops, "on it")
	r.none(t)

	c.ack(f, "") // twice
	c.ack(frame{EnvelopeID: "made-up"}, "")
	if err := c.conn.WriteMessage(websocket.TextMessage, []byte("hi")); err != nil {
		t.Fatal(err)
	}
	if err := c.conn.WriteMessage(websocket.BinaryMessage, []byte("{}")); err != nil {
		t.Fatal(err)
	}
	c.acked(r.ana.Mention(r.ops, "", "x"), `{"text":"no"}`) // events take no payload
	c.acked(r.ana.Mention(r.ops, "", "x"), `{}`)            // as Slack's Node client does
	want := []string{"second acknowledgement", "unknown envelope", "without envelope_id", "binary", "takes none"}
	v := r.Violations()
	if len(v) != len(want) {
		t.Fatalf("violations %q", v)
	}
	for i := range want {
		if !strings.Contains(v[i], want[i]) {
			t.Errorf("violation %d is %q, want %q", i, v[i], want[i])
		}
	}
	if got := r.Stats(); got.Delivered != 3 || got.Acked != 3 || got.Lost != 0 || got.Redelivered != 0 {
		t.Errorf("stats %+v", got)
	}
}

func TestNobodyAcknowledges(t *testing.T) {
	r := newRoom(t, slacktest.Options{AckTimeout: 20 * time.Millisecond})
	a := r.ana.Command(r.ops, "/incident", "x")
	if _, err := a.Acked(soon(t)); !errors.Is(err, slacktest.ErrNoSocket) || a.Failed() != "dispatch_failed" {
		t.Errorf("without a socket: %v, %q", err, a.Failed())
	}
	r.dial(t)
	a = r.ana.Command(r.ops, "/incident", "x")
	if _, err := a.Acked(soon(t)); !errors.Is(err, slacktest.ErrTimeout) || a.Failed() != "operation_timeout" {
		t.Errorf("without an acknowledgement: %v, %q", err, a.Failed())
	}
	sees(t, r.ana, r.ops, `/incident failed with the error "dispatch_failed"`,
		"/incident failed: incident-bot did not respond (operation_timeout)")
	if a.Redelivered() != 0 {
		t.Error("a command was redelivered")
	}
	if got := r.Stats(); got.Lost != 1 || got.Expired != 1 || got.Delivered != 1 {
		t.Errorf("stats %+v", got)
	}
}

func TestRedelivery(t *testing.T) {
	r := newRoom(t, slacktest.Options{})
	c := r.dial(t)
	a := r.ana.Mention(r.ops, "", "x")
	first := c.acked(a, "")
	r.Redeliver(a, true)
	again := c.next()
	if again.EnvelopeID == first.EnvelopeID || *again.Attempt != 1 || again.RetryReason != "timeout" || string(again.Payload) != string(first.Payload) {
		t.Errorf("again %+v", again)
	}
	c.ack(again, "")
	r.Redeliver(a, false)
	same := c.next()
	if same.EnvelopeID != again.EnvelopeID || *same.Attempt != 1 {
		t.Errorf("same %+v", same)
	}
	c.ack(same, "")
	cmd := r.ana.Command(r.ops, "/incident", "x")
	one := c.acked(cmd, "")
	r.Redeliver(cmd, true)
	two := c.next()
	if two.EnvelopeID == one.EnvelopeID || field(t, two.Payload, "trigger_id") != field(t, one.Payload, "trigger_id") {
		t.Errorf("a command again %+v", two)
	}
	c.ack(two, "")
	if err := r.Await(soon(t), func() bool { return r.Stats().Acked == 5 }); err != nil {
		t.Errorf("stats %+v", r.Stats())
	}
	if a.Redelivered() != 2 || cmd.Redelivered() != 1 || r.Stats().Redelivered != 3 {
		t.Errorf("redelivered %d and %d, stats %+v", a.Redelivered(), cmd.Redelivered(), r.Stats())
	}
	r.none(t)
}

func TestPayloadsGoToOneOfTheSockets(t *testing.T) {
	r := newRoom(t, slacktest.Options{Seed: 7})
	a, b := r.dial(t), r.dial(t)
	const n = 200
	for range n {
		r.ana.Command(r.ops, "/incident", "x")
	}
	got := map[*client]int{}
	for range n {
		select {
		case f := <-a.frames:
			got[a]++
			a.ack(f, "")
		case f := <-b.frames:
			got[b]++
			b.ack(f, "")
		}
	}
	if got[a] < n/4 || got[b] < n/4 {
		t.Errorf("%d and %d of %d", got[a], got[b], n)
	}
	if err := r.Await(soon(t), func() bool { return r.Stats().Acked == n }); err != nil {
		t.Errorf("stats %+v", r.Stats())
	}
}

func TestAnAcknowledgementElsewhere(t *testing.T) {
	for _, strict := range []bool{false, true} {
		simulated(t, slacktest.Options{SameSocketAcks: strict}, func(t *testing.T, r bubble) {
			c := [2]*client{r.dial(t), r.dial(t)}
			a := r.ana.Command(r.ops, "/incident", "x")
			select {
			case f := <-c[0].frames:
				c[1].ack(f, "")
			case f := <-c[1].frames:
				c[0].ack(f, "")
			}
			_, err := a.Acked(soon(t))
			if (err != nil) != strict || r.Stats().Elsewhere != 1 {
				t.Errorf("strict %v: %v, stats %+v", strict, err, r.Stats())
			}
		})
	}
}

func TestTheEleventhSocket(t *testing.T) {
	r := newRoom(t, slacktest.Options{})
	var all []*client
	for range 10 {
		all = append(all, r.dial(t))
	}
	c := r.dialRaw(t)
	if f := c.next(); f.Type != "hello" || f.Connections != 11 {
		t.Errorf("first frame %+v", f)
	}
	if f := c.next(); f.Type != "disconnect" || f.Reason != "too_many_websockets" {
		t.Errorf("second frame %+v", f)
	}
	if err := c.ended(); !websocket.IsCloseError(err, websocket.CloseNormalClosure) {
		t.Errorf("ended with %v", err)
	}
	if n := r.Sockets(); n != 10 {
		t.Errorf("%d sockets", n)
	}
	_ = all[0].conn.Close()
	if err := r.Await(soon(t), func() bool { return r.Sockets() == 9 }); err != nil {
		t.Fatal(err)
	}
	r.dial(t)
}

func TestMutedSocketsCount(t *testing.T) {
	r := newRoom(t, slacktest.Options{MaxSockets: 1})
	r.dial(t)
	r.Mute(true)
	c := r.dialRaw(t)
	c.next()
	if f := c.next(); f.Reason != "too_many_websockets" {
		t.Errorf("frame %+v", f)
	}
}

func TestDisconnectReasons(t *testing.T) {
	for _, reason := range []string{"warning", "refresh_requested", "too_many_websockets"} {
		t.Run(reason, func(t *testing.T) {
			simulated(t, slacktest.Options{}, func(t *testing.T, r bubble) {
				c := r.dial(t)
				r.Disconnect(reason)
				if f := c.next(); f.Type != "disconnect" || f.Reason != reason || f.Debug.Host != "applink-1" {
					t.Errorf("frame %+v", f)
				}
				// Until it closes, the old socket still delivers and takes acknowledgements.
				c.acked(r.ana.Command(r.ops, "/incident", "x"), "")
				if err := c.ended(); !websocket.IsCloseError(err, websocket.CloseNormalClosure) {
					t.Errorf("ended with %v", err)
				}
				r.dial(t)
			})
		})
	}
}

func TestLinkDisabled(t *testing.T) {
	r := newRoom(t, slacktest.Options{SocketGrace: 10 * time.Millisecond})
	c := r.dial(t)
	r.Disconnect("link_disabled")
	if f := c.next(); f.Reason != "link_disabled" {
		t.Errorf("frame %+v", f)
	}
	_ = c.ended()
	again := r.dialRaw(t)
	if f := again.next(); f.Type != "disconnect" || f.Reason != "link_disabled" {
		t.Errorf("a new socket gets %+v", f)
	}
	_ = again.ended()
	r.EnableSocketMode()
	r.dial(t)
}

func TestSocketsAreRefreshed(t *testing.T) {
	r := newRoom(t, slacktest.Options{SocketLife: 30 * time.Millisecond, SocketGrace: 30 * time.Millisecond})
	c := r.dial(t)
	if f := c.next(); f.Reason != "refresh_requested" {
		t.Errorf("frame %+v", f)
	}
	_ = c.ended()
	if err := r.Await(soon(t), func() bool { return r.Sockets() == 0 }); err != nil {
		t.Error(err)
	}
}

func TestAClientThatClosesFirst(t *testing.T) {
	r := newRoom(t, slacktest.Options{})
	c := r.dial(t)
	if err := c.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(1000, "bye"), time.Now().Add(time.Second)); err != nil {
		t.Fatal(err)
	}
	if err := c.ended(); !websocket.IsCloseError(err, 1000) {
		t.Errorf("ended with %v", err)
	}
	if err := r.Await(soon(t), func() bool { return r.Sockets() == 0 }); err != nil {
		t.Error(err)
	}
}

func TestCut(t *testing.T) {
	r := newRoom(t, slacktest.Options{})
	c := r.dial(t)
	r.Cut()
	if err := c.ended(); websocket.IsCloseError(err, 1000, 1001) || !strings.Contains(err.Error(), "reset") {
		t.Errorf("ended with %v", err)
	}
	if n := r.Sockets(); n != 0 {
		t.Errorf("%d sockets", n)
	}
}

func TestMute(t *testing.T) {
	simulated(t, slacktest.Options{PingEvery: time.Second}, func(t *testing.T, r bubble) {
		c := r.dial(t)
		<-c.pings
		r.Mute(true)
		a := r.ana.Command(r.ops, "/incident", "x")
		if _, err := a.Acked(soon(t)); !errors.Is(err, slacktest.ErrTimeout) {
			t.Errorf("a muted socket: %v", err)
		}
		if n := len(c.frames); n != 0 {
			t.Errorf("%d frames arrived through a muted socket", n)
		}
		other := r.dial(t) // a new one works
		_ = other.conn.Close()
		// After three pings without an answer Slack forgets the socket. The app is not told.
		if err := r.Await(soon(t), func() bool { return r.Sockets() == 0 }); err != nil {
			t.Error("the muted socket lives for ever")
		}
		if n := len(c.frames); n != 0 {
			t.Errorf("%d frames arrived through a muted socket", n)
		}
		r.none(t)
	})
}

func TestUnmute(t *testing.T) {
	r := newRoom(t, slacktest.Options{})
	c := r.dial(t)
	r.Mute(true)
	a := r.ana.Command(r.ops, "/incident", "x")
	r.Mute(false)
	c.acked(a, "")
}

func TestAFrameThatIsTooLong(t *testing.T) {
	r := newRoom(t, slacktest.Options{AckTimeout: time.Minute})
	c := r.dial(t)
	fits := r.ana.Command(r.ops, "/incident", "fits")
	f := c.next()
	bare := len(`{"envelope_id":"","payload":{"text":""}}`) + len(f.EnvelopeID)
	write := func(f frame, n int) {
		text := `{"envelope_id":"` + f.EnvelopeID + `","payload":{"text":"` + strings.Repeat("x", n-bare) + `"}}`
		if err := c.conn.WriteMessage(websocket.TextMessage, []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	write(f, 20_480)
	if _, err := fits.Acked(soon(t)); err != nil {
		t.Fatal(err)
	}
	over := r.ana.Command(r.ops, "/incident", "over")
	write(c.next(), 20_481)
	err := c.ended()
	var ce *websocket.CloseError
	if !errors.As(err, &ce) || ce.Code != 1009 || ce.Text != "Max frame length of 20480 has been exceeded" {
		t.Errorf("ended with %v", err)
	}
	// The command comes again at every reconnect until somebody answers it in fewer words.
	for range 2 {
		c = r.dial(t)
		if f = c.next(); field(t, f.Payload, "text") != "over" {
			t.Errorf("after the reconnect %+v", f)
		}
		_ = c.conn.Close()
	}
	c = r.dial(t)
	c.acked(over, "")
	_ = c.conn.Close()
	if err := r.Await(soon(t), func() bool { return r.Sockets() == 0 }); err != nil {
		t.Fatal(err)
	}
	c = r.dial(t)
	c.acked(r.ana.Command(r.ops, "/incident", "next"), "")
	if over.Redelivered() != 3 {
		t.Errorf("redelivered %d times", over.Redelivered())
	}
}

func TestHandshakeFaults(t *testing.T) {
	r := newRoom(t, slacktest.Options{})
	r.Fail("handshake", slacktest.Fault{Status: 408, Times: 2})
	r.Fail("handshake", slacktest.Fault{Status: 500})
	r.Fail("handshake", slacktest.Fault{Reset: true})
	for _, want := range []int{408, 408, 500, 0} {
		_, resp, err := websocket.DefaultDialer.DialContext(soon(t), r.socketURL(t), nil)
		if err == nil || want != 0 && resp.StatusCode != want {
			t.Errorf("handshake: %v, want %d", err, want)
		}
	}
	r.dial(t)
}

func TestFramesOfAnyKind(t *testing.T) {
	r := newRoom(t, slacktest.Options{})
	if r.DeliverFrame("x") {
		t.Error("a frame went nowhere")
	}
	c := r.dial(t)
	r.DeliverFrame(`{"type":"song","reason":"why not"}`)
	if f := c.next(); f.Type != "song" {
		t.Errorf("frame %+v", f)
	}
	f := c.acked(r.Deliver("future_kind", map[string]any{"a": 1}, true), `{"b":2}`)
	if f.Type != "future_kind" || string(f.Payload) != `{"a":1}` || !f.Accepts {
		t.Errorf("frame %+v", f)
	}
}
