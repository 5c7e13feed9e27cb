package bot

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	"incident-bot/bot/blocks"
)

// TestRefuseByKind: whoever acted reads at once that nothing comes of it, where they acted.
func TestRefuseByKind(t *testing.T) {
	for kind, want := range map[Kind]string{Command: "hook", Mention: "chat.postMessage", Click: "hook", Submission: "chat.postEphemeral"} {
		g := newRig(t)
		g.router(func(*Routes) {}).Refuse(t.Context(), g.delivery(kind, "note"), errors.New("disk full"))
		calls := g.calls(want)
		if g.methods() != want || !strings.Contains(calls[0].arg("text"), "✗ disk full") {
			t.Errorf("%s: %s %v", kind, g.methods(), calls)
		}
		if kind == Mention && (calls[0].arg("channel") != "C1" || calls[0].arg("thread_ts") != "50.000001") {
			t.Errorf("told at %v", calls[0].Args)
		}
	}
}

func TestRefuseOfAnotherWorkspace(t *testing.T) {
	g := newRig(t)
	d := g.delivery(Command, "note")
	d.Installation.TeamID = "T9"
	g.router(func(*Routes) {}).Refuse(t.Context(), d, errors.New("disk full"))
	if g.methods() != "hook" || !strings.Contains(g.heard(), "not connected to incident-bot") {
		t.Errorf("%s: %s", g.methods(), g.heard())
	}
}

// refusalOf gives the errors of a refused form as Slack reads them.
func refusalOf(t *testing.T, payload any) map[string]string {
	t.Helper()
	encoded, err := json.Marshal(payload)
	if err != nil {
		t.Fatal(err)
	}
	var said struct {
		Action string            `json:"response_action"`
		Errors map[string]string `json:"errors"`
	}
	if err := json.Unmarshal(encoded, &said); err != nil || payload != nil && said.Action != "errors" {
		t.Fatalf("%s: %v", encoded, err)
	}
	return said.Errors
}

// TestRefusalOfAForm is shown under the first input, in plain words of one line, within Slack's limit.
func TestRefusalOfAForm(t *testing.T) {
	long := blocks.Mrkdwn(strings.Repeat("é", 5000))
	for name, c := range map[string]struct {
		change  func(d *Delivery)
		explain blocks.Mrkdwn
		want    map[string]string
	}{
		"first of three": {func(*Delivery) {}, "✗ Not taken: disk &lt;full&gt;.\nref abc", map[string]string{"a": "✗ Not taken: disk <full>."}},
		"no input":       {func(d *Delivery) { d.View.Values = nil }, "✗ no", nil},
		"no payload":     {func(d *Delivery) { d.AcceptsPayload = false }, "✗ no", nil},
		"too long":       {func(*Delivery) {}, long, map[string]string{"a": string(long)}},
	} {
		t.Run(name, func(t *testing.T) {
			g := newRig(t)
			rt := g.router(func(r *Routes) {
				r.Explain = func(*Request, error) Reply { return Reply{Answer: &Answer{Message: blocks.NewMessage(c.explain)}} }
			})
			d := g.delivery(Submission, "")
			d.AcceptsPayload, d.View = true, View{ID: "V1", CallbackID: "note", Values: map[string]string{"b": "x", "a": "", "c": "y"}}
			c.change(&d)
			got := refusalOf(t, rt.Refusal(d, errors.New("disk full")))
			if name == "too long" {
				if n := utf8.RuneCountInString(got["a"]); n < maxFieldError/2 || n > maxFieldError || !utf8.ValidString(got["a"]) {
					t.Errorf("%d characters", n)
				}
				return
			}
			if len(got) != len(c.want) || got["a"] != c.want["a"] {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestRefusalWhoseWordsPanic(t *testing.T) {
	g := newRig(t)
	rt := g.router(func(r *Routes) { r.Explain = func(*Request, error) Reply { panic("words") } })
	d := g.delivery(Submission, "")
	d.AcceptsPayload, d.View = true, View{ID: "V1", Values: map[string]string{"a": ""}}
	if got := refusalOf(t, rt.Refusal(d, errors.New("x")))["a"]; !strings.HasPrefix(got, "That did not work") {
		t.Errorf("got %q", got)
	}
}

// TestGiveUp: that nothing more is tried takes the place of the message that said to wait.
func TestGiveUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t)
		a := g.toldToWait(t).act
		a.Received = time.Now()
		g.router(func(*Routes) {}).GiveUp(t.Context(), a, errSuspect)
		synctest.Wait()
		if g.methods() != "chat.update" || !strings.Contains(g.texts(), "✗ the process ended again and again") {
			t.Errorf("%s: %q", g.methods(), g.texts())
		}
	})
}
