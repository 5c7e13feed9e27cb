package journal

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// A statement is something to be done or read, in the order in which it was said. Whatever changes a delivery of this
// process goes this way: were there two, each could hold a row that the other waits for.
type statement struct {
	*wait // nil when nobody waits
	sql   string
	args  []any
	lock  string               // a statement before it, with the first argument alone
	read  func(pgx.Rows) error // reads the rows, from the first again when an answer was lost on its way
}

func (s *statement) caller() *wait { return s.wait }
func (s *statement) dropped()      {}

// later queues what nobody waits for.
func (p *postgres) later(sql string, args ...any) {
	if !p.writes.add(&statement{sql: sql, args: args}) {
		p.log.Error().Msg("journal: something was not written: closed, or too much waits for the database")
	}
}

// now does or reads something after all that was said before.
func (p *postgres) now(ctx context.Context, s *statement) error {
	s.wait = newWait()
	return askFold(ctx, p, p.writes, s, s.wait)
}

// writeAll does statements in one transaction and answers their callers.
func (p *postgres) writeAll(ctx context.Context, list []*statement) error {
	p.o.step("commit")
	began := time.Now()
	err := p.bounded(ctx, func(ctx context.Context) error { return p.sendStatements(ctx, list) })
	if said := p.check(err); said != nil {
		if len(list) == 1 && malformed(err) && list[0].wait == nil {
			p.log.Error().Err(said).Msg("journal: something could not be written")
		}
		return err
	}
	p.figure.committed(time.Since(began), 0)
	p.o.step("committed")
	for _, s := range list {
		s.end(nil)
	}
	return nil
}

func (p *postgres) sendStatements(ctx context.Context, list []*statement) error {
	var b pgx.Batch
	for _, s := range list {
		if s.lock != "" {
			b.Queue(s.lock, s.args[0])
		}
		q := b.Queue(s.sql, s.args...)
		if s.read != nil {
			q.Query(s.read)
		}
	}
	return p.pool.SendBatch(ctx, &b).Close()
}

// some reads whether there is a row.
func some(found *bool) func(pgx.Rows) error {
	return func(rows pgx.Rows) error {
		*found = rows.Next()
		rows.Close()
		return rows.Err()
	}
}

// single reads one row, if there is one.
func single(into ...any) func(pgx.Rows) error {
	return func(rows pgx.Rows) error {
		for rows.Next() {
			if err := rows.Scan(into...); err != nil {
				return err
			}
		}
		return rows.Err()
	}
}
