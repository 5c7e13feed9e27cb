package incident

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// counter is a source that says how often it was asked.
type counter struct {
	mu    sync.Mutex
	asked int
	err   error
	takes time.Duration
}

func (c *counter) fetch(context.Context) (int, error) {
	time.Sleep(c.takes) // simulated time
	c.mu.Lock()
	defer c.mu.Unlock()
	c.asked++
	return c.asked, c.err
}

func (c *counter) fail(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.err = err
}

func TestCacheLivesFiveMinutes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCache((&counter{takes: time.Second}).fetch)
		for _, step := range []struct {
			after time.Duration
			want  int
		}{{0, 1}, {time.Minute, 1}, {3 * time.Minute, 1}, {time.Minute, 2}, {time.Minute, 2}} {
			time.Sleep(step.after)
			if got, err := c.get(t.Context()); got != step.want || err != nil {
				t.Errorf("got %d, %v; want %d", got, err, step.want)
			}
		}
		if got, _ := c.since(t.Context(), justNow); got != 3 {
			t.Errorf("asked for a newer list, got %d", got)
		}
	})
}

func TestCacheAsksOnceAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source := &counter{takes: time.Second}
		c := newCache(source.fetch)
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() {
				if got, err := c.get(t.Context()); got != 1 || err != nil {
					t.Errorf("got %d, %v", got, err)
				}
			})
		}
		all.Wait()
		if source.asked != 1 {
			t.Errorf("asked %d times", source.asked)
		}
	})
}

func TestCacheServesAnOlderListOnError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source := &counter{}
		c := newCache(source.fetch)
		_, _ = c.get(t.Context())
		source.fail(errors.New("down"))
		time.Sleep(time.Hour)
		for range 5 {
			if got, err := c.get(t.Context()); got != 1 || err != nil {
				t.Errorf("got %d, %v", got, err)
			}
		}
		if source.asked != 2 {
			t.Errorf("asked %d times in a row while down", source.asked)
		}
		source.fail(nil)
		time.Sleep(failureLife)
		if got, err := c.get(t.Context()); got != 3 || err != nil {
			t.Errorf("after it came back: %d, %v", got, err)
		}
	})
}

// Without a list, a failure is the answer at once for a while; whoever does not wait asks again even later.
func TestCacheWithoutAListGivesTheError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		down := errors.New("down")
		source := &counter{err: down, takes: 10 * time.Second}
		c := newCache(source.fetch)
		for _, step := range []struct{ after, waits time.Duration }{
			{0, source.takes}, {0, 0}, {failurePause - 1, 0}, {1, source.takes}, {failurePause, source.takes},
		} {
			time.Sleep(step.after)
			began := time.Now()
			if _, err := c.get(t.Context()); err != down || time.Since(began) != step.waits {
				t.Errorf("%v after %v, want %v", err, time.Since(began), step.waits)
			}
		}
		time.Sleep(failureLife - source.takes - 1)
		c.known()
		time.Sleep(source.takes)
		synctest.Wait()
		if source.asked != 3 {
			t.Errorf("asked %d times: whoever does not wait does not hammer", source.asked)
		}
		time.Sleep(time.Nanosecond)
		c.known()
		time.Sleep(source.takes)
		synctest.Wait()
		if source.asked != 4 {
			t.Errorf("asked %d times, and not again in the end", source.asked)
		}
	})
}

// Those who come while a question is under way wait for it: it may be answered, though the last one was not.
func TestCacheComesBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source := &counter{err: errors.New("down"), takes: time.Second}
		c := newCache(source.fetch)
		if _, err := c.get(t.Context()); err == nil {
			t.Error("no error")
		}
		source.fail(nil)
		if _, err := c.get(t.Context()); err == nil {
			t.Error("asked again at once")
		}
		time.Sleep(failurePause)
		var all sync.WaitGroup
		for range 3 {
			all.Go(func() {
				if got, err := c.get(t.Context()); got != 2 || err != nil {
					t.Errorf("got %d, %v", got, err)
				}
			})
		}
		all.Wait()
		time.Sleep(justNow)
		if got, err := c.since(t.Context(), justNow); got != 3 || err != nil {
			t.Errorf("a failure before the list keeps nobody from asking: %d, %v", got, err)
		}
		source.fail(errors.New("down again"))
		time.Sleep(listLife)
		if got, err := c.get(t.Context()); got != 3 || err != nil {
			t.Errorf("an older list serves: %d, %v", got, err)
		}
	})
}

func TestCacheKnownNeverWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCache((&counter{takes: time.Minute}).fetch)
		began := time.Now()
		if got := c.known(); got != 0 || time.Since(began) != 0 {
			t.Errorf("got %d after %v", got, time.Since(began))
		}
		time.Sleep(2 * time.Minute)
		if got := c.known(); got != 1 {
			t.Errorf("got %d: it was asked for behind the caller's back", got)
		}
		time.Sleep(listLife)
		if got := c.known(); got != 1 {
			t.Errorf("got %d: an old list serves", got)
		}
		time.Sleep(2 * time.Minute)
		if got := c.known(); got != 2 {
			t.Errorf("got %d: the old list was renewed", got)
		}
	})
}

// Whoever gives up does not end the question for those who wait.
func TestCacheOutlivesWhoAsked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCache((&counter{takes: time.Minute}).fetch)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		var other int
		go func() { other, _ = c.get(t.Context()) }()
		_, err := c.get(ctx)
		if e := wantCode(t, err, Unavailable); !errors.Is(e, context.DeadlineExceeded) {
			t.Error(err)
		}
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		if other != 1 {
			t.Errorf("the other got %d", other)
		}
	})
}
