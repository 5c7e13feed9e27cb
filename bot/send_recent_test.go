package bot

import (
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"incident-bot/bot/blocks"
)

// pages gives history over many pages, of which one holds the answer of r. Beyond them there are more.
func (g *rig) pages(t *testing.T, r *Request, page int) webAnswer {
	return func(_ *http.Request, c webCall) (int, http.Header, string, error) {
		at := 1
		if cursor := c.arg("cursor"); cursor != "" {
			if _, err := fmt.Sscanf(cursor, "page%d", &at); err != nil {
				t.Errorf("cursor %q", cursor)
			}
		}
		key := "another"
		if at == page {
			key = effectKey(r, "answer", 0)
		}
		return http.StatusOK, nil, fmt.Sprintf(`{"ok":true,"has_more":true,"response_metadata":{"next_cursor":"page%d"},"messages":[`+
			`{"ts":"60.%d","user":"UBOT","metadata":{"event_type":"incident_bot","event_payload":{"label":"","key":%q}}}]}`, at+1, at, key), nil
	}
}

// TestRestoredAnswerIsSought: an answer that an earlier process may have posted is looked for as far back as is sensible.
func TestRestoredAnswerIsSought(t *testing.T) {
	for page, there := range map[int]bool{1: true, 3: true, recentPages: true, recentPages + 1: false} {
		synctest.Test(t, func(t *testing.T) {
			g := newRig(t)
			r := g.request(Mention)
			r.Received = time.Now()
			r.act = acting(r.Delivery)
			r.act.restored = true
			_, _ = r.act.inbox.Begin(t.Context(), r.act.id, messageName(r, "answer", 0), nil) // that process was about to
			g.on("conversations.replies", times(2*recentPages, g.pages(t, r, page))...)
			if err := g.sender.Send(t.Context(), r, Reply{Answer: &Answer{Message: blocks.NewMessage("✓ done")}}); err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
			if posted := len(g.calls("chat.postMessage")); posted == 0 != there {
				t.Errorf("on page %d: posted %d times", page, posted)
			}
			looked := g.calls("conversations.replies")
			if want := min(page, recentPages); len(looked) < want || len(looked) > recentPages {
				t.Errorf("on page %d: %d pages were read", page, len(looked))
			}
			if first := looked[0]; first.arg("ts") != "50.000001" || first.arg("channel") != "C1" || first.arg("oldest") != fmt.Sprintf("%d.000000", r.Received.Add(-2*time.Minute).Unix()) {
				t.Errorf("asked %v", first.Args)
			}
			if !r.act.isOut(t.Context(), messageName(r, "answer", 0)) {
				t.Error("it is not known to be out")
			}
		})
	}
}

// TestRestoredPrivateAnswerComesAgain: what a response URL brought cannot be seen; twice is better than never.
func TestRestoredPrivateAnswerComesAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t)
		r := g.request(Command)
		r.Received = time.Now()
		r.act = acting(r.Delivery)
		r.act.restored = true
		reply := Reply{Answer: &Answer{Message: blocks.NewMessage("✓ done")}}
		for range 2 {
			if err := g.sender.Send(t.Context(), r, reply); err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
		}
		if g.methods() != "hook" {
			t.Errorf("called %s", g.methods())
		}
	})
}

// TestMessagesAreSentOnce: a reply that is carried out again sends what is missing and nothing else.
func TestMessagesAreSentOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t)
		r := g.request(Command)
		r.Received = time.Now()
		r.act = acting(r.Delivery)
		g.on("hook", times(9, refuses())...)
		g.on("chat.postEphemeral", times(9, refuses())...)
		g.on("chat.postMessage", times(3, refuses())...) // the direct message
		reply := Reply{Answer: &Answer{Message: blocks.NewMessage("✓ done")}, Posts: []Post{card()}}
		if err := g.sender.Send(t.Context(), r, reply); !passing(err) {
			t.Errorf("the answer reached %v", err)
		}
		synctest.Wait()
		if err := g.sender.Send(t.Context(), r, reply); err != nil {
			t.Error(err)
		}
		synctest.Wait()
		cards, direct := 0, 0
		for _, c := range g.calls("chat.postMessage") {
			if c.arg("channel") == "C2" {
				cards++
			} else {
				direct++
			}
		}
		if cards != 1 || direct != 4 {
			t.Errorf("the card was posted %d times, the direct message tried %d times", cards, direct)
		}
	})
}

// TestPostThatIsOutEndsTheWaiting: the process ended after the post and before the message that said to wait was changed.
func TestPostThatIsOutEndsTheWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t)
		r := g.toldToWait(t)
		r.act.out(messageName(r, "post", 0))
		if err := g.sender.Send(t.Context(), r, Reply{Posts: []Post{card()}}); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if g.methods() != "chat.update" || r.act.waiting.told.any() {
			t.Errorf("called %s, told %v", g.methods(), r.act.waiting.told)
		}
	})
}
