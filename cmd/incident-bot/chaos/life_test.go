package chaos

import (
	"sync"
	"testing"
	"time"
)

// patience is how long a start may take before the test gives up on it. The machine may be busy.
const patience = 30 * time.Second

// life is a bot that is started again whenever it dies.
type life struct {
	t     *testing.T
	env   map[string]string
	kills int

	mu  sync.Mutex
	now *child
}

// newLife starts a bot and waits until it has a socket.
func newLife(t *testing.T, w *world) *life {
	t.Helper()
	l := &life{t: t, env: w.env, now: startChild(t, w.env)}
	t.Cleanup(func() {
		l.child().kill()
		if t.Failed() {
			t.Logf("the end of the last life's log:\n%s", l.child().log.tail(60))
		}
	})
	if !until(patience, 20*time.Millisecond, func() bool { return w.slack.Sockets() > 0 }) {
		t.Fatal("no socket")
	}
	return l
}

// child is the process that lives now.
func (l *life) child() *child {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.now
}

// crash kills the process and starts another.
func (l *life) crash() {
	l.t.Helper()
	l.alive()
	l.child().kill()
	l.kills++
	l.restart()
}

// restart starts a process in the place of one that is gone.
func (l *life) restart() {
	l.t.Helper()
	next := startChild(l.t, l.env)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.now = next
}

// alive fails the test when the process has ended by itself.
func (l *life) alive() {
	l.t.Helper()
	if c := l.child(); c.ended() {
		l.t.Errorf("the bot ended by itself: %v\n%s", c.cmd.ProcessState, c.log.tail(40))
	}
}
