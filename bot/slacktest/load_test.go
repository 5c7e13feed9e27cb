package slacktest_test

import (
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"incident-bot/bot/slacktest"
)

// echo acknowledges everything that arrives, with as little as can be.
func echo(conn *websocket.Conn) {
	var f struct {
		EnvelopeID string `json:"envelope_id"`
	}
	for {
		f.EnvelopeID = ""
		if conn.ReadJSON(&f) != nil {
			return
		}
		if f.EnvelopeID != "" && conn.WriteJSON(f) != nil {
			return
		}
	}
}

func (r room) echoes(t testing.TB, n int) {
	for range n {
		conn, _, err := websocket.DefaultDialer.Dial(r.socketURL(t), nil)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = conn.Close() })
		go echo(conn)
	}
	if err := r.WaitSocket(soon(t), n); err != nil {
		t.Fatal(err)
	}
}

// TestManyPeopleAtOnce has ten people type while sockets come and go; every act is settled and counted once.
func TestManyPeopleAtOnce(t *testing.T) {
	r := newRoom(t, slacktest.Options{NoRateLimits: true})
	r.echoes(t, 4)
	const people, each = 10, 100
	var wg sync.WaitGroup
	var acts [people][each]*slacktest.Act
	for i := range people {
		u := r.w.NewUser("p" + string(rune('a'+i)))
		wg.Go(func() {
			for j := range each {
				acts[i][j] = u.Command(r.ops, "/incident", "x")
				_ = u.Sees(r.ops)
				if j%10 == 0 {
					_ = r.Calls("chat.postMessage")
					_ = r.Stats()
				}
			}
		})
	}
	wg.Wait()
	for i := range acts {
		for _, a := range acts[i] {
			if _, err := a.Acked(soon(t)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if s := r.Stats(); s.Acked != people*each || s.Lost+s.Expired+s.Late != 0 {
		t.Errorf("stats %+v", s)
	}
	r.none(t)
}

func BenchmarkDelivery(b *testing.B) {
	r := newRoom(b, slacktest.Options{NoRateLimits: true, AckTimeout: time.Minute})
	r.echoes(b, 2)
	b.ReportAllocs()
	var acts []*slacktest.Act
	for b.Loop() {
		acts = append(acts, r.ana.Command(r.ops, "/incident", "list"))
		if len(acts) == 100 {
			settle(b, acts)
			acts = acts[:0]
		}
	}
	settle(b, acts)
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "deliveries/s")
}

func settle(b *testing.B, acts []*slacktest.Act) {
	for _, a := range acts {
		if _, err := a.Acked(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}
