package bot

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"incident-bot/bot/blocks"
)

// noteForm is a form whose value is "42".
func noteForm(fill func(context.Context) (slack.ModalViewRequest, error)) func(*Request) *Form {
	return func(r *Request) *Form {
		if r.Args != "" {
			return nil // all is said already
		}
		return &Form{View: blocks.Modal("note", "Note", "Add", "42", blocks.Section("…")), Fill: fill}
	}
}

func formRoutes(fill func(context.Context) (slack.ModalViewRequest, error)) func(*Routes) {
	return func(r *Routes) {
		r.Words = []Word{{Name: "note", Access: Act, Form: noteForm(fill), Run: answering("ran")}, {Name: "list", Run: answering("list")}}
		r.Buttons = []Button{{ID: "note", Access: Act, Form: noteForm(fill)}, {ID: "plain", Run: done}}
		r.Submits = []Submit{
			{CallbackID: "note", Access: Act, Run: answering("sent"), Check: func(r *Request) map[string]string {
				if r.View.Values["text"] == "" {
					return map[string]string{"text": "Say what happened.", "gone": strings.Repeat("x", 400)}
				}
				return nil
			}},
			{CallbackID: "unchecked", Run: answering("sent")},
			{CallbackID: "broken", Run: answering("sent"), Check: func(*Request) map[string]string { panic("no") }},
		}
	}
}

func clicked(d Delivery, id string) Delivery {
	d.Action.ID = id
	return d
}

func TestNeedsFast(t *testing.T) {
	g := newRig(t)
	rt := g.router(formRoutes(nil))
	old := g.delivery(Command, "note")
	old.Trigger.Expires = time.Now()
	sent := g.delivery(Submission, "")
	sent.AcceptsPayload, sent.View.CallbackID = true, "note"
	unchecked, deaf := sent, sent
	unchecked.View.CallbackID, deaf.AcceptsPayload = "unchecked", false
	elsewhere := g.delivery(Command, "note")
	elsewhere.Installation.TeamID = "T9"
	for name, c := range map[string]struct {
		d    Delivery
		want bool
	}{
		"words that open a form":  {g.delivery(Command, "note"), true},
		"words that say all":      {g.delivery(Command, "note it works"), false},
		"words without a form":    {g.delivery(Command, "list"), false},
		"unknown words":           {g.delivery(Command, "what"), false},
		"too late":                {old, false},
		"mention":                 {g.delivery(Mention, "<@UBOT> note"), false},
		"button with a form":      {clicked(g.delivery(Click, ""), "note"), true},
		"plain button":            {clicked(g.delivery(Click, ""), "plain"), false},
		"unknown button":          {clicked(g.delivery(Click, ""), "old"), false},
		"checked form":            {sent, true},
		"unchecked form":          {unchecked, false},
		"no payload is accepted":  {deaf, false},
		"workspace without token": {elsewhere, false},
	} {
		if got := rt.NeedsFast(c.d); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	if got := g.methods(); got != "" {
		t.Errorf("deciding called %s", got)
	}
}

func TestFormIsOpenedWithItsPlace(t *testing.T) {
	g := newRig(t)
	rt := g.router(formRoutes(nil))
	d := clicked(g.delivery(Click, ""), "note")
	d.Place.ThreadTS, d.Place.Ephemeral = "40.1", true
	if payload, keep := rt.Fast(t.Context(), d); payload != nil || keep {
		t.Errorf("payload %v, keep %v", payload, keep)
	}
	call := g.calls("views.open")[0]
	view := call.Args["view"].(map[string]any)
	if call.Token != "xoxb-one" || call.arg("trigger_id") != "trigger-1" ||
		view["private_metadata"] != `{"c":"C1","t":"40.1","m":"50.000001","e":true,"v":"42"}` {
		t.Errorf("opened %v", call.Args)
	}
	if got := g.methods(); got != "views.open" {
		t.Errorf("opening asked %s", got)
	}
	if n := len(g.calls("users.info")); n != 0 {
		t.Error("opening a form waited for users.info")
	}
	in := d
	in.View.ID = "V0"
	rt.Fast(t.Context(), in)
	if len(g.calls("views.push")) != 1 {
		t.Error("a form from a form is pushed on top of it")
	}
}

func TestFastLeavesTheRest(t *testing.T) {
	g := newRig(t)
	rt := g.router(formRoutes(nil))
	elsewhere := g.delivery(Command, "note")
	elsewhere.Installation.TeamID = "T9"
	for _, d := range []Delivery{g.delivery(Command, "list"), g.delivery(Command, "note it"), clicked(g.delivery(Click, ""), "old"), elsewhere} {
		if payload, keep := rt.Fast(t.Context(), d); payload != nil || !keep {
			t.Errorf("%s %q: payload %v, keep %v", d.Kind, d.Text, payload, keep)
		}
	}
	if got := g.methods(); got != "" {
		t.Errorf("called %s", got)
	}
}

func TestFormThatCannotBeOpened(t *testing.T) {
	for code, expired := range map[string]bool{
		"expired_trigger_id": true, "exchanged_trigger_id": true, "invalid_trigger": true, "invalid_arguments": false, "missing_scope": false,
	} {
		g := newRig(t)
		var got error
		rt := g.router(func(r *Routes) {
			formRoutes(nil)(r)
			r.Explain = func(r *Request, err error) Reply { got = err; return explaining(r, err) }
		})
		g.on("views.open", slackError(code))
		if _, keep := rt.Fast(t.Context(), g.delivery(Command, "note")); keep {
			t.Errorf("%s: kept", code)
		}
		failed, ok := errors.AsType[*FormError](got)
		if !ok || failed.Expired != expired || !strings.Contains(g.heard(), "✗ open form: "+code) {
			t.Errorf("%s: %v, heard %q", code, got, g.heard())
		}
	}
}

func TestKnownGuestGetsNoForm(t *testing.T) {
	g := newRig(t)
	rt := g.router(formRoutes(nil))
	g.on("users.info", says(`{"ok":true,"user":{"id":"U1","team_id":"T1","is_restricted":true}}`))
	_, _ = g.ws.People().Get(t.Context(), "T1", "U1")
	if _, keep := rt.Fast(t.Context(), g.delivery(Command, "note")); keep {
		t.Error("kept")
	}
	if g.methods() != "hook" || !strings.Contains(g.heard(), "guest") {
		t.Errorf("called %s, heard %q", g.methods(), g.heard())
	}
}

func TestFormWhoseTimeIsOver(t *testing.T) {
	g := newRig(t)
	rt := g.router(formRoutes(nil))
	rt.Run(t.Context(), acting(clicked(g.delivery(Click, ""), "note")))
	if got := g.heard(); !strings.Contains(got, "open form: the trigger is too old") {
		t.Errorf("heard %q", got)
	}
	rt.Run(t.Context(), acting(g.delivery(Command, "note")))
	if got := g.heard(); !strings.HasSuffix(got, "| ran") {
		t.Errorf("words have a handler for this, yet: %q", got)
	}
}

func TestRunWordsMayOpenAForm(t *testing.T) {
	g := newRig(t)
	rt := g.router(func(r *Routes) {
		formRoutes(nil)(r)
		r.Buttons = []Button{{ID: "run", Run: func(context.Context, *Request) (Reply, error) { return Reply{Run: "note"}, nil }}}
	})
	rt.Run(t.Context(), acting(clicked(g.delivery(Click, ""), "run")))
	if got := g.methods(); got != "views.open" {
		t.Errorf("called %s", got)
	}
}

func TestFormIsFilled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t)
		rt := g.router(formRoutes(func(ctx context.Context) (slack.ModalViewRequest, error) {
			time.Sleep(4 * time.Second)
			return blocks.Modal("note", "Note", "Add", "43", blocks.Section("filled")), ctx.Err()
		}))
		ctx, cancel := context.WithCancel(t.Context())
		start := time.Now()
		rt.Fast(ctx, g.delivery(Command, "note"))
		if took := time.Since(start); took != 0 {
			t.Errorf("the acknowledgement waited %s for the filling", took)
		}
		cancel() // the fast lane is over long before
		rt.Drain(t.Context())
		call := g.calls("views.update")[0]
		view := call.Args["view"].(map[string]any)
		if call.arg("view_id") != "V1" || call.arg("hash") != "h1" || view["private_metadata"] != `{"c":"C1","v":"43"}` {
			t.Errorf("filled %v", call.Args)
		}
	})
}

func TestFormThatCannotBeFilledSaysSo(t *testing.T) {
	for name, fill := range map[string]func(context.Context) (slack.ModalViewRequest, error){
		"error": func(context.Context) (slack.ModalViewRequest, error) {
			return slack.ModalViewRequest{}, errors.New("Grafana is <down>")
		},
		"panics": func(context.Context) (slack.ModalViewRequest, error) { panic("Grafana is <down>") },
		"hangs": func(ctx context.Context) (slack.ModalViewRequest, error) {
			<-ctx.Done()
			return slack.ModalViewRequest{}, errors.New("Grafana is <down>")
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				g := newRig(t)
				rt := g.router(formRoutes(fill))
				rt.Fast(t.Context(), g.delivery(Command, "note"))
				rt.Drain(t.Context())
				view := g.calls("views.update")[0].Args["view"].(map[string]any)
				section := view["blocks"].([]any)[0].(map[string]any)["text"].(map[string]any)
				if text := section["text"].(string); !strings.Contains(text, "Grafana is &lt;down&gt;") || !strings.Contains(text, "ref ") || view["submit"] != nil {
					t.Errorf("shows %v", view)
				}
				if len(g.log.lines("a form could not be filled")) != 1 {
					t.Errorf("logged %s", g.log)
				}
			})
		})
	}
}

func TestFillingAClosedForm(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for code, logged := range map[string]int{"not_found": 0, "hash_conflict": 0, "invalid_arguments": 1} {
			g := newRig(t)
			rt := g.router(formRoutes(func(context.Context) (slack.ModalViewRequest, error) {
				return blocks.Modal("note", "Note", "", ""), nil
			}))
			g.on("views.update", slackError(code))
			rt.Fast(t.Context(), g.delivery(Command, "note"))
			rt.Drain(t.Context())
			if n := len(g.log.lines("a form stays without its complete view")); n != logged {
				t.Errorf("%s: logged %d times", code, n)
			}
		}
	})
}

func TestDrainOfFormsEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t)
		rt := g.router(formRoutes(func(ctx context.Context) (slack.ModalViewRequest, error) {
			<-ctx.Done()
			return slack.ModalViewRequest{}, ctx.Err()
		}))
		rt.Fast(t.Context(), g.delivery(Command, "note"))
		start := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		rt.Drain(ctx)
		if time.Since(start) != time.Second {
			t.Errorf("waited %s", time.Since(start))
		}
		rt.Drain(t.Context())
	})
}

func TestManyFormsAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t)
		rt := g.router(formRoutes(func(context.Context) (slack.ModalViewRequest, error) {
			time.Sleep(time.Second)
			return blocks.Modal("note", "Note", "", ""), nil
		}))
		for range fillsAtOnce + 5 {
			rt.Fast(t.Context(), g.delivery(Command, "note"))
		}
		rt.Drain(t.Context())
		if n := len(g.calls("views.update")); n != fillsAtOnce+5 {
			t.Errorf("%d filled", n)
		}
	})
}

func TestFieldErrorsTravelBack(t *testing.T) {
	g := newRig(t)
	rt := g.router(formRoutes(nil))
	d := g.delivery(Submission, "")
	d.AcceptsPayload = true
	d.View = View{CallbackID: "note", Values: map[string]string{"text": "", "at": ""}}
	payload, keep := rt.Fast(t.Context(), d)
	response, ok := payload.(*slack.ViewSubmissionResponse)
	if !ok || keep || response.ResponseAction != slack.RAErrors {
		t.Fatalf("payload %v, keep %v", payload, keep)
	}
	want := map[string]string{"text": "Say what happened.", "at": strings.Repeat("x", 299) + "…"}
	if diff := cmp.Diff(want, response.Errors); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	d.View.Values["text"] = "it works"
	if payload, keep := rt.Fast(t.Context(), d); payload != nil || !keep {
		t.Errorf("nothing is wrong, yet payload %v, keep %v", payload, keep)
	}
	for _, id := range []string{"broken", "unchecked"} {
		d.View.CallbackID = id
		if payload, keep := rt.Fast(t.Context(), d); payload != nil || !keep {
			t.Errorf("%s: payload %v, keep %v", id, payload, keep)
		}
	}
	if got := g.methods(); got != "" {
		t.Errorf("checking called %s", got)
	}
}

func TestFormPanics(t *testing.T) {
	g := newRig(t)
	rt := g.router(func(r *Routes) {
		r.Words = []Word{{Name: "note", Form: func(*Request) *Form { panic("no") }, Run: answering("ran")}}
	})
	d := g.delivery(Command, "note")
	if rt.NeedsFast(d) {
		t.Error("a form that panics is no form")
	}
	rt.Run(t.Context(), acting(d))
	if g.heard() != "ran" {
		t.Errorf("heard %q", g.heard())
	}
}
