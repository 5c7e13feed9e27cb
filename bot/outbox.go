package bot

import (
	"context"
	"runtime/debug"
	"sync"
	"time"
)

// outboxTime bounds one message that waited for its turn; the request that it answers may be over by then.
const outboxTime = 5 * time.Minute

// outboxLimit is how many messages may wait for one channel. What comes then waits in its handler.
const outboxLimit = 2000

// outbox makes the messages of a channel one after the other, in the order they were said. Slack takes about one a
// second in a channel, so a burst waits here and not in the handlers: those of other channels would wait with it. The
// first message of a quiet channel is made in its handler's own time.
type outbox struct {
	mu    sync.Mutex
	lines map[string]*outboxLine
	busy  sync.WaitGroup // lines
}

// outboxLine exists while a message of the channel is being made.
type outboxLine struct{ waiting queue[func()] }

func newOutbox() *outbox { return &outbox{lines: map[string]*outboxLine{}} }

// inTurn makes a message now if none of its channel is under way, and gives its error. Otherwise, or when it is to be
// made aside in any case, it is made when it is its turn, and its error goes to failed. over is called when the message
// has been made or has failed.
func (o *outbox) inTurn(ctx context.Context, channel string, aside bool, send func(context.Context) error, over func(), failed func(error)) error {
	o.mu.Lock()
	line, under := o.lines[channel]
	if aside && !under {
		line, under = o.begin(channel), true
		go o.work(channel)
	}
	if under && line.waiting.len() < outboxLimit {
		later := context.WithoutCancel(ctx)
		line.waiting.push(func() {
			defer over()
			ctx, cancel := context.WithTimeout(later, outboxTime)
			defer cancel()
			if err := sent(ctx, send); err != nil {
				failed(err)
			}
		})
		o.mu.Unlock()
		return nil
	}
	if !under {
		o.begin(channel)
		defer o.next(channel)
	}
	o.mu.Unlock()
	defer over()
	return send(ctx)
}

// sent makes a message that nobody waits for. A panic becomes its error: it is a bug of this message, and ends no other.
func sent(ctx context.Context, send func(context.Context) error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &PanicError{Value: v, Stack: debug.Stack()}
		}
	}()
	return send(ctx)
}

// begin says that a message of the channel is under way. mu is held.
func (o *outbox) begin(channel string) *outboxLine {
	line := &outboxLine{}
	o.lines[channel] = line
	o.busy.Add(1)
	return line
}

// next makes what came for the channel meanwhile.
func (o *outbox) next(channel string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.over(channel) {
		go o.work(channel)
	}
}

// over ends a channel's line when nothing waits in it. mu is held.
func (o *outbox) over(channel string) bool {
	if o.lines[channel].waiting.len() > 0 {
		return false
	}
	delete(o.lines, channel)
	o.busy.Done()
	return true
}

// work makes what waits until nothing does.
func (o *outbox) work(channel string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for !o.over(channel) {
		send := o.lines[channel].waiting.pop()
		o.mu.Unlock()
		send()
		o.mu.Lock()
	}
}

// drain returns when nothing waits any more, or ctx is done.
func (o *outbox) drain(ctx context.Context) {
	done := make(chan struct{})
	go func() { o.busy.Wait(); close(done) }()
	select {
	case <-done:
	case <-ctx.Done():
	}
}
