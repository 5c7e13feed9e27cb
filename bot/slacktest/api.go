package slacktest

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Call is one Web API call or response URL post as it arrived.
type Call struct {
	Method string // "chat.postMessage", "response_url"
	Args   map[string]string
	Token  string
	At     time.Time
	Status int    // HTTP status of the answer, 0 when there was none
	Error  string // Slack's error name, "" when it succeeded
}

type reply map[string]any

// apiError is a refusal with Slack's name for it.
type apiError struct {
	code  string
	extra reply
}

func fail(code string) *apiError { return &apiError{code: code} }

// call is a Web API call on its way through its method.
type call struct {
	s    *Server
	in   *install
	args map[string]string
}

// method is one Web API method. run is called with mu held.
type method struct {
	scopes []string // one of these is needed; none means none
	run    func(c *call) (reply, *apiError)
}

func (s *Server) serveAPI(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.URL.Path, "/api/")
	time.Sleep(s.opts.Latency)
	f := s.fault(name, "")
	args, tok := readArgs(r)
	var out reply
	status := http.StatusOK
	if f == nil || f.AfterCommit {
		out, status = s.runMethod(name, tok, args)
	}
	s.mu.Lock()
	s.record(Call{Method: name, Args: args, Token: tok, At: s.opts.Now(), Status: status, Error: errorOf(out)})
	s.mu.Unlock()
	if f != nil {
		s.serveFault(w, r, f)
		return
	}
	writeReply(w, status, out)
}

func errorOf(r reply) string {
	e, _ := r["error"].(string)
	return e
}

func (s *Server) record(c Call) {
	if len(s.calls) >= s.opts.KeepCalls {
		s.calls = append(s.calls[:0], s.calls[len(s.calls)/2:]...)
	}
	s.calls = append(s.calls, c)
	s.touch()
}

// Calls lists the calls of a method, oldest first; "" lists all. Calls that a fault answered are among them.
func (s *Server) Calls(method string) []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Call
	for _, c := range s.calls {
		if method == "" || c.Method == method {
			c.Args = maps.Clone(c.Args)
			out = append(out, c)
		}
	}
	return out
}

func writeReply(w http.ResponseWriter, status int, out reply) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(out)
}

func readArgs(r *http.Request) (args map[string]string, tok string) {
	args = map[string]string{}
	tok = strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	body, _ := io.ReadAll(io.LimitReader(r.Body, 4<<20))
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		var m map[string]json.RawMessage
		_ = json.Unmarshal(body, &m)
		for k, v := range m {
			var str string
			if json.Unmarshal(v, &str) == nil {
				args[k] = str
			} else {
				args[k] = string(v)
			}
		}
	} else if form, err := url.ParseQuery(string(body)); err == nil {
		for k := range form {
			args[k] = form.Get(k)
		}
	}
	if tok == "" {
		tok = args["token"]
	}
	delete(args, "token")
	return args, tok
}

func (s *Server) runMethod(name, tok string, args map[string]string) (reply, int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m, ok := s.methods[name]
	if !ok {
		return reply{"ok": false, "error": "unknown_method", "req_method": name}, http.StatusOK
	}
	if name == "apps.connections.open" {
		if tok != s.appToken {
			return reply{"ok": false, "error": "invalid_auth"}, http.StatusOK
		}
	} else if s.tokens[tok] == nil {
		return reply{"ok": false, "error": "invalid_auth"}, http.StatusOK
	}
	out, err := m.run(&call{s: s, in: s.tokens[tok], args: args})
	if err != nil {
		e := reply{"ok": false, "error": err.code}
		maps.Copy(e, err.extra)
		return e, http.StatusOK
	}
	if out == nil {
		out = reply{}
	}
	out["ok"] = true
	return out, http.StatusOK
}

func methods() map[string]method {
	return map[string]method{
		"auth.test":             {run: authTest},
		"apps.connections.open": {run: connectionsOpen},
		"chat.postMessage":      {run: postMessage, scopes: []string{"chat:write"}},
	}
}

func authTest(c *call) (reply, *apiError) {
	out := reply{"url": "https://example.slack.com/", "user": "incident-bot", "user_id": c.in.botUser, "bot_id": c.in.botID}
	if w := c.s.teams[c.in.team]; w != nil {
		out["team"], out["team_id"] = w.Name, w.TeamID
	}
	return out, nil
}

func connectionsOpen(c *call) (reply, *apiError) {
	t := c.s.secret(32)
	c.s.tickets[t] = true
	return reply{"url": c.s.wsURL() + "?ticket=" + t + "&app_id=" + c.s.appID}, nil
}

func postMessage(c *call) (reply, *apiError) {
	ch := c.s.channels[c.args["channel"]]
	if ch == nil {
		return nil, fail("channel_not_found")
	}
	m := c.s.add(ch, &Message{
		User: c.in.botUser, BotID: c.in.botID, ThreadTS: c.args["thread_ts"], Text: c.args["text"],
		Blocks: rawArg(c.args["blocks"]), Metadata: rawArg(c.args["metadata"]),
	})
	return reply{"channel": ch.ID, "ts": m.TS, "message": reply{"type": "message", "text": m.Text, "ts": m.TS, "bot_id": m.BotID, "user": m.User}}, nil
}

func rawArg(s string) json.RawMessage {
	if s == "" || s == "null" {
		return nil
	}
	return json.RawMessage(s)
}
