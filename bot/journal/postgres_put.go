package journal

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"incident-bot/bot"
)

// An arrival is an entry on its way into the database.
type arrival struct {
	*wait
	entry  bot.Entry
	marks  [][]byte // digests of the key and the names, the key's first
	ticket int64
	tried  bool // the database may have it although no answer came
	undo   func(*arrival)

	// What became of it.
	id        int64
	seen      bool
	elsewhere bool
}

func (a *arrival) caller() *wait { return a.wait }

// dropped takes back what may have been put: whoever asked was told that it was not.
func (a *arrival) dropped() {
	if a.tried {
		a.undo(a)
	}
}

// Put commits e unless it is known. Where other entries of its lane are with another process, e goes there too.
func (p *postgres) Put(ctx context.Context, e *bot.Entry) (bool, error) {
	if p.held.len() >= maxLive {
		return false, bot.ErrBusy
	}
	n := &arrival{wait: newWait(), entry: *e, marks: marks(e), ticket: rand.Int64(), undo: p.takeBack}
	n.entry.Body = slices.Clone(e.Body) // the caller may leave before it is sent
	hand := p.hands.begin(clean(e.Lane))
	err := askFold(ctx, p, p.puts, n, n.wait)
	if err != nil || n.seen || n.elsewhere {
		p.hands.returned(hand, 0, time.Now())
	} else {
		p.hands.returned(hand, n.id, time.Now())
	}
	switch {
	case err != nil:
		return false, fmt.Errorf("put an entry: %w", err)
	case n.seen:
		return true, nil
	}
	e.ID, e.Elsewhere = n.id, n.elsewhere
	return false, nil
}

// askFold queues an item and waits for its answer, but not for long. When the database has been away for a while, there
// is no point in waiting.
func askFold[T item](ctx context.Context, p *postgres, f *fold[T], v T, w *wait) error {
	if why := p.health.awayFor(p.timing.answer, time.Now()); why != nil {
		return why
	}
	ctx, cancel := context.WithTimeout(ctx, p.timing.answer)
	defer cancel()
	if !f.add(v) {
		return unkept("the journal is closed, or too much waits for the database")
	}
	err := w.await(ctx)
	if why := p.Err(); why != nil && errors.Is(err, context.DeadlineExceeded) {
		return why
	}
	return unwritten(err)
}

// marks are the digests of an entry's names. Digests are short, all of a length, and may be of any text.
func marks(e *bot.Entry) [][]byte {
	var list [][]byte
	for _, m := range marksOf(e) {
		if !slices.ContainsFunc(list, func(known []byte) bool { return string(known) == string(m[:]) }) {
			list = append(list, m[:])
		}
	}
	return list
}

// apart says that next shares no name with others: PostgreSQL cannot insert a row twice in one statement.
func apart(others []*arrival, next *arrival) bool {
	for _, o := range others {
		for _, m := range o.marks {
			if slices.ContainsFunc(next.marks, func(n []byte) bool { return string(n) == string(m) }) {
				return false
			}
		}
	}
	return true
}

// laneLock is the number of a lane's advisory lock. Lanes that share one wait for each other and nothing worse.
func laneLock(lane string) int64 {
	sum := sha256.Sum256([]byte("lane " + lane))
	return int64(binary.BigEndian.Uint64(sum[:]))
}

// errLapsed is why a process whose lease is over puts nothing.
var errLapsed = errors.New("the lease is over")

// putAll puts entries in one transaction and answers their callers.
func (p *postgres) putAll(ctx context.Context, list []*arrival) error {
	if p.lapsed.Load() {
		if err := p.check(p.bounded(ctx, p.renew)); err != nil {
			return err
		}
	}
	p.o.step("commit")
	began := time.Now()
	for _, n := range list {
		n.tried = true
	}
	err := p.bounded(ctx, func(ctx context.Context) error { return p.sendPuts(ctx, list) })
	if errors.Is(err, errLapsed) {
		p.lapsed.Store(true)
		return err
	}
	if err != nil {
		_ = p.check(err)
		return err
	}
	p.figure.committed(time.Since(began), len(list))
	p.o.step("committed")
	for _, n := range list {
		p.answerPut(n)
	}
	return nil
}

func (p *postgres) answerPut(n *arrival) {
	mine := n.id != 0 && !n.elsewhere
	if mine {
		p.held.add(n.id, n.entry.Received)
	}
	if !n.end(nil) && n.id != 0 {
		p.held.remove(n.id)
		p.takeBack(n)
	}
}

func (p *postgres) sendPuts(ctx context.Context, list []*arrival) error {
	var b pgx.Batch
	locks := laneLocks(list)
	inOrder := slices.Clone(locks)
	slices.Sort(inOrder)
	for _, n := range p.undos {
		b.Queue(takeBackStatement, n.marks[0], n.ticket)
	}
	b.Queue(putLocks, int64(lockAdoption), slices.Compact(inOrder))
	b.Queue(putStatement, p.putArguments(list, locks)...).Query(func(rows pgx.Rows) error {
		for i := 0; rows.Next(); i++ {
			if err := list[i].scan(rows); err != nil {
				return err
			}
		}
		return rows.Err()
	})
	if err := p.pool.SendBatch(ctx, &b).Close(); err != nil {
		return err
	}
	p.undos = nil
	return nil
}

// scan reads what became of an entry. One that is known under its own ticket was put by a try whose answer was lost.
func (a *arrival) scan(rows pgx.Rows) error {
	var alive bool
	var id, known *int64
	var taken, own, direct *bool
	var notified *string
	if err := rows.Scan(&alive, &id, &taken, &known, &own, &direct, &notified); err != nil {
		return err
	}
	a.id, a.seen, a.elsewhere = 0, false, false // a try before may have been taken back after it was read
	switch {
	case id != nil:
		a.id, a.elsewhere = *id, !*taken
	case known != nil && own != nil && *own:
		a.id, a.elsewhere = *known, !*direct
	case known != nil || alive:
		a.seen = true
	default:
		return errLapsed
	}
	return nil
}

func laneLocks(list []*arrival) []int64 {
	var locks []int64
	for _, n := range list {
		locks = append(locks, laneLock(clean(n.entry.Lane)))
	}
	return locks
}

// putArguments turns the entries by a quarter: a column is an argument.
func (p *postgres) putArguments(list []*arrival, locks []int64) []any {
	var keys, workspaces, users, lanes, also []string
	var received []time.Time
	var bodies [][]byte
	var tickets, of, counts []int64
	type named struct {
		mark []byte
		i    int64
	}
	var names []named
	for i, n := range list {
		e := n.entry
		keys, workspaces, users = append(keys, clean(e.Key)), append(workspaces, clean(e.Workspace)), append(users, clean(e.User))
		lanes, received, bodies = append(lanes, clean(e.Lane)), append(received, e.Received), append(bodies, notNil(e.Body))
		tickets, also = append(tickets, n.ticket), append(also, jsonText(e.Names))
		counts = append(counts, int64(len(n.marks)))
		for _, m := range n.marks {
			names = append(names, named{m, int64(i + 1)})
		}
	}
	slices.SortFunc(names, func(a, b named) int { return cmp.Compare(string(a.mark), string(b.mark)) })
	var marks [][]byte
	for _, n := range names {
		marks, of = append(marks, n.mark), append(of, n.i)
	}
	now := p.o.Now()
	return []any{p.id, now, keys, workspaces, users, lanes, received, bodies, tickets, marks, of, now.Add(seenWindow), also, locks, counts}
}

// takeBack undoes a put whose caller heard that it failed, soon and in any case before the next is put: that may be the
// same act again, which is not to be taken for a repetition.
func (p *postgres) takeBack(n *arrival) {
	p.undos = append(p.undos, n)
	p.later(takeBackStatement, n.marks[0], n.ticket)
}

// clean makes a text one that PostgreSQL takes: valid UTF-8 without the character 0.
func clean(text string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(text, "\ufffd"), "\x00", "\ufffd")
}

// jsonText writes names as one text, in JSON.
func jsonText(names []string) string {
	text, err := json.Marshal(names)
	if err != nil {
		return "[]" // strings cannot fail
	}
	return string(text)
}

func notNil(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}
