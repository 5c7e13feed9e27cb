package handlers

import (
	"net/url"
	"strings"
	"testing"

	"incident-bot/bot"
	"incident-bot/bot/blocks"
	"incident-bot/incident"
)

func TestDeclare(t *testing.T) {
	for name, test := range map[string]struct {
		args string
		want incident.Declaration
	}{
		"a title":         {"checkout returns 500s", incident.Declaration{Title: "checkout returns 500s"}},
		"with options":    {"drill checkout sev:crit returns label:team=payments 500s label:urgent", incident.Declaration{Title: "checkout returns 500s", Severity: "Critical", Drill: true, Labels: []incident.Label{{Key: "team", Value: "payments"}, {Key: "tags", Value: "urgent"}}}},
		"in two words":    {"severity major checkout", incident.Declaration{Title: "checkout", Severity: "Major"}},
		"quoted":          {`"drill sev:major"`, incident.Declaration{Title: "drill sev:major"}},
		"as Slack has it": {"a &lt;b&gt; &amp; <https://x.example|x.example> by <@U12>", incident.Declaration{Title: "a <b> & https://x.example by @ben"}},
	} {
		s := newStack()
		reply := newDesk(s).run(t, typing("declare", test.args), newDesk(s).declare)
		got := s.declared
		if got.AttachCaption != "Declared by ana in Slack" || !strings.HasPrefix(got.AttachURL, "https://slack.com/app_redirect?channel=C1&key=") {
			t.Errorf("%s: attached %q as %q", name, got.AttachURL, got.AttachCaption)
		}
		got.AttachURL, got.AttachCaption = "", ""
		if got.Title != test.want.Title || got.Severity != test.want.Severity || got.Drill != test.want.Drill || len(got.Labels) != len(test.want.Labels) {
			t.Errorf("%s: %+v", name, got)
		}
		wants(t, reply, "✓ Declared #70 "+test.want.Title)
		if len(reply.Posts) != 1 || reply.Posts[0].Label != "incident/70" || reply.Posts[0].Channel != "" {
			t.Errorf("%s: posts %+v", name, reply.Posts)
		}
	}
}

// TestDeclareRefuses without declaring anything.
func TestDeclareRefuses(t *testing.T) {
	for args, want := range map[string]string{
		"":                             "What is the title? Nothing was declared yet.",
		"sev:major":                    "What is the title? Nothing was declared yet.",
		"x label:=":                    `I cannot read the label "label:=", so nothing was declared.`,
		"x sev:nonsense":               `Your stack has no severity "nonsense", so nothing was done. Do it with:` + "\n[Critical] [Major] [Minor] [Pending]",
		strings.Repeat("x", 2001):      "The title has 2001 characters, and 2000 are the most, so nothing was declared.",
		strings.Repeat("word ", 8_000): "The title has 39999 characters",
	} {
		s := newStack()
		wants(t, newDesk(s).run(t, typing("declare", args), newDesk(s).declare), want)
		s.heard(t)
	}
}

// TestDeclareWithAnotherSeverity runs what was typed, with the severity that was tapped.
func TestDeclareWithAnotherSeverity(t *testing.T) {
	s := newStack()
	d := newDesk(s)
	reply := d.run(t, typing("declare", "x is down sev:nonsense drill"), d.declare)
	words, _ := d.offers.peek(clicking(buttonOffer, buttonValue(t, reply, "Major")))
	d.run(t, typing("declare", strings.TrimPrefix(words, "declare ")), d.declare)
	if s.declared.Title != "x is down" || s.declared.Severity != "Major" || !s.declared.Drill {
		t.Errorf("%q declared %+v", words, s.declared)
	}
}

// TestDeclareWhenSeveritiesCannotBeHad leaves the word to Grafana.
func TestDeclareWhenSeveritiesCannotBeHad(t *testing.T) {
	s := newStack()
	s.fails["severities"] = &incident.Error{Code: incident.Unavailable}
	newDesk(s).run(t, typing("declare", "x sev:odd"), newDesk(s).declare)
	if s.declared.Severity != "odd" {
		t.Errorf("declared %+v", s.declared)
	}
}

// TestDeclarePartly: the incident is there, and what is missing is said and comes back.
func TestDeclarePartly(t *testing.T) {
	s := newStack()
	s.partial = &incident.Error{Op: "set severity of 70", Code: incident.Failed, Partial: true}
	s.fails["update"] = &incident.Error{Code: incident.Lost}
	r := sending(formDeclare, "", map[string]string{fieldTitle: " checkout is down ", fieldSeverity: "Major", fieldDescription: "all of\nEurope", fieldLabels: "team=web, urgent", fieldDrill: drillYes})
	reply := newDesk(s).run(t, r, newDesk(s).declareSent)
	wants(t, reply, "✓ Declared #70 checkout is down\nseverity Pending, a drill, open in Grafana",
		"✗ I could not set its severity to Major. Try `/incident severity #70 Major`. `ref 7f3k2`\n✗ I could not give it the label team=web. Add it in Grafana. `ref 7f3k2`",
		"✗ Its description may not have been written: look at the timeline, and if it is not there try `/incident update #70 …` with it. `ref 7f3k2`\n> all of\n> Europe")
	if len(s.declared.Labels) != 2 || !s.declared.Drill {
		t.Errorf("declared %+v", s.declared)
	}
	if got := blocks.Plain(reply.Posts[0].Text); !strings.HasPrefix(got, "ana declared an incident:\n#70 Drill: checkout is down — active") || strings.Contains(got, "✗") {
		t.Errorf("the channel reads %s", got)
	}
}

// TestDeclaredWhere: the card is a post of its own where the answer is private, and the answer where it is not.
func TestDeclaredWhere(t *testing.T) {
	direct, nowhere := typing("declare", "x"), typing("declare", "x")
	direct.Place.ChannelID, nowhere.Place = "D1", bot.Place{}
	threaded := typing("declare", "x")
	threaded.Place.ThreadTS = "5.0"
	for name, test := range map[string]struct {
		r             *bot.Request
		answer, label string
		posts         int
		thread        string
	}{
		"channel": {typing("declare", "x"), "✓ Declared #70 x\nseverity Pending, open in Grafana", "", 1, ""},
		"thread":  {threaded, "✓ Declared #70 x", "", 1, "5.0"},
		"mention": {inThread("5.0", "declare", "x"), "✓ Declared.\n#70 x — active", "incident/70", 0, ""},
		"direct":  {direct, "", "", 1, ""},
		"nowhere": {nowhere, "✓ Declared.\n#70 x — active", "incident/70", 0, ""},
	} {
		d := newDesk(newStack())
		reply := d.run(t, test.r, d.declare)
		if reply.Answer != nil && reply.Answer.Label != test.label || len(reply.Posts) != test.posts || !strings.HasPrefix(text(reply), test.answer) {
			t.Errorf("%s: %q %+v", name, text(reply), reply)
		}
		if test.posts > 0 && (reply.Posts[0].Label != "incident/70" || reply.Posts[0].Thread != test.thread) {
			t.Errorf("%s: %+v", name, reply.Posts[0])
		}
	}
}

// TestOrigin names the act, without its secret parts, and is the same each time.
func TestOrigin(t *testing.T) {
	r := typing("declare", "x")
	first, again := origin(r), origin(r)
	u, err := url.Parse(first)
	if err != nil || first != again || u.Query().Get("team") != "T1" || u.Query().Get("channel") != "C1" || len(u.Query().Get("key")) != 16 {
		t.Errorf("%s, %s", first, again)
	}
	r.Key = "k2"
	other := origin(r)
	r.Workspace, r.Place.ChannelID = "E1", ""
	if org := origin(r); other == first || strings.Contains(org, "team=") || strings.Contains(org, "channel=") {
		t.Errorf("%s, %s", other, org)
	}
}
