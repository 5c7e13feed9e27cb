package bot

import (
	"context"
	"errors"
	"time"
)

// An Inbox holds what was received until it has been acted upon, and the log of the effects that acting had. An envelope
// is acknowledged only after Put, so what Put accepted must not depend on anything that a crash takes away, as far as
// the implementation promises that: the memory inbox promises nothing beyond the process.
//
// Methods with an error have committed what they say when they return nil. Those without one commit soon after, and what
// a crash takes of them away is found out again: a delivery that was handled is handled again, and an effect whose
// result is missing is looked for before it is tried. All may be called by many goroutines at once.
type Inbox interface {
	feed
	progress
	EffectLog
	Keeper
	// Err says why nothing can be kept at present, nil when all is well.
	Err() error
}

// feed is how entries come in.
type feed interface {
	// Put commits e under its key and gives it its ID, unless the key or one of the names was put within the last hour:
	// then seen is true and nothing is to be done. An error means that e was not taken; ErrBusy is one.
	Put(ctx context.Context, e *Entry) (seen bool, err error)
	// Open gives take every entry that waits from an earlier time, in order of ID, and returns. What other processes
	// leave behind is given to take later, until ctx is done. take returns quickly.
	Open(ctx context.Context, take func(Entry)) error
}

// An Offerer is an Inbox whose Put has two halves, so that whoever reads can read on while what was read is committed.
type Offerer interface {
	// Offer gives e its place among all that is put, and returns. wait is Put's answer, and waits for it; e is not for
	// others until then.
	Offer(ctx context.Context, e *Entry) (wait func() (seen bool, err error))
}

// progress is what becomes of an entry.
type progress interface {
	// Start says that the handler of an entry starts now. It is false when the entry is not ours any more: somebody
	// dropped it, or another process has taken it over.
	Start(ctx context.Context, id int64) (ours bool, err error)
	// Later says that the entry is to be handled again, not before due. why is for people.
	Later(id int64, due time.Time, why string)
	// End says that the entry needs nothing more. dead marks one that was given up: it is kept until a person looks.
	End(id int64, dead bool, why string)
	// Waiting lists what waits or runs for a workspace, in order of ID, at most limit of them.
	Waiting(ctx context.Context, workspace string, limit int) ([]Entry, error)
	// Drop ends an entry that waits, for the user whose it is; it is false when there is no such entry any more, it is
	// another user's, or an effect of it may have happened: it was begun and not concluded, or concluded with a result.
	Drop(ctx context.Context, workspace, user string, id int64) (bool, error)
}

// An EffectLog keeps what handling an entry did, so that it is done once however often the entry is handled.
type EffectLog interface {
	// Begin commits that an effect is about to be tried, with a memo for whoever has to find out what became of it. When
	// that was said before, it gives what is known instead, and memo is not kept.
	Begin(ctx context.Context, id int64, effect string, memo []byte) (Logged, error)
	// Concluded keeps an effect's result, whether it was begun or not.
	Concluded(id int64, effect string, result []byte)
	// Undone says that an effect that was begun certainly did not happen: Begin finds nothing of it.
	Undone(id int64, effect string)
}

// Logged is what an EffectLog knows of an effect.
type Logged struct {
	Before bool      // it was begun before
	Began  time.Time // when, first
	Memo   []byte
	Done   bool
	Result []byte
}

// A Keeper remembers small things beyond the process, for all processes that share it.
type Keeper interface {
	// Keep puts value under key until then, in the place of what was there.
	Keep(key string, value []byte, until time.Time)
	// Kept gives what is under key, nil when that is nothing or its time is over.
	Kept(ctx context.Context, key string) ([]byte, error)
}

// An Entry is a delivery as an Inbox keeps it.
type Entry struct {
	// ID is the inbox's own number for it. It grows in order of arrival and is never 0.
	ID int64
	// Key names the act, Names give other names that a delivery of the same act may have; none is empty.
	Key   string
	Names []string
	// Workspace, User and Lane are whose it is and in which queue it runs. Lane begins with the workspace.
	Workspace, User, Lane string
	Received              time.Time
	// Body is all that is needed to act.
	Body []byte
	// Elsewhere says after Put that the caller is not to run the entry: another process does, because it has others of the
	// same lane, or this one is given it by take, after others that were put elsewhere. What is not elsewhere has to be in
	// its lane within a second.
	Elsewhere bool
	// Attempts is how often its handler has started, Crashes how often the process ended meanwhile. Due, if not zero, is
	// before when it is not tried again, and Why is the reason.
	Attempts, Crashes int
	Due               time.Time
	Why               string
}

// ErrBusy is why an inbox takes nothing more: too much waits already.
var ErrBusy = errors.New("too many requests are waiting")

// ErrUnkept is why an inbox takes nothing: what it writes to does not work. Errors of Put wrap it.
var ErrUnkept = errors.New("requests cannot be written down")
