package journal

import "context"

// prune removes what nobody will ask for any more, some at a time. What another process is removing is left to it.
func (p *postgres) prune(ctx context.Context) error {
	now := p.o.Now()
	keep := p.o.Retention
	for _, s := range []struct {
		sql  string
		args []any
	}{
		{pruneDeliveries, []any{2, now.Add(-keep.Done)}},
		{pruneDeliveries, []any{3, now.Add(-keep.Dead)}},
		{pruneNames, []any{now}},
		{pruneKept, []any{now}},
	} {
		for more := true; more; {
			done, err := p.pool.Exec(ctx, s.sql, s.args...)
			if err != nil {
				return err
			}
			more = done.RowsAffected() >= pruneMost
		}
	}
	return nil
}

const (
	pruneMost = 1000

	pruneDeliveries = `
WITH old AS (
	DELETE FROM deliveries WHERE id IN (
		SELECT id FROM deliveries WHERE ended < $2 AND state = $1 ORDER BY ended LIMIT 1000 FOR UPDATE SKIP LOCKED
	) RETURNING id
), gone AS (DELETE FROM effects USING old WHERE delivery = old.id)
SELECT FROM old`
	pruneNames = `DELETE FROM names WHERE name IN (SELECT name FROM names WHERE until <= $1 LIMIT 1000 FOR UPDATE SKIP LOCKED)`
	pruneKept  = `DELETE FROM kept WHERE key IN (SELECT key FROM kept WHERE until <= $1 LIMIT 1000 FOR UPDATE SKIP LOCKED)`
)
