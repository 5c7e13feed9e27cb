package slacktest

import (
	"net/http"
	"time"
)

// Fault is a failure to be played. Fields that are zero do nothing.
type Fault struct {
	Error            string        // Slack's error name, answered with ok false
	Needed, Provided string        // of missing_scope
	Status           int           // HTTP status, with Error or Body
	Body             string        // sent as it is
	ContentType      string        // of Body; default text/html
	RetryAfter       time.Duration // Retry-After header; alone it means 429 ratelimited
	Hang             bool          // no answer until the client goes away
	Reset            bool          // the connection is reset
	AfterCommit      bool          // the call is carried out first
	Times            int           // how often; 0 is once, below 0 until Heal
}

// Fail makes the next calls of a method fail: a Web API method, "handshake" for the opening of a socket (408 or 500, a
// hang, a reset), "response_url" for posts to response URLs, "" for every Web API method that has no fault of its own.
// Faults of a method are played in the order they were given. A Fault without any effect panics.
func (s *Server) Fail(method string, f Fault) {
	if f.Error == "" && f.Status == 0 && f.Body == "" && f.RetryAfter == 0 && !f.Hang && !f.Reset {
		panic("slacktest: a fault that does nothing")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	f.Times = orDefault(f.Times, 1)
	s.faults[method] = append(s.faults[method], &f)
}

// Heal forgets all faults.
func (s *Server) Heal() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.faults)
}

// fault takes the next fault of the first of the keys that has one.
func (s *Server) fault(keys ...string) *Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, key := range keys {
		q := s.faults[key]
		if len(q) == 0 {
			continue
		}
		f := *q[0]
		if q[0].Times > 0 {
			if q[0].Times--; q[0].Times == 0 {
				s.faults[key] = q[1:]
			}
		}
		return &f
	}
	return nil
}

// seen is what Call says of an answer made of the fault.
func (f *Fault) seen() (status int, name string) {
	switch {
	case f.Hang || f.Reset:
		return 0, ""
	case f.onlyWait():
		return http.StatusTooManyRequests, "ratelimited"
	}
	return orDefault(f.Status, http.StatusOK), f.Error
}

func (f *Fault) onlyWait() bool { return f.RetryAfter > 0 && f.Status == 0 && f.Error == "" }

func (s *Server) serveFault(w http.ResponseWriter, r *http.Request, f *Fault) {
	switch {
	case f.Hang:
		select {
		case <-r.Context().Done():
		case <-s.done:
		}
		panic(http.ErrAbortHandler)
	case f.Reset:
		hijackReset(w)
		return
	}
	status, name := f.seen()
	if f.RetryAfter > 0 {
		w.Header().Set("Retry-After", seconds(f.RetryAfter))
	}
	if name != "" {
		out := reply{"ok": false, "error": name}
		if f.Needed != "" {
			out["needed"], out["provided"] = f.Needed, f.Provided
		}
		outcomeOf(status, out).write(w)
		return
	}
	w.Header().Set("Content-Type", orDefault(f.ContentType, "text/html; charset=utf-8"))
	w.WriteHeader(status)
	_, _ = w.Write([]byte(f.Body))
}

func hijackReset(w http.ResponseWriter) {
	h, ok := w.(http.Hijacker)
	if !ok {
		panic(http.ErrAbortHandler)
	}
	c, _, err := h.Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if g, ok := c.(*gatedConn); ok {
		g.reset()
		return
	}
	_ = c.Close()
}
