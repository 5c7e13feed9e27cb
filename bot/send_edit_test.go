package bot

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"incident-bot/bot/blocks"
)

func edited(text blocks.Mrkdwn) Edit {
	return Edit{Message: blocks.NewMessage(text, blocks.Section(text)), Label: "incident/42"}
}

func (g *rig) sendEdit(t *testing.T, r *Request, e Edit) {
	t.Helper()
	if err := g.sender.Send(t.Context(), r, Reply{Edits: []Edit{e}}); err != nil {
		t.Error(err)
	}
}

// texts gives what each chat.update showed.
func (g *rig) texts() string {
	var all []string
	for _, c := range g.calls("chat.update") {
		all = append(all, c.arg("text"))
	}
	return strings.Join(all, " ")
}

func TestEditReachesEveryKnownMessage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t)
		g.sender.labels.remember(messageRef{"T1", "C1", "1.1"}, labelled{"incident/42", "key1"})
		g.sender.Labels().Remember("T1", "incident/42", "C2", "2.2")
		g.sender.Labels().Remember("T1", "incident/43", "C2", "3.3")
		g.sendEdit(t, g.request(Command), edited("new"))
		calls := g.calls("chat.update")
		if len(calls) != 2 || calls[0].arg("channel") != "C1" || calls[0].arg("ts") != "1.1" || calls[1].arg("channel") != "C2" || calls[1].arg("ts") != "2.2" {
			t.Fatalf("calls %v", calls)
		}
		if got := fmt.Sprint(calls[0].Args["metadata"]); got != "map[event_payload:map[key:key1 label:incident/42] event_type:incident_bot]" {
			t.Errorf("metadata %s", got)
		}
		if _, ok := calls[0].Args["unfurl_links"]; ok {
			t.Error("chat.update takes no unfurl_links")
		}
	})
}

func TestEditOfTheClickedMessage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t)
		e := edited("new")
		e.Clicked = true
		g.sendEdit(t, g.request(Click), e)
		if calls := g.calls("chat.update"); len(calls) != 1 || calls[0].arg("ts") != "50.000001" || len(g.calls("hook")) != 0 {
			t.Errorf("a message for all: %v", calls)
		}
		if label, ok := g.sender.Labels().At(t.Context(), "T1", "C1", "50.000001"); !ok || label != "incident/42" {
			t.Errorf("it is remembered as %q", label)
		}
		time.Sleep(3 * time.Second)
		r := g.request(Click)
		r.Place.Ephemeral, r.Place.MessageTS = true, "51.1"
		g.sendEdit(t, r, e)
		hooks := g.calls("hook")
		if len(hooks) != 1 || hooks[0].Args["replace_original"] != true || hooks[0].arg("text") != "new" {
			t.Errorf("an ephemeral message: %v", hooks)
		}
		if last := g.calls("chat.update"); len(last) != 2 || last[1].arg("ts") != "50.000001" {
			t.Errorf("and the one for all: %v", last)
		}
	})
}

func TestEditOfWhatIsGoneIsForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for code, forgotten := range map[string]bool{
			"message_not_found": true, "cant_update_message": true, "edit_window_closed": true, "is_archived": true, "fatal_error": false,
		} {
			g := newRig(t)
			g.sender.Labels().Remember("T1", "incident/42", "C1", "1.1")
			g.on("chat.update", times(3, slackError(code))...)
			g.sendEdit(t, g.request(Command), edited("new"))
			if got := len(g.sender.Labels().find("T1", "incident/42")) == 0; got != forgotten {
				t.Errorf("%s: forgotten %v", code, got)
			}
			if len(g.log.lines("Slack did not take a message this way")) != 1 {
				t.Errorf("%s: logged %s", code, g.log)
			}
		}
	})
}

// TestBurstsOfEditsAreFolded: the first at once, then at most one in two seconds, and always the last.
func TestBurstsOfEditsAreFolded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t)
		g.sender.Labels().Remember("T1", "incident/42", "C1", "1.1")
		start := time.Now()
		for i := range 50 {
			g.sendEdit(t, g.request(Command), edited(blocks.Textf("v%d", i)))
			time.Sleep(110 * time.Millisecond) // never at the same instant as the two seconds
		}
		time.Sleep(10 * time.Second)
		calls := g.calls("chat.update")
		if got := g.texts(); got != "v0 v18 v36 v49" {
			t.Errorf("shown: %s", got)
		}
		for i := 1; i < len(calls); i++ {
			if gap := calls[i].At.Sub(calls[i-1].At); gap < editEvery {
				t.Errorf("%s between two edits", gap)
			}
		}
		if last := calls[len(calls)-1].At.Sub(start); last > 7*time.Second {
			t.Errorf("the last came after %s", last)
		}
		g.sendEdit(t, g.request(Command), edited("later"))
		if got := g.texts(); !strings.HasSuffix(got, "later") {
			t.Errorf("after a rest an edit is made at once, yet: %s", got)
		}
	})
}

func TestDrainMakesWhatWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t)
		for i := range 5 {
			g.sender.Labels().Remember("T1", "incident/42", "C1", fmt.Sprint(i))
		}
		start := time.Now()
		g.sendEdit(t, g.request(Command), edited("first"))
		g.sendEdit(t, g.request(Command), edited("last"))
		g.sender.Drain(t.Context())
		if time.Since(start) != 0 {
			t.Errorf("draining took %s", time.Since(start))
		}
		if got := g.texts(); got != "first first first first first last last last last last" {
			t.Errorf("shown: %s", got)
		}
		g.sendEdit(t, g.request(Command), edited("after"))
		if got := g.texts(); strings.Count(got, "after") != 5 {
			t.Errorf("after draining edits are made at once, yet: %s", got)
		}
	})
}

func TestDrainEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t)
		g.sender.Labels().Remember("T1", "incident/42", "C1", "1.1")
		g.sendEdit(t, g.request(Command), edited("first"))
		g.on("chat.update", times(3, hangs())...)
		g.sendEdit(t, g.request(Command), edited("last"))
		start := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		g.sender.Drain(ctx)
		if time.Since(start) != time.Second {
			t.Errorf("draining took %s", time.Since(start))
		}
		synctest.Wait()
		time.Sleep(time.Minute) // the hanging edit ends by itself
	})
}

func TestEditsTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t)
		var group sync.WaitGroup
		for n := range 10 {
			g.sender.Labels().Remember("T1", "incident/42", "C1", fmt.Sprint(n))
		}
		for n := range 16 {
			group.Go(func() {
				for i := range 20 {
					g.sendEdit(t, g.request(Command), edited(blocks.Textf("v%d.%d", n, i)))
					time.Sleep(time.Duration(n*17+i) * time.Millisecond)
				}
			})
		}
		group.Wait()
		g.sendEdit(t, g.request(Command), edited("end"))
		time.Sleep(5 * time.Second)
		shown := map[string]string{}
		for _, c := range g.calls("chat.update") {
			shown[c.arg("ts")] = c.arg("text")
		}
		for ts, text := range shown {
			if text != "end" {
				t.Errorf("message %s ends as %s", ts, text)
			}
		}
		if len(shown) != 10 {
			t.Errorf("%d messages", len(shown))
		}
		g.sender.Drain(t.Context())
	})
}

// TestAnOlderStateComesLater: two people change an incident at once, and the edit of the first change is made last.
func TestAnOlderStateComesLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t)
		g.sender.Labels().Remember("T1", "incident/42", "C1", "1.1")
		put := func(text blocks.Mrkdwn, after time.Duration) {
			e := edited(text)
			if after >= 0 {
				e.At = time.Unix(1_000, 0).Add(after)
			}
			g.sendEdit(t, g.request(Command), e)
		}
		put("two", 2*time.Second)
		put("one", time.Second)
		time.Sleep(3 * time.Second)
		put("four", 4*time.Second)
		put("six", 6*time.Second)
		put("five", 5*time.Second)
		time.Sleep(5 * time.Second)
		put("seven", 7*time.Second)
		put("of no time", -1)
		put("eight", 8*time.Second)
		time.Sleep(5 * time.Second)
		if got := g.texts(); got != "two four six seven eight" {
			t.Errorf("edits %q", got)
		}
	})
}
