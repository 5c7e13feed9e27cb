package journal

import (
	"time"

	"incident-bot/bot"
)

// state is what becomes of an entry. The numbers are in the file.
type state int

const (
	stateWaiting state = iota
	stateRunning
	stateDone
	stateDead
)

func (s state) live() bool { return s < stateDone }

// row is an entry that is live, or whose end is not written yet. What is in the file may be older, never newer.
type row struct {
	e       bot.Entry // Key to Body never change
	arrived time.Time
	state   state
	ended   time.Time
	effects map[string]*effect
	undone  map[string]bool // effects that were found not to have happened

	file     record  // as the file has it
	put      *waiter // under way; nil once the file has it
	dropping *waiter // somebody drops it
	changed  bool    // and in the batch for that
}

// effect is one of a row's effects.
type effect struct {
	began  time.Time
	memo   []byte
	done   bool
	result []byte
	begin  *waiter // under way; nil once the file has it
}

func (e *effect) logged() bot.Logged {
	return bot.Logged{Before: true, Began: e.began, Memo: e.memo, Done: e.done, Result: e.result}
}

// record is what changes about a row, as it is written.
type record struct {
	state             state
	attempts, crashes int
	due, ended        int64
	why               string
}

func (r *row) record() record {
	return record{r.state, r.e.Attempts, r.e.Crashes, millis(r.e.Due), millis(r.ended), r.e.Why}
}

// entry is a copy for others. They may not change the body.
func (r *row) entry() bot.Entry { return r.e }

// begun says whether an effect happened or may have. What was concluded without a result is a note or a message.
func (r *row) begun() bool {
	for _, e := range r.effects {
		if !e.done || len(e.result) > 0 {
			return true
		}
	}
	return false
}

// startsUnseen says whether the next start may be written down later. It may when what the file has makes whoever finds
// it count a start: the entry waits, was not put off, and no other start is unwritten.
func (r *row) startsUnseen() bool {
	return r.put == nil && r.file.state == stateWaiting && r.file.due == 0 && r.file.attempts == r.e.Attempts
}

// millis is a time as the file has it, 0 for none.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func fromMillis(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms)
}
