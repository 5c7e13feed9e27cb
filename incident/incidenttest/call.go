package incidenttest

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Call is a request that reached the stack, whatever came of it.
type Call struct {
	Method string // "IncidentsService.CreateIncident"
	Body   json.RawMessage
	Token  string // as it came, without "Bearer "
	Role   Role   // of the token, "" when the stack does not know it
	At     time.Time
	// Status is the status that was answered, 0 while the call runs and when it got no answer: a hang, a reset.
	Status int
	// Committed says that the call changed the stack, whatever the caller came to know of it.
	Committed bool
}

// Calls gives what was heard for a method, "" for all of them, in order, whatever came of it. Options.KeepCalls bounds
// how far back it goes.
func (s *Server) Calls(method string) []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []Call
	for _, c := range s.kept() {
		if method == "" || c.Method == method {
			one := *c
			one.Body = slices.Clone(c.Body)
			all = append(all, one)
		}
	}
	return all
}

// request is a call as it came.
type request struct {
	*Call     // what is kept of it; the lock guards it
	plugin    string
	versioned bool
}

// heard notes a call.
func (s *Server) heard(r *http.Request, body []byte) request {
	plugin, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/api/plugins/"), "/resources/api/")
	name, versioned := strings.CutPrefix(rest, "v1/")
	s.mu.Lock()
	defer s.mu.Unlock()
	c := &Call{Method: name, Body: body, Token: bearer(r.Header.Get("Authorization")), At: s.now()}
	if a, ok := s.accounts[c.Token]; ok {
		c.Role = a.role
	}
	s.keep(c)
	return request{Call: c, plugin: plugin, versioned: versioned}
}

// keep remembers a call and, with a bound, forgets the oldest now and then, so that a call costs the same on average.
func (s *Server) keep(c *Call) {
	bound := s.o.KeepCalls
	if bound < 0 {
		return
	}
	s.calls = append(s.calls, c)
	if bound > 0 && len(s.calls) >= 2*bound {
		s.calls = slices.Clone(s.kept())
	}
}

// kept is what Calls may show.
func (s *Server) kept() []*Call {
	if over := len(s.calls) - s.o.KeepCalls; s.o.KeepCalls > 0 && over > 0 {
		return s.calls[over:]
	}
	return s.calls
}

// answered notes the status of an answer.
func (s *Server) answered(c request, status int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.Status = status
}
