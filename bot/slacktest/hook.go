package slacktest

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"time"
)

// hook is one response URL.
type hook struct {
	user    *User
	ch      *Channel
	ws      *Workspace
	uses    int
	expires time.Time
	message *Message // the clicked one
}

type trigger struct {
	user    *User
	ws      *Workspace
	ch      *Channel
	expires time.Time
	used    bool
}

// newHook gives a response URL. The caller holds mu.
func (s *Server) newHook(u *User, ch *Channel, m *Message) string {
	key := u.ws.TeamID + "/" + s.secret(24)
	s.hooks[key] = &hook{user: u, ch: ch, ws: u.ws, message: m, expires: s.opts.Now().Add(30 * time.Minute)}
	return s.base + "/commands/" + key
}

func (s *Server) newTrigger(u *User, ch *Channel) string {
	id := s.secret(12) + "." + s.secret(10)
	s.triggers[id] = &trigger{user: u, ws: u.ws, ch: ch, expires: s.opts.Now().Add(3 * time.Second)}
	return id
}

func (s *Server) serveHook(w http.ResponseWriter, r *http.Request) {
	if f := s.fault("response_url"); f != nil {
		s.serveFault(w, r, f)
		return
	}
	body, _ := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	var p struct {
		Text            string          `json:"text"`
		Blocks          json.RawMessage `json:"blocks"`
		ResponseType    string          `json:"response_type"`
		ReplaceOriginal bool            `json:"replace_original"`
		DeleteOriginal  bool            `json:"delete_original"`
		ThreadTS        string          `json:"thread_ts"`
	}
	_ = json.Unmarshal(body, &p)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.record(Call{Method: "response_url", Args: map[string]string{"body": string(body), "text": p.Text}, At: s.opts.Now(), Status: 200})
	h := s.hooks[strings.TrimPrefix(r.URL.Path, "/commands/")]
	switch {
	case h == nil, !s.opts.Now().Before(h.expires):
		http.Error(w, "expired_url", http.StatusNotFound)
		return
	case h.uses >= 5:
		http.Error(w, "used_url", http.StatusNotFound)
		return
	}
	h.uses++
	switch {
	case p.DeleteOriginal && h.message != nil:
		h.message.Deleted = true
	case p.ReplaceOriginal && h.message != nil:
		h.message.Text, h.message.Blocks, h.message.Edited = p.Text, p.Blocks, true
	default:
		m := &Message{User: h.ws.BotUserID, BotID: h.ws.BotID, Text: p.Text, Blocks: p.Blocks, ThreadTS: p.ThreadTS}
		if p.ResponseType != "in_channel" {
			m.Ephemeral, m.To = true, h.user.ID
		}
		s.add(h.ch, m)
	}
	s.touch()
	_, _ = io.WriteString(w, "ok")
}
