package bot

import (
	"fmt"
	"testing"
	"time"

	"incident-bot/bot/slacktest"
)

// shortLived is a Slack whose sockets live less than half a second. A client that closes before it opens loses 17 % of
// what is sent there (measured with 80 ms to open one).
func shortLived() slacktest.Options {
	return slacktest.Options{
		SocketLife: 400 * time.Millisecond, SocketGrace: 200 * time.Millisecond,
		NoRateLimits: true, // Slack's own limit of apps.connections.open allows no such life for more than some seconds
	}
}

// 3,000 commands over the network while sockets come and go: none lost, none run twice. An old socket stays two
// seconds here, as a busy machine may stand still for longer than 0.2 s; the test below is as strict as can be.
func TestNothingIsLostWhileSocketsAreRefreshed(t *testing.T) {
	const commands = 3000
	patient := shortLived()
	patient.SocketGrace, patient.MaxSockets = 2*time.Second, 30
	r := newBridge(t, bridgeOptions{slack: patient})
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for i := range commands {
		<-tick.C
		r.ana.Command(r.ops, "/incident", fmt.Sprint("note ", i))
	}
	r.until("the last acknowledgements", func() bool { s := r.Stats(); return s.Acked+s.Lost+s.Expired >= commands })
	r.must(r.stop())
	eachOnce(t, r, commands)
}

// The same on simulated time, which no busy machine disturbs, with an opening that takes 80 ms.
func TestNothingIsLostWhileOpeningTakesTime(t *testing.T) {
	for _, sockets := range []int{1, 2, 3} {
		t.Run(fmt.Sprint(sockets), func(t *testing.T) {
			slow := shortLived()
			slow.Latency = 80 * time.Millisecond
			bubble(t, bridgeOptions{slack: slow, bot: func(o *Options) { o.Sockets = sockets }}, func(t *testing.T, r *bridge) {
				time.Sleep(2 * time.Second) // during which the sockets are of no use to anybody
				for i := range 3000 {
					r.ana.Command(r.ops, "/incident", fmt.Sprint("note ", i))
					time.Sleep(4 * time.Millisecond)
				}
				time.Sleep(time.Second)
				eachOnce(t, r, 3000)
			})
		})
	}
}

// eachOnce checks that each of n commands ran once and that there was something to lose.
func eachOnce(t *testing.T, r *bridge, n int) {
	t.Helper()
	times := map[string]int{}
	for _, words := range r.said() {
		times[words]++
	}
	for i := range n {
		if got := times[fmt.Sprint("note ", i)]; got != 1 {
			t.Errorf("command %d ran %d times", i, got)
		}
	}
	if s := r.Stats(); s.Acked != n || s.Lost+s.Late+s.Expired > 0 {
		t.Errorf("%+v", s)
	}
	if opens := r.metric("slack_socket_opens_total"); opens < 10 {
		t.Errorf("only %v sockets were opened: nothing was refreshed", opens)
	}
}
