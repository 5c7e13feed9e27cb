package bot

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"time"
)

// durable is an Inbox that outlives processes and promises no more than the interface does: what it committed stays, and
// of what commits soon after, a crash takes the latest away, of each entry another part.
type durable struct {
	mu    sync.Mutex
	r     *rand.Rand
	life  int // which process it serves
	last  int64
	rows  map[int64]*durableRow
	names map[string]time.Time // when they are forgotten
	small map[string]note
	ill   bool // nothing can be written
}

// durableRow is an entry: as the process sees it, and as a crash would leave it.
type durableRow struct {
	now, kept durableState
	soon      []soonKept
	ever      bool // it was ended before, whatever a crash took of that
}

type durableState struct {
	Entry
	state   string // waiting, running, done, dead, dropped
	effects map[string]Logged
}

type soonKept struct {
	at     time.Time
	change func(*durableState)
}

// soonIs is after how long everything is committed.
const soonIs = 100 * time.Millisecond

var errDied = errors.New("this process is no more")

func newDurable(r *rand.Rand) *durable {
	return &durable{r: r, rows: map[int64]*durableRow{}, names: map[string]time.Time{}, small: map[string]note{}}
}

func (s durableState) clone() durableState {
	s.effects = maps.Clone(s.effects)
	if s.effects == nil {
		s.effects = map[string]Logged{}
	}
	return s
}

func (s durableState) live() bool { return s.state == "waiting" || s.state == "running" }

func (r *durableRow) later(change func(*durableState)) {
	change(&r.now)
	r.soon = append(r.soon, soonKept{time.Now(), change})
}

func (r *durableRow) commit(change func(*durableState)) {
	r.later(change)
	r.keep(len(r.soon))
}

// keep commits the oldest changes.
func (r *durableRow) keep(n int) {
	for _, one := range r.soon[:n] {
		one.change(&r.kept)
	}
	r.soon = r.soon[n:]
}

// crash takes away what is not committed, and everything from the process that runs.
func (d *durable) crash() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.life++
	for _, row := range d.rows {
		sure := 0
		for sure < len(row.soon) && time.Since(row.soon[sure].at) >= soonIs {
			sure++
		}
		row.keep(sure + d.r.IntN(len(row.soon)-sure+1))
		row.now, row.soon = row.kept.clone(), nil
	}
}

// durableSession is a durable as one process has it. After its end nothing it says is heard.
type durableSession struct {
	*durable
	mine int
}

func (d *durable) session() *durableSession {
	d.mu.Lock()
	defer d.mu.Unlock()
	return &durableSession{d, d.life}
}

// writing takes the time of a commit, and fails when nothing can be written or the process ends meanwhile. Without an
// error the caller has the lock.
func (s *durableSession) writing(ctx context.Context) error {
	s.mu.Lock()
	took := time.Duration(s.r.IntN(5)) * time.Millisecond
	s.mu.Unlock()
	<-time.After(took)
	s.mu.Lock()
	switch {
	case s.mine != s.life:
		s.mu.Unlock()
		return errDied
	case s.ill || ctx.Err() != nil:
		s.mu.Unlock()
		return fmt.Errorf("disk full: %w", ErrUnkept)
	}
	return nil
}

func (s *durableSession) Put(ctx context.Context, e *Entry) (bool, error) {
	if err := s.writing(ctx); err != nil {
		return false, err
	}
	defer s.mu.Unlock()
	names := append([]string{e.Key}, e.Names...)
	if slices.ContainsFunc(names, func(name string) bool { return time.Now().Before(s.names[name]) }) {
		return true, nil
	}
	for _, name := range names {
		s.names[name] = time.Now().Add(seenWindow)
	}
	s.last++
	e.ID = s.last
	first := durableState{Entry: *e, state: "waiting"}
	s.rows[e.ID] = &durableRow{now: first.clone(), kept: first.clone()}
	return false, nil
}

func (s *durableSession) Open(_ context.Context, take func(Entry)) error {
	s.mu.Lock()
	var left []Entry
	for _, row := range s.rows {
		if !row.now.live() {
			continue
		}
		row.commit(func(st *durableState) {
			if st.state == "running" {
				st.state, st.Crashes = "waiting", st.Crashes+1
			}
		})
		left = append(left, row.now.Entry)
	}
	s.mu.Unlock()
	slices.SortFunc(left, func(a, b Entry) int { return int(a.ID - b.ID) })
	for _, e := range left {
		take(e)
	}
	return nil
}

func (s *durableSession) Start(ctx context.Context, id int64) (bool, error) {
	if err := s.writing(ctx); err != nil {
		return false, err
	}
	defer s.mu.Unlock()
	row := s.rows[id]
	if row == nil || !row.now.live() {
		return false, nil
	}
	row.commit(func(st *durableState) { st.state, st.Attempts = "running", st.Attempts+1 })
	return true, nil
}

// early gives an entry of the same lane that came before and was not over yet, "" when there is none. handled says of a
// key that its handler has nothing left to do: its answer may still be under way.
func (d *durable) early(id int64, handled func(key string) bool) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	for before := range id {
		if row := d.rows[before]; row != nil && row.now.Lane == d.rows[id].now.Lane && !row.ever && !handled(row.now.Key) {
			return row.now.Key
		}
	}
	return ""
}

// soonChange changes a live entry; that is committed soon.
func (s *durableSession) soonChange(id int64, change func(*durableState)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if row := s.rows[id]; row != nil && s.mine == s.life && row.now.live() {
		row.later(change)
		row.ever = row.ever || !row.now.live()
	}
}

func (s *durableSession) Later(id int64, due time.Time, why string) {
	s.soonChange(id, func(st *durableState) { st.state, st.Due, st.Why = "waiting", due, why })
}

func (s *durableSession) End(id int64, dead bool, _ string) {
	s.soonChange(id, func(st *durableState) {
		if st.state = "done"; dead {
			st.state = "dead"
		}
	})
}

func (s *durableSession) Waiting(_ context.Context, workspace string, limit int) (all []Entry, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range slices.Sorted(maps.Keys(s.rows)) {
		if row := s.rows[id]; row.now.live() && row.now.Workspace == workspace && len(all) < limit {
			all = append(all, row.now.Entry)
		}
	}
	return all, nil
}

func (s *durableSession) Drop(ctx context.Context, workspace, user string, id int64) (bool, error) {
	if err := s.writing(ctx); err != nil {
		return false, err
	}
	defer s.mu.Unlock()
	row := s.rows[id]
	if row == nil || row.now.state != "waiting" || row.now.Workspace != workspace || row.now.User != user {
		return false, nil
	}
	for _, log := range row.now.effects {
		if !log.Done || len(log.Result) > 0 {
			return false, nil
		}
	}
	row.commit(func(st *durableState) { st.state = "dropped" })
	row.ever = true
	return true, nil
}

func (s *durableSession) Begin(ctx context.Context, id int64, effect string, memo []byte) (Logged, error) {
	if err := s.writing(ctx); err != nil {
		return Logged{}, err
	}
	defer s.mu.Unlock()
	row := s.rows[id]
	if row == nil || !row.now.live() {
		return Logged{}, fmt.Errorf("entry %d is over", id)
	}
	if log, before := row.now.effects[effect]; before {
		log.Before = true
		return log, nil
	}
	began := time.Now()
	row.commit(func(st *durableState) { st.effects[effect] = Logged{Began: began, Memo: memo} })
	return Logged{}, nil
}

func (s *durableSession) Concluded(id int64, effect string, result []byte) {
	s.soonChange(id, func(st *durableState) {
		log := st.effects[effect]
		log.Done, log.Result = true, result
		st.effects[effect] = log
	})
}

func (s *durableSession) Undone(id int64, effect string) {
	s.soonChange(id, func(st *durableState) { delete(st.effects, effect) })
}

// Keep commits soon, which here is at once or never.
func (s *durableSession) Keep(key string, value []byte, until time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.mine == s.life && s.r.IntN(10) > 0 {
		s.small[key] = note{value, until}
	}
}

func (s *durableSession) Kept(_ context.Context, key string) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := s.small[key]; time.Now().Before(n.until) {
		return n.value, nil
	}
	return nil, nil
}

func (s *durableSession) Err() error { return nil }
