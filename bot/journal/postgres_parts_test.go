package journal

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"incident-bot/bot"
)

// piece is an item of a fold under test.
type piece struct {
	*wait
	n    int
	gone bool
}

func (p *piece) caller() *wait { return p.wait }
func (p *piece) dropped()      { p.gone = true }

// folding is a fold with a database that a test can switch off.
type folding struct {
	*fold[*piece]
	tries atomic.Int64
	away  atomic.Bool
	slow  time.Duration
	mu    sync.Mutex
	did   [][]int
}

func newFolding(t *testing.T, most, limit int) *folding {
	f := &folding{slow: time.Millisecond}
	f.fold = newFold(most, limit, func(_ context.Context, list []*piece) error {
		f.tries.Add(1)
		time.Sleep(f.slow)
		if f.away.Load() {
			return errors.New("away")
		}
		var numbers []int
		for _, p := range list {
			if p.n < 0 {
				return &pgconn.PgError{Code: "22021"}
			}
			numbers = append(numbers, p.n)
			p.end(nil)
		}
		f.mu.Lock()
		defer f.mu.Unlock()
		f.did = append(f.did, numbers)
		return nil
	})
	ctx, cancel := context.WithCancel(t.Context())
	go f.loop(ctx)
	t.Cleanup(func() {
		cancel()
		<-f.over
	})
	return f
}

func (f *folding) done() [][]int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.did)
}

func TestFoldCollectsWhatComesMeanwhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFolding(t, 4, 100)
		f.add(&piece{n: 0})
		time.Sleep(f.slow / 2)
		for i := range 6 {
			f.add(&piece{n: i + 1})
		}
		time.Sleep(time.Second)
		if got := fmt.Sprint(f.done()); got != "[[0] [1 2 3 4] [5 6]]" {
			t.Errorf("done: %s", got)
		}
	})
}

func TestFoldKeepsWhatMustNotBeTogetherApart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFolding(t, 4, 100)
		f.fits = func(list []*piece, next *piece) bool {
			return !slices.ContainsFunc(list, func(p *piece) bool { return p.n == next.n })
		}
		for _, n := range []int{1, 2, 1, 3, 3} {
			f.add(&piece{n: n})
		}
		time.Sleep(time.Second)
		if got := fmt.Sprint(f.done()); got != "[[1 2] [1 3] [3]]" {
			t.Errorf("done: %s", got)
		}
	})
}

func TestFoldTriesAgainUntilItWorks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFolding(t, 4, 3)
		f.away.Store(true)
		left, stays := &piece{wait: newWait(), n: 1}, &piece{wait: newWait(), n: 2}
		f.add(left)
		f.add(&piece{n: 3})
		f.add(stays)
		if f.add(&piece{n: 4}) {
			t.Error("more was taken than there is room for")
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := left.await(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("await: %v", err)
		}
		time.Sleep(59 * time.Second)
		if n := f.tries.Load(); n < 60 || n > 200 {
			t.Errorf("%d tries in a minute", n)
		}
		f.away.Store(false)
		if err := stays.await(t.Context()); err != nil || !left.gone {
			t.Errorf("await: %v, dropped %v", err, left.gone)
		}
		synctest.Wait()
		if got := fmt.Sprint(f.done()); got != "[[3 2]]" {
			t.Errorf("done: %s", got)
		}
	})
}

func TestFoldSinglesOutWhatIsMalformed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFolding(t, 10, 100)
		bad := &piece{wait: newWait(), n: -1}
		for _, p := range []*piece{{n: 1}, {n: 2}, bad, {n: 3}, {n: -2}, {n: 4}} {
			f.add(p)
		}
		f.close()
		<-f.over
		var said *pgconn.PgError
		if err := bad.await(t.Context()); !errors.As(err, &said) {
			t.Errorf("await: %v", err)
		}
		if got := fmt.Sprint(slices.Concat(f.done()...)); got != "[1 2 3 4]" {
			t.Errorf("done: %s", got)
		}
		if f.add(&piece{}) {
			t.Error("taken after it was closed")
		}
	})
}

func TestWaitHasOneEnd(t *testing.T) {
	for range 1000 {
		w := newWait()
		ctx, cancel := context.WithCancelCause(t.Context())
		ended := make(chan bool)
		go func() { ended <- w.end(nil) }()
		go cancel(errors.ErrUnsupported)
		err := w.await(ctx)
		if heard := <-ended; heard != (err == nil) {
			t.Fatalf("heard %v, got %v", heard, err)
		}
	}
}

func TestHandovers(t *testing.T) {
	h, now := newHandovers(), time.Now()
	first, second, other := h.begin("a"), h.begin("a"), h.begin("b")
	before := h.turn()
	late := h.begin("a")
	check := func(when string, want bool) {
		t.Helper()
		if h.clear("a", before) != want {
			t.Errorf("%s: clear %v", when, !want)
		}
	}
	check("under way", false)
	h.returned(first, 1, now)
	h.returned(second, 2, now)
	h.started(1)
	check("one of two started", false)
	h.started(1)
	h.sweep(now.Add(handoverTime / 2))
	check("its time is not over", false)
	h.sweep(now.Add(2 * handoverTime))
	check("its time is over", true)
	h.returned(other, 0, now)
	h.returned(late, 0, now)
	if len(h.lanes) != 0 || len(h.known) != 0 {
		t.Errorf("%d lanes, %d entries are left", len(h.lanes), len(h.known))
	}
}

func TestLeaseIsSteadyAfterAWhile(t *testing.T) {
	var l lease
	now := time.Now()
	if l.steady(0, now) {
		t.Error("steady although there is none")
	}
	l.renewed(false, now)
	l.renewed(true, now.Add(time.Second))
	if l.steady(time.Minute, now.Add(59*time.Second)) || !l.steady(time.Minute, now.Add(time.Minute)) {
		t.Error("steady at the wrong time")
	}
	l.renewed(false, now.Add(time.Hour))
	if l.steady(time.Minute, now.Add(time.Hour)) {
		t.Error("steady after a gap")
	}
	l.doubted()
	l.renewed(true, now.Add(2*time.Hour)) // by the one before, whose answer was lost
	if l.steady(time.Minute, now.Add(2*time.Hour)) {
		t.Error("steady after a gap that nobody saw")
	}
}

func TestTroubleInWords(t *testing.T) {
	for _, c := range []struct {
		err  error
		want string
	}{
		{&pgconn.PgError{Code: "53100", Message: "secret"}, "the disk of the database is full (53100)"},
		{&pgconn.PgError{Code: "28P01", Message: "secret"}, "the database refuses the user or the password (28P01)"},
		{&pgconn.PgError{Code: "57P03", Message: "secret"}, "the database is being shut down or started (57P03)"},
		{&pgconn.PgError{Code: "99999", Message: "secret"}, "the database refuses (99999)"},
		{fmt.Errorf("secret: %w", syscall.ECONNREFUSED), "the database cannot be reached: connection refused"},
		{fmt.Errorf("secret: %w", context.DeadlineExceeded), "the database does not answer in time"},
		{fmt.Errorf("secret: %w", &net.DNSError{Name: "secret", IsNotFound: true}), "the host of the database is not known: there is no address of that name"},
		{fmt.Errorf("secret: %w", &net.DNSError{Name: "secret"}), "the host of the database cannot be looked up: the name server does not answer"},
		{fmt.Errorf("secret: %w", errors.New("server refused TLS connection")), "the database does not speak TLS, and sslmode asks for it"},
		{fmt.Errorf("secret: %w", &tls.CertificateVerificationError{Err: errors.New("secret")}), "the certificate of the database is not trusted: name its authority with sslrootcert"},
		{errors.New("secret"), "the connection to the database broke"},
	} {
		err := unwritten(c.err)
		if !errors.Is(err, bot.ErrUnkept) || !strings.HasSuffix(err.Error(), ": "+c.want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%v: %q", c.err, err)
		}
		if again := unwritten(err); again != err {
			t.Errorf("put into words twice: %v", again)
		}
	}
}

func TestHeldCounts(t *testing.T) {
	h, now := newHeld(), time.Now()
	for id := range int64(3) {
		if !h.add(id, now.Add(-time.Duration(id)*time.Minute)) || h.add(id, now) {
			t.Error("not noted once")
		}
	}
	h.run(2, true)
	h.run(7, true) // not held
	if w, r, oldest := h.depth(now); w != 2 || r != 1 || oldest != time.Minute {
		t.Errorf("%d wait, %d run, the oldest for %s", w, r, oldest)
	}
	h.run(2, false)
	h.remove(1)
	if w, r, oldest := h.depth(now); w != 2 || r != 0 || oldest != 2*time.Minute || h.len() != 2 {
		t.Errorf("%d wait, %d run, the oldest for %s", w, r, oldest)
	}
}
