package bot

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"incident-bot/bot/blocks"
	"incident-bot/bot/slacktest"
)

// TestStrictRandomFaults: whatever goes wrong with whichever call, while people are told to wait and while their answers
// come, everybody reads an answer, and where it can be changed nothing says in the end that something waits.
func TestStrictRandomFaults(t *testing.T) {
	for seed := range uint64(60) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			bubble(t, bridgeOptions{routes: takingTime, slack: slacktest.Options{HookReplaces: seed%2 == 0}}, func(t *testing.T, r *bridge) {
				draw := rand.New(rand.NewPCG(seed, 1))
				acts := actsUnderFaults(r, draw)
				r.Heal()
				time.Sleep(time.Hour)
				for _, a := range acts {
					a.judge(t, r)
				}
				for _, v := range r.Violations() {
					t.Errorf("Slack would frown: %s", v)
				}
			})
		})
	}
}

// takingTime has a word and a button that take as many seconds as they are told to.
func takingTime(routes *Routes) {
	slow := func(_ context.Context, r *Request) (Reply, error) {
		name, seconds := "", 0
		if _, err := fmt.Sscanf(firstOf(r.Args, r.Action.Value), "%s %d", &name, &seconds); err != nil {
			return Reply{}, err
		}
		time.Sleep(time.Duration(seconds) * time.Second)
		return Reply{Answer: &Answer{Message: blocks.NewMessage(blocks.Textf("✓ %s.", name))}}, nil
	}
	routes.Words = []Word{{Name: "slow", Run: slow}, {Name: "card", Run: func(_ context.Context, r *Request) (Reply, error) {
		return Reply{Answer: &Answer{Message: blocks.NewMessage("click this", blocks.Actions("card", blocks.Button("slow", r.Args, "Slow")))}}, nil
	}}}
	routes.Buttons = []Button{{ID: "slow", Run: slow}}
	routes.Waiting = func(r *Request, _ Wait) blocks.Message {
		name, _, _ := strings.Cut(firstOf(r.Args, r.Action.Value), " ")
		return blocks.NewMessage(blocks.Textf("⏳ %s.", name))
	}
}

// namedAct is what somebody does, with a name that nothing else has.
type namedAct struct {
	name string
	kind Kind
	ch   *slacktest.Channel
	does func()
}

// newNamedAct draws what Ana is about to do.
func newNamedAct(r *bridge, draw *rand.Rand, n int) namedAct {
	a := namedAct{name: fmt.Sprintf("w%02d", n), ch: r.ws.NewChannel(fmt.Sprint("c", n))}
	words := fmt.Sprintf("%s %d", a.name, draw.IntN(12))
	switch draw.IntN(3) {
	case 0:
		a.kind, a.does = Command, func() { r.ana.Command(a.ch, "/incident", "slow "+words) }
	case 1:
		a.kind, a.does = Mention, func() { r.ana.Mention(a.ch, "", "slow "+words) }
	default:
		r.must(ackedOf(r, r.ana.Mention(a.ch, "", "card "+words)))
		card := r.last(r.ana, a.ch, "click this")
		a.kind, a.does = Click, func() { r.ana.Click(card, "Slow") }
	}
	return a
}

// actsUnderFaults has Ana act while calls fail at random.
func actsUnderFaults(r *bridge, draw *rand.Rand) (acts []namedAct) {
	for n := range 12 {
		acts = append(acts, newNamedAct(r, draw, n))
	}
	for _, a := range acts {
		for range 1 + draw.IntN(2) {
			r.Fail(randomFault(draw))
		}
		a.does()
		time.Sleep(time.Duration(draw.IntN(4000)) * time.Millisecond)
	}
	return acts
}

// randomFault draws a call and what goes wrong with it.
func randomFault(draw *rand.Rand) (method string, f slacktest.Fault) {
	methods := []string{"chat.postMessage", "chat.postMessage", "chat.update", "response_url", "conversations.replies", "conversations.history", "chat.delete"}
	faults := []slacktest.Fault{
		{Reset: true}, {Hang: true}, {Status: 503, Body: "<html>"}, {Error: "internal_error"}, {RetryAfter: 2 * time.Second},
	}
	f = faults[draw.IntN(len(faults))]
	f.AfterCommit, f.Times = draw.IntN(2) == 0 && f.RetryAfter == 0, 1+draw.IntN(4)
	return methods[draw.IntN(len(methods))], f
}

// judge holds what Ana reads of an act to the promise.
func (a namedAct) judge(t *testing.T, r *bridge) {
	t.Helper()
	var lasting, all []string
	for _, ch := range []*slacktest.Channel{a.ch, r.ws.DM(r.ana)} {
		for _, m := range r.ana.Sees(ch) {
			if m.User != r.ws.BotUserID || m.Deleted || !strings.Contains(m.Text, a.name+".") {
				continue
			}
			mark := "✓"
			if strings.Contains(m.Text, "⏳") {
				mark = "⏳"
			}
			if all = append(all, mark); !m.Ephemeral {
				lasting = append(lasting, mark)
			}
		}
	}
	if !slices.Contains(all, "✓") || slices.Contains(lasting, "⏳") {
		t.Errorf("%s, %s: Ana reads %q, of which lasts %q\n%s", a.name, a.kind, all, lasting, r.log.tail())
	}
}
