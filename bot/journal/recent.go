package journal

import (
	"crypto/sha256"
	"time"

	"incident-bot/bot"
)

// maxSeen bounds the names that are remembered: some 15 MB at worst. Beyond it the oldest are forgotten early.
const maxSeen = 200_000

// A mark stands for a name that is remembered: the first half of its SHA-256. There is no pointer in it, so that the
// garbage collector need not go through all that is remembered.
type mark [sha256.Size / 2]byte

func markOf(name string) mark {
	sum := sha256.Sum256([]byte(name))
	return mark(sum[:len(mark{})])
}

// marksOf gives the marks of all names of an entry.
func marksOf(e *bot.Entry) []mark {
	list := make([]mark, 0, 1+len(e.Names))
	list = append(list, markOf(e.Key))
	for _, name := range e.Names {
		list = append(list, markOf(name))
	}
	return list
}

// recent remembers names for a while. It is not safe for concurrent use.
type recent struct {
	now   func() time.Time
	began time.Time
	limit int
	until map[mark]time.Duration // since began
	order []mark                 // in order of their end, from head
	head  int
}

func newRecent(now func() time.Time, limit int) *recent {
	return &recent{now: now, began: now(), limit: limit, until: map[mark]time.Duration{}}
}

// has says whether any of the names was added within the window.
func (s *recent) has(marks []mark) bool {
	now := s.now().Sub(s.began)
	for _, m := range marks {
		if end, ok := s.until[m]; ok && now < end {
			return true
		}
	}
	return false
}

// add remembers names of something that arrived then, and forgets those whose time is over.
func (s *recent) add(marks []mark, arrived time.Time) {
	now := s.now().Sub(s.began)
	s.sweep(now)
	end := min(arrived.Sub(s.began), now) + seenWindow // a clock that was put back does not make the window longer
	for _, m := range marks {
		if known, ok := s.until[m]; ok && now < known {
			continue
		}
		s.until[m] = end
		s.order = append(s.order, m)
	}
}

func (s *recent) sweep(now time.Duration) {
	for s.head < len(s.order) {
		m := s.order[s.head]
		if now < s.until[m] && len(s.until) < s.limit {
			break
		}
		delete(s.until, m)
		s.head++
	}
	if s.head > 1024 && s.head > len(s.order)/2 {
		s.order = append(s.order[:0], s.order[s.head:]...)
		s.head = 0
	}
}
