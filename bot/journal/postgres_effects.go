package journal

import (
	"context"
	"errors"
	"fmt"
	"time"

	"incident-bot/bot"
)

// beginStatement logs an effect unless that was done before. The read of what is known does not see the row that the
// same statement inserts.
const beginStatement = `
WITH ` + aliveTable + `, mine AS MATERIALIZED (
	SELECT FROM deliveries d WHERE ` + ours + `
), fresh AS (
	INSERT INTO effects (delivery, name, began, memo) SELECT $1::bigint, $3::text, $4::timestamptz, $5::bytea FROM mine ON CONFLICT DO NOTHING RETURNING 1
)
SELECT EXISTS (SELECT FROM alive), EXISTS (SELECT FROM mine), EXISTS (SELECT FROM fresh), e.began, e.memo, coalesce(e.done, false), e.result
FROM (SELECT) one LEFT JOIN effects e ON e.delivery = $1::bigint AND e.name = $3::text`

// Begin commits that an effect is about to be tried.
func (p *postgres) Begin(ctx context.Context, id int64, effect string, memo []byte) (bot.Logged, error) {
	var known bot.Logged
	var alive, mine, fresh bool
	var began *time.Time
	now := p.o.Now()
	err := p.leased(ctx, func() (bool, error) {
		err := p.now(ctx, &statement{
			sql:  beginStatement,
			args: []any{id, p.id, clean(effect), now, memo},
			read: single(&alive, &mine, &fresh, &began, &known.Memo, &known.Done, &known.Result),
		})
		return alive, err
	})
	if err == nil {
		err = begun(mine, fresh, began)
	}
	if err != nil {
		return bot.Logged{}, fmt.Errorf("begin effect %q of entry %d: %w", effect, id, err)
	}
	if fresh {
		return bot.Logged{Began: now, Memo: memo}, nil
	}
	known.Before, known.Began = true, *began
	return known, nil
}

// begun says why an effect may not be tried.
func begun(mine, fresh bool, began *time.Time) error {
	switch {
	case !mine:
		return &unkeptError{errTaken}
	case !fresh && began == nil:
		return unkept("another process has just begun it")
	}
	return nil
}

// errTaken is why nothing more may be done for an entry.
var errTaken = errors.New("another process has taken the entry over, or it has ended")

// Concluded keeps a result. It is the truth even if another process has taken the entry over meanwhile.
func (p *postgres) Concluded(id int64, effect string, result []byte) {
	p.later(`INSERT INTO effects (delivery, name, began, memo, done, result)
		SELECT id, $2::text, $4::timestamptz, NULL, true, $3::bytea FROM deliveries WHERE id = $1::bigint
		ON CONFLICT (delivery, name) DO UPDATE SET done = true, result = excluded.result`, id, clean(effect), result, p.o.Now())
}

// Undone forgets an effect, unless another process has taken the entry over: then that one has begun it too.
func (p *postgres) Undone(id int64, effect string) {
	p.later(`DELETE FROM effects e USING deliveries d
		WHERE d.id = $1 AND d.owner = $2 AND e.delivery = d.id AND e.name = $3 AND NOT e.done`, id, p.id, clean(effect))
}

// Keep remembers a value for every process.
func (p *postgres) Keep(key string, value []byte, until time.Time) {
	p.later(`INSERT INTO kept (key, value, until) VALUES ($1, $2, $3)
		ON CONFLICT (key) DO UPDATE SET value = excluded.value, until = excluded.until`, clean(key), notNil(value), until)
}

// Kept gives what is remembered.
func (p *postgres) Kept(ctx context.Context, key string) ([]byte, error) {
	var value []byte
	err := p.now(ctx, &statement{
		sql:  `SELECT value FROM kept WHERE key = $1 AND until > $2`,
		args: []any{clean(key), p.o.Now()},
		read: single(&value),
	})
	if err != nil {
		return nil, fmt.Errorf("look up what is kept: %w", err)
	}
	return value, nil
}
