package bot

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"incident-bot/bot/blocks"
)

// toldToWait gives a request whose person was told to wait, by direct message.
func (g *rig) toldToWait(t *testing.T) *Request {
	t.Helper()
	r := g.request(Command)
	r.Received = time.Now()
	in := newMemory(time.Now, 10)
	e := Entry{Key: r.Key, Workspace: "T1", Lane: "T1/x"}
	if _, err := in.Put(t.Context(), &e); err != nil {
		t.Fatal(err)
	}
	r.act = newAct(r.Delivery, e.ID, e.Lane, in)
	r.act.waiting.told = told{Channel: "D1", TS: "7.7"}
	return r
}

// TestFailedPostLeavesTheAnswer: what is read privately because it could not be posted does not take the place of the
// answer, which took the place of the message that told to wait.
func TestFailedPostLeavesTheAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t)
		r := g.toldToWait(t)
		g.on("chat.postMessage", slackError("not_in_channel"))
		reply := Reply{Answer: &Answer{Message: blocks.NewMessage("✓ Declared")}, Posts: []Post{card()}}
		if err := g.sender.Send(t.Context(), r, reply); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if got := g.texts(); !strings.HasSuffix(got, "✓ Declared") || len(g.calls("chat.update")) != 1 {
			t.Errorf("the message that told to wait became %q", got)
		}
		if got := g.heard(); !strings.Contains(got, "I am not in") {
			t.Errorf("read privately: %q", got)
		}
	})
}

// TestLimitedUpdateIsLeftForLater: while Slack takes no more changes, the answer does not go beside the message that told
// to wait, and comes in its place as soon as it can.
func TestLimitedUpdateIsLeftForLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t)
		r := g.toldToWait(t)
		g.on("chat.update", tooMany(1), tooMany(1), tooMany(1), tooMany(1))
		rt := g.router(func(*Routes) {})
		reply := Reply{Answer: &Answer{Message: blocks.NewMessage("✓ Noted")}}
		start := time.Now()
		if o := rt.deliver(t.Context(), r, reply); o.later() || time.Since(start) > 0 {
			t.Errorf("its lane waits: %+v, after %v", o, time.Since(start))
		}
		time.Sleep(time.Minute)
		if len(r.act.takeUnsent()) != 1 {
			t.Error("it is not left for later")
		}
		if got := strings.Trim(strings.ReplaceAll(g.methods(), "chat.update", ""), " "); got != "" {
			t.Errorf("also called: %s", got)
		}
		g.on("conversations.history", says(`{"ok":true,"messages":[]}`)) // is it there by now?
		o := rt.deliver(t.Context(), r, reply)
		time.Sleep(time.Minute)
		if o.later() || len(r.act.takeUnsent()) != 0 || !strings.HasSuffix(g.texts(), "✓ Noted") {
			t.Errorf("%+v, %q", o, g.texts())
		}
	})
}

// TestUnseenPostIsLeftForLater: a card that may be there is neither posted again nor given up while that cannot be seen.
func TestUnseenPostIsLeftForLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t)
		r := g.toldToWait(t)
		r.act.restored = true
		_, _ = r.act.inbox.Begin(t.Context(), r.act.id, messageName(r, "post", 0), nil)
		g.on("conversations.replies", tooMany(1))
		err := g.sender.Send(t.Context(), r, Reply{Posts: []Post{card()}})
		synctest.Wait()
		if !passing(err) && len(r.act.takeUnsent()) == 0 {
			t.Errorf("it is not left for later: %v", err)
		}
		if got := g.methods(); got != "conversations.replies" {
			t.Errorf("called: %s", got)
		}
	})
}

// TestAnswerOfAnEarlierProcess: what told to wait although the answer was out already becomes the answer too.
func TestAnswerOfAnEarlierProcess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t)
		r := g.toldToWait(t)
		r.act.restored, r.act.waiting.asked = true, true
		r.act.inbox.Concluded(r.act.id, messageName(r, "answer", 0), nil)
		if err := g.sender.Send(t.Context(), r, Reply{Answer: &Answer{Message: blocks.NewMessage("✓ Noted")}}); err != nil {
			t.Fatal(err)
		}
		if g.methods() != "chat.update" || !strings.HasSuffix(g.texts(), "✓ Noted") || r.act.waiting.told.any() {
			t.Errorf("%s: %q", g.methods(), g.texts())
		}
	})
}

// TestUnseenAnswerIsLeftForLater: an answer that may be there is not sent again while that cannot be seen, nor is it
// while it cannot be seen what an earlier process told.
func TestUnseenAnswerIsLeftForLater(t *testing.T) {
	for what, earlier := range map[string]func(*act){
		"answer": func(a *act) {
			a.waiting.asked, a.waiting.told.Channel = true, "C1"
			_, _ = a.inbox.Begin(t.Context(), a.id, messageName(&Request{}, "answer", 0), nil)
		},
		"told": func(a *act) {
			a.waiting.told = told{}
			_, _ = a.inbox.Begin(t.Context(), a.id, effectWaiting, nil)
		},
	} {
		synctest.Test(t, func(t *testing.T) {
			g := newRig(t)
			r := g.toldToWait(t)
			r.Kind, r.Place.MessageTS, r.Response = Mention, "50.1", Response{}
			r.act.restored = true
			earlier(r.act)
			g.on("conversations.replies", tooMany(1))
			err := g.sender.Send(t.Context(), r, Reply{Answer: &Answer{Message: blocks.NewMessage("✓ Noted")}})
			synctest.Wait()
			if !passing(err) && len(r.act.takeUnsent()) == 0 {
				t.Errorf("%s: it is not left for later: %v", what, err)
			}
			if got := g.methods(); got != "conversations.replies" {
				t.Errorf("%s: called %s", what, got)
			}
		})
	}
}

// TestAnswerThatIsAPost: in a direct message the card is the answer, and nothing says any more that something waits.
func TestAnswerThatIsAPost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t)
		r := g.toldToWait(t)
		if err := g.sender.Send(t.Context(), r, Reply{Posts: []Post{card()}}); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if g.methods() != "chat.postMessage chat.update" || !strings.HasSuffix(g.texts(), "✓ Done.") || r.act.waiting.told.any() {
			t.Errorf("%s: %q", g.methods(), g.texts())
		}
	})
}

// TestWhatWasNotBegunIsNotSought: only a message that an earlier process was about to send is looked for.
func TestWhatWasNotBegunIsNotSought(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t)
		r := g.request(Mention)
		r.Received = time.Now()
		r.act = acting(r.Delivery)
		r.act.restored = true
		err := g.sender.Send(t.Context(), r, Reply{Answer: &Answer{Message: blocks.NewMessage("✓ done")}, Posts: []Post{card()}})
		synctest.Wait()
		if err != nil || g.methods() != "chat.postMessage chat.postMessage" {
			t.Errorf("%v: called %s", err, g.methods())
		}
	})
}
