package bot

import (
	"context"
	"fmt"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/rs/zerolog"
)

// runner acts upon a delivery. It explains and logs what goes wrong; the outcome says what is left to do.
type runner interface {
	Run(ctx context.Context, a *act) outcome
	// Wait tells the person that the act waits.
	Wait(ctx context.Context, a *act, w Wait)
}

// The bounds of the pool.
const (
	perWorkspace = 16               // handlers at once: a workspace whose stack is slow delays itself alone
	runDeadline  = 60 * time.Second // of one handler, its answer included
)

// lanes run acts: those of one lane one after the other in order of arrival, those of different lanes at the same time,
// but only so many of one workspace. An act that is put off keeps its lane waiting, and nobody else. A goroutine exists
// while there is something to run, not per act.
type lanes struct {
	runner  runner
	inbox   Inbox
	log     zerolog.Logger
	metrics *metrics
	ctx     context.Context // of the handlers; ended by abandon
	abandon context.CancelFunc

	mu      sync.Mutex
	spaces  map[string]*space
	pending int // acts that wait for a handler or have one; not those of lanes that sleep
	closed  bool
	idle    chan struct{}
}

// space is what one workspace has to do.
type space struct {
	name    string
	running int
	lanes   map[string]*lane
	ready   queue[*lane] // lanes of which nothing runs
	scout   *lane        // of the lanes that sleep, the one that tries again soon
	asleep  int
}

// lane is a queue of acts, the first of which runs, waits for a goroutine, or sleeps until it is tried again.
type lane struct {
	name    string
	waiting queue[*act]
	running bool
	tried   time.Time   // when its first was put off last
	due     time.Time   // when it is tried again
	firm    bool        // it must not be tried earlier
	timer   *time.Timer // not nil while it sleeps
}

func newLanes(r runner, in Inbox, m *metrics, log zerolog.Logger) *lanes {
	ctx, cancel := context.WithCancel(context.Background())
	return &lanes{runner: r, inbox: in, log: log, metrics: m, ctx: ctx, abandon: cancel, spaces: map[string]*space{}}
}

// add queues an act in its lane.
func (l *lanes) add(a *act) {
	a.finish = l.finish
	l.announce(a)
	l.mu.Lock()
	defer l.mu.Unlock()
	s, one := l.at(a.lane)
	one.waiting.push(a)
	l.metrics.waiting.Inc()
	if one.timer != nil {
		return
	}
	l.pending++
	if one.waiting.len() == 1 {
		l.make(s, one)
	}
}

// at finds a lane, or makes it. The part of its name before the first slash is the workspace.
func (l *lanes) at(name string) (*space, *lane) {
	workspace, _, _ := strings.Cut(name, "/")
	s := l.spaces[workspace]
	if s == nil {
		s = &space{name: workspace, lanes: map[string]*lane{}}
		l.spaces[workspace] = s
	}
	one := s.lanes[name]
	if one == nil {
		one = &lane{name: name}
		s.lanes[name] = one
		l.metrics.lanes.Inc()
	}
	return s, one
}

// make makes a lane ready and sees that somebody runs it.
func (l *lanes) make(s *space, one *lane) {
	s.ready.push(one)
	if s.running < perWorkspace {
		s.running++
		go l.work(s)
	}
}

// work runs what a workspace has to do, lane by lane in turn, until nothing is left that no other goroutine runs.
func (l *lanes) work(s *space) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for s.ready.len() > 0 {
		one := s.ready.pop()
		one.running = true
		a := one.waiting.first()
		l.mu.Unlock()
		o := l.run(a)
		l.mu.Lock()
		one.running = false
		l.after(s, one, a, o)
	}
	s.running--
	l.leave(s)
}

// after does what the outcome of a lane's first act says.
func (l *lanes) after(s *space, one *lane, a *act, o outcome) {
	if o.proved {
		l.rouse(s)
	}
	if o.later() {
		l.sleep(s, one, o)
		return
	}
	one.waiting.pop()
	l.metrics.waiting.Dec()
	s.relieve(one)
	l.pending--
	if one.waiting.len() > 0 {
		s.ready.push(one)
	} else {
		delete(s.lanes, one.name)
		l.metrics.lanes.Dec()
	}
	l.rest()
}

// leave forgets a workspace that has nothing to do.
func (l *lanes) leave(s *space) {
	if s.running == 0 && len(s.lanes) == 0 {
		delete(l.spaces, s.name)
	}
}

// rest tells whoever waits for it that nothing is left to run.
func (l *lanes) rest() {
	if l.pending == 0 && l.idle != nil {
		close(l.idle)
		l.idle = nil
	}
}

// run gives an act to the runner. A panic that gets here is the runner's own: it ends this act and no other.
func (l *lanes) run(a *act) (o outcome) {
	ctx, cancel := context.WithTimeout(l.ctx, runDeadline)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			l.metrics.panics.WithLabelValues("worker").Inc()
			l.log.Error().Str("key", a.Key).Str("panic", fmt.Sprint(p)).Bytes("stack", debug.Stack()).Msg("delivery ended in a panic")
			o = outcome{dead: true, why: "panic"}
			l.conclude(a, o)
		}
	}()
	ours, err := l.inbox.Start(ctx, a.id)
	switch {
	case err != nil:
		o = outcome{due: time.Now().Add(unkeptPause), why: ErrUnkept.Error(), firm: true}
	case !ours:
		o = outcome{gone: true}
	default:
		a.attempts++
		o = l.runner.Run(ctx, a)
		a.before = true
	}
	l.conclude(a, o)
	return o
}

// unkeptPause is how long an act rests that could not be begun because nothing can be written down.
const unkeptPause = time.Second

// conclude writes down what became of a run. What was said of an act is out when its last message is.
func (l *lanes) conclude(a *act, o outcome) {
	if o.later() {
		a.putOff(o.why)
		l.inbox.Later(a.id, o.due, o.why)
		return
	}
	a.ending = o
	a.release()
}

// finish ends an act. When a message of it reached nobody although it waited for its turn, the act is run once more: what
// it did is known by now, and only what is missing is said.
func (l *lanes) finish(a *act) {
	a.waiting.stop()
	if a.ending.gone {
		return
	}
	if unsent := a.takeUnsent(); len(unsent) > 0 && time.Since(a.Received) < maxAge && !(l.ctxOver() && forgetful(l.inbox)) {
		l.sayAgain(a, sayAgainAfter(a, unsent))
		return
	}
	l.inbox.End(a.id, a.ending.dead, a.ending.why)
}

// sayAgain has an act run again after a pause, by the next process if this one ends.
func (l *lanes) sayAgain(a *act, pause time.Duration) {
	a.unheard++
	l.log.Warn().Str("key", a.Key).Msg("a message reached nobody: to be sent again")
	l.inbox.Later(a.id, time.Now().Add(pause), "a message did not arrive")
	time.AfterFunc(pause, func() {
		if l.ends() {
			return
		}
		a.hold()
		l.add(a)
	})
}

// How long a message rests that reached nobody.
const (
	redeliverPause = 10 * time.Second
	redeliverMost  = 5 * time.Minute
)

// sayAgainAfter is how long messages rest that reached nobody: longer with each try, or as long as Slack says.
func sayAgainAfter(a *act, unsent []error) time.Duration {
	pause := min(redeliverPause<<min(a.unheard, 5), redeliverMost)
	asked := time.Duration(0)
	for _, err := range unsent {
		for _, f := range faultsOf(err) {
			if f.effect == limited {
				asked = max(asked, f.after)
			}
		}
	}
	if asked > 0 {
		return min(asked+firstPause, redeliverMost)
	}
	return pause
}

// ends says whether what comes due is left to the next process.
func (l *lanes) ends() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.ctxOver() || l.closed && !forgetful(l.inbox)
}

func (l *lanes) ctxOver() bool { return l.ctx.Err() != nil }

// drain waits until nothing waits for a handler or has one, or ctx is done. It gives the number of acts that are then
// left, those that were put off not among them.
func (l *lanes) drain(ctx context.Context) int {
	l.mu.Lock()
	if l.pending == 0 {
		l.mu.Unlock()
		return 0
	}
	if l.idle == nil {
		l.idle = make(chan struct{})
	}
	idle := l.idle
	l.mu.Unlock()
	select {
	case <-idle:
		return 0
	case <-ctx.Done():
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.pending
}

// forgetful says whether an inbox is the process's own memory.
func forgetful(in Inbox) bool {
	_, yes := in.(*memory)
	return yes
}
