package slacktest

import (
	"net/http"
	"strconv"
	"time"
)

// Fault is a failure to be played. Fields that are zero do nothing.
type Fault struct {
	Error            string        // Slack's error name, answered with ok false
	Needed, Provided string        // of missing_scope
	Status           int           // HTTP status, with Body
	Body             string        // sent as it is
	ContentType      string        // of Body; default text/html
	RetryAfter       time.Duration // Retry-After header; alone it means 429 ratelimited
	Hang             bool          // no answer until the client goes away
	Reset            bool          // the connection is reset
	AfterCommit      bool          // the call is carried out first
	Times            int           // how often; 0 is once, below 0 until Heal
}

// Fail makes the next calls of a method fail: a Web API method, "handshake" for the opening of a socket, "response_url"
// for posts to response URLs, "" for every Web API method. Faults of a method are played in the order they were given.
func (s *Server) Fail(method string, f Fault) {
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
	status := f.Status
	if f.RetryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int((f.RetryAfter+time.Second-1)/time.Second)))
		if status == 0 && f.Error == "" {
			writeReply(w, http.StatusTooManyRequests, reply{"ok": false, "error": "ratelimited"})
			return
		}
	}
	if f.Error != "" {
		e := reply{"ok": false, "error": f.Error}
		if f.Needed != "" {
			e["needed"], e["provided"] = f.Needed, f.Provided
		}
		writeReply(w, orDefault(status, http.StatusOK), e)
		return
	}
	w.Header().Set("Content-Type", orDefault(f.ContentType, "text/html; charset=utf-8"))
	w.WriteHeader(orDefault(status, http.StatusOK))
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
