package journal

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// renew lengthens the lease. A lease that was over and that nobody made use of is ours again with all we had; after an
// adoption the process begins anew with nothing.
func (p *postgres) renew(ctx context.Context) error {
	p.leasing.Lock()
	defer p.leasing.Unlock()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), p.timing.attempt()) // its time begins with its turn
	defer cancel()
	lasted := false
	err := p.pool.QueryRow(ctx, `
		WITH before AS (SELECT FROM owners WHERE id = $1 AND until > clock_timestamp())
		INSERT INTO owners (id, until) VALUES ($1, clock_timestamp() + $2)
		ON CONFLICT (id) DO UPDATE SET until = excluded.until RETURNING EXISTS (SELECT FROM before)`, p.id, p.timing.lease).Scan(&lasted)
	if err != nil {
		p.lease.doubted()
		return err
	}
	p.lapsed.Store(false)
	p.lease.renewed(lasted, time.Now())
	return nil
}

// leased does something for which the lease has to last. Where it does not, because the process or the database was away
// for a while, the lease is renewed: what nobody has adopted is ours as before.
func (p *postgres) leased(ctx context.Context, do func() (alive bool, err error)) error {
	for end := time.Now().Add(p.timing.answer); time.Now().Before(end); {
		alive, err := do()
		if err != nil || alive {
			return err
		}
		if err := p.check(p.bounded(ctx, p.renew)); err != nil {
			return err
		}
	}
	return unkept("the lease on it does not last")
}

// lease is since when this process has renewed its lease without a gap.
type lease struct{ since atomic.Pointer[time.Time] }

func (l *lease) renewed(lasted bool, now time.Time) {
	if !lasted || l.since.Load() == nil {
		l.since.Store(&now)
	}
}

// doubted notes that a renewal failed, as far as is known. Was only its answer lost, the next one will find a lease that
// lasts, though there was a gap before.
func (l *lease) doubted() { l.since.Store(nil) }

// steady says that the lease has lasted for d. When the database was away for all, the leases of all are over, and the
// first to come back is not to take from the others what they still have.
func (l *lease) steady(d time.Duration, now time.Time) bool {
	since := l.since.Load()
	return since != nil && now.Sub(*since) >= d
}

// release ends the lease. What this process had is for the others to adopt.
func (p *postgres) release(ctx context.Context) error {
	_, err := p.pool.Exec(ctx, `UPDATE owners SET until = '-infinity' WHERE id = $1`, p.id)
	return err
}

// adoptStatement takes what dead owners had. What ran when its owner died has crashed. The rows are not taken yet: the
// pickup gives them to the handlers, in order, and would do so as well if the answer to this statement was lost.
const adoptStatement = `
WITH alive AS MATERIALIZED (
	SELECT FROM owners WHERE id = $1 AND until > clock_timestamp()
), dead AS MATERIALIZED (
	SELECT id FROM owners WHERE until <= clock_timestamp() AND id <> $1 AND EXISTS (SELECT FROM alive)
	FOR UPDATE OF owners SKIP LOCKED
), gone AS (
	DELETE FROM owners WHERE id IN (SELECT id FROM dead)
)
UPDATE deliveries SET owner = $1, taken = false, crashes = crashes + state, state = 0
WHERE ended IS NULL AND owner IN (SELECT id FROM dead)`

// adoptSteadily adopts if the lease has lasted for long, and goes on doing so: no renewal comes between the question and
// the adoption. One after an outage would make this process alive again before the others are, and have it rob them.
func (p *postgres) adoptSteadily(ctx context.Context) error {
	p.leasing.Lock()
	defer p.leasing.Unlock()
	if !p.lease.steady(p.timing.lease, time.Now()) {
		return nil
	}
	return p.adopt(ctx)
}

// adopt takes over what dead owners had, all of a lane at once. While it does so nobody puts anything: an entry that
// goes to the dead owner of its lane must not be overlooked.
func (p *postgres) adopt(ctx context.Context) error {
	dead := false
	err := p.pool.QueryRow(ctx, `SELECT EXISTS (SELECT FROM owners WHERE until <= clock_timestamp() AND id <> $1)`, p.id).Scan(&dead)
	if err != nil || !dead {
		return err
	}
	var b pgx.Batch
	b.Queue(`SELECT pg_advisory_xact_lock($1)`, int64(lockAdoption))
	adopted := b.Queue(adoptStatement, p.id)
	var rows int64
	adopted.Exec(func(tag pgconn.CommandTag) error { rows = tag.RowsAffected(); return nil })
	if err := p.pool.SendBatch(ctx, &b).Close(); err != nil {
		return fmt.Errorf("adopt what dead processes left: %w", err)
	}
	if rows > 0 {
		p.log.Info().Int64("entries", rows).Msg("journal: adopted what another process left behind")
		p.stirPickup()
	}
	return nil
}
