package slacktest_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"

	"incident-bot/bot/slacktest"
)

// bubble is a Slack inside a synctest bubble: its time is fake, its connections are in memory.
type bubble struct {
	room
	pipe *slacktest.Pipe
}

func newBubble(t *testing.T, o slacktest.Options) bubble {
	p := slacktest.NewPipe()
	o.Listener = p
	return bubble{newRoom(t, o), p}
}

// simulated runs a test in a bubble, where no busy machine lets a deadline pass.
func simulated(t *testing.T, o slacktest.Options, test func(t *testing.T, b bubble)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { test(t, newBubble(t, o)) })
}

func (b bubble) dial(t *testing.T) *client {
	t.Helper()
	tr := &http.Transport{DialContext: b.pipe.DialContext, DisableKeepAlives: true}
	req, err := http.NewRequest(http.MethodPost, b.APIURL()+"apps.connections.open", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+b.AppToken())
	resp, err := tr.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	d := websocket.Dialer{NetDialContext: b.pipe.DialContext}
	conn, _, err := d.Dial(field(t, body, "url"), nil)
	if err != nil {
		t.Fatal(err)
	}
	c := newClient(t, conn)
	if f := c.next(); f.Type != "hello" {
		t.Fatalf("first frame %+v", f)
	}
	return c
}

// TestEventRetries: not acknowledged within 3 s, an event comes again at once, after 1 min and after 5 min, each time in
// a new envelope with the same event_id (docs: apis/events-api).
func TestEventRetries(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBubble(t, slacktest.Options{PingEvery: time.Hour})
		c := b.dial(t)
		start := time.Now()
		a := b.ana.Mention(b.ops, "", "x")
		var ids, envelopes []string
		for attempt, after := range []time.Duration{0, 3 * time.Second, 3*time.Second + 3*time.Second + time.Minute, 9*time.Second + 6*time.Minute} {
			var f frame
			select {
			case f = <-c.frames:
			case <-time.After(time.Hour):
				t.Fatalf("attempt %d does not come", attempt)
			}
			if got := time.Since(start); got != after {
				t.Errorf("attempt %d after %v, want %v", attempt, got, after)
			}
			reason := "timeout"
			if attempt == 0 {
				reason = ""
			}
			if *f.Attempt != attempt || f.RetryReason != reason {
				t.Errorf("attempt %d says %d %q", attempt, *f.Attempt, f.RetryReason)
			}
			ids, envelopes = append(ids, field(t, f.Payload, "event_id")), append(envelopes, f.EnvelopeID)
		}
		if _, err := a.Acked(t.Context()); !errors.Is(err, slacktest.ErrTimeout) {
			t.Errorf("in the end %v", err)
		}
		if strings.Join(ids, "") != strings.Repeat(ids[0], 4) {
			t.Errorf("event ids %q", ids)
		}
		for i := range envelopes {
			for j := range i {
				if envelopes[i] == envelopes[j] {
					t.Errorf("envelopes %q", envelopes)
				}
			}
		}
		time.Sleep(time.Hour)
		if got := b.Stats(); got.Delivered != 4 || got.Redelivered != 3 || got.Expired != 4 || len(c.frames) != 0 {
			t.Errorf("stats %+v", got)
		}
		_ = c.conn.Close()
		b.Close()
	})
}

// TestEventsWithoutASocket: what happens while nobody listens exists only as retries.
func TestEventsWithoutASocket(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBubble(t, slacktest.Options{PingEvery: time.Hour})
		a := b.ana.Mention(b.ops, "", "x")
		cmd := b.ana.Command(b.ops, "/incident", "x")
		time.Sleep(59 * time.Second)
		c := b.dial(t)
		f := c.next()
		if *f.Attempt != 2 || f.RetryReason != "timeout" {
			t.Errorf("frame %+v", f)
		}
		c.ack(f, "")
		if _, err := a.Acked(t.Context()); err != nil {
			t.Error(err)
		}
		if _, err := cmd.Acked(t.Context()); !errors.Is(err, slacktest.ErrNoSocket) {
			t.Errorf("the command: %v", err)
		}
		time.Sleep(time.Hour)
		if got := b.Stats(); got.Lost != 3 || got.Acked != 1 || got.Delivered != 1 {
			t.Errorf("stats %+v", got)
		}
		_ = c.conn.Close()
		b.Close()
	})
}

func TestAnAcknowledgedEventIsNotRepeated(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBubble(t, slacktest.Options{PingEvery: time.Hour})
		c := b.dial(t)
		a := b.ana.Mention(b.ops, "", "x")
		f := c.next()
		time.Sleep(3*time.Second - time.Millisecond)
		c.ack(f, "")
		if _, err := a.Acked(t.Context()); err != nil {
			t.Error(err)
		}
		time.Sleep(time.Hour)
		if got := b.Stats(); got.Delivered != 1 || got.Acked != 1 {
			t.Errorf("stats %+v", got)
		}
		_ = c.conn.Close()
		b.Close()
	})
}

func TestNoRetriesOnRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBubble(t, slacktest.Options{PingEvery: time.Hour, EventRetries: []time.Duration{}})
		a := b.ana.Mention(b.ops, "", "x")
		if _, err := a.Acked(t.Context()); !errors.Is(err, slacktest.ErrNoSocket) {
			t.Error(err)
		}
		b.Close()
	})
}
