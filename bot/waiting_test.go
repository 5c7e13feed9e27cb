package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"incident-bot/bot/blocks"
)

// patientRig is a rig whose handlers take their time, or fail until something passes.
type patientRig struct {
	*rig
	t     *testing.T
	inbox outliving
	lanes *lanes
	in    *intake
	takes time.Duration
	fails time.Time // until when
}

// outliving is an inbox that outlives the processes of a test.
type outliving struct{ *memory }

var errDown = errors.New("down")

// patiently runs a test with one on simulated time.
func patiently(t *testing.T, test func(t *testing.T, p *patientRig)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		p := &patientRig{rig: newRig(t), t: t, inbox: outliving{newMemory(time.Now, maxWaiting)}}
		p.process()
		test(t, p)
		p.lanes.close()
		p.lanes.abandon()
		synctest.Wait()
	})
}

// process starts a process in the place of the one that there is.
func (p *patientRig) process() {
	run := func(ctx context.Context, r *Request) (Reply, error) {
		select {
		case <-time.After(p.takes):
		case <-ctx.Done():
			return Reply{}, ctx.Err()
		}
		if time.Now().Before(p.fails) {
			return Reply{}, errDown
		}
		return Reply{Answer: &Answer{Message: blocks.NewMessage("✓ done")}}, nil
	}
	rt := p.router(func(r *Routes) {
		r.Words = []Word{{Name: "slow", Run: run}}
		r.Buttons = []Button{{ID: "slow", Run: run}}
		r.Submits = []Submit{{CallbackID: "slow", Run: run}}
		r.Later = func(_ *Request, err error) (Delay, bool) {
			return Delay{Why: "Grafana is down", After: 10 * time.Second}, errors.Is(err, errDown)
		}
		r.Waiting = func(_ *Request, w Wait) blocks.Message { return blocks.NewMessage(blocks.Textf("⏳ %s.", w.Why)) }
	})
	m := unmeasured(p.t)
	p.lanes = newLanes(rt, p.inbox, m, rt.log)
	p.in = &intake{inbox: p.inbox, router: rt, lanes: p.lanes, metrics: m, log: rt.log, fast: newFast(fastSlots, fastBudget, newSeen(time.Now, 100))}
}

// restart is the end of the process, and the next one.
func (p *patientRig) restart() {
	p.t.Helper()
	p.lanes.close()
	p.lanes.abandon()
	synctest.Wait()
	left, err := p.inbox.Waiting(p.t.Context(), "T1", 100)
	if err != nil {
		p.t.Fatal(err)
	}
	p.process()
	for _, e := range left {
		p.in.restore(e)
	}
}

func (p *patientRig) acknowledge(string, any, time.Time) {}

// does has somebody act, after so long on the way.
func (p *patientRig) does(kind Kind) {
	d := p.delivery(kind, "slow")
	if kind != Command {
		d.CommandName = ""
	}
	switch kind {
	case Mention:
		d.Text = "<@UBOT> slow"
	case Click:
		d.Action.ID = "slow"
	case Submission:
		d.View = View{ID: "V1", CallbackID: "slow"}
	}
	p.in.keep(p, &d)
}

// expect compares what was sent: each call's method, where it went, and its first line.
func (p *patientRig) expect(want ...string) {
	p.t.Helper()
	var got []string
	for _, c := range p.calls("") {
		if c.Method == "auth.test" || strings.HasPrefix(c.Method, "conversations.") {
			continue
		}
		place := strings.TrimSpace(fmt.Sprint(c.arg("channel"), " ", c.arg("thread_ts"), c.arg("ts")))
		if c.Args["replace_original"] == true {
			place = "in place"
		}
		got = append(got, strings.Join(strings.Fields(fmt.Sprint(c.Method, " ", place, " ", strings.ReplaceAll(c.arg("text"), "\n", "/"))), " "))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		p.t.Errorf("-want +got:\n%s%s", diff, p.log)
	}
}

// toldBy is how a person reads that it takes time and then what came of it, by what they did.
func toldBy() map[Kind][2]string {
	return map[Kind][2]string{
		Command:    {"hook ⏳ .", "hook in place ✓ done"},
		Mention:    {"chat.postMessage C1 50.000001 ⏳ .", "chat.update C1 100.000001 ✓ done"},
		Click:      {"chat.postMessage U1 You clicked a button in <#C1>./⏳ .", "chat.update U1 100.000001 You clicked a button in <#C1>./✓ done"},
		Submission: {"chat.postMessage U1 You sent a form in <#C1>./⏳ .", "chat.update U1 100.000001 You sent a form in <#C1>./✓ done"},
	}
}

// TestToldToWait: whoever has no answer is told within 3 s, and the answer takes the place of that.
func TestToldToWait(t *testing.T) {
	for kind, want := range toldBy() {
		t.Run(string(kind), func(t *testing.T) {
			patiently(t, func(t *testing.T, p *patientRig) {
				p.takes = 20 * time.Second
				p.does(kind)
				time.Sleep(3 * time.Second)
				p.expect(want[0])
				time.Sleep(time.Minute)
				p.expect(want[0], want[1])
			})
		})
	}
}

// TestQuickAnswers: who has an answer is not told to wait.
func TestQuickAnswers(t *testing.T) {
	for kind, want := range map[Kind]string{
		Command: "hook ✓ done", Mention: "chat.postMessage C1 50.000001 ✓ done", Click: "hook ✓ done",
		Submission: "chat.postEphemeral C1 ✓ done",
	} {
		t.Run(string(kind), func(t *testing.T) {
			patiently(t, func(t *testing.T, p *patientRig) {
				p.takes = tellAfter - time.Millisecond
				p.does(kind)
				time.Sleep(time.Hour)
				p.expect(want)
			})
		})
	}
}

// TestToldWhileTheAnswerComes: the answer that comes while the message is on its way waits for it.
func TestToldWhileTheAnswerComes(t *testing.T) {
	patiently(t, func(t *testing.T, p *patientRig) {
		p.on("chat.postMessage", func(r *http.Request, c webCall) (int, http.Header, string, error) {
			time.Sleep(2 * time.Second)
			return p.usual(c, 1)(r, c)
		})
		p.takes = tellAfter + time.Second
		p.does(Mention)
		time.Sleep(time.Minute)
		p.expect(toldBy()[Mention][0], toldBy()[Mention][1])
		if t.Failed() {
			return
		}
		if at := p.calls("chat.update")[0].At.Sub(p.calls("chat.postMessage")[0].At); at != 2*time.Second {
			t.Errorf("the answer came %v after the message that said to wait was sent", at)
		}
	})
}

// TestToldOnceAgain: before a response URL is over, what it said is said where it can be changed at any time.
func TestToldOnceAgain(t *testing.T) {
	patiently(t, func(t *testing.T, p *patientRig) {
		p.fails = time.Now().Add(2 * time.Hour)
		p.does(Command)
		time.Sleep(tellAgain - time.Second)
		p.expect("hook ⏳ Grafana is down.")
		time.Sleep(2 * time.Second)
		said := "You wrote in <#C1>:/> /incident slow/"
		p.expect("hook ⏳ Grafana is down.", "chat.postMessage U1 "+said+"⏳ Grafana is down.")
		time.Sleep(3 * time.Hour)
		p.expect("hook ⏳ Grafana is down.", "chat.postMessage U1 "+said+"⏳ Grafana is down.", "chat.update U1 100.000001 "+said+"✓ done")
	})
}

// TestToldByAnEarlierProcess: the answer takes the place of what the process before said, and nobody is told twice.
func TestToldByAnEarlierProcess(t *testing.T) {
	for kind, want := range toldBy() {
		t.Run(string(kind), func(t *testing.T) {
			patiently(t, func(t *testing.T, p *patientRig) {
				p.on("conversations.replies", p.sees(false))
				p.on("conversations.history", p.sees(false))
				p.fails = time.Now().Add(time.Minute)
				p.does(kind)
				time.Sleep(30 * time.Second)
				p.restart()
				time.Sleep(10 * time.Second)
				p.restart()
				time.Sleep(10 * time.Minute)
				p.expect(strings.Replace(want[0], "⏳ ", "⏳ Grafana is down", 1), want[1])
			})
		})
	}
}

// TestToldInDoubt: the process ended before it could write down where it told. What can be seen is found by its key.
func TestToldInDoubt(t *testing.T) {
	for name, there := range map[string]bool{"it is there": true, "it is not": false} {
		t.Run(name, func(t *testing.T) {
			patiently(t, func(t *testing.T, p *patientRig) {
				p.fails = time.Now().Add(time.Minute)
				p.on("chat.postMessage", func(r *http.Request, _ webCall) (int, http.Header, string, error) {
					<-r.Context().Done() // with the process
					return 0, nil, "", r.Context().Err()
				})
				p.does(Mention)
				time.Sleep(3 * time.Second)
				p.on("conversations.replies", times(9, p.sees(there))...)
				p.restart()
				time.Sleep(10 * time.Minute)
				first := strings.Replace(toldBy()[Mention][0], "⏳ ", "⏳ Grafana is down", 1)
				if there {
					p.expect(first, "chat.update C1 61.1 ✓ done")
				} else {
					p.expect(first, first, "chat.update C1 100.000002 ✓ done")
				}
				if left, err := p.inbox.Waiting(t.Context(), "T1", 9); err != nil || len(left) != 0 {
					t.Errorf("%v are left, %v", left, err)
				}
			})
		})
	}
}

// sees gives the thread, in which what was posted first stands or does not.
func (p *patientRig) sees(there bool) webAnswer {
	return func(*http.Request, webCall) (int, http.Header, string, error) {
		messages := []map[string]any{}
		if there {
			messages = append(messages, map[string]any{"ts": "61.1", "user": "UBOT", "metadata": p.calls("chat.postMessage")[0].Args["metadata"]})
		}
		body, err := json.Marshal(map[string]any{"ok": true, "messages": messages})
		return http.StatusOK, nil, string(body), err
	}
}

// TestNobodyIsToldByAProcessThatEnds: the next one does.
func TestNobodyIsToldByAProcessThatEnds(t *testing.T) {
	patiently(t, func(t *testing.T, p *patientRig) {
		p.fails = time.Now().Add(time.Minute)
		p.does(Command)
		time.Sleep(time.Second)
		p.lanes.close()
		p.lanes.abandon()
		time.Sleep(10 * time.Second)
		p.expect()
		p.restart()
		time.Sleep(3 * time.Second)
		p.expect("hook ⏳ Grafana is down.")
	})
}

// TestWaitingThatPanics is said plainly; where there are no words for it, or no workspace, nothing is said.
func TestWaitingThatPanics(t *testing.T) {
	g := newRig(t)
	rt := g.router(func(r *Routes) { r.Waiting = func(*Request, Wait) blocks.Message { panic("words") } })
	a := acting(g.delivery(Command, "slow"))
	a.waiting.start(time.Hour, func() {})
	rt.Wait(t.Context(), a, Wait{})
	if got := g.heard(); !strings.HasPrefix(got, "⏳ That takes a moment. `ref ") {
		t.Errorf("told %q", got)
	}
	elsewhere := g.delivery(Command, "slow")
	elsewhere.Installation.TeamID = "T9"
	rt.Wait(t.Context(), acting(elsewhere), Wait{})
	g.router(func(*Routes) {}).Wait(t.Context(), acting(g.delivery(Command, "slow")), Wait{})
	if len(g.calls("hook")) != 1 {
		t.Errorf("told %q", g.heard())
	}
}

// TestReasonsToWait says of each act what is in its way.
func TestReasonsToWait(t *testing.T) {
	run := func(a *act) outcome {
		switch a.Key {
		case "slow":
			time.Sleep(5 * time.Second)
		case "down":
			return outcome{due: time.Now().Add(time.Minute), why: "Grafana is down", firm: true}
		}
		return outcome{}
	}
	sleeping(t, run, func(t *testing.T, l *lanes, p *plan) {
		l.enterKeys("T1/a", "slow", "second", "third")
		l.enterKeys("T1/b", "down", "behind")
		time.Sleep(3 * time.Second)
		p.mu.Lock()
		defer p.mu.Unlock()
		want := map[string]bool{
			`slow 2.2s why="" behind=0 first="" running=true`:                   true,
			`second 2.2s why="" behind=1 first="" running=false`:                true,
			`third 2.2s why="" behind=2 first="" running=false`:                 true,
			`down 2.2s why="Grafana is down" behind=0 first="" running=false`:   true,
			`behind 2.2s why="" behind=1 first="Grafana is down" running=false`: true,
		}
		got := map[string]bool{}
		for _, one := range p.waits {
			got[one] = true
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	})
}

// TestToldWhenSlackTakesItAgain: when nobody could be told, it is tried again.
func TestToldWhenSlackTakesItAgain(t *testing.T) {
	patiently(t, func(t *testing.T, p *patientRig) {
		p.takes = time.Minute - time.Second
		p.on("chat.postMessage", times(2*triesRefused, slackError("not_in_channel"))...)
		p.does(Mention)
		time.Sleep(tellAfter + tellRetry + time.Minute)
		calls := p.calls("chat.postMessage")
		if len(calls) < 3 || !strings.HasPrefix(calls[2].arg("text"), "⏳") {
			t.Fatalf("told %d times", len(calls))
		}
	})
}
