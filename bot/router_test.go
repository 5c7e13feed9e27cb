package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"

	"incident-bot/bot/blocks"
)

// answers gives a handler that answers a text.
func answering(text blocks.Mrkdwn) Handler {
	return func(context.Context, *Request) (Reply, error) {
		return Reply{Answer: &Answer{Message: blocks.NewMessage(text)}}, nil
	}
}

// explained shows an error and its reference.
func explaining(r *Request, err error) Reply {
	return Reply{Answer: &Answer{Message: blocks.NewMessage(blocks.Textf("✗ %v ref %s", err, r.Ref))}}
}

// router makes a router with routes, whose errors are shown as they are.
func (g *rig) router(change func(*Routes)) *Router {
	return NewRouter(routed(func(r *Routes) {
		r.Explain = explaining
		r.Unknown = answering("what?")
		change(r)
	}), g.ws, g.sender, zerolog.New(g.log))
}

// delivery is somebody's act in T1.
func (g *rig) delivery(kind Kind, text string) Delivery {
	d := g.request(kind).Delivery
	d.Text = text
	d.Received = time.Now()
	if kind == Command || kind == Click {
		d.Trigger = Trigger{ID: NewSecret("trigger-1"), Expires: time.Now().Add(3 * time.Second)}
	}
	return d
}

// heard gives what the person read by response URL.
func (g *rig) heard() string {
	var all []string
	for _, c := range g.calls("hook") {
		all = append(all, c.arg("text"))
	}
	return strings.Join(all, " | ")
}

func TestRunLeadsToTheHandler(t *testing.T) {
	g := newRig(t)
	var seen *Request
	rt := g.router(func(r *Routes) {
		r.Words = []Word{{Name: "note", Aliases: []string{"log"}, Access: Act, Run: func(ctx context.Context, req *Request) (Reply, error) {
			seen = req
			zerolog.Ctx(ctx).Info().Msg("in the handler")
			who, err := req.Who(ctx)
			return Reply{Answer: &Answer{Message: blocks.NewMessage(blocks.Textf("by %s", who.Name))}}, err
		}}}
	})
	before := time.Now()
	rt.Run(t.Context(), acting(g.delivery(Command, "Log: it &lt;works&gt;")))
	if seen.Word != "note" || seen.Args != "it &lt;works&gt;" || seen.Workspace != "T1" || len(seen.Ref) != 5 || seen.Now.Before(before) {
		t.Errorf("request %+v", seen)
	}
	if g.heard() != "by Ana" {
		t.Errorf("heard %q", g.heard())
	}
	line := g.log.lines("in the handler")
	if len(line) != 1 || line[0]["ref"] != seen.Ref || line[0]["workspace"] != "T1" || line[0]["kind"] != "command" {
		t.Errorf("the handler's log lines say %v", line)
	}
	if n := len(g.calls("users.info")); n != 1 {
		t.Errorf("%d calls of users.info for access and Who", n)
	}
}

func TestErrorsAreExplainedAndLoggedOnce(t *testing.T) {
	g := newRig(t)
	rt := g.router(func(r *Routes) {
		r.Words = []Word{{Name: "note", Run: func(context.Context, *Request) (Reply, error) {
			return Reply{Answer: &Answer{Message: blocks.NewMessage("never shown")}}, fmt.Errorf("add note to 42: %w", errors.New("no <incident>"))
		}}}
	})
	rt.Run(t.Context(), acting(g.delivery(Command, "note")))
	lines := g.log.lines("not done")
	if len(lines) != 1 || lines[0]["error"] != "add note to 42: no <incident>" || lines[0]["route"] != "note" || lines[0]["level"] != "warn" {
		t.Fatalf("logged %v", lines)
	}
	if want := fmt.Sprintf("✗ add note to 42: no &lt;incident&gt; ref %s", lines[0]["ref"]); g.heard() != want {
		t.Errorf("heard %q, want %q", g.heard(), want)
	}
	if strings.Count(g.log.String(), "add note") != 1 {
		t.Errorf("logged more than once: %s", g.log)
	}
}

func TestPanicsAreExplained(t *testing.T) {
	g := newRig(t)
	explain := explaining
	rt := g.router(func(r *Routes) {
		r.Words = []Word{
			{Name: "note", Run: func(context.Context, *Request) (Reply, error) { panic("<boom>") }},
			{Name: "fail", Run: func(context.Context, *Request) (Reply, error) { return Reply{}, errors.New("x") }},
		}
		r.Explain = func(r *Request, err error) Reply { return explain(r, err) }
	})
	rt.Run(t.Context(), acting(g.delivery(Command, "note")))
	if !strings.Contains(g.heard(), "handler panicked: &lt;boom&gt; ref ") {
		t.Errorf("heard %q", g.heard())
	}
	if line := g.log.lines("not done"); len(line) != 1 || line[0]["level"] != "error" || !strings.Contains(fmt.Sprint(line[0]["stack"]), "router_test.go") {
		t.Errorf("logged %v", line)
	}
	explain = func(*Request, error) Reply { panic("again") }
	rt.Run(t.Context(), acting(g.delivery(Command, "fail")))
	if !strings.Contains(g.heard(), "That did not work: an error inside incident-bot. Please try again. ref ") {
		t.Errorf("heard %q", g.heard())
	}
	explain = func(*Request, error) Reply { return Reply{} }
	rt.Run(t.Context(), acting(g.delivery(Command, "fail")))
	if strings.Count(g.heard(), "That did not work") != 2 {
		t.Errorf("an explanation without words: %q", g.heard())
	}
}

func TestWordsAreRunInPlaceOfAClick(t *testing.T) {
	g := newRig(t)
	rt := g.router(func(r *Routes) {
		r.Words = []Word{
			{Name: "resolve", Access: Act, Run: func(_ context.Context, req *Request) (Reply, error) {
				return Reply{Answer: &Answer{Message: blocks.NewMessage(blocks.Textf("resolved %s by %s in %s", req.Args, req.Actor.UserID, req.Place.ChannelID))}}, nil
			}},
			{Name: "loop", Run: func(context.Context, *Request) (Reply, error) { return Reply{Run: "loop"}, nil }},
		}
		r.Buttons = []Button{{ID: "run", Run: func(_ context.Context, req *Request) (Reply, error) {
			return Reply{Run: req.Action.Value, Answer: &Answer{Message: blocks.NewMessage("ran"), Replace: true}}, nil
		}}}
	})
	d := g.delivery(Click, "")
	d.Action = Action{ID: "run~2", Value: "Resolve 42"}
	rt.Run(t.Context(), acting(d))
	if g.heard() != "resolved 42 by U1 in C1 | ran" {
		t.Errorf("heard %q", g.heard())
	}
	if n := len(g.calls("users.info")); n != 1 {
		t.Error("the words were not checked as if typed")
	}
	d.Action.Value = "loop"
	rt.Run(t.Context(), acting(d))
	if n := len(g.log.lines("a reply's words lead to more words; not run")); n != 1 {
		t.Errorf("a loop was ended %d times", n)
	}
}

func TestAccessIsAskedAgain(t *testing.T) {
	g := newRig(t)
	rt := g.router(func(r *Routes) {
		r.Words = []Word{{Name: "read", Run: answering("shown")}, {Name: "act", Access: Act, Run: answering("acted")}}
		r.Buttons = []Button{{ID: "act", Access: Act, Run: answering("clicked")}}
		r.Submits = []Submit{{CallbackID: "act", Access: Act, Run: answering("sent")}}
	})
	g.on("users.info", says(`{"ok":true,"user":{"id":"U1","team_id":"T1","is_restricted":true}}`))
	for _, d := range []Delivery{g.delivery(Command, "read"), g.delivery(Command, "act"), g.delivery(Click, ""), g.delivery(Submission, "")} {
		d.Action.ID, d.View.CallbackID = "act", "act"
		rt.Run(t.Context(), acting(d))
	}
	if got := g.heard(); strings.Count(got, "check who acts: guest") != 2 || !strings.HasPrefix(got, "shown") || strings.Contains(got, "acted") {
		t.Errorf("heard %q", got)
	}
	if got := g.calls("chat.postEphemeral"); len(got) != 1 || !strings.Contains(got[0].arg("text"), "check who acts: guest") {
		t.Errorf("the form's sender heard %v", got)
	}
	if lines := g.log.lines("not done"); len(lines) != 3 || lines[0]["level"] != "info" {
		t.Errorf("logged %v", lines)
	}
}

func TestUnknownWorkspaceIsTold(t *testing.T) {
	g := newRig(t)
	rt := g.router(func(r *Routes) { r.Words = []Word{{Name: "note", Run: answering("ran")}} })
	d := g.delivery(Command, "note")
	d.Installation.TeamID = "T9"
	rt.Run(t.Context(), acting(d))
	if got := g.heard(); !strings.Contains(got, "This workspace is not connected to incident-bot, so nothing was done.") || !strings.Contains(got, "T9") {
		t.Errorf("heard %q", got)
	}
	d = g.delivery(Mention, "<@UBOT> note")
	d.Installation.TeamID = "T9"
	rt.Run(t.Context(), acting(d))
	if got := g.methods(); got != "hook" {
		t.Errorf("a mention there led to %s", got)
	}
	if lines := g.log.lines("delivery of a workspace that is not configured"); len(lines) != 2 || lines[0]["team"] != "T9" {
		t.Errorf("logged %v", lines)
	}
}

func TestWhatNobodyRegistered(t *testing.T) {
	g := newRig(t)
	rt := g.router(func(*Routes) {})
	d := g.delivery(Click, "")
	for _, id := range []string{"link:open", "link:open~2", "", "old.button"} {
		d.Action.ID = id
		rt.Run(t.Context(), acting(d))
	}
	if got := g.heard(); !strings.HasPrefix(got, "This button is from an older version of incident-bot, so nothing was done.") || strings.Contains(got, "|") {
		t.Errorf("heard %q", got)
	}
	d = g.delivery(Submission, "")
	d.View.CallbackID = "old.form"
	rt.Run(t.Context(), acting(d))
	if calls := g.calls("chat.postEphemeral"); len(calls) != 1 || !strings.HasPrefix(calls[0].arg("text"), "This form is from an older version") {
		t.Errorf("the form's sender heard %v", calls)
	}
}

func TestSubmissionKnowsItsPlace(t *testing.T) {
	g := newRig(t)
	var seen *Request
	rt := g.router(func(r *Routes) {
		r.Submits = []Submit{{CallbackID: "note", Run: func(_ context.Context, req *Request) (Reply, error) {
			seen = req
			return Reply{Answer: &Answer{Message: blocks.NewMessage("ok")}}, nil
		}}}
	})
	d := g.delivery(Submission, "")
	d.Place, d.View = Place{}, View{CallbackID: "note", PrivateMetadata: Metadata{Channel: "C7", Thread: "1.1", Message: "2.2", Value: "42"}.Encode()}
	rt.Run(t.Context(), acting(d))
	if seen.Place != (Place{ChannelID: "C7", ThreadTS: "1.1", MessageTS: "2.2"}) || seen.View.PrivateMetadata != "42" {
		t.Errorf("request %+v", seen.Delivery)
	}
	if call := g.calls("chat.postEphemeral")[0]; call.arg("channel") != "C7" || call.arg("thread_ts") != "1.1" || call.arg("user") != "U1" {
		t.Errorf("answered %v", call.Args)
	}
}

// TestTimeIsLeftForTheAnswer: a handler that used up its time, or is stopped, is explained all the same.
func TestTimeIsLeftForTheAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t)
		rt := g.router(func(r *Routes) {
			r.Words = []Word{{Name: "slow", Run: func(ctx context.Context, _ *Request) (Reply, error) {
				<-ctx.Done()
				return Reply{}, ctx.Err()
			}}}
		})
		ctx, cancel := context.WithTimeout(t.Context(), 8*time.Second)
		defer cancel()
		rt.Run(ctx, acting(g.delivery(Command, "slow")))
		ctx, stop := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, stop)
		rt.Run(ctx, acting(g.delivery(Command, "slow")))
		if got := g.heard(); !strings.Contains(got, "deadline exceeded") || !strings.Contains(got, "canceled") {
			t.Errorf("heard %q", got)
		}
	})
}

func TestUndeliveredIsLoggedOnce(t *testing.T) {
	g := newRig(t)
	rt := g.router(func(r *Routes) { r.Words = []Word{{Name: "note", Run: answering("hi")}} })
	g.on("hook", gone())
	g.on("chat.postEphemeral", slackError("channel_not_found"))
	g.on("chat.postMessage", slackError("user_disabled"))
	rt.Run(t.Context(), acting(g.delivery(Command, "note")))
	if lines := g.log.lines("a reply reached nobody"); len(lines) != 1 || lines[0]["level"] != "error" || lines[0]["ref"] == "" {
		t.Errorf("logged %v", lines)
	}
}

func TestLanes(t *testing.T) {
	g := newRig(t)
	rt := g.router(func(r *Routes) {
		byArgs := func(r *Request) string { return r.Args }
		r.Words = []Word{{Name: "note", Lane: byArgs, Run: done}, {Name: "list", Run: done},
			{Name: "bad", Lane: func(*Request) string { panic("no") }, Run: done}}
		r.Submits = []Submit{{CallbackID: "f", Lane: func(r *Request) string { return "incident/" + r.View.PrivateMetadata }, Run: done}}
	})
	for name, c := range map[string]struct {
		d    Delivery
		want string
	}{
		"of the words":       {g.delivery(Command, "note 42"), "T1/42"},
		"of what only reads": {g.delivery(Command, "list"), "T1/read/C1/U1"},
		"empty":              {g.delivery(Command, "note"), "T1/C1"},
		"panics":             {g.delivery(Command, "bad"), "T1/C1"},
		"unknown":            {g.delivery(Command, "what"), "T1/read/C1/U1"},
		"form":               {Delivery{Kind: Submission, Installation: Installation{TeamID: "T1"}, View: View{CallbackID: "f", PrivateMetadata: `{"v":"42"}`}}, "T1/incident/42"},
		"nowhere":            {Delivery{Kind: Submission, Installation: Installation{TeamID: "T1"}, Actor: Actor{UserID: "U1"}}, "T1/U1"},
		"unknown workspace":  {Delivery{Kind: Command, Text: "note 42", Installation: Installation{TeamID: "T9"}}, "T9/42"},
		"unknown org":        {Delivery{Kind: Command, Text: "note 42", Installation: Installation{EnterpriseID: "E9", OrgWide: true}}, "E9/42"},
	} {
		if got := rt.Lane(c.d); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	if got := g.methods(); got != "" {
		t.Errorf("naming lanes called %s", got)
	}
}

func TestRefuse(t *testing.T) {
	g := newRig(t)
	rt := g.router(func(r *Routes) { r.Words = []Word{{Name: "note", Run: answering("ran")}} })
	rt.Refuse(t.Context(), g.delivery(Command, "note"), errors.New("too busy"))
	d := g.delivery(Command, "note")
	d.Installation.TeamID = "T9"
	rt.Refuse(t.Context(), d, errors.New("too busy"))
	rt.Refuse(t.Context(), g.delivery(Click, ""), errors.New("too busy"))
	if got := g.heard(); strings.Count(got, "✗ too busy ref ") != 2 || strings.Count(got, "not connected") != 1 || strings.Contains(got, "ran") {
		t.Errorf("heard %q", got)
	}
}

func TestManyAtOnce(t *testing.T) {
	g := newRig(t)
	rt := g.router(func(r *Routes) {
		r.Words = []Word{{Name: "note", Access: Act, Run: answering("ok")}}
		r.Buttons = []Button{{ID: "b", Run: func(context.Context, *Request) (Reply, error) {
			return Reply{Run: "note", Edits: []Edit{edited("new")}}, nil
		}}}
	})
	g.sender.Labels().Remember("T1", "incident/42", "C1", "1.1")
	finished := make(chan struct{})
	for i := range 100 {
		go func() {
			d := g.delivery(Command, "note")
			if i%2 == 0 {
				d = g.delivery(Click, "")
				d.Action.ID = "b"
			}
			d.Response.URL = NewSecret(fmt.Sprint("https://slack.test/hook/", i))
			rt.Run(context.Background(), acting(d))
			finished <- struct{}{}
		}()
	}
	for range 100 {
		<-finished
	}
	g.sender.Drain(t.Context())
	if n := len(g.calls("hook")); n != 100 {
		t.Errorf("%d answers", n)
	}
}

func BenchmarkRoute(b *testing.B) {
	g := newRig(b)
	rt := g.router(func(r *Routes) { r.Words = []Word{{Name: "note", Access: Act, Run: answering("ok")}} })
	for _, kind := range []Kind{Command, Mention, Click, Submission} {
		b.Run(string(kind), func(b *testing.B) {
			d := g.delivery(kind, "note it works")
			b.ReportAllocs()
			for b.Loop() {
				if rt.NeedsFast(d) || rt.Lane(d) == "" {
					b.Fatal("no lane")
				}
			}
		})
	}
}

func BenchmarkRun(b *testing.B) {
	g := newRig(b)
	g.ws.call.http.Transport = constantAnswer{`{"ok":true}`}
	rt := NewRouter(routed(func(r *Routes) { r.Words = []Word{{Name: "note", Run: answering("ok")}} }), g.ws, g.sender, zerolog.Nop())
	d := g.delivery(Command, "note it works")
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		d.Response.URL = NewSecret(fmt.Sprint("https://slack.test/hook/", i))
		rt.Run(context.Background(), acting(d))
	}
}
