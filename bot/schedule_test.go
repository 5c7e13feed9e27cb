package bot

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// schedules is how many random schedules TestSchedules goes through.
const schedules = 150

// TestSchedules: whatever comes in whatever order (deliveries, redeliveries, crashes, failures of the other side, of
// the disk, lost answers, hours that pass, requests taken back), each key that was taken ends done or dead, its effect
// happened once, its handler started at most as often as was counted, its person has an answer, and order per lane
// holds.
func TestSchedules(t *testing.T) {
	for seed := range uint64(schedules) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { newSchedule(t, seed).run() })
		})
		if t.Failed() {
			return
		}
	}
}

// schedule is one course of events.
type schedule struct {
	t     *testing.T
	r     *rand.Rand // of the events
	inbox *durable
	world *outside
	board *board
	p     *incarnation

	mu      sync.Mutex
	taken   map[string]bool // acknowledged
	refused map[string]bool
	sent    []Delivery
}

func newSchedule(t *testing.T, seed uint64) *schedule {
	s := &schedule{
		t: t, r: rand.New(rand.NewPCG(seed, 1)), inbox: newDurable(rand.New(rand.NewPCG(seed, 2))),
		world: newOutside(rand.New(rand.NewPCG(seed, 3))), board: &board{posts: map[string]webCall{}},
		taken: map[string]bool{}, refused: map[string]bool{},
	}
	s.p = newIncarnation(t, s.inbox, s.world, s.board)
	return s
}

// acknowledge notes what was taken: the sender will not send it again.
func (s *schedule) acknowledge(id string, _ any, _ time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.taken[strings.TrimPrefix(id, "envelope-")] = true
}

func (s *schedule) run() {
	for range 40 + s.r.IntN(40) {
		s.event()
		if s.r.IntN(3) == 0 {
			time.Sleep(time.Duration(s.r.Int64N(int64(8 * time.Second))))
		}
	}
	s.settle()
	s.judge()
	s.crash()
	synctest.Wait()
	time.Sleep(24 * time.Hour) // what the ended processes left
}

func (s *schedule) event() {
	switch n := s.r.IntN(100); {
	case n < 50:
		s.deliver(s.next())
	case n < 58 && len(s.sent) > 0:
		if d := s.sent[s.r.IntN(len(s.sent))]; time.Since(d.Received) < seenWindow-soonIs {
			s.deliver(d) // once more
		}
	case n < 70:
		s.crash()
		time.Sleep(time.Duration(s.r.Int64N(int64(10 * time.Second))))
		s.start()
	case n < 75:
		s.world.mu.Lock()
		s.world.down = time.Now().Add(time.Duration(s.r.Int64N(int64(30 * time.Minute))))
		s.world.mu.Unlock()
	case n < 80:
		s.ill(true)
		time.Sleep(time.Duration(s.r.Int64N(int64(5 * time.Second))))
		s.ill(false)
	case n < 84:
		time.Sleep(time.Duration(s.r.Int64N(int64(time.Hour))))
	case n < 85:
		time.Sleep(time.Duration(s.r.Int64N(int64(7 * time.Hour))))
	case n < 92:
		s.drop()
	default:
		time.Sleep(time.Duration(s.r.Int64N(int64(time.Second))))
	}
}

// next is a new command in one of few lanes.
func (s *schedule) next() Delivery {
	key := fmt.Sprintf("k%03d", len(s.sent))
	d := Delivery{
		Kind: Command, Received: time.Now(), Key: key, EnvelopeID: "envelope-" + key, CommandName: "/incident", Text: fmt.Sprint("do lane", s.r.IntN(3)),
		Installation: Installation{TeamID: "T1"}, Actor: Actor{UserID: "U1", TeamID: "T1"}, Place: Place{ChannelID: "C1"},
	}
	s.sent = append(s.sent, d)
	return d
}

// deliver is what the read loop does.
func (s *schedule) deliver(d Delivery) {
	d.Received = time.Now()
	d.Response = Response{URL: NewSecret("https://slack.test/hook/" + d.Key), Expires: d.Received.Add(30 * time.Minute)}
	s.p.in.keep(s, &d)
}

// ill is a disk that cannot be written.
func (s *schedule) ill(is bool) {
	s.inbox.mu.Lock()
	defer s.inbox.mu.Unlock()
	s.inbox.ill = is
}

func (s *schedule) crash() {
	s.inbox.crash()
	s.p.lanes.close()
	s.p.lanes.abandon()
}

func (s *schedule) start() { s.p = newIncarnation(s.t, s.inbox, s.world, s.board) }

// drop takes something back that waits.
func (s *schedule) drop() {
	all, err := s.p.inbox.Waiting(s.t.Context(), "T1", 1000)
	if err != nil || len(all) == 0 {
		return
	}
	b := &Bot{inbox: s.p.inbox, lanes: s.p.lanes, router: s.p.in.router.(*Router)}
	r := &Request{Delivery: Delivery{Actor: Actor{UserID: "U1"}}, Workspace: "T1"}
	if _, _, err := b.Drop(s.t.Context(), r, all[s.r.IntN(len(all))].ID); err != nil && !errors.Is(err, ErrUnkept) {
		s.t.Error(err)
	}
}

// settle gives everything the time to end well.
func (s *schedule) settle() {
	s.world.mu.Lock()
	s.world.calm, s.world.down = true, time.Time{}
	s.world.mu.Unlock()
	if s.r.IntN(2) == 0 {
		s.crash()
		s.start()
	}
	time.Sleep(time.Hour)
}

func (s *schedule) judge() {
	s.inbox.mu.Lock()
	defer s.inbox.mu.Unlock()
	s.world.mu.Lock()
	defer s.world.mu.Unlock()
	known := map[string]bool{}
	for _, row := range s.inbox.rows {
		known[row.now.Key] = true
		s.judgeOne(row)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for key := range s.taken {
		if !known[key] && !s.board.reads("not "+key) {
			s.t.Errorf("%s was acknowledged and neither kept nor refused", key)
		}
	}
}

func (s *schedule) judgeOne(row *durableRow) {
	key, happened := row.now.Key, s.world.happened[row.now.Key]
	say := func(what string) {
		s.t.Errorf("%s: %s (%s, happened %d times, attempts %d, crashes %d)", key, what, row.now.state, happened, row.now.Attempts, row.now.Crashes)
	}
	switch {
	case row.now.live():
		say("not over")
	case happened > 1:
		say("happened more than once")
	case happened > 0 && row.now.state == "dropped":
		say("happened although it was taken back")
	case happened == 0 && s.world.succeeded[key]:
		say("did not happen although it was said")
	case happened == 1 && s.world.denied[key] && !s.world.succeeded[key]:
		say("happened although it was denied")
	case !s.board.reads("did "+key) && !s.board.reads("not "+key):
		say("without an answer")
	case s.world.started[key] > row.now.Attempts:
		say(fmt.Sprintf("handled %d times", s.world.started[key]))
	}
}
