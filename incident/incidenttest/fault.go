package incidenttest

import (
	"math/rand/v2"
	"time"
)

// Fault is how a call goes wrong. The kinds exclude each other, but Delay, RetryAfter and ContentType, which go with any.
// The zero Fault is a 500 with a plugin's error.
type Fault struct {
	// Status answers with a status, and with Body, or what Grafana says for that status when Body is "".
	Status int
	Body   string
	// ContentType is that of Body; "" means application/json.
	ContentType string
	// RetryAfter becomes the header of that name, in whole seconds, rounded up.
	RetryAfter time.Duration
	// HTML answers with a proxy's page, for people, in place of Body.
	HTML bool
	// InBand answers 200 with this error in the body. Nothing is done.
	InBand string
	// Hang never answers. Nothing is done.
	Hang bool
	// ResetBefore cuts the connection before anything is done.
	ResetBefore bool
	// ResetAfter does what was asked and cuts the connection before the answer.
	ResetAfter bool
	// Truncate does what was asked and breaks off in the middle of the answer.
	Truncate bool
	// Gzip does what was asked and compresses the answer.
	Gzip bool
	// Oversize does what was asked and fills the answer up with spaces to at least so many bytes. It stays JSON.
	Oversize int
	// Delay is waited first; alone, the call then succeeds.
	Delay time.Duration
	// Redirect answers 302 to this address.
	Redirect string
	// Times is how many calls go wrong: 0 means one, below 0 all until Heal.
	Times int
	// Every spares calls: with 3, every third of them goes wrong, counted from the time of Fail. 0 and 1 are every one.
	Every int
	// Chance spares calls too: between 0 and 1, each of those that Every leaves goes wrong with this probability. Seed
	// makes the draws the same in every run. 0 is certain.
	Chance float64
	Seed   uint64
}

// armed is a fault that waits for its calls.
type armed struct {
	Fault
	method string
	seen   int
	left   int        // calls to come; below 0 without end
	draws  *rand.Rand // nil when each call counts
}

// strikes counts a call and says whether it goes wrong.
func (a *armed) strikes() bool {
	a.seen++
	if a.Every > 1 && a.seen%a.Every != 0 || a.draws != nil && a.draws.Float64() >= a.Chance {
		return false
	}
	a.left = max(a.left-1, -1)
	return true
}

// Fail makes calls of a method, "" for all of them, go wrong. Of several faults that fit a call, the first added counts.
func (s *Server) Fail(method string, f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	left := f.Times
	if left == 0 {
		left = 1
	}
	a := &armed{Fault: f, method: method, left: left}
	if f.Chance > 0 && f.Chance < 1 {
		a.draws = rand.New(rand.NewPCG(f.Seed, uint64(len(s.faults))))
	}
	s.faults = append(s.faults, a)
}

// Heal ends every fault made with Fail.
func (s *Server) Heal() { s.set(func() { s.faults = nil }) }
