package bot

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"incident-bot/bot/blocks"
)

// shows gives messages of the bot, each by its time and its key.
func shows(keys map[string]string) webAnswer {
	return func(*http.Request, webCall) (int, http.Header, string, error) {
		messages := []map[string]any{}
		for ts, key := range keys {
			messages = append(messages, map[string]any{"ts": ts, "user": "UBOT", "metadata": newMetadata(key, "")})
		}
		body, err := json.Marshal(map[string]any{"ok": true, "messages": messages})
		return http.StatusOK, nil, string(body), err
	}
}

// deleted gives the times of the messages that were deleted.
func (g *rig) deleted() string {
	var all []string
	for _, c := range g.calls("chat.delete") {
		all = append(all, c.arg("channel")+"/"+c.arg("ts"))
	}
	return strings.Join(all, " ")
}

func noted() Answer { return Answer{Message: blocks.NewMessage("✓ Noted")} }

// again carries a reply out as the next run of its act does, until nothing is left of it, and gives how often.
func (g *rig) again(t *testing.T, r *Request, reply Reply) (runs int) {
	t.Helper()
	for range 30 {
		runs++
		err := g.sender.Send(t.Context(), r, reply)
		synctest.Wait()
		time.Sleep(time.Minute)
		unsent := r.act.takeUnsent()
		if err == nil && len(unsent) == 0 {
			return runs
		}
	}
	t.Errorf("never done: %s", g.log)
	return runs
}

// TestAnswerIsNotTakenAway: an answer that took the place of the message that said to wait stays there, also when it is
// not known to be out and Slack takes no more changes of it.
func TestAnswerIsNotTakenAway(t *testing.T) {
	for name, known := range map[string]bool{"known to be out": true, "found": false} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				g := newRig(t)
				r := g.toldToWait(t)
				key := effectKey(r, "answer", 0)
				r.act.restored, r.act.waiting.asked = true, true
				_, _ = r.act.inbox.Begin(t.Context(), r.act.id, messageName(r, "answer", 0), nil)
				if known {
					r.act.out(messageName(r, "answer", 0))
				}
				g.on("conversations.history", times(9, shows(map[string]string{"7.7": key}))...)
				g.on("chat.update", slackError("edit_window_closed"))
				g.again(t, r, Reply{Answer: new(noted())})
				if g.deleted() != "" || len(g.calls("chat.postMessage")) > 0 || r.act.waiting.told.any() {
					t.Errorf("called %s", g.methods())
				}
			})
		})
	}
}

// TestWhatSaidToWaitGoes: the answer is out elsewhere, and the message that said to wait can be changed no more.
func TestWhatSaidToWaitGoes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t)
		r := g.toldToWait(t)
		r.act.out(messageName(r, "answer", 0))
		g.on("conversations.history", tooMany(1), shows(map[string]string{"7.7": effectKey(r, effectWaiting, 0), "8.8": "other"}))
		g.on("chat.update", times(2, slackError("edit_window_closed"))...)
		if runs := g.again(t, r, Reply{Answer: new(noted())}); runs != 2 || g.deleted() != "D1/7.7" {
			t.Errorf("%d runs, called %s", runs, g.methods())
		}
	})
}

// TestWhatCannotGo stays: Slack refuses to take it away.
func TestWhatCannotGo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t)
		r := g.toldToWait(t)
		g.on("chat.update", slackError("cant_update_message"))
		g.on("chat.delete", slackError("cant_delete_message"))
		if runs := g.again(t, r, Reply{Answer: new(noted())}); runs != 1 || g.methods() != "chat.update hook chat.delete" {
			t.Errorf("%d runs, called %s", runs, g.methods())
		}
	})
}

// TestTwinsGo: what an earlier process may have told twice is taken away when the answer has taken the place of one.
func TestTwinsGo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t)
		r := g.toldToWait(t)
		r.act.waiting.twin = true
		r.act.waiting.keep(r.act)
		next := *r
		next.act = newAct(r.Delivery, r.act.id, "T1/x", r.act.inbox)
		next.act.restored = true
		waits := effectKey(r, effectWaiting, 0)
		g.on("conversations.history", status(503), shows(map[string]string{"6.6": waits, "7.7": waits, "8.8": "other"}))
		g.on("chat.delete", tooMany(1))
		if runs := g.again(t, &next, Reply{Answer: new(noted())}); runs != 2 || g.deleted() != "D1/6.6 D1/6.6" {
			t.Errorf("%d runs, called %s", runs, g.methods())
		}
		if got := g.texts(); got != strings.TrimSpace(strings.Repeat(g.calls("chat.update")[0].arg("text")+" ", 2)) {
			t.Errorf("became %q", got)
		}
	})
}

// TestAnswerIsNotKeptBackForEver: while Slack fails over the message that said to wait, the answer is kept back for some
// minutes, and then comes in another way; while there are too many changes, for as long as that lasts.
func TestAnswerIsNotKeptBackForEver(t *testing.T) {
	for name, c := range map[string]struct {
		says      webAnswer
		elsewhere bool
	}{"failing": {status(503), true}, "too many": {tooMany(1), false}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				g := newRig(t)
				r := g.toldToWait(t)
				g.on("chat.update", times(40, c.says)...)
				g.on("conversations.history", times(40, shows(nil))...)
				start := time.Now()
				g.again(t, r, Reply{Answer: new(noted())})
				took := time.Since(start)
				if elsewhere := g.heard() != ""; elsewhere != c.elsewhere || took < inPlaceFor {
					t.Errorf("elsewhere %v after %v", elsewhere, took)
				}
				if gone := g.deleted() == "D1/7.7"; gone != c.elsewhere {
					t.Errorf("called %s", g.methods())
				}
			})
		})
	}
}

// TestToldInDoubtAgain: a message whose answer is lost is looked for each time, and while it cannot be looked for
// nobody is told a second time.
func TestToldInDoubtAgain(t *testing.T) {
	patiently(t, func(t *testing.T, p *patientRig) {
		p.fails = time.Now().Add(10 * time.Minute)
		p.on("chat.postMessage", times(2, breaks())...)
		p.on("conversations.replies", status(503), p.sees(false), tooMany(1), p.sees(true), p.sees(true), p.sees(true))
		p.does(Mention)
		time.Sleep(5 * time.Minute)
		if got := len(p.calls("chat.postMessage")); got != 2 {
			t.Errorf("posted %d times", got)
		}
		time.Sleep(10 * time.Minute)
		if got := fmt.Sprint(p.calls("chat.update")[0].arg("ts"), p.texts()); got != "61.1✓ done" || p.deleted() != "" {
			t.Errorf("became %q, and %s", got, p.methods())
		}
	})
}

// TestDirectMessageInDoubt: the process ended before Slack said that somebody was told by direct message. The next one
// tells again, or answers there if there is an answer already, and takes away what the first one said.
func TestDirectMessageInDoubt(t *testing.T) {
	for name, answered := range map[string]bool{"told again": false, "answered": true} {
		t.Run(name, func(t *testing.T) {
			patiently(t, func(t *testing.T, p *patientRig) {
				p.fails = time.Now().Add(time.Minute)
				if answered {
					p.fails = time.Now().Add(4 * time.Second)
				}
				p.on("chat.postMessage", func(r *http.Request, _ webCall) (int, http.Header, string, error) {
					<-r.Context().Done() // with the process
					return 0, nil, "", r.Context().Err()
				})
				p.does(Click)
				time.Sleep(5 * time.Second)
				p.on("conversations.history", times(9, p.sees(true))...)
				p.restart()
				time.Sleep(10 * time.Minute)
				said := "chat.postMessage U1 You clicked a button in <#C1>./"
				want := []string{said + "⏳ Grafana is down.", said + "⏳ Grafana is down.", "chat.update U1 100.000002 You clicked a button in <#C1>./✓ done", "chat.delete U1 61.1"}
				if answered {
					want = []string{said + "⏳ Grafana is down.", said + "✓ done", "chat.delete U1 61.1"}
				}
				p.expect(want...)
			})
		})
	}
}
