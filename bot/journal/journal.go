// Package journal is the inbox that outlives the process: what was received, how far acting upon it has come, and which
// effects that had. It is written in SQL, to a file of SQLite or to a PostgreSQL server.
//
// # The rule of the package
//
// Whoever was told "yes" is not let down. Put, Begin and Drop answer after their commit and not before, and an answer
// that cannot be given soon is an error that wraps bot.ErrUnkept. Everything else may be lost by a crash, and is of the
// kind that is found out again: a delivery that was handled is handled again, and an effect whose result is missing is
// looked for before it is tried. What is written down lazily is written in the order it was said, so a crash takes a
// tail of it and never something from the middle.
//
// Two kinds of end are told apart. What a process wrote, the machine has, whatever becomes of the process; only what was
// promised for good is synced to the disk, so that it outlives the machine too. After an end of the machine, what is not
// found in the file is taken for lost and not for undone.
//
// # What is counted
//
// Attempts is never less than how often the handler really started, whatever an end of the process took away: where a
// start may have gone unrecorded, one is counted. Crashes counts the ends of the process while the handler ran, also
// ordered ones.
//
// # What is kept, and for how long
//
// An entry that needs nothing more loses its body at once and its row after a day; until then it serves to recognise
// the act when it is delivered again, for an hour. An entry that was given up is kept whole for 30 days, for a person to
// look at. There are no tokens in any of it, and no printer of this package shows a body, a key or a URL.
//
// # SQLite
//
// One process owns the file, by its lock, and keeps all that is live in memory as well. Memory answers the questions;
// the file is there for the next process. One goroutine writes: whatever was said since it last looked becomes one
// transaction, so that under load many share the price of one sync. Should the file become unusable or vanish, nothing
// that was accepted is lost with it: everything live is written again as soon as there is a place.
//
// # PostgreSQL
//
// Several processes share the database. Each has a lease, each entry an owner, each lane one owner at a time: what is put
// into a lane goes to whoever has it, so that order holds across processes. When a lease is over, whoever notices takes
// what its owner had. A process that lost something to another can neither start it nor begin an effect of it, whatever
// it believes. The times of leases are the server's.
package journal

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"

	"incident-bot/bot"
)

// A Journal is an inbox on something that outlives the process.
type Journal interface {
	bot.Inbox
	// Close writes what is still to be written and lets go of the store. What waits is found by whoever opens it next.
	Close() error
}

// Options are what a Journal can be told. The zero Options will do.
type Options struct {
	Log zerolog.Logger
	// Metrics is where the figures are registered; with nil nobody sees them.
	Metrics prometheus.Registerer
	// Delayed is told why the journal is not open yet, each time it was tried; nil is nobody.
	Delayed func(why error)
	// Now tells the time; nil is time.Now.
	Now       func() time.Time
	Retention Retention
	// step is told the name of each boundary between two steps, for tests that end the process there.
	step func(name string)
	// machine is a mark of this start of the machine; 0 asks the machine.
	machine int64
}

// Retention is for how long entries are kept after their end.
type Retention struct {
	Done time.Duration // 0 is a day
	Dead time.Duration // of those that were given up; 0 is 30 days
}

// withDefaults fills in what was not said.
func (o Options) withDefaults() Options {
	const day = 24 * time.Hour
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Retention.Done == 0 {
		o.Retention.Done = day
	}
	if o.Retention.Dead == 0 {
		o.Retention.Dead = 30 * day
	}
	if o.machine == 0 {
		o.machine = machineStart()
	}
	if o.Delayed == nil {
		o.Delayed = func(error) {}
	}
	if o.step == nil {
		o.step = func(string) {}
	}
	return o
}

// seenWindow is how long a delivery is recognised, as the memory inbox has it.
const seenWindow = time.Hour

// Open opens the journal that url names, and makes it if there is none. It waits a while for a store that is in use or
// not there yet, and gives up when ctx is done.
func Open(ctx context.Context, url string, o Options) (Journal, error) {
	o = o.withDefaults()
	where, err := parseURL(url)
	if err != nil {
		return nil, err
	}
	var opened atomic.Pointer[Journal]
	if err := watchFailing(o.Metrics, func() bool { j := opened.Load(); return j == nil || (*j).Err() != nil }); err != nil {
		return nil, err
	}
	open := openPostgres
	if where.path != "" {
		open, url = openSQLite, where.path
	}
	j, err := open(ctx, url, o)
	if err != nil {
		return nil, bare(err)
	}
	opened.Store(&j)
	return j, nil
}
