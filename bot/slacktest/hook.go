package slacktest

import (
	"net/http"
	"time"
)

// A response URL takes 5 answers in 30 minutes (docs: interactivity/handling-user-interaction).
const (
	hookUses = 5
	hookLife = 30 * time.Minute
)

// hook is one response URL.
type hook struct {
	user    *User
	ch      *Channel
	ws      *Workspace
	uses    int
	expires time.Time
	message *Message // the clicked one; nil for a command
	brought *Message // what it posted last
}

// newHook gives a response URL. The caller holds mu.
func (s *Server) newHook(u *User, ch *Channel, m *Message) string {
	path := "/commands/"
	if m != nil {
		path = "/actions/"
	}
	path += u.ws.TeamID + "/" + s.digits(13) + "/" + s.secret(24)
	s.hooks.put(path, &hook{user: u, ch: ch, ws: u.ws, message: m, expires: s.opts.Now().Add(hookLife)})
	return s.base + path
}

func (s *Server) serveHook(w http.ResponseWriter, r *http.Request) {
	req := readRequest(r, false)
	s.pause(r)
	seen := Call{Method: "response_url", Args: req.args}
	s.mu.Lock()
	if h, ok := s.hooks.get(r.URL.Path); ok {
		seen.Team = h.ws.TeamID
	}
	s.mu.Unlock()
	s.serve(w, r, seen, []string{"response_url"}, func() outcome { return s.runHook(r.URL.Path, req) })
}

// runHook takes an answer. A URL that is used up or too old gives 404 with used_url or expired_url, bad content 400 with
// Slack's name for it (unconfirmed: that Slack refuses is documented, its words are not). The caller holds mu.
func (s *Server) runHook(path string, req request) outcome {
	h, ok := s.hooks.get(path)
	switch {
	case !ok:
		return refused(http.StatusNotFound, fail("no_service"))
	case !s.opts.Now().Before(h.expires):
		return refused(http.StatusNotFound, fail("expired_url"))
	case h.uses >= hookUses:
		return refused(http.StatusNotFound, fail("used_url"))
	case req.err != "":
		return refused(http.StatusBadRequest, fail("invalid_payload"))
	}
	if err := h.answer(&call{s: s, in: h.ws.in, args: req.args}); err != nil {
		return refused(http.StatusBadRequest, err)
	}
	h.uses++
	s.touch()
	return outcomeOf(http.StatusOK, reply{"ok": true})
}

// answer posts, replaces or deletes. The caller holds mu.
func (h *hook) answer(c *call) *apiError {
	if c.bool("delete_original") {
		if h.message == nil || h.message.Deleted {
			return fail("message_not_found")
		}
		h.message.Deleted = true
		return nil
	}
	body, err := c.content("response_url")
	if err != nil {
		return err
	}
	if body.empty() {
		return fail("no_text")
	}
	if h.ch.archived {
		return fail("is_archived")
	}
	if m := h.original(); m != nil && c.bool("replace_original") {
		return h.replace(c, m, body)
	}
	m := &Message{
		User: h.ws.BotUserID, BotID: h.ws.BotID, Text: body.text, Blocks: body.blocks, Attachments: body.attachments,
		ThreadTS: c.thread(h.ch, "response_url"), parse: c.parseMode(),
	}
	switch c.str("response_type") {
	case "in_channel":
		m.Metadata = body.metadata
		c.s.add(h.ch, m)
		c.s.tellMessage(h.ch, m)
	case "", "ephemeral":
		m.Ephemeral, m.To = true, h.user.ID
		c.s.add(h.ch, m)
	default:
		return fail("invalid_arguments")
	}
	h.brought = m
	return nil
}

// original is the message that replace_original means: the clicked one. For a command, which has none, it is what the
// URL posted last if HookReplaces says so, otherwise nil.
func (h *hook) original() *Message {
	if h.message == nil && h.ws.s.opts.HookReplaces {
		return h.brought
	}
	return h.message
}

func (h *hook) replace(c *call, m *Message, body content) *apiError {
	if m.Deleted {
		return fail("message_not_found")
	}
	if m.User != h.ws.BotUserID {
		return fail("cant_update_message")
	}
	m.Text, m.Blocks, m.Attachments = body.text, body.blocks, body.attachments
	m.parse, m.Edited = c.parseMode(), true
	m.refresh()
	return nil
}
