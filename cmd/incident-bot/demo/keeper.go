package demo

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"
)

const (
	startTime  = 20 * time.Second // for the bot to open a socket
	orderTime  = 25 * time.Second // for the bot to finish what it does; it gives itself 20 s
	leaveTime  = 5 * time.Second  // the same when the demo ends: nobody waits for the answers
	steadyTime = 10 * time.Second // a bot that lived as long did not die of its start
	deaths     = 3                // so many starts in a row are tried before the keeper gives up
)

// A keeper keeps the bot running: it starts it, starts it again when it dies by itself, and ends it when asked. What it
// did is told in sentences.
type keeper struct {
	program program
	// ready returns when a bot that was just started can be talked to, or with the context's error. reset is called
	// before each start, so that ready does not take the bot of before for the new one.
	reset func()
	ready func(ctx context.Context) error
	// tell is given what happened by itself; gone says that there is no bot any more.
	tell func(what string, gone bool)

	asks chan ask
	done chan struct{} // closed when the keeper has ended
}

// ask is a wish to have the bot ended and started again.
type ask struct {
	how  os.Signal
	done chan error
}

// startKeeper starts the bot, waits until it is ready, and keeps it until ctx ends; then done is closed when it is gone.
func startKeeper(ctx context.Context, k *keeper) error {
	k.asks, k.done = make(chan ask), make(chan struct{})
	c, err := k.start(ctx)
	if err != nil {
		close(k.done)
		return err
	}
	go func() {
		defer close(k.done)
		k.keep(ctx, c)
	}()
	return nil
}

// again ends the bot with a signal and starts it again.
func (k *keeper) again(ctx context.Context, how os.Signal) error {
	a := ask{how, make(chan error, 1)}
	select {
	case k.asks <- a:
	case <-k.done:
		return context.Canceled
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case err := <-a.done:
		return err
	case <-k.done:
		return context.Canceled
	}
}

// keep is the keeper's loop. c is nil while there is no bot, because it died too often.
func (k *keeper) keep(ctx context.Context, c *child) {
	died := 0
	for {
		var exited chan struct{}
		if c != nil {
			exited = c.exited
		}
		select {
		case <-ctx.Done():
			if c != nil {
				c.end(inOrder, leaveTime)
			}
			return
		case a := <-k.asks:
			if c != nil {
				c.end(a.how, orderTime)
			}
			var err error
			c, err = k.start(ctx)
			died = 0
			a.done <- err
		case <-exited:
			if time.Since(c.began) > steadyTime {
				died = 0
			}
			died++
			c = k.revive(ctx, c, died)
		}
	}
}

// revive starts the bot again after it died by itself, unless it did so too often.
func (k *keeper) revive(ctx context.Context, c *child, died int) *child {
	last := strings.Join(k.program.log.tail(10), "\n")
	if died >= deaths {
		k.tell(fmt.Sprintf("the bot ended by itself (%s) %d times in a row; restart bot tries again; the end of its log:\n%s", c.how(), died, last), true)
		return nil
	}
	k.tell(fmt.Sprintf("the bot ended by itself (%s) and is started again; the end of its log:\n%s", c.how(), last), false)
	next, err := k.start(ctx)
	if err != nil && ctx.Err() == nil {
		k.tell("restart bot tries again: "+err.Error(), true)
	}
	return next
}

// start starts the bot and waits until it is ready.
func (k *keeper) start(ctx context.Context) (*child, error) {
	k.reset()
	c, err := k.program.launch()
	if err != nil {
		return nil, fmt.Errorf("start the bot: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	go func() {
		select {
		case <-c.exited:
			cancel()
		case <-ctx.Done():
		}
	}()
	if k.ready(ctx) == nil {
		return c, nil
	}
	what := "did not open a socket in time"
	select {
	case <-c.exited:
		what = "ended at its start (" + c.how() + ")"
	default:
		c.end(inOrder, leaveTime)
	}
	return nil, fmt.Errorf("the bot %s; the end of its log:\n%s", what, strings.Join(k.program.log.tail(15), "\n"))
}
