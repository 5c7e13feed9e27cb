package bot

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"incident-bot/bot/blocks"
)

// TestTooOldForLater: what is too old is not tried again, so its answer goes elsewhere at once and the message that
// said to wait goes.
func TestTooOldForLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t)
		r := g.toldToWait(t)
		r.Received = time.Now().Add(-maxAge)
		g.on("chat.update", times(triesRefused, status(503))...)
		if runs := g.again(t, r, Reply{Answer: new(noted())}); runs != 1 || !strings.Contains(g.heard(), "✓ Noted") || g.deleted() != "D1/7.7" {
			t.Errorf("%d runs, called %s", runs, g.methods())
		}
	})
}

// TestResponseURLForLater: an answer waits for a response URL that fails while that can be used once more, and goes
// elsewhere at once when it cannot.
func TestResponseURLForLater(t *testing.T) {
	for name, c := range map[string]struct {
		used  int
		lives time.Duration
		want  string
	}{
		"fresh":      {1, time.Hour, "hook hook hook hook"},
		"almost":     {hookLimit - triesRefused, time.Hour, "hook hook hook chat.postEphemeral"},
		"nearly all": {hookLimit - 1, time.Hour, "hook chat.postEphemeral"},
		"soon over":  {1, redeliverPause, "hook hook hook hook"}, // the last one beside what it said
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				g := newRig(t)
				r := g.toldToWait(t)
				r.act.waiting.told, r.Response.Expires = told{Hook: true}, time.Now().Add(c.lives)
				for range c.used {
					g.sender.hooks.take(r.Response.URL)
				}
				g.on("hook", times(triesRefused, status(503))...)
				runs, want := g.again(t, r, Reply{Answer: new(noted())}), 1
				if name == "fresh" {
					want = 2
				}
				if g.methods() != c.want || runs != want {
					t.Errorf("%d runs, called %s, want %s", runs, g.methods(), c.want)
				}
				for i, call := range g.calls("hook") {
					if beside := i == triesRefused && c.lives < time.Hour; call.Args["replace_original"] == beside {
						t.Errorf("sent %v", call.Args)
					}
				}
			})
		})
	}
}

// TestToldWhenItCanBeSeen: while it cannot be seen whether an earlier process told, nobody is told, and is as soon as
// it can.
func TestToldWhenItCanBeSeen(t *testing.T) {
	patiently(t, func(t *testing.T, p *patientRig) {
		p.fails = time.Now().Add(10 * time.Minute)
		p.on("chat.postMessage", func(r *http.Request, _ webCall) (int, http.Header, string, error) {
			<-r.Context().Done() // with the process
			return 0, nil, "", r.Context().Err()
		})
		p.does(Mention)
		time.Sleep(3 * time.Second)
		p.on("conversations.replies", status(503), p.sees(false))
		p.restart()
		time.Sleep(tellRestored + time.Second)
		if got := len(p.calls("chat.postMessage")); got != 1 {
			t.Errorf("told %d times", got)
		}
		time.Sleep(tellRetry)
		if got := len(p.calls("chat.postMessage")); got != 2 {
			t.Errorf("told %d times in the end", got)
		}
	})
}

// TestDirectMessageInDoubtIsKept: the next process knows that somebody may have been told by direct message beside a
// response URL, and answers there.
func TestDirectMessageInDoubtIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t)
		r := g.toldToWait(t)
		r.act.waiting.told = told{Hook: true}
		r.act.waiting.keep(r.act)
		r.act.waiting.start(time.Hour, func() {})
		time.Sleep(tellAgain)
		g.on("chat.postMessage", times(triesRefused, breaks())...)
		g.sender.tell(t.Context(), r, blocks.NewMessage("⏳"))
		next := *r
		next.act = newAct(r.Delivery, r.act.id, "T1/x", r.act.inbox)
		next.act.restored = true
		g.on("conversations.history", shows(map[string]string{"6.6": effectKey(r, effectWaiting, 0)}))
		g.again(t, &next, Reply{Answer: new(noted())})
		posts := g.calls("chat.postMessage")
		if len(posts) != triesRefused+1 || !strings.HasSuffix(posts[triesRefused].arg("text"), "✓ Noted") || g.deleted() != "U1/6.6" {
			t.Errorf("called %s", g.methods())
		}
	})
}

// TestDirectMessageInDoubtAlone: who may have been told by direct message is told there, and nowhere else.
func TestDirectMessageInDoubtAlone(t *testing.T) {
	patiently(t, func(t *testing.T, p *patientRig) {
		p.fails = time.Now().Add(10 * time.Minute)
		p.on("chat.postMessage", append(times(triesRefused, slackError("internal_error")), times(triesRefused, breaks())...)...)
		p.on("conversations.replies", times(9, p.sees(false))...)
		p.on("conversations.history", p.sees(true))
		p.does(Mention)
		time.Sleep(20 * time.Minute)
		posts := p.calls("chat.postMessage")
		if last := len(posts) - 1; last != 2*triesRefused || posts[last].arg("channel") != "U1" || p.deleted() != "U1/61.1" {
			t.Errorf("called %s, deleted %s", p.methods(), p.deleted())
		}
	})
}
