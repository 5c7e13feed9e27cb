package bot

import "time"

// seenWindow is how long a delivery is recognised. Slack's last retry of an event comes some 6 minutes after the first
// (docs: apis/events-api), and windows of 5 minutes have been seen to lose that race; an hour leaves room.
const seenWindow = time.Hour

// maxSeen bounds the names that are remembered: about 25 MB at worst. Beyond it the oldest are forgotten early.
const maxSeen = 200_000

// seen remembers the names of deliveries for a while. It is not safe for concurrent use.
type seen struct {
	now    func() time.Time
	limit  int
	until  map[string]time.Time
	oldest queue[string] // the names in order of their end
}

func newSeen(now func() time.Time, limit int) *seen {
	return &seen{now: now, limit: limit, until: map[string]time.Time{}}
}

// has says whether any of the names was added within the window. The name "" is none.
func (s *seen) has(names [3]string) bool {
	now := s.now()
	for _, name := range names {
		if end, ok := s.until[name]; ok && now.Before(end) {
			return true
		}
	}
	return false
}

// add remembers the names, and forgets those whose time is over.
func (s *seen) add(names [3]string) {
	now := s.now()
	s.sweep(now)
	for _, name := range names {
		if _, known := s.until[name]; name == "" || known {
			continue
		}
		s.until[name] = now.Add(seenWindow)
		s.oldest.push(name)
	}
}

func (s *seen) sweep(now time.Time) {
	for s.oldest.len() > 0 {
		name := s.oldest.first()
		if now.Before(s.until[name]) && len(s.until) < s.limit {
			return
		}
		delete(s.until, name)
		s.oldest.pop()
	}
}
