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

// runner acts upon a delivery to its end: it explains and logs what goes wrong, so there is nothing to return.
type runner interface {
	Run(ctx context.Context, d Delivery)
}

// The bounds of the pool.
const (
	perWorkspace = 16               // handlers at once: a workspace whose stack is slow delays itself alone
	runDeadline  = 60 * time.Second // of one handler, its answer included
)

// lanes run deliveries: those of one lane one after the other in order of arrival, those of different lanes at the same
// time, but only so many of one workspace. A goroutine exists while there is something to run, not per delivery.
type lanes struct {
	runner  runner
	done    func(context.Context, Delivery)
	log     zerolog.Logger
	metrics *metrics
	ctx     context.Context // of the handlers; ended by abandon
	abandon context.CancelFunc

	mu      sync.Mutex
	spaces  map[string]*space
	pending int // deliveries that wait or run
	idle    chan struct{}
}

// space is what one workspace has to do.
type space struct {
	running int
	lanes   map[string]*lane
	ready   queue[*lane] // lanes of which nothing runs
}

// lane is a queue of deliveries. It exists while one waits or runs, and is in ready while none runs.
type lane struct {
	name    string
	waiting queue[*Delivery]
}

func newLanes(r runner, done func(context.Context, Delivery), m *metrics, log zerolog.Logger) *lanes {
	ctx, cancel := context.WithCancel(context.Background())
	return &lanes{runner: r, done: done, log: log, metrics: m, ctx: ctx, abandon: cancel, spaces: map[string]*space{}}
}

// add queues d. The part of name before its first slash is the workspace.
func (l *lanes) add(name string, d *Delivery) {
	workspace, _, _ := strings.Cut(name, "/")
	l.mu.Lock()
	defer l.mu.Unlock()
	l.pending++
	l.metrics.waiting.Inc()
	s := l.spaces[workspace]
	if s == nil {
		s = &space{lanes: map[string]*lane{}}
		l.spaces[workspace] = s
	}
	if known := s.lanes[name]; known != nil {
		known.waiting.push(d)
		return
	}
	fresh := &lane{name: name}
	fresh.waiting.push(d)
	s.lanes[name] = fresh
	s.ready.push(fresh)
	l.metrics.lanes.Inc()
	if s.running < perWorkspace {
		s.running++
		go l.work(workspace, s)
	}
}

// work runs what a workspace has to do, lane by lane in turn, until nothing is left that no other goroutine runs.
func (l *lanes) work(workspace string, s *space) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for s.ready.len() > 0 {
		current := s.ready.pop()
		d := current.waiting.pop()
		l.metrics.waiting.Dec()
		l.mu.Unlock()
		l.run(d)
		l.mu.Lock()
		l.pending--
		if current.waiting.len() > 0 {
			s.ready.push(current)
			continue
		}
		delete(s.lanes, current.name)
		l.metrics.lanes.Dec()
	}
	if s.running--; s.running == 0 {
		delete(l.spaces, workspace)
	}
	if l.pending == 0 && l.idle != nil {
		close(l.idle)
		l.idle = nil
	}
}

// run gives one delivery to the runner. A panic that gets here is the runner's own: it ends this delivery and no other.
func (l *lanes) run(d *Delivery) {
	ctx, cancel := context.WithTimeout(l.ctx, runDeadline)
	defer cancel()
	defer l.done(ctx, *d)
	defer func() {
		if p := recover(); p != nil {
			l.metrics.panics.WithLabelValues("worker").Inc()
			l.log.Error().Str("key", d.Key).Str("panic", fmt.Sprint(p)).Bytes("stack", debug.Stack()).Msg("delivery ended in a panic")
		}
	}()
	l.runner.Run(ctx, *d)
}

// drain waits until nothing waits or runs, or ctx is done. It gives the number of deliveries that are then left.
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
