package journal

import (
	"encoding/json"
	"errors"

	"incident-bot/bot"
)

// writeBatch makes a batch one transaction, then reads for those who ask. It answers nobody.
func (f *file) writeBatch(b *batch) error {
	if !b.plain() {
		if err := f.transact(func() error { return f.put(b) }); err != nil {
			return err
		}
	}
	if b.lasting {
		if err := f.sync(); err != nil {
			return err
		}
	}
	if err := f.moved(); err != nil { // what was committed to a file without a name is lost with the process
		return err
	}
	for _, read := range b.reads {
		if err := read(f.conn); err != nil {
			return err
		}
	}
	return nil
}

// put writes the parts of a batch, in an order in which each finds what it needs.
func (f *file) put(b *batch) error {
	for _, r := range b.fresh {
		if err := f.insert(r, record{}); err != nil {
			return err
		}
	}
	for _, c := range b.changed {
		if err := f.update(c.row.e.ID, c.record); err != nil {
			return err
		}
	}
	for _, e := range b.effects {
		if err := f.effect(e); err != nil {
			return err
		}
	}
	for key, k := range b.kept {
		if err := f.keep(key, k); err != nil {
			return err
		}
	}
	return nil
}

const insertText = `INSERT OR REPLACE INTO deliveries
	(id, state, arrived, received, attempts, crashes, due, ended, workspace, user, lane, key, names, why, body)
	VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

func (f *file) insert(r *row, rec record) error {
	names, err := namesText(&r.e)
	if err != nil {
		return err
	}
	body := r.e.Body
	if rec.state == stateDone {
		body = nil
	}
	return f.exec(insertText, r.e.ID, int64(rec.state), millis(r.arrived), millis(r.e.Received), int64(rec.attempts), int64(rec.crashes),
		rec.due, rec.ended, r.e.Workspace, r.e.User, r.e.Lane, r.e.Key, names, rec.why, body)
}

func namesText(e *bot.Entry) (string, error) {
	if len(e.Names) == 0 {
		return "[]", nil
	}
	names, err := json.Marshal(e.Names)
	return string(names), err
}

// The changes of a row. One that is done needs its body no more.
const (
	updateText = "UPDATE deliveries SET state = ?, attempts = ?, crashes = ?, due = ?, ended = ?, why = ? WHERE id = ?"
	doneText   = "UPDATE deliveries SET state = ?, attempts = ?, crashes = ?, due = ?, ended = ?, why = ?, body = NULL WHERE id = ?"
)

func (f *file) update(id int64, rec record) error {
	text := updateText
	if rec.state == stateDone {
		text = doneText
	}
	return f.exec(text, int64(rec.state), int64(rec.attempts), int64(rec.crashes), rec.due, rec.ended, rec.why, id)
}

func (f *file) effect(e effectChange) error {
	if e.gone {
		return f.exec("DELETE FROM effects WHERE delivery = ? AND name = ?", e.id, e.name)
	}
	done := int64(0)
	if e.done {
		done = 1
	}
	return f.exec("INSERT OR REPLACE INTO effects (delivery, name, began, memo, done, result) VALUES (?, ?, ?, ?, ?, ?)",
		e.id, e.name, millis(e.began), e.memo, done, e.result)
}

func (f *file) keep(key string, k keep) error {
	return f.exec("INSERT OR REPLACE INTO kept (key, value, until) VALUES (?, ?, ?)", key, k.value, millis(k.until))
}

// fact sets a number of the file's own.
func (f *file) fact(name string, value int64) error {
	return f.exec("INSERT OR REPLACE INTO facts (name, value) VALUES (?, ?)", name, value)
}

// marks notes where a scan for what is live may begin, and the last number that was given.
func (f *file) marks(low, last, clean int64) error {
	return errors.Join(f.fact("low", low), f.fact("last", last), f.fact("clean", clean))
}
