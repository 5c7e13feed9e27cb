package bot

import (
	"crypto/sha256"
	"time"
)

// seenWindow is how long a delivery is recognised. Slack's last retry of an event comes some 6 minutes after the first
// (docs: apis/events-api), and windows of 5 minutes have been seen to lose that race; an hour leaves room.
const seenWindow = time.Hour

// maxSeen bounds the names that are remembered: some 15 MB at worst. Beyond it the oldest are forgotten early.
const maxSeen = 200_000

// seen remembers the names of deliveries for a while. It is not safe for concurrent use.
type seen struct {
	now    func() time.Time
	began  time.Time
	limit  int
	until  map[mark]time.Duration // since began
	oldest queue[mark]            // the names in order of their end
}

// A mark stands for a text that is remembered: the first half of its SHA-256. There is no pointer in it, so that the
// garbage collector need not go through all that is remembered again and again, as it does through strings.
type mark [sha256.Size / 2]byte

func markOf(text string) mark {
	sum := sha256.Sum256([]byte(text))
	return mark(sum[:len(mark{})])
}

func newSeen(now func() time.Time, limit int) *seen {
	return &seen{now: now, began: now(), limit: limit, until: map[mark]time.Duration{}}
}

// has says whether any of the names was added within the window. The name "" is none.
func (s *seen) has(names []string) bool {
	now := s.now().Sub(s.began)
	for _, name := range names {
		if end, ok := s.until[markOf(name)]; ok && now < end {
			return true
		}
	}
	return false
}

// add remembers the names, and forgets those whose time is over.
func (s *seen) add(names []string) {
	now := s.now().Sub(s.began)
	s.sweep(now)
	for _, name := range names {
		if name == "" {
			continue
		}
		m := markOf(name)
		if _, known := s.until[m]; known {
			continue
		}
		s.until[m] = now + seenWindow
		s.oldest.push(m)
	}
}

func (s *seen) sweep(now time.Duration) {
	for s.oldest.len() > 0 {
		m := s.oldest.first()
		if now < s.until[m] && len(s.until) < s.limit {
			return
		}
		delete(s.until, m)
		s.oldest.pop()
	}
}
