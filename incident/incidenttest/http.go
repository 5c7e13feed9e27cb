package incidenttest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"
)

// maxBody is the largest request the stack reads.
const maxBody = 4 << 20

// method is one of the API's.
type method struct {
	write       bool
	admin       bool // for Admins only
	unversioned bool // answers outside /v1 only
	run         func(s *Server, who *account, body []byte) (any, error)
}

// reads and writes make a method of a function on its request.
func reads[In, Out any](f func(*Server, *account, In) (Out, error)) method {
	return method{run: func(s *Server, who *account, body []byte) (any, error) {
		var in In
		d := json.NewDecoder(bytes.NewReader(body))
		d.DisallowUnknownFields()
		if err := d.Decode(&in); err != nil {
			return nil, invalid("cannot read the request: %v", err)
		}
		if _, err := d.Token(); err != io.EOF {
			return nil, invalid("cannot read the request: more than one value")
		}
		return f(s, who, in)
	}}
}

func writes[In, Out any](f func(*Server, *account, In) (Out, error)) method {
	m := reads(f)
	m.write = true
	return m
}

func admins[In, Out any](f func(*Server, *account, In) (Out, error)) method {
	m := writes(f)
	m.admin = true
	return m
}

// ServeHTTP answers one call.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		w.WriteHeader(http.StatusRequestEntityTooLarge)
		return
	}
	c := s.heard(r, body)
	f := s.fault(c.Method)
	if !s.pause(r, s.o.Latency+f.Delay) {
		panic(http.ErrAbortHandler) // nobody waits: no answer, not even an empty one
	}
	if !f.commits() {
		s.before(w, r, c, f)
		return
	}
	status, out := s.answer(r, c, body)
	s.after(w, c, f, status, out)
}

// pause waits, and says whether the caller is still there.
func (s *Server) pause(r *http.Request, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-r.Context().Done():
	case <-s.closed:
	}
	return false
}

// answer does what a call asks and gives the status and body of the answer.
func (s *Server) answer(r *http.Request, c request, body []byte) (int, []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m, who, err := s.admit(r, c, body)
	var out any
	if err == nil {
		out, err = m.run(s, who, body)
	}
	var no *refusal
	if errors.As(err, &no) {
		return no.status, encode(no.body)
	}
	c.Committed = m.write
	return http.StatusOK, succeed(encode(out))
}

// admit takes a call through what stands before the plugin's methods: the stack, the token, the plugin, the role.
func (s *Server) admit(r *http.Request, c request, body []byte) (method, *account, error) {
	if s.sleeping {
		return method{}, nil, asleep()
	}
	who, err := s.authenticate(c.Token)
	if err != nil {
		return method{}, nil, err
	}
	if s.missing || c.plugin != s.o.PluginID {
		return method{}, nil, noPlugin()
	}
	m, ok := s.methods[c.Method]
	if !ok || m.unversioned && c.versioned || s.o.NoSeverities && strings.HasPrefix(c.Method, "SeveritiesService.") {
		return method{}, nil, noMethod()
	}
	if err := s.may(who, m); err != nil {
		return method{}, nil, err
	}
	switch {
	case r.Method != http.MethodPost:
		err = pluginError(http.StatusMethodNotAllowed, "method not allowed")
	case len(body) == 0: // grafana/oncall: an empty request must send {}
		err = pluginError(http.StatusInternalServerError, "unexpected end of JSON input")
	}
	return m, who, err
}

// encode writes an answer of ours, which can always be written.
func encode(v any) []byte {
	data, err := json.Marshal(v)
	if err != nil {
		panic("incidenttest: encode an answer: " + err.Error())
	}
	return data
}

// succeed adds the empty error that every success carries.
func succeed(object []byte) []byte {
	body := bytes.TrimSuffix(object, []byte("}"))
	if len(body) > 1 {
		body = append(body, ',')
	}
	return append(body, `"error":""}`...)
}
