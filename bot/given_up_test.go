package bot

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"incident-bot/bot/blocks"
)

// over is an inbox in which everything has ended: no effect is begun any more.
type over struct{ Inbox }

func (over) Begin(context.Context, int64, string, []byte) (Logged, error) {
	return Logged{}, errors.New("it is over")
}

// TestDroppedOfAnotherProcess: what another process told to wait says that the request was taken back, although its entry
// is over by then.
func TestDroppedOfAnotherProcess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t)
		told := g.toldToWait(t)
		told.act.waiting.keep(told.act)
		a := newAct(told.Delivery, told.act.id, "T1/x", over{told.act.inbox})
		a.before, a.restored = true, true
		g.on("conversations.history", says(`{"ok":true,"messages":[]}`)) // is the answer there?
		g.router(func(*Routes) {}).GiveUp(t.Context(), a, ErrDropped)
		if g.methods() != "conversations.history chat.update" || !strings.Contains(g.texts(), "taken back") {
			t.Errorf("%s: %q", g.methods(), g.texts())
		}
	})
}

// TestGivenUpWhileUpdatesAreClosed: nobody runs again what was given up, so its person hears of it in another way where
// the message that told to wait cannot be changed in time, and that message goes.
func TestGivenUpWhileUpdatesAreClosed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t)
		r := g.toldToWait(t)
		g.on("chat.update", tooMany(60))
		ctx, cancel := contextWithin(t, refuseDeadline)
		defer cancel()
		g.router(func(*Routes) {}).GiveUp(ctx, r.act, errSuspect)
		if !strings.Contains(g.heard(), errSuspect.Error()) || g.deleted() != "D1/7.7" {
			t.Errorf("%s: %q", g.methods(), g.heard())
		}
	})
}

// TestToldAgainInVain: when the direct message that takes over from a response URL cannot be sent, the answer takes the
// place of what the URL said while it lives.
func TestToldAgainInVain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t)
		r := g.toldToWait(t)
		r.act.waiting.told = told{Hook: true}
		r.act.waiting.start(time.Hour, func() {})
		time.Sleep(tellAgain)
		g.on("chat.postMessage", times(triesRefused, slackError("user_disabled"))...)
		g.sender.tell(t.Context(), r, blocks.NewMessage("⏳"))
		if err := g.sender.Send(t.Context(), r, Reply{Answer: &Answer{Message: blocks.NewMessage("✓ Noted")}}); err != nil {
			t.Fatal(err)
		}
		hooks := g.calls("hook")
		if len(hooks) != 1 || hooks[0].Args["replace_original"] != true {
			t.Errorf("%s: %v", g.methods(), hooks)
		}
	})
}
