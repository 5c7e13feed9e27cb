package journal

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"incident-bot/bot"
)

func (j *sqliteJournal) Begin(_ context.Context, id int64, effect string, memo []byte) (bot.Logged, error) {
	for {
		known, w, err := j.begin(id, effect, memo)
		switch {
		case err != nil:
			return bot.Logged{}, err
		case !known.Before:
			return known, w.wait()
		case w == nil:
			return known, nil
		}
		_ = w.wait() // somebody else begins it: what becomes of that decides
	}
}

// begin puts an effect into the batch, or gives what is known of it. w is to be waited for if it is not nil.
func (j *sqliteJournal) begin(id int64, name string, memo []byte) (known bot.Logged, w *waiter, err error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	r := j.rows[id]
	switch {
	case j.closed:
		return known, nil, j.refusal()
	case r == nil || !r.state.live():
		return known, nil, fmt.Errorf("begin an effect of delivery %d: it is over", id)
	}
	if e := r.effects[name]; e != nil {
		return e.logged(), e.begin, nil
	}
	if e := r.perhaps(name); e != nil {
		r.effects[name] = e
		j.noteEffect(id, name, e, false)
		return e.logged(), nil, nil
	}
	if j.trouble != nil {
		return known, nil, j.trouble
	}
	e := &effect{began: j.now().Truncate(time.Millisecond), memo: bytes.Clone(memo)}
	if r.effects == nil {
		r.effects = map[string]*effect{}
	}
	r.effects[name] = e
	j.noteEffect(id, name, e, false)
	e.begin = j.await(func(err error) {
		e.begin = nil
		if err != nil && r.effects[name] == e {
			delete(r.effects, name)
		}
	})
	return known, e.begin, nil
}

func (j *sqliteJournal) Concluded(id int64, name string, result []byte) {
	j.mu.Lock()
	defer j.mu.Unlock()
	r := j.rows[id]
	if r == nil || j.closed || !r.state.live() {
		return
	}
	if r.effects == nil {
		r.effects = map[string]*effect{}
	}
	e := r.effects[name]
	if e == nil {
		e = &effect{began: j.now().Truncate(time.Millisecond)}
		r.effects[name] = e
	}
	e.done, e.result = true, bytes.Clone(result)
	j.noteEffect(id, name, e, false)
}

func (j *sqliteJournal) Undone(id int64, effect string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	e := j.effect(id, effect)
	if e == nil {
		return
	}
	r := j.rows[id]
	delete(r.effects, effect)
	if r.undone == nil {
		r.undone = map[string]bool{}
	}
	r.undone[effect] = true
	j.noteEffect(id, effect, e, true)
}

// effect finds an effect of a row that is live. That of another is of no use to anybody.
func (j *sqliteJournal) effect(id int64, name string) *effect {
	r := j.rows[id]
	if r == nil || j.closed {
		return nil
	}
	return r.effects[name]
}
