package slacktest

import (
	"strconv"
	"time"
)

// tier is the number of calls of a method per minute, per workspace and app, that Slack promises to take (docs:
// web-api/rate-limits). Slack says "or more, with bursts"; here a minute's worth may come at once and no more.
type tier int

const (
	tier2 tier = 20
	tier3 tier = 50
	tier4 tier = 100
	// tierSpecial is for methods of which the documents say "hundreds per minute".
	tierSpecial tier = 300
	// tierPost is chat.postMessage's cap for a whole workspace, which Slack does not put a number on ("several hundred
	// messages per minute"). Each channel has the limit of postBurst and postEvery beside it.
	tierPost tier = 600
)

// A channel takes about one message a second with bursts (docs: chat.postMessage). How large a burst is not said: 10.
const (
	postBurst = 10
	postEvery = time.Second
)

// bucket is a token bucket.
type bucket struct {
	tokens float64
	at     time.Time
}

// limiter holds the buckets. Guarded by Server.mu.
type limiter struct{ buckets map[string]*bucket }

func newLimiter() *limiter { return &limiter{map[string]*bucket{}} }

// take takes one token and says how long to wait for it when there is none.
func (l *limiter) take(key string, now time.Time, burst int, every time.Duration) time.Duration {
	b := l.buckets[key]
	if b == nil {
		b = &bucket{tokens: float64(burst), at: now}
		l.buckets[key] = b
	}
	if gone := now.Sub(b.at); gone > 0 {
		b.tokens = min(float64(burst), b.tokens+float64(gone)/float64(every))
		b.at = now
	}
	if b.tokens >= 1 {
		b.tokens--
		return 0
	}
	return time.Duration((1 - b.tokens) * float64(every))
}

// tooFast says how long the caller has to wait, 0 when the call may go on. The caller holds mu.
func (s *Server) tooFast(name string, m method, c *call) time.Duration {
	if s.opts.NoRateLimits {
		return 0
	}
	who := "app"
	if c.in != nil {
		who = c.in.token
	}
	now := s.opts.Now()
	if m.tier == tierPost {
		if wait := s.limits.take(who+" "+name+" "+c.str("channel"), now, postBurst, postEvery); wait > 0 {
			return wait
		}
	}
	return s.limits.take(who+" "+name, now, int(m.tier), time.Minute/time.Duration(m.tier))
}

// seconds is a Retry-After value: whole seconds, rounded up.
func seconds(d time.Duration) string {
	return strconv.Itoa(max(1, int((d+time.Second-1)/time.Second)))
}
