package journal

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"os"
)

// What is written without a sync survives the end of the process, since the machine has it, but not always the end of
// the machine. So only what was promised for good is synced: a Put, a Drop, an ordered end. That an effect is about to
// be tried is written and not synced: it is one sync less between a person and what they want.
//
// When the machine ended in between, and not only the process, what was written last may be missing. Whoever opens the
// file finds that out by the machine's own mark of its start, and believes none of what is not there: each effect of what
// is live then counts as begun, so that it is looked for before it is tried.

// effectUnknown is under what it is kept that any effect of a row may have been begun. No effect has this name.
const effectUnknown = ""

// sync sees that what was committed outlives the machine. The log is the file's own: SQLite writes all commits to it, and
// syncs it itself before it moves them to the file.
//
// A machine that failed to write what is to be synced may forget it, and the next sync succeed without it: see rewrite.
func (f *file) sync() error {
	err := syncData(f.wal)
	f.unsynced = f.unsynced || err != nil
	return err
}

// rewrite sees that what a failed sync left out is written all the same: SQLite moves the whole log to the file, and
// syncs that.
func (f *file) rewrite() error {
	if !f.unsynced {
		return nil
	}
	busy, err := f.number("PRAGMA wal_checkpoint(TRUNCATE)")
	if err == nil && busy != 0 {
		err = errors.New("the log could not be moved to the file")
	}
	f.unsynced = err != nil
	return err
}

// openLog opens the write-ahead log beside SQLite, and has SQLite leave the syncing to sync.
func (f *file) openLog() (err error) {
	if f.wal, err = os.OpenFile(f.path+"-wal", os.O_RDWR, 0); err != nil {
		return err
	}
	return f.pragmas("synchronous = NORMAL")
}

// close closes the log and the connection.
func (f *file) close() error {
	if f.wal != nil {
		_ = f.wal.Close()
	}
	return f.conn.close()
}

// unknownMachine is the mark of a machine that does not tell; it is no other's.
const unknownMachine = -1

// machineStart is a mark of this start of the machine (Linux: proc(5), boot_id), unknownMachine when it cannot be had.
func machineStart() int64 {
	id, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if id = bytes.TrimSpace(id); err != nil || len(id) == 0 {
		return unknownMachine
	}
	sum := sha256.Sum256(id)
	return int64(binary.BigEndian.Uint64(sum[:]) >> 1)
}

// doubtful says whether the machine may have ended since the file was written last.
func (j *sqliteJournal) doubtful(clean bool) (bool, error) {
	was, err := j.fact("machine")
	return !clean && (was != j.machine || was == unknownMachine), err
}

// doubt notes that any effect of a row may have been begun.
func (j *sqliteJournal) doubt(r *row) {
	if r.effects == nil {
		r.effects = map[string]*effect{}
	}
	if r.effects[effectUnknown] == nil {
		r.effects[effectUnknown] = &effect{began: j.now()}
	}
}

// perhaps gives an effect of which nothing is written but which may have been begun, nil when it was not.
func (r *row) perhaps(name string) *effect {
	unknown := r.effects[effectUnknown]
	if unknown == nil || r.undone[name] {
		return nil
	}
	return &effect{began: unknown.began}
}
