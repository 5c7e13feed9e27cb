package bot

import (
	"fmt"
	"testing"
	"time"

	"incident-bot/bot/slacktest"
)

// Sockets that live less than half a second, and 3,000 commands: none lost, none run twice. A client that closes before
// it opens loses 17 % here (measured).
func TestNothingIsLostWhileSocketsAreRefreshed(t *testing.T) {
	for _, sockets := range []int{1, 2} {
		t.Run(fmt.Sprint(sockets), func(t *testing.T) {
			t.Parallel()
			refresh(t, sockets)
		})
	}
}

func refresh(t *testing.T, sockets int) {
	commands := 3000
	if testing.Short() {
		commands = 500
	}
	r := newBridge(t, bridgeOptions{
		slack: slacktest.Options{SocketLife: 400 * time.Millisecond, SocketGrace: 200 * time.Millisecond, Seed: uint64(sockets), Latency: 80 * time.Millisecond},
		bot:   func(o *Options) { o.Sockets = sockets },
	})
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	acts := make([]*slacktest.Act, commands)
	for i := range acts {
		<-tick.C
		acts[i] = r.ana.Command(r.ops, "/incident", fmt.Sprintf("note %d", i))
	}
	for i, a := range acts {
		if _, err := a.Acked(r.ctx); err != nil {
			t.Fatalf("command %d: %v\n%+v\n%s", i, err, r.Stats(), r.log.tail())
		}
	}
	r.must(r.stop())
	times := map[string]int{}
	for _, words := range r.said() {
		times[words]++
	}
	for i := range acts {
		if n := times[fmt.Sprintf("note %d", i)]; n != 1 {
			t.Errorf("command %d ran %d times", i, n)
		}
	}
	if opens := r.metric("slack_socket_opens_total"); opens < 10 {
		t.Errorf("only %v sockets were opened: nothing was refreshed", opens)
	}
	t.Logf("%d commands over %v sockets, %+v", commands, r.metric("slack_socket_opens_total"), r.Stats())
}

// The same after a quiet time, during which the sockets were of no use to anybody.
func TestNothingIsLostAfterAQuietTime(t *testing.T) {
	bubble(t, bridgeOptions{
		slack: slacktest.Options{
			SocketLife: 400 * time.Millisecond, SocketGrace: 200 * time.Millisecond, Latency: 80 * time.Millisecond,
		},
	}, func(t *testing.T, r *bridge) {
		time.Sleep(2 * time.Second)
		for i := range 500 {
			r.ana.Command(r.ops, "/incident", fmt.Sprint(i))
			time.Sleep(4 * time.Millisecond)
		}
		time.Sleep(time.Second)
		if s := r.Stats(); s.Lost+s.Expired > 0 || len(r.said()) != 500 {
			t.Errorf("%d of 500 ran, %+v", len(r.said()), s)
		}
	})
}
