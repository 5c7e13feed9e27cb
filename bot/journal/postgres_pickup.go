package journal

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgconn/ctxwatch"

	"incident-bot/bot"
)

// Open adopts what dead processes left and gives it to take, then what others put for this process or leave behind.
func (p *postgres) Open(ctx context.Context, take func(bot.Entry)) error {
	pick := &pickup{p: p, take: take, held: map[int64]uint64{}}
	for _, step := range []func(context.Context) error{p.renew, p.adopt, pick.all} {
		if err := p.check(p.bounded(ctx, step)); err != nil {
			return fmt.Errorf("recover what waits: %w", err)
		}
	}
	ctx, cancel := context.WithCancel(ctx)
	context.AfterFunc(p.life, cancel)
	p.busy.Go(func() { p.listen(ctx) })
	p.busy.Go(func() { p.watch(ctx, pick) })
	return nil
}

// watch picks up what comes and adopts from time to time, until ctx is done.
func (p *postgres) watch(ctx context.Context, pick *pickup) {
	adopted := time.Now()
	for ctx.Err() == nil {
		next := p.timing.poll
		if len(pick.held) > 0 {
			next = min(next, heldPoll)
		}
		backoff{}.wait(ctx, next, p.pickUp)
		p.hands.sweep(time.Now())
		if time.Since(adopted) >= p.timing.adopt && p.lease.steady(p.timing.lease, time.Now()) {
			adopted = time.Now()
			_ = p.check(p.bounded(context.WithoutCancel(ctx), p.adoptSteadily)) // logged there; the next round tries again
		}
		_ = p.check(p.bounded(ctx, pick.all))
	}
}

func (p *postgres) stirPickup() {
	select {
	case p.pickUp <- struct{}{}:
	default:
	}
}

// A pickup gives entries to take that this process owns and does not know of.
type pickup struct {
	p    *postgres
	take func(bot.Entry)
	held map[int64]uint64 // entries that wait for what this process puts, up to which turn
}

// heldPoll is the time between two looks while something is held back.
const heldPoll = 5 * time.Millisecond

// pickupMost is how many entries are read at once: their bodies are in memory until they are given.
const pickupMost = 500

// all gives what there is, in order. An entry is marked after it was given: was it before, one could get lost between.
func (u *pickup) all(ctx context.Context) error {
	for {
		list, err := u.read(ctx)
		if err != nil {
			return err
		}
		ready := u.ready(list)
		if len(ready) == 0 {
			return nil
		}
		ids := make([]int64, len(ready))
		for i, e := range ready {
			ids[i] = e.ID
			if u.p.held.add(e.ID, e.Received) {
				u.take(e)
			}
		}
		err = u.p.now(ctx, &statement{sql: `UPDATE deliveries SET taken = true WHERE owner = $1 AND id = ANY($2)`, args: []any{u.p.id, ids}})
		if err != nil {
			return err
		}
	}
}

// ready leaves out what would overtake something that this process put before. What is put from now on is no such
// thing: it finds that the lane has an entry which is not taken, and comes by the pickup as well.
func (u *pickup) ready(list []bot.Entry) []bot.Entry {
	turn, held, blocked := u.p.hands.turn(), map[int64]uint64{}, map[string]bool{}
	ready := list[:0]
	for _, e := range list {
		until, known := u.held[e.ID]
		if !known {
			until = turn
		}
		if blocked[e.Lane] || !u.p.hands.clear(e.Lane, until) {
			blocked[e.Lane] = true
			held[e.ID] = until
			continue
		}
		ready = append(ready, e)
	}
	u.held = held
	return ready
}

func (u *pickup) read(ctx context.Context) ([]bot.Entry, error) {
	rows, err := u.p.pool.Query(ctx, `SELECT `+entryColumns+` FROM deliveries d
		WHERE ended IS NULL AND owner = $1 AND NOT taken ORDER BY id LIMIT $2`, u.p.id, pickupMost)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, scanEntry)
}

// listen stirs the pickup when somebody puts something for this process. It has a connection of its own. Without it
// the pickup still looks from time to time.
func (p *postgres) listen(ctx context.Context) {
	pause := backoff{}
	for ctx.Err() == nil {
		if heard := p.hear(ctx); heard {
			pause = backoff{}
		}
		pause.wait(ctx, pause.step()+p.timing.poll, nil)
	}
}

// hear listens until the connection breaks. heard says that there was one.
func (p *postgres) hear(ctx context.Context) (heard bool) {
	config := p.pool.Config().ConnConfig
	config.BuildContextWatcherHandler = func(conn *pgconn.PgConn) ctxwatch.Handler {
		return &pgconn.DeadlineContextWatcherHandler{Conn: conn.Conn()} // while it waits there is no statement to be cancelled
	}
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return false
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	if _, err := conn.Exec(ctx, fmt.Sprintf("LISTEN incident_bot_%d", p.id)); err != nil {
		return false
	}
	for {
		p.stirPickup()
		if _, err := conn.WaitForNotification(ctx); err != nil {
			return true
		}
	}
}
