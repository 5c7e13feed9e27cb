package journal

import (
	"errors"
	"path/filepath"
	"runtime"
	"time"
)

// The writer's paces.
const (
	lazyPause  = 2 * time.Millisecond // what nobody waits for is written after this
	lookPause  = time.Second          // from one look whether the file is there to the next, and between attempts to write again
	prunePause = 10 * time.Minute
)

// write is the writer: the one goroutine that touches the file.
func (j *sqliteJournal) write() {
	defer close(j.stopped)
	lazy, armed := time.NewTimer(lazyPause), true
	look, prune := time.NewTicker(lookPause), time.NewTicker(prunePause)
	defer lazy.Stop()
	defer look.Stop()
	defer prune.Stop()
	j.pruneAll()
	for {
		select {
		case <-j.wake:
			j.turn()
		case <-j.lazy:
			if !armed {
				lazy.Reset(lazyPause)
				armed = true
			}
		case <-lazy.C:
			armed = false
			j.turn()
		case <-look.C:
			j.inspect()
		case <-prune.C:
			j.pruneAll()
		case <-j.stop:
			j.leave()
			return
		}
	}
}

// turn writes what there is.
func (j *sqliteJournal) turn() {
	runtime.Gosched() // those who were answered by the last commit are about to say more: they share the next
	b := j.take()
	if b == nil {
		return
	}
	if j.file == nil {
		j.mend(j.cause)
		return
	}
	j.step("commit")
	err := j.file.writeBatch(b)
	j.step("committed")
	j.metrics.committed(time.Since(b.began), len(b.fresh))
	if b.lasting && err == nil {
		j.metrics.syncs.Inc()
	}
	if err != nil || !j.written(b) {
		j.mend(err)
	}
}

// inspect finds out whether the file is still there, and whether it can be written again.
func (j *sqliteJournal) inspect() {
	j.mu.Lock()
	troubled := j.trouble != nil
	j.mu.Unlock()
	if troubled {
		j.mend(j.cause)
	} else if err := j.file.moved(); err != nil {
		j.mend(err)
	}
}

// leave writes what is left, and that the end was an ordered one.
func (j *sqliteJournal) leave() {
	if j.cause != nil {
		j.mend(j.cause)
	}
	j.turn()
	if j.cause == nil {
		low, last := j.bounds()
		err := j.file.transact(func() error { return j.file.marks(low, last, 1) })
		if err == nil {
			err = j.file.sync()
		}
		if err != nil {
			j.fail(err)
		}
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.refuse(j.batch, unkept("the journal is closed"))
	if j.file != nil {
		_ = j.file.close()
	}
}

// bounds gives the lowest number that is live, and the highest that was given.
func (j *sqliteJournal) bounds() (low, last int64) {
	j.mu.Lock()
	defer j.mu.Unlock()
	low = j.last + 1
	for id := range j.rows {
		low = min(low, id)
	}
	return low, j.last
}

// How long anybody waits for a commit, and how often to look.
const (
	patience   = 1500 * time.Millisecond
	watchPause = 250 * time.Millisecond
)

// watch sees to it that nobody waits for long when the disk does not answer: the writer cannot, it waits itself.
func (j *sqliteJournal) watch() {
	tick := time.NewTicker(watchPause)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			j.giveUp()
		case <-j.stopped:
			return
		}
	}
}

// errSlow is why a commit was given up while it went on.
var errSlow = errors.New("it does not answer")

// giveUp tells everybody who waits that it takes too long. The writer mends it once the disk has answered.
func (j *sqliteJournal) giveUp() {
	j.mu.Lock()
	defer j.mu.Unlock()
	if !j.flight.late() && !j.batch.late() {
		return
	}
	j.log.Error().Dur("after", patience).Msg("the disk of the journal does not answer: nothing is accepted")
	j.stall(j.flight, unkept("the disk of "+filepath.Base(j.path)+" does not answer"))
}

// stall stops recording and tells everybody who waits why. The journal is locked.
func (j *sqliteJournal) stall(flight *batch, why error) {
	j.trouble, j.recording = why, false
	if flight != nil {
		j.refuse(flight, why)
	}
	j.refuse(j.batch, why)
	for _, c := range j.batch.changed {
		c.row.changed = false
	}
	j.batch = &batch{}
}
