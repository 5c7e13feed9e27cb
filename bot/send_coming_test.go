package bot

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"incident-bot/bot/blocks"
)

// TestEditWhileThePostIsUnderWay: the card of a declare is on its way, or waits for its channel's turn, when somebody
// changes the incident. It shows the change once it is there.
func TestEditWhileThePostIsUnderWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t)
		slow := func(r *http.Request, c webCall) (int, http.Header, string, error) {
			time.Sleep(time.Second)
			return says(`{"ok":true,"channel":"C1","ts":"100.1"}`)(r, c)
		}
		g.on("chat.postMessage", slow)
		first := Post{Message: blocks.NewMessage("first"), Label: "incident/7"}
		card := Post{Message: blocks.NewMessage("old"), Label: "incident/42"}
		sent := make(chan error, 2)
		go func() { sent <- g.sender.Send(t.Context(), g.request(Command), Reply{Posts: []Post{first}}) }()
		time.Sleep(100 * time.Millisecond)
		go func() { sent <- g.sender.Send(t.Context(), g.request(Command), Reply{Posts: []Post{card}}) }() // behind the slow one
		time.Sleep(100 * time.Millisecond)
		g.sendEdit(t, g.request(Command), edited("newer"))
		newest, late := edited("newest"), edited("late")
		newest.At, late.At = time.Unix(2_000, 0), time.Unix(1_000, 0)
		g.sendEdit(t, g.request(Command), newest)
		g.sendEdit(t, g.request(Command), late)
		if got := g.texts(); got != "" {
			t.Errorf("edited %q before it was there", got)
		}
		time.Sleep(10 * time.Second)
		g.sender.Drain(t.Context())
		for range 2 {
			if err := <-sent; err != nil {
				t.Error(err)
			}
		}
		if got := g.texts(); got != "newest" {
			t.Errorf("edits %q", got)
		}
		if n := len(g.sender.coming.byLabel); n != 0 {
			t.Errorf("%d labels are under way still", n)
		}
	})
}

// TestEditWhileThePostFails: what never came needs no edit, and nothing waits for it.
func TestEditWhileThePostFails(t *testing.T) {
	g := newRig(t)
	g.on("chat.postMessage", slackError("channel_not_found"))
	card := Post{Message: blocks.NewMessage("old"), Label: "incident/42"}
	if err := g.sender.Send(t.Context(), g.request(Command), Reply{Posts: []Post{card}}); err != nil {
		t.Error(err) // it was read privately
	}
	g.sendEdit(t, g.request(Command), edited("new"))
	if got := g.texts(); got != "" || len(g.sender.coming.byLabel) != 0 {
		t.Errorf("edits %q, under way %v", got, g.sender.coming.byLabel)
	}
}
