package journal

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"incident-bot/bot"
)

// ours is the condition under which this process may do something for a delivery: it owns it, and its lease lasts.
// The arguments are the delivery's id and the owner's.
const (
	ours = `d.id = $1 AND d.owner = $2 AND d.ended IS NULL AND EXISTS (SELECT FROM alive)`

	aliveTable = `alive AS MATERIALIZED (SELECT FROM owners WHERE id = $2 AND until > clock_timestamp())`
)

// startStatement has one row: whether the handler may start, and whether the lease lasts.
const startStatement = `
WITH ` + aliveTable + `, started AS (
	UPDATE deliveries d SET state = 1, attempts = attempts + 1, due = NULL WHERE ` + ours + ` RETURNING 1
)
SELECT EXISTS (SELECT FROM started), EXISTS (SELECT FROM alive)`

// Start commits that the handler starts now. A process that was stopped for a while may have lost the entry to another:
// the condition is looked at in the statement itself.
func (p *postgres) Start(ctx context.Context, id int64) (bool, error) {
	var mine, alive bool
	err := p.leased(ctx, func() (bool, error) {
		err := p.now(ctx, &statement{sql: startStatement, args: []any{id, p.id}, read: single(&mine, &alive)})
		return alive, err
	})
	if err != nil {
		return false, fmt.Errorf("start entry %d: %w", id, err)
	}
	p.hands.started(id)
	if mine {
		p.figure.attempts.Inc()
		p.held.run(id, true)
	} else {
		p.held.remove(id)
	}
	return mine, nil
}

// Later lets an entry wait again.
func (p *postgres) Later(id int64, due time.Time, why string) {
	p.held.run(id, false)
	p.later(`UPDATE deliveries SET state = 0, due = $3, why = $4 WHERE id = $1 AND owner = $2 AND ended IS NULL`,
		id, p.id, orNull(due), clean(why))
}

// End ends an entry. One that was given up keeps its body for whoever looks at it.
func (p *postgres) End(id int64, dead bool, why string) {
	state := 2
	if dead {
		state = 3
		p.figure.dead.Inc()
	}
	p.held.remove(id)
	p.later(`UPDATE deliveries SET state = $3::smallint, why = $4, ended = $5, due = NULL, body = CASE WHEN $3::smallint = 2 THEN '' ELSE body END
		WHERE id = $1 AND owner = $2 AND ended IS NULL`, id, p.id, state, clean(why), p.o.Now())
}

// Waiting lists what waits or runs, here or elsewhere.
func (p *postgres) Waiting(ctx context.Context, workspace string, limit int) ([]bot.Entry, error) {
	var list []bot.Entry
	err := p.now(ctx, &statement{
		sql: `SELECT ` + entryColumns + ` FROM deliveries d
			WHERE ended IS NULL AND workspace = $1 ORDER BY id LIMIT $2`,
		args: []any{clean(workspace), limit},
		read: func(rows pgx.Rows) (err error) {
			list, err = pgx.CollectRows(rows, scanEntry)
			return err
		},
	})
	if err != nil {
		return nil, fmt.Errorf("list what waits: %w", err)
	}
	return list, nil
}

// Drop ends an entry that waits, whoever owns it: its owner finds that out when it would start.
func (p *postgres) Drop(ctx context.Context, workspace, user string, id int64) (bool, error) {
	dropped := false
	err := p.now(ctx, &statement{
		lock: `SELECT FROM deliveries WHERE id = $1 FOR UPDATE`,
		sql: `UPDATE deliveries d SET state = 2, why = 'dropped', ended = $4, due = NULL, body = ''
			WHERE id = $1 AND workspace = $2 AND user_id = $3 
				AND (state = 0 AND ended IS NULL OR ended = $4 AND why = 'dropped') -- the same again, when an answer was lost
				AND NOT EXISTS (SELECT FROM effects e WHERE e.delivery = d.id AND (NOT e.done OR length(e.result) > 0))
			RETURNING 1`,
		args: []any{id, clean(workspace), clean(user), p.o.Now()},
		read: some(&dropped),
	})
	if err != nil {
		return false, fmt.Errorf("drop entry %d: %w", id, err)
	}
	return dropped, nil
}

// entryColumns are what scanEntry reads.
const entryColumns = `d.id, d.key, d.names, d.workspace, d.user_id, d.lane, d.received, d.body, d.attempts, d.crashes, d.due, d.why`

func scanEntry(row pgx.CollectableRow) (bot.Entry, error) {
	var e bot.Entry
	var due *time.Time
	var names string
	err := row.Scan(&e.ID, &e.Key, &names, &e.Workspace, &e.User, &e.Lane, &e.Received, &e.Body, &e.Attempts, &e.Crashes, &due, &e.Why)
	if err == nil {
		err = json.Unmarshal([]byte(names), &e.Names)
	}
	if due != nil {
		e.Due = *due
	}
	return e, err
}

func orNull(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
