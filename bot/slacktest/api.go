package slacktest

import (
	"encoding/json"
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

func (s *Server) serveAPI(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.URL.Path, "/api/")
	req := readRequest(r, s.methods[name].formOnly)
	s.pause(r)
	f := s.fault(name, "")
	status, out := http.StatusOK, reply(nil)
	if f == nil || f.AfterCommit {
		status, out = s.runMethod(name, req)
	}
	seen := Call{Method: name, Args: req.args, Token: req.token, At: s.opts.Now(), Status: status, Error: errorOf(out)}
	if f != nil {
		seen.Status, seen.Error = f.seen()
	}
	s.mu.Lock()
	s.record(seen)
	s.mu.Unlock()
	if f != nil {
		s.serveFault(w, r, f)
		return
	}
	if status == http.StatusTooManyRequests {
		w.Header().Set("Retry-After", seconds(out["retry"].(time.Duration)))
		delete(out, "retry")
	}
	writeReply(w, status, out)
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

func errorOf(r reply) string {
	e, _ := r["error"].(string)
	return e
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

func writeReply(w http.ResponseWriter, status int, out reply) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(out)
}

// runMethod carries a call out: it exists, it is authenticated, it may, it is not too fast, it is done.
func (s *Server) runMethod(name string, req request) (int, reply) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m, ok := s.methods[name]
	if !ok {
		return http.StatusOK, refusal(&apiError{"unknown_method", reply{"req_method": name}})
	}
	if req.err != "" {
		return http.StatusOK, refusal(fail(req.err))
	}
	c := &call{s: s, args: req.args, warn: req.warn}
	if err := s.authenticate(c, m, req); err != nil {
		return http.StatusOK, refusal(err)
	}
	if err := c.scoped(m.scopes...); err != nil {
		return http.StatusOK, refusal(err)
	}
	if wait := s.tooFast(name, m, c); wait > 0 {
		return http.StatusTooManyRequests, reply{"ok": false, "error": "ratelimited", "retry": wait}
	}
	out, err := m.run(c)
	if err != nil {
		return http.StatusOK, refusal(err)
	}
	if out == nil {
		out = reply{}
	}
	out["ok"] = true
	c.addWarnings(out)
	return http.StatusOK, out
}

func refusal(err *apiError) reply {
	out := reply{"ok": false, "error": err.code}
	maps.Copy(out, err.extra)
	return out
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
