package journal

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgconn/ctxwatch"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/rs/zerolog"
	"incident-bot/bot"
)

// postgres is the journal on a PostgreSQL server, which several processes may share. Each has a row in owners with a
// lease that it renews, and each delivery has an owner. There is no leader: whoever finds an owner whose lease is over
// takes what it had.
//
// Two goroutines write, each one transaction after the other: one what is put, the other everything else. A transaction
// is sent whole, its end included, so that a process that stops at any instant leaves no lock behind.
type postgres struct {
	log    zerolog.Logger
	o      Options
	timing timing
	pool   *pgxpool.Pool
	id     int64 // in owners
	health health
	held   *held
	lease  lease
	hands  *handovers
	figure *metrics
	lapsed atomic.Bool // the lease was found to be over
	// leasing is held while the lease is renewed, and while others are adopted: those two take turns.
	leasing sync.Mutex

	puts   *fold[*arrival]
	writes *fold[*statement]
	undos  []*arrival // to be taken back before anything else is put; the puts goroutine's alone

	pickUp chan struct{}   // stirs the pickup
	life   context.Context // until Close
	stop   context.CancelFunc
	busy   sync.WaitGroup // the goroutines, the folds' apart
	shut   sync.Once
	closed atomic.Bool
}

// timing is how often things are done. Tests have their own.
type timing struct {
	lease, beat time.Duration // of the row in owners
	adopt       time.Duration // between two looks for dead owners
	poll        time.Duration // between two looks for what others put for us, should a notification get lost
	answer      time.Duration // within which callers hear something
	prune       time.Duration
}

// attempt is how long one try may take.
func (t timing) attempt() time.Duration { return min(t.answer, max(t.lease/2, 500*time.Millisecond)) }

func usualTiming() timing {
	return timing{
		lease: 6 * time.Second, beat: 1500 * time.Millisecond, adopt: time.Second, poll: 250 * time.Millisecond,
		answer: 2 * time.Second, prune: 10 * time.Minute,
	}
}

// maxWrites is how much may wait to be written while the database is away.
const maxWrites = 100_000

// checkPostgres looks at a URL as the driver will. What it says shows nothing of it: the driver's own error would.
func checkPostgres(text string) error {
	if err := checkPostgresURL(text); err != nil {
		return err
	}
	if _, err := pgxpool.ParseConfig(text); err != nil {
		return errors.New("PostgreSQL's driver does not understand one of its parts (postgres://user:password@host:5432/database?sslmode=require)")
	}
	return nil
}

func openPostgres(ctx context.Context, url string, o Options) (Journal, error) {
	return openPostgresTimed(ctx, url, o, usualTiming())
}

// openPostgresTimed opens a journal with a timing of one's own.
func openPostgresTimed(ctx context.Context, url string, o Options, t timing) (*postgres, error) {
	return openPostgresDialed(ctx, url, o, t, nil)
}

// openPostgresDialed connects, by dial if that is not nil, migrates and takes a lease. From then on the process counts
// as alive.
func openPostgresDialed(ctx context.Context, url string, o Options, t timing, dial pgconn.DialFunc) (*postgres, error) {
	if err := checkPostgres(url); err != nil {
		return nil, err
	}
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, unwritten(err)
	}
	tunePostgres(config, t)
	if dial != nil {
		config.ConnConfig.DialFunc = dial
	}
	pool, err := pgxpool.NewWithConfig(context.WithoutCancel(ctx), config)
	if err != nil {
		return nil, unwritten(err)
	}
	p := newPostgres(pool, o.withDefaults(), t)
	if p.figure, err = newMetrics(o.Metrics, func() (int, int, time.Duration) { return p.held.depth(p.o.Now()) }); err != nil {
		pool.Close()
		return nil, err
	}
	if err := p.patiently(ctx, p.begin); err != nil {
		pool.Close()
		return nil, err
	}
	return p, nil
}

func newPostgres(pool *pgxpool.Pool, o Options, t timing) *postgres {
	p := &postgres{log: o.Log, o: o, timing: t, pool: pool, pickUp: make(chan struct{}, 1), held: newHeld(), hands: newHandovers()}
	p.puts = newFold(128, maxLive, p.putAll)
	p.puts.fits = apart
	p.writes = newFold(256, maxWrites, p.writeAll)
	return p
}

// tunePostgres sets what every connection needs. The settings are made after connecting and not with it: a pooler in
// between refuses what it does not know.
func tunePostgres(c *pgxpool.Config, t timing) {
	if c.ConnConfig.ConnectTimeout == 0 || c.ConnConfig.ConnectTimeout > t.answer {
		c.ConnConfig.ConnectTimeout = t.answer
	}
	c.PingTimeout = t.answer / 2
	c.ConnConfig.BuildContextWatcherHandler = func(conn *pgconn.PgConn) ctxwatch.Handler {
		// What nobody waits for any more is not to be done late: the server is told.
		return &pgconn.CancelRequestContextWatcherHandler{Conn: conn, DeadlineDelay: t.attempt() / 4}
	}
	// Tables that fill up quickly are not yet known to the planner: it is told that every statement has its index.
	c.AfterConnect = func(ctx context.Context, conn *pgx.Conn) error {
		_, err := conn.Exec(ctx, `SET lock_timeout = '1500ms'; SET statement_timeout = '10s';
			SET idle_in_transaction_session_timeout = '10s';
			SET jit = off; SET enable_seqscan = off; SET plan_cache_mode = force_generic_plan;
			SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'`)
		return err
	}
}

// startPatience is for how long the database may be away at the start: it may be starting too.
const startPatience = 30 * time.Second

// patiently tries again while the database is away, for a while.
func (p *postgres) patiently(ctx context.Context, begin func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, startPatience)
	defer cancel()
	for said := false; ; said = true {
		err := begin(ctx)
		if !errors.Is(err, bot.ErrUnkept) {
			return err
		}
		p.o.Delayed(bare(err))
		if !said {
			p.log.Warn().Err(bare(err)).Msg("journal: waiting for the database")
		}
		if (backoff{}).wait(ctx, p.timing.poll, nil); ctx.Err() != nil {
			return err
		}
	}
}

// begin makes the database ready and starts the goroutines that need nobody to give deliveries to.
func (p *postgres) begin(ctx context.Context) error {
	err := p.pool.AcquireFunc(ctx, func(c *pgxpool.Conn) error {
		return migratePostgres(ctx, c.Conn(), postgresSteps())
	})
	if err == nil {
		err = p.pool.QueryRow(ctx, `INSERT INTO owners (until) VALUES (clock_timestamp() + $1) RETURNING id`, p.timing.lease).Scan(&p.id)
	}
	if err != nil {
		return unwritten(err)
	}
	p.lease.renewed(false, time.Now())
	p.life, p.stop = context.WithCancel(context.Background())
	p.busy.Go(func() { p.every(p.life, p.timing.beat, p.renew) })
	p.busy.Go(func() { p.every(p.life, p.timing.prune, p.prune) })
	go p.puts.loop(p.life)
	go p.writes.loop(p.life)
	return nil
}

// every calls work again and again. When it fails, it is called again soon.
func (p *postgres) every(ctx context.Context, d time.Duration, work func(context.Context) error) {
	for ctx.Err() == nil {
		next := d
		// It is done to its end: a lease must not be renewed after Close.
		if p.check(p.bounded(context.WithoutCancel(ctx), work)) != nil {
			next = min(d, p.timing.poll)
		}
		backoff{}.wait(ctx, next, nil)
	}
}

// bounded calls work, which has as long as callers wait, and time for another try before a lease is over.
func (p *postgres) bounded(ctx context.Context, work func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, p.timing.attempt())
	defer cancel()
	return work(ctx)
}

// Close writes what is still to be written and ends the lease, so that another process need not wait for its end.
func (p *postgres) Close() error {
	var err error
	p.shut.Do(func() {
		err = p.close()
		p.closed.Store(true)
	})
	return err
}

func (p *postgres) close() error {
	p.puts.close()
	p.writes.close()
	for _, over := range []chan struct{}{p.puts.over, p.writes.over} {
		select {
		case <-over:
		case <-time.After(2 * p.timing.answer):
		}
	}
	p.stop()
	p.busy.Wait()
	<-p.puts.over
	<-p.writes.over
	err := p.bounded(context.Background(), p.release)
	p.pool.Close()
	if err != nil {
		return fmt.Errorf("close the journal: %w", unwritten(err))
	}
	return nil
}

// Err says why nothing can be kept at present.
func (p *postgres) Err() error {
	if p.closed.Load() {
		return unkept("the journal is closed")
	}
	return p.health.err()
}

var _ bot.Inbox = (*postgres)(nil)
