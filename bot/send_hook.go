package bot

import (
	"context"
	"errors"
	"sync"
	"time"
)

// errHookSpent says that a response URL cannot be used any more.
var errHookSpent = errors.New("response URL is used up")

// hookLimit is how often a response URL may be used (docs: 5 times within 30 minutes).
const hookLimit = 5

// hookUses counts the uses of response URLs. Each try counts: one whose answer was lost may have been a use.
type hookUses struct {
	mu     sync.Mutex
	used   map[mark]int
	oldest queue[mark]
}

// hooksKept is of how many response URLs the uses are known.
const hooksKept = 4096

func newHookUses() *hookUses { return &hookUses{used: map[mark]int{}} }

// take counts a use, unless there is none left.
func (h *hookUses) take(url Secret) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	m := markOf(url.Reveal())
	n, known := h.used[m]
	if n >= hookLimit {
		return false
	}
	if !known {
		h.oldest.push(m)
	}
	if h.oldest.len() > hooksKept {
		delete(h.used, h.oldest.pop())
	}
	h.used[m] = n + 1
	return true
}

// left says whether a response URL can be used once more.
func (h *hookUses) left(url Secret) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.used[markOf(url.Reveal())] < hookLimit
}

// live says whether a response URL may still be used at that time.
func (r Response) live(now time.Time) bool {
	return !r.URL.IsZero() && (r.Expires.IsZero() || now.Before(r.Expires))
}

// hookBody is what a response URL takes. replace_original is always said: without it Slack decides by the kind of
// message.
type hookBody struct {
	ResponseType    string `json:"response_type,omitempty"`
	ReplaceOriginal bool   `json:"replace_original"`
	Text            string `json:"text"`
	ThreadTS        string `json:"thread_ts,omitempty"`
	UnfurlLinks     bool   `json:"unfurl_links"`
	UnfurlMedia     bool   `json:"unfurl_media"`
}

// hookWay answers through the response URL of r: privately, or in the place of the clicked message.
func (s *Sender) hookWay(r *Request, replace bool) way {
	return way{"response_url", func(ctx context.Context, w wire) error {
		if !r.Response.live(time.Now()) || !s.hooks.take(r.Response.URL) {
			return errHookSpent
		}
		body := hookBody{ReplaceOriginal: replace, Text: w.text}
		if !replace {
			body.ResponseType, body.ThreadTS = "ephemeral", r.Place.ThreadTS
		}
		encoded, err := encodeWith(body, w.blocks)
		if err != nil {
			return err
		}
		ctx, cancel := context.WithTimeout(ctx, callTimeout)
		defer cancel()
		start := time.Now()
		err = s.ws.call.hook(ctx, r.Response.URL, encoded)
		s.observe.called("response_url", firstOf(faultOf(err).code, "ok"), time.Since(start))
		return err
	}}
}
