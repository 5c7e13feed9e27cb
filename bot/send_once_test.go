package bot

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"incident-bot/bot/blocks"
	"incident-bot/bot/slacktest"
)

// slowRoutes are a word and a button that take long enough for their person to be told to wait.
func slowRoutes(routes *Routes) {
	slow := func(ctx context.Context, _ *Request) (Reply, error) {
		time.Sleep(40 * time.Second)
		return Reply{Answer: &Answer{Message: blocks.NewMessage("✓ done")}}, nil
	}
	routes.Words = []Word{
		{Name: "slow", Run: slow},
		{Name: "card", Run: func(context.Context, *Request) (Reply, error) {
			return Reply{Answer: &Answer{Message: blocks.NewMessage("click this", blocks.Actions("card", blocks.Button("slow", "1", "Slow")))}}, nil
		}},
	}
	routes.Buttons = []Button{{ID: "slow", Run: slow}}
	routes.Waiting = func(*Request, Wait) blocks.Message { return blocks.NewMessage("⏳ a moment") }
}

// waitingAct is somebody who is told to wait.
type waitingAct struct{ *bridge }

// doing gives what Ana is about to do.
func (w waitingAct) doing(kind Kind) (does func() *slacktest.Act) {
	w.t.Helper()
	switch kind {
	case Command:
		return func() *slacktest.Act { return w.ana.Command(w.ops, "/incident", "slow") }
	case Mention:
		return func() *slacktest.Act { return w.ana.Mention(w.ops, "", "slow") }
	}
	w.must(ackedOf(w.bridge, w.ana.Mention(w.ops, "", "card")))
	card := w.last(w.ana, w.ops, "click this")
	return func() *slacktest.Act { return w.ana.Click(card, "Slow") }
}

// reads gives the marks of what Ana reads of the bot, everywhere.
func (w waitingAct) reads() (marks []string) {
	for _, m := range append(w.ana.Sees(w.ops), w.ana.Sees(w.ws.DM(w.ana))...) {
		at := strings.IndexAny(m.Text, "⏳✓✗")
		if m.User == w.ws.BotUserID && !m.Deleted && at >= 0 {
			marks = append(marks, string([]rune(m.Text[at:])[:1]))
		}
	}
	return marks
}

// waitsIn plays an act in which faults come before it is told to wait and before its answer, and says what Ana reads
// between them. In the end there is one message, which is the answer.
func waitsIn(t *testing.T, kind Kind, telling, answering func(r *bridge)) (meanwhile []string) {
	t.Helper()
	bubble(t, bridgeOptions{routes: slowRoutes, slack: slacktest.Options{HookReplaces: true}}, func(t *testing.T, r *bridge) {
		w := waitingAct{r}
		does := w.doing(kind)
		telling(r)
		r.must(ackedOf(r, does()))
		time.Sleep(35 * time.Second)
		meanwhile = w.reads()
		answering(r)
		time.Sleep(30 * time.Minute)
		if got := w.reads(); !slices.Equal(got, []string{"✓"}) {
			t.Errorf("Ana reads %q, and read %q\n%s", got, meanwhile, w.log.tail())
		}
		for _, v := range r.Violations() {
			t.Errorf("Slack would frown: %s", v)
		}
	})
	return meanwhile
}

func noFault(*bridge) {}

// passingFaults are what goes wrong with a call now and not for good, before or after it is carried out.
func passingFaults() map[string]slacktest.Fault {
	faults := map[string]slacktest.Fault{"429": {RetryAfter: 3 * time.Second}}
	for _, after := range []bool{false, true} {
		for name, f := range map[string]slacktest.Fault{
			"reset": {Reset: true}, "hang": {Hang: true}, "503": {Status: 503, Body: "<html>"}, "internal_error": {Error: "internal_error"},
		} {
			f.AfterCommit = after
			faults[fmt.Sprintf("%s after %v", name, after)] = f
		}
	}
	return faults
}

// TestStrictToldOnce: whatever becomes of the message that says to wait, or of Slack's word that it is there, the answer
// takes its place and nothing says any more that something waits.
func TestStrictToldOnce(t *testing.T) {
	for kind, method := range map[Kind]string{Mention: "chat.postMessage", Command: "response_url", Click: "chat.postMessage"} {
		for name, f := range passingFaults() {
			for _, times := range []int{1, 2} {
				f.Times = times
				t.Run(fmt.Sprintf("%s %s %d", kind, name, times), func(t *testing.T) {
					got := waitsIn(t, kind, func(r *bridge) { r.Fail(method, f) }, noFault)
					if silent := kind == Command && f.Hang && times > 1; !silent && !slices.Contains(got, "⏳") { // what may be said is taken for said
						t.Errorf("after 35 s Ana reads %q", got)
					}
				})
			}
		}
	}
}

// TestStrictAnswerInPlace: an answer that cannot take the place of the message that said to wait, or of which that is not
// known, takes it as soon as it can.
func TestStrictAnswerInPlace(t *testing.T) {
	for kind, method := range map[Kind]string{Mention: "chat.update", Command: "response_url", Click: "chat.update"} {
		for name, f := range passingFaults() {
			for _, times := range []int{1, 3, 7} {
				if kind == Command && times > 3 {
					continue // Slack takes five answers by one response URL
				}
				f.Times = times
				t.Run(fmt.Sprintf("%s %s %d", kind, name, times), func(t *testing.T) {
					waitsIn(t, kind, noFault, func(r *bridge) { r.Fail(method, f) })
				})
			}
		}
	}
}

// TestStrictAnswerElsewhere: where Slack says for good that a message cannot be changed, or goes on failing over it, the
// answer comes in another way and the message that said to wait goes.
func TestStrictAnswerElsewhere(t *testing.T) {
	for name, f := range map[string]slacktest.Fault{
		"cant_update_message": {Error: "cant_update_message"}, "edit_window_closed": {Error: "edit_window_closed"},
		"unknown": {Error: "no_such_reason"}, "503 for ever": {Status: 503, Body: "<html>"},
	} {
		for _, kind := range []Kind{Mention, Click} {
			f.Times = -1
			t.Run(fmt.Sprintf("%s %s", kind, name), func(t *testing.T) {
				waitsIn(t, kind, noFault, func(r *bridge) {
					r.Fail("chat.update", f)
					r.Fail("chat.delete", slacktest.Fault{Status: 503, Body: "<html>", Times: triesRefused + 1})
				})
			})
		}
	}
}

// TestStrictMessageThatIsGone: somebody took away the message that said to wait. The answer is posted.
func TestStrictMessageThatIsGone(t *testing.T) {
	waitsIn(t, Mention, noFault, func(r *bridge) { r.Fail("chat.update", slacktest.Fault{Error: "message_not_found", Times: -1}) })
}
