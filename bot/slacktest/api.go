package slacktest

import (
	"maps"
	"net/http"
	"strings"
	"time"
)

// Call is one Web API call or response URL post as it arrived.
type Call struct {
	Method string            // "chat.postMessage", "response_url"
	Args   map[string]string // what was no string is kept as JSON; not to be changed
	Token  string            // as given; "" for a response URL
	Team   string            // the workspace or organisation of the token, "" when it is unknown
	At     time.Time
	Status int    // HTTP status of the answer; 0 when the connection was cut or hung
	Error  string // Slack's error name, "" when it succeeded
}

// reply is an answer of the Web API without its "ok".
type reply map[string]any

// apiError is a refusal with Slack's name for it.
type apiError struct {
	code  string
	extra reply
}

func fail(code string) *apiError { return &apiError{code: code} }

// invalid is a refusal with JSON pointers, as Slack's invalid_blocks and invalid_arguments have them.
func invalid(code string, problems []problem) *apiError {
	messages, errors := []string{}, []string{}
	for _, p := range problems {
		messages = append(messages, p.String())
		errors = append(errors, p.text+" [json-pointer:"+p.pointer+"]")
	}
	return &apiError{code, reply{"errors": errors, "response_metadata": reply{"messages": messages}}}
}

// missing is the refusal of a call that lacks an argument.
func missing(arg string) *apiError {
	return &apiError{"invalid_arguments", reply{"response_metadata": reply{
		"messages": []string{"[ERROR] missing required field: " + arg},
	}}}
}

// call is a Web API call on its way through its method.
type call struct {
	s    *Server
	in   *install // nil for apps.connections.open
	args map[string]string
	warn []string
}

func (c *call) str(key string) string { return c.args[key] }

func (c *call) bool(key string) bool { return c.args[key] == "true" || c.args[key] == "1" }

// need gives an argument that must be there.
func (c *call) need(key string) (string, *apiError) {
	if v := c.args[key]; v != "" {
		return v, nil
	}
	return "", missing(key)
}

// outcome is the answer to a call, ready to be written: what it is made of may change as soon as mu is free.
type outcome struct {
	status int
	body   []byte
	name   string        // Slack's error name
	retry  time.Duration // of Retry-After
}

// outcomeOf encodes an answer. The caller holds mu.
func outcomeOf(status int, out reply) outcome {
	name, _ := out["error"].(string)
	return outcome{status: status, body: mustJSON(out), name: name}
}

func (o outcome) write(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	if o.retry > 0 {
		w.Header().Set("Retry-After", seconds(o.retry))
	}
	w.WriteHeader(o.status)
	_, _ = w.Write(o.body)
}

func (s *Server) serveAPI(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.URL.Path, "/api/")
	req := readRequest(r, s.methods[name].formOnly)
	s.pause(r)
	s.serve(w, r, Call{Method: name, Args: req.args, Token: req.token}, []string{name, ""}, func() outcome {
		return s.runMethod(name, req)
	})
}

// serve runs a call, or the fault that is due for it under one of the keys, and remembers it.
func (s *Server) serve(w http.ResponseWriter, r *http.Request, seen Call, keys []string, run func() outcome) {
	f := s.fault(keys...)
	var out outcome
	s.mu.Lock()
	if f == nil || f.AfterCommit {
		out = run()
	}
	seen.At, seen.Status, seen.Error = s.opts.Now(), out.status, out.name
	if f != nil {
		seen.Status, seen.Error = f.seen()
	}
	s.record(seen)
	s.mu.Unlock()
	if f != nil {
		s.serveFault(w, r, f)
		return
	}
	out.write(w)
}

// pause waits for the configured latency.
func (s *Server) pause(r *http.Request) {
	if s.opts.Latency <= 0 {
		return
	}
	t := time.NewTimer(s.opts.Latency)
	defer t.Stop()
	select {
	case <-t.C:
	case <-r.Context().Done():
	case <-s.done:
	}
}

// record remembers a call. The caller holds mu.
func (s *Server) record(c Call) {
	if in := s.tokens[c.Token]; in != nil {
		if c.Team = in.enterprise; in.team != nil {
			c.Team = in.team.TeamID
		}
	}
	s.calls.add(c)
	s.touch()
}

// Calls lists the calls of a method, oldest first; "" lists all. Calls that a fault answered are among them. The newest
// Options.KeepCalls are kept.
func (s *Server) Calls(method string) []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Call
	s.calls.each(func(c Call) {
		if method == "" || c.Method == method {
			out = append(out, c)
		}
	})
	return out
}

// runMethod carries a call out: it exists, it is authenticated, it may, it is not too fast, it is done. The caller holds
// mu.
func (s *Server) runMethod(name string, req request) outcome {
	m, ok := s.methods[name]
	if !ok {
		return refused(http.StatusOK, &apiError{"unknown_method", reply{"req_method": name}})
	}
	if req.err != "" {
		return refused(http.StatusOK, fail(req.err))
	}
	c := &call{s: s, args: req.args, warn: req.warn}
	if err := s.authenticate(c, m, req); err != nil {
		return refused(http.StatusOK, err)
	}
	if err := c.scoped(m.scopes...); err != nil {
		return refused(http.StatusOK, err)
	}
	if wait := s.tooFast(name, m, c); wait > 0 {
		out := refused(http.StatusTooManyRequests, fail("ratelimited"))
		out.retry = wait
		return out
	}
	out, err := m.run(c)
	if err != nil {
		return refused(http.StatusOK, err)
	}
	if out == nil {
		out = reply{}
	}
	out["ok"] = true
	c.addWarnings(out)
	return outcomeOf(http.StatusOK, out)
}

func refused(status int, err *apiError) outcome {
	out := reply{"ok": false, "error": err.code}
	maps.Copy(out, err.extra)
	return outcomeOf(status, out)
}

func (c *call) addWarnings(out reply) {
	if len(c.warn) == 0 {
		return
	}
	out["warning"] = strings.Join(c.warn, ",")
	meta, _ := out["response_metadata"].(reply)
	if meta == nil {
		meta = reply{}
	}
	meta["warnings"] = c.warn
	out["response_metadata"] = meta
}

// authenticate finds the installation of the token.
func (s *Server) authenticate(c *call, m method, req request) *apiError {
	switch {
	case m.open:
		return nil
	case req.token == "":
		return fail("not_authed")
	case m.app:
		// docs: apps.connections.open takes the app-level token in the Authorization header only.
		if !req.header || req.token != s.appToken {
			return fail("invalid_auth")
		}
		return nil
	case req.token == s.appToken:
		return fail("not_allowed_token_type")
	}
	if c.in = s.tokens[req.token]; c.in == nil {
		return fail("invalid_auth")
	}
	if c.in.dead != "" {
		return fail(c.in.dead)
	}
	return nil
}

// scoped refuses the call unless the installation has one of the scopes.
func (c *call) scoped(scopes ...string) *apiError {
	if c.in == nil || len(scopes) == 0 {
		return nil
	}
	for _, sc := range scopes {
		if c.in.scopes[sc] {
			return nil
		}
	}
	return &apiError{"missing_scope", reply{"needed": strings.Join(scopes, ","), "provided": c.in.provided()}}
}
