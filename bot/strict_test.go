package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"
	"github.com/slack-go/slack"

	"incident-bot/bot/blocks"
	"incident-bot/bot/slacktest"
)

// cardRoutes are a small bot: a card with buttons, a question, a form.
func cardRoutes(routes *Routes) {
	card := func(text blocks.Mrkdwn) blocks.Message {
		return blocks.NewMessage(text, blocks.Section(text), blocks.Actions("card",
			blocks.Button("card.note", "42", "Note"), blocks.Button("card.bump", "42", "Bump"),
			blocks.LinkButton("card.open", "Open in Grafana", "https://x.grafana.net/a")))
	}
	routes.Words = []Word{
		{Name: "show", Run: func(_ context.Context, r *Request) (Reply, error) {
			return Reply{Answer: &Answer{Message: card("Incident 42"), Label: "incident/42"}}, nil
		}},
		{Name: "post", Access: Act, Run: func(_ context.Context, r *Request) (Reply, error) {
			return Reply{Answer: &Answer{Message: blocks.NewMessage("posted")}, Posts: []Post{{Message: card("Incident 42"), Label: "incident/42"}}}, nil
		}},
		{Name: "ask", Run: func(context.Context, *Request) (Reply, error) {
			return Reply{Answer: &Answer{Message: blocks.NewMessage("Which one?", blocks.Actions("which",
				blocks.Button("run", "show 1", "First"), blocks.Button("run", "show 2", "Second")))}}, nil
		}},
	}
	routes.Buttons = []Button{
		{ID: "card.bump", Access: Act, Run: func(_ context.Context, r *Request) (Reply, error) {
			return Reply{Edits: []Edit{{Message: card("Incident 42, bumped"), Label: "incident/42", Clicked: true}}}, nil
		}},
		{ID: "run", Run: func(_ context.Context, r *Request) (Reply, error) {
			return Reply{Answer: &Answer{Message: blocks.NewMessage(blocks.Textf("ran %s", r.Action.Value)), Replace: true}}, nil
		}},
		{ID: "card.note", Access: Act, Form: func(r *Request) *Form {
			view := func(text string) slack.ModalViewRequest {
				return blocks.Modal("note", "Note", "Add", r.Action.Value, blocks.Section(blocks.Escape(text)),
					blocks.TextInput("text", "What happened?", "", "", "", blocks.InputOpts{Multiline: true}))
			}
			return &Form{View: view("loading"), Fill: func(context.Context) (slack.ModalViewRequest, error) { return view("Incident 42"), nil }}
		}},
	}
	routes.Submits = []Submit{{
		CallbackID: "note", Access: Act,
		Check: func(r *Request) map[string]string {
			if r.View.Values["text"] == "bad" {
				return map[string]string{"text": "Not that."}
			}
			return nil
		},
		Run: func(_ context.Context, r *Request) (Reply, error) {
			return Reply{Answer: &Answer{Message: blocks.NewMessage(blocks.Textf("noted %s on %s", r.View.Values["text"], r.View.PrivateMetadata))}}, nil
		},
	}}
}

func newStrict(t *testing.T, o slacktest.Options) *bridge {
	return newBridge(t, bridgeOptions{slack: o, routes: cardRoutes})
}

// last waits until the person sees a message with the text last, and gives it.
func (r *bridge) last(u *slacktest.User, ch *slacktest.Channel, text string) slacktest.Message {
	r.t.Helper()
	r.until(fmt.Sprintf("%q", text), func() bool { return strings.Contains(u.Last(ch).Text, text) })
	return u.Last(ch)
}

// posted gives what everybody in the channel sees of the bot.
func (r *bridge) posted() []slacktest.Message {
	var all []slacktest.Message
	for _, m := range r.ops.Messages() {
		if !m.Ephemeral && m.BotID != "" {
			all = append(all, m)
		}
	}
	return all
}

func (r *bridge) clean() {
	r.t.Helper()
	for _, note := range r.Violations() {
		r.t.Error(note)
	}
	for _, line := range strings.Split(r.log.String(), "\n") {
		if strings.Contains(line, `"level":"error"`) {
			r.t.Error(line)
		}
	}
}

func TestStrictCommandIsAnsweredPrivately(t *testing.T) {
	r := newStrict(t, slacktest.Options{})
	bob := r.ws.NewUser("bob")
	r.say("show")
	m := r.last(r.ana, r.ops, "Incident 42")
	if !m.Ephemeral || m.To != r.ana.ID || len(bob.Sees(r.ops)) != 0 {
		t.Errorf("seen as %+v", m)
	}
	r.clean()
}

func TestStrictWhereTheBotIsNoMember(t *testing.T) {
	r := newStrict(t, slacktest.Options{})
	secret := r.ws.NewChannel("secret", slacktest.Private(), slacktest.WithoutBot())
	if _, err := r.ana.Command(secret, "/incident", "post").Acked(r.ctx); err != nil {
		t.Fatal(err)
	}
	m := r.last(r.ana, secret, "I am not in <#"+secret.ID+">, so only you see this. To have me there: /invite <@"+r.ws.BotUserID+">")
	if !m.Ephemeral {
		t.Errorf("seen as %+v", m)
	}
	r.clean()
}

func TestStrictMentionStaysInItsThread(t *testing.T) {
	r := newStrict(t, slacktest.Options{})
	root := r.ana.Say(r.ops, "", "it is slow")
	r.must(ackedOf(r, r.ana.Mention(r.ops, root.TS, "show")))
	if m := r.last(r.ana, r.ops, "Incident 42"); m.ThreadTS != root.TS || m.Ephemeral {
		t.Errorf("seen as %+v", m)
	}
	label, ok := r.bot.Labels().At(r.ctx, r.ws.TeamID, r.ops.ID, r.ana.Last(r.ops).TS)
	if !ok || label != "incident/42" {
		t.Errorf("labelled %q", label)
	}
	dm := r.ws.DM(r.ana)
	r.ana.Say(dm, "", "show")
	if m := r.last(r.ana, dm, "Incident 42"); m.ThreadTS != "" {
		t.Errorf("seen as %+v", m)
	}
	r.clean()
}

func ackedOf(r *bridge, a *slacktest.Act) error {
	_, err := a.Acked(r.ctx)
	return err
}

// TestStrictLabelsAfterARestart: a card is recognised by a process that did not post it.
func TestStrictLabelsAfterARestart(t *testing.T) {
	r := newStrict(t, slacktest.Options{})
	r.say("post")
	r.until("the card", func() bool { return len(r.posted()) == 1 })
	ws := NewWorkspaces([]Credentials{{BotToken: NewSecret(r.ws.BotToken)}}, r.APIURL(), nil, zerolog.Nop())
	r.must(ws.Resolve(r.ctx))
	labels := NewSender(ws, zerolog.Nop()).Labels()
	card := r.posted()[0]
	if label, ok := labels.At(r.ctx, r.ws.TeamID, r.ops.ID, card.TS); !ok || label != "incident/42" {
		t.Errorf("labelled %q, %v", label, ok)
	}
	if got := labels.find(r.ws.TeamID, "incident/42"); len(got) != 1 {
		t.Errorf("an edit reaches %v", got)
	}
	said := r.ana.Say(r.ops, "", "just words")
	if label, ok := labels.At(r.ctx, r.ws.TeamID, r.ops.ID, said.TS); ok {
		t.Errorf("somebody's words are labelled %q", label)
	}
}

func TestStrictEditsAndReplacements(t *testing.T) {
	r := newStrict(t, slacktest.Options{})
	r.say("post")
	r.until("the card", func() bool { return len(r.posted()) == 1 })
	card := r.posted()[0]
	r.must(ackedOf(r, r.ana.Click(card, "Bump")))
	r.until("the edit", func() bool { return strings.Contains(r.posted()[0].Text, "bumped") })
	if m := r.posted()[0]; m.TS != card.TS || !strings.Contains(string(m.Metadata), `incident/42`) {
		t.Errorf("edited as %+v", m)
	}
	r.must(ackedOf(r, r.ana.Click(card, "Open in Grafana")))

	r.say("show") // an ephemeral card: only its own response URL can change it
	r.until("the private card", func() bool {
		return r.ana.Last(r.ops).Ephemeral && strings.Contains(r.ana.Last(r.ops).Text, "Incident 42")
	})
	own := r.ana.Last(r.ops)
	r.must(ackedOf(r, r.ana.Click(own, "Bump")))
	r.until("the private edit", func() bool { return strings.Contains(r.ana.Last(r.ops).Text, "bumped") })

	r.say("ask")
	question := r.last(r.ana, r.ops, "Which one?")
	before := len(r.ana.Sees(r.ops))
	r.must(ackedOf(r, r.ana.Click(question, "Second")))
	r.last(r.ana, r.ops, "ran show 2")
	if after := len(r.ana.Sees(r.ops)); after != before {
		t.Errorf("%d messages became %d: the question was not replaced", before, after)
	}
	r.clean()
}

func TestStrictForm(t *testing.T) {
	r := newStrict(t, slacktest.Options{})
	root := r.ana.Say(r.ops, "", "it is slow")
	r.must(ackedOf(r, r.ana.Mention(r.ops, root.TS, "show")))
	card := r.last(r.ana, r.ops, "Incident 42")
	r.must(ackedOf(r, r.ana.Click(card, "Note")))
	r.until("the filled form", func() bool { v := r.ana.View(); return v != nil && strings.Contains(v.Plain(), "Incident 42") })
	payload, err := r.ana.Submit(map[string]string{"text": "bad"}).Acked(r.ctx)
	r.must(err)
	var said struct{ Errors map[string]string }
	if err := json.Unmarshal(payload, &said); err != nil || said.Errors["text"] != "Not that." {
		t.Errorf("answered %s", payload)
	}
	if v := r.ana.View(); v == nil || v.Errors["text"] != "Not that." {
		t.Fatalf("the form shows %+v", v)
	}
	r.must(ackedOf(r, r.ana.Submit(map[string]string{"text": "it <works>"})))
	m := r.last(r.ana, r.ops, "noted it &lt;works&gt; on 42")
	if !m.Ephemeral || m.ThreadTS != root.TS || r.ana.View() != nil {
		t.Errorf("answered as %+v", m)
	}
	r.clean()
}

func TestStrictVisitorsMayNotAct(t *testing.T) {
	r := newStrict(t, slacktest.Options{})
	r.say("post")
	r.until("the card", func() bool { return len(r.posted()) == 1 })
	card := r.posted()[0]
	for who, want := range map[*slacktest.User]string{
		r.ws.NewUser("gus", slacktest.Guest()):       "guest",
		r.ws.NewUser("gil", slacktest.SingleGuest()): "guest",
		r.ws.NewUser("sue", slacktest.Stranger()):    "stranger",
	} {
		r.must(ackedOf(r, who.Click(card, "Bump")))
		if m := r.last(who, r.ops, "explained: check who acts: "+want); !m.Ephemeral {
			t.Errorf("%s: all hear %+v", want, m)
		}
		r.must(ackedOf(r, who.Command(r.ops, "/incident", "show")))
		r.last(who, r.ops, "Incident 42")
	}
	if m := r.posted()[0]; strings.Contains(m.Text, "bumped") {
		t.Error("a visitor changed the card")
	}
}

func TestStrictOrganisation(t *testing.T) {
	s := slacktest.New(slacktest.Options{})
	t.Cleanup(s.Close)
	grid := s.NewGrid("Big")
	one, two := grid.NewWorkspace("One"), grid.NewWorkspace("Two")
	r := &bridge{t: t, Server: s, ws: two, ana: two.NewUser("ana"), ops: two.NewChannel("ops")}
	r.build(bridgeOptions{routes: cardRoutes, bot: func(o *Options) {
		o.Workspaces = []Credentials{{BotToken: NewSecret(grid.BotToken)}}
	}})
	r.start()
	r.must(r.WaitSocket(r.ctx, 1))
	r.say("post")
	r.until("the card", func() bool { return len(r.posted()) == 1 })
	bob, dev := one.NewUser("bob"), one.NewChannel("dev")
	r.must(ackedOf(r, bob.Command(dev, "/incident", "post")))
	r.last(bob, dev, "Incident 42")
	r.clean()
}

func TestStrictFallbacks(t *testing.T) {
	for name, fault := range map[string]slacktest.Fault{
		"gone": {Status: 404, Body: "no_service"}, "hangs twice": {Hang: true, Times: 2}, "500 for ever": {Status: 500, Body: "<html>", Times: -1},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, bridgeOptions{routes: cardRoutes}, func(t *testing.T, r *bridge) {
				r.Fail("response_url", fault)
				r.say("show")
				if m := r.last(r.ana, r.ops, "Incident 42"); !m.Ephemeral {
					t.Errorf("seen as %+v", m)
				}
				if len(r.Calls("chat.postEphemeral")) != 1 {
					t.Errorf("calls %v", r.Calls("chat.postEphemeral"))
				}
			})
		})
	}
}

// TestStrictLostPost: the answer to a post is lost after Slack took it. It stands there once, and is known.
func TestStrictLostPost(t *testing.T) {
	for name, fault := range map[string]slacktest.Fault{
		"reset after": {Reset: true, AfterCommit: true}, "reset before": {Reset: true},
		"hang after": {Hang: true, AfterCommit: true}, "500 after": {Status: 500, Body: "<html>", AfterCommit: true},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, bridgeOptions{routes: cardRoutes}, func(t *testing.T, r *bridge) {
				r.Fail("chat.postMessage", fault)
				r.say("post")
				r.until("the card", func() bool { return len(r.bot.Labels().find(r.ws.TeamID, "incident/42")) == 1 })
				if got := r.posted(); len(got) != 1 {
					t.Errorf("it stands there %d times", len(got))
				}
				if got := r.ana.Last(r.ops).Text; strings.Contains(got, "did not confirm") {
					t.Errorf("told %q", got)
				}
			})
		})
	}
}

func TestStrictMissingScope(t *testing.T) {
	r := newStrict(t, slacktest.Options{})
	r.ws.SetScopes("commands", "users:read", "app_mentions:read")
	r.say("post")
	r.last(r.ana, r.ops, "Missing scope: chat:write")
	if line := r.log.String(); !strings.Contains(line, `"needed":"chat:write"`) {
		t.Errorf("logged %s", r.log.tail())
	}
}

// TestStrictBurst posts many messages to one channel: Slack's limit is met at most now and then, and nothing is lost.
func TestStrictBurst(t *testing.T) {
	bubble(t, bridgeOptions{routes: cardRoutes}, func(t *testing.T, r *bridge) {
		const n = 60
		start := time.Now()
		for range n {
			r.must(ackedOf(r, r.ana.Mention(r.ops, "", "show")))
		}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
		defer cancel()
		answered := func() int { return len(r.posted()) }
		if err := r.Await(ctx, func() bool { return answered() == n }); err != nil {
			t.Errorf("%d of %d answers after %s", answered(), n, time.Since(start))
		}
		limited := 0
		for _, c := range r.Calls("chat.postMessage") {
			if c.Status == 429 {
				limited++
			}
		}
		t.Logf("%d answers to one channel took %s; Slack said %d times that it is too much", n, time.Since(start).Round(time.Second), limited)
		if limited > n/10 {
			t.Errorf("%d calls were too many", limited)
		}
	})
}
