package journal

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/rs/zerolog"
	"modernc.org/sqlite"

	"incident-bot/bot"
)

// maxLive is how many entries may wait or run at once. They are all in memory.
const maxLive = 10_000

// sqliteJournal is the Journal of one process in one file.
//
// What is said goes into memory first, and into the batch of what the file is to learn. The writer takes the batch,
// writes it in one transaction, and answers those who wait for it. While nothing can be written, the batch records
// nothing: once there is a place again, the writer compares the file with memory and writes the difference.
type sqliteJournal struct {
	path    string
	now     func() time.Time
	keep    Retention
	log     zerolog.Logger
	metrics *metrics
	machine int64 // machineStart
	step    func(string)
	delayed func(why error)

	file    *file       // the writer's alone, as is what follows
	is      os.FileInfo // which file that was last
	cause   error       // why nothing can be written, nil when all is well
	attempt int         // failed ones in a row to write again

	wake, lazy chan struct{} // something waits; something is to be written soon
	stop       chan struct{} // closed by Close
	stopped    chan struct{} // closed by the writer

	mu        sync.Mutex
	rows      map[int64]*row
	live      int   // rows that wait or run
	last      int64 // the highest number given
	recent    *recent
	coming    map[mark]*waiter // names that are being put
	early     []int64          // rows from an earlier time, until Open
	kept      map[string]keep  // what the file does not have yet
	filed     map[mark]int64   // until when what the file has is kept: it need not be asked for the rest
	batch     *batch
	flight    *batch // what the writer is writing
	recording bool
	trouble   error // why nothing is taken; wraps bot.ErrUnkept
	closed    bool
}

// openSQLite opens a file for this process alone. One that is damaged is set aside, and an empty one begun.
func openSQLite(ctx context.Context, path string, o Options) (Journal, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	// Both calls commit the same; this one leaves out the time stamps of the file. SQLite itself does so on Linux.
	_, _ = sqlite.Fdatasync(true)
	j := newSQLite(path, o)
	if j.metrics, err = newMetrics(o.Metrics, j.depth); err != nil {
		return nil, err
	}
	if err := j.acquire(ctx); err != nil {
		return nil, err
	}
	if err := j.load(); err != nil {
		return nil, errors.Join(fmt.Errorf("read the journal: %w", err), j.file.close())
	}
	j.mend(nil) // what load counted has to be written before anything is counted on
	go j.write()
	go j.watch()
	return j, nil
}

func newSQLite(path string, o Options) *sqliteJournal {
	return &sqliteJournal{
		path: path, machine: o.machine, now: o.Now, keep: o.Retention, step: o.step, delayed: o.Delayed, log: o.Log.With().Str("journal", filepath.Base(path)).Logger(),
		wake: make(chan struct{}, 1), lazy: make(chan struct{}, 1),
		stop: make(chan struct{}), stopped: make(chan struct{}),
		rows: map[int64]*row{}, recent: newRecent(o.Now, maxSeen), coming: map[mark]*waiter{}, kept: map[string]keep{}, filed: map[mark]int64{},
		batch: &batch{}, recording: true,
	}
}

// How long another process may take to let go of the file, and how often to look.
const (
	lockPatience = 30 * time.Second
	lockPause    = 100 * time.Millisecond
)

// acquire opens the file, and waits for a process that still has it.
func (j *sqliteJournal) acquire(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, lockPatience)
	defer cancel()
	for told := false; ; told = true {
		err := j.openFile(true)
		switch {
		case err == nil:
			return nil
		case errors.Is(err, errNewer), errors.Is(err, errForeign):
			return err
		case code(err) != codeBusy && !errors.Is(err, errMoved):
			return unkept(sentence(j.path, err))
		case !told:
			j.log.Warn().Msg("the journal is in use by another process: waiting for it to end")
		}
		j.delayed(errors.New(sentence(j.path, err) + ": waiting for it to end"))
		select {
		case <-time.After(lockPause):
		case <-ctx.Done():
			return unkept(sentence(j.path, err) + "; a file is for one process: stop the other, or give this one a file of its own")
		}
	}
}

// openFile opens what lies at the path. What is damaged is set aside first.
func (j *sqliteJournal) openFile(check bool) error {
	f, err := openFile(j.path, check)
	if err != nil && corrupt(err) {
		if err := j.setAside(f); err != nil {
			return err
		}
		f, err = openFile(j.path, false)
	}
	if err != nil {
		if f != nil {
			_ = f.close()
		}
		return err
	}
	j.file = f
	return nil
}

// setAside puts a damaged file out of the way, and says so once.
func (j *sqliteJournal) setAside(f *file) error {
	name, err := setAside(j.path, j.now())
	if f != nil {
		_ = f.close()
	}
	if err == nil {
		j.log.Error().Str("renamed", filepath.Base(name)).Msg("the journal is damaged: it was set aside and an empty one begun")
	}
	return err
}

// Err says why nothing can be kept.
func (j *sqliteJournal) Err() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.refusal()
}

// refusal is why nothing is taken at present. The journal is locked.
func (j *sqliteJournal) refusal() error {
	if j.closed {
		return unkept("the journal is closed")
	}
	return j.trouble
}

// closePatience is how long Close waits for a disk that does not answer.
const closePatience = 5 * time.Second

// Close writes what is left and lets go of the file.
func (j *sqliteJournal) Close() error {
	j.mu.Lock()
	again := j.closed
	j.closed = true
	j.mu.Unlock()
	if !again {
		close(j.stop)
	}
	select {
	case <-j.stopped:
	case <-time.After(closePatience):
		return unkept("the disk of " + filepath.Base(j.path) + " does not answer")
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.trouble
}

// depth counts what waits and what runs, and gives the time at which the oldest that waits arrived.
func (j *sqliteJournal) depth() (waiting, running int, oldest time.Duration) {
	j.mu.Lock()
	defer j.mu.Unlock()
	first := j.now()
	now := first
	for _, r := range j.rows {
		switch {
		case r.state == stateRunning:
			running++
		case r.state == stateWaiting:
			waiting++
			if r.arrived.Before(first) {
				first = r.arrived
			}
		}
	}
	return waiting, running, now.Sub(first)
}

var _ bot.Inbox = (*sqliteJournal)(nil)
