package handlers

import (
	"strings"
	"testing"

	"incident-bot/bot"
	"incident-bot/handlers/grammar"
	"incident-bot/incident"
)

func TestWhich(t *testing.T) {
	d := newDesk(newStack())
	d.threads.remember(t.Context(), inThread("", "declare", "x"), "44") // in the thread of message 99
	const url = "https://acme.grafana.net/a/grafana-irm-app/incidents/42"
	for _, test := range []struct {
		thread, word, args string
		id, text           string
	}{
		{"", "note", "#42 x", "42", "x"},
		{"", "note", "42 x", "42", "x"},
		{"", "note", "<" + url + "> x", "42", "x"},
		{"", "note", "x " + url, "42", "x"},
		{"", "note", "500 errors", "500", "errors"},
		{"42.0", "note", "500 errors", "42", "500 errors"},
		{"42.0", "note", "#43 errors", "43", "errors"},
		{"42.0", "note", "looks like #41", "42", "looks like #41"},
		{"42.0", "note", "43", "43", ""},
		{"42.0", "resolve", "", "42", ""},
		{"42.0", "status", "mitigated 43", "43", "mitigated"},
		{"42.0", "severity", "major", "42", "major"},
		{"99.0", "note", "500 errors", "44", "500 errors"},
		{"99.0", "show", "", "44", ""},
		{"7.0", "note", "#42 x", "42", "x"},
	} {
		r := inThread(test.thread, test.word, test.args)
		m, ask, err := d.which(t.Context(), r, grammar.Rules{})
		if err != nil || ask != nil || m.Incident != test.id || m.Text != test.text {
			t.Errorf("%s %s in %q: %q %q, asks %t, %v", test.word, test.args, test.thread, m.Incident, m.Text, ask != nil, err)
		}
	}
}

// TestAsk offers the newest incidents, never a private one, and runs what was said.
func TestAsk(t *testing.T) {
	s := newStack()
	for _, id := range []string{"66", "9", "8", "7", "6", "5", "4"} {
		s.page.Incidents = append(s.page.Incidents, incident.Incident{ID: id, Title: "title " + id, Private: id == "66", Drill: id == "8"})
	}
	d := newDesk(s)
	reply := d.run(t, inThread("7.0", "note", "CPU is &lt;fine&gt;"), d.note)
	wants(t, reply, "Which incident do you mean? Nothing was done yet. For another one type `@incident-bot note #ID`.\n[#9 title 9] [#8 Drill: title 8] [#7 title 7] [#6 title 6] [#5 title 5]")
	if strings.Contains(text(reply), "66") || s.query.Status != "active" {
		t.Errorf("%s, %+v", text(reply), s.query)
	}
	if words, _ := d.offers.peek(clicking(buttonOffer, buttonValue(t, reply, "#7 title 7"))); words != "note #7 CPU is &lt;fine&gt;" {
		t.Errorf("the button runs %q", words)
	}
	d.run(t, typing("reopen", ""), d.reopen)
	if s.query.Status != "resolved" {
		t.Errorf("asked for %+v", s.query)
	}
	s.page = incident.Page{}
	wants(t, d.run(t, typing("resolve", "done"), d.resolve), "There is no active incident, so nothing was done. Name another one: `/incident resolve #ID`.")
	s.fails["list"] = &incident.Error{Code: incident.Unavailable}
	wants(t, d.run(t, typing("resolve", "done"), d.resolve), "✗ Nothing was changed: the Grafana stack cannot be reached.")
	s.heard(t)
}

func TestTwoIncidents(t *testing.T) {
	d := newDesk(newStack())
	wants(t, d.run(t, typing("severity", "#42 major #43"), d.severity), "You named two incidents, so nothing was done. Please name one: `/incident severity #42`.")
}

// TestNames puts names in the place of ids, longer ids first, and asks for no more than there are.
func TestNames(t *testing.T) {
	d := newDesk(newStack())
	for said, want := range map[string]string{
		"ask <@U1> or <@U12>, <@U1>": "ask @ana or @ben, @ana", "ask <@U1|anita>": "ask @anita", "ask <@U9>": "ask @U9", "no one": "no one",
	} {
		if got := d.withNames(t.Context(), typing("note", ""), grammar.Parse(said, grammar.Rules{})); got != want {
			t.Errorf("%q: %q", said, got)
		}
	}
}

func TestList(t *testing.T) {
	no := false
	for args, want := range map[string]incident.Query{
		"":                                  {Status: "active"},
		"active":                            {Status: "active"},
		"resolved checkout":                 {Status: "resolved", Title: "checkout"},
		"all drills":                        {Status: "", Drills: new(bool)},
		"severity:maj checkout is":          {Status: "active", Severity: "Major", Title: "checkout is"},
		"severity critical":                 {Status: "active", Severity: "Critical"},
		"label:team=web":                    {Status: "active", Label: incident.Label{Key: "team", Value: "web"}},
		"label:urgent closed":               {Status: "resolved", Label: incident.Label{Key: "tags", Value: "urgent"}},
		`"all quiet" "on" the &lt;west&gt;`: {Status: "active", Title: "all quiet on the <west>"},
		`"resolved"`:                        {Status: "active", Title: "resolved"},
	} {
		s := newStack()
		d := newDesk(s)
		d.run(t, typing("list", args), d.listing)
		want.Limit = listed
		if drills := strings.Contains(args, "drills"); *s.query.Drills != drills {
			t.Errorf("%q: drills %t", args, *s.query.Drills)
		}
		s.query.Drills, want.Drills = &no, &no
		if s.query != want {
			t.Errorf("%q: %+v", args, s.query)
		}
	}
}

func TestListRefuses(t *testing.T) {
	for args, want := range map[string]string{
		"sev:nonsense":    `Your stack has no severity "nonsense", so nothing was done.`,
		"label:a label:b": "I can list by one label",
		"label:":          "I can list by one label",
		"mine":            "Which incidents are yours I cannot tell yet.",
		`say"x`:           "Grafana cannot search for a title with a \" in it.",
	} {
		s := newStack()
		wants(t, newDesk(s).run(t, typing("list", args), newDesk(s).listing), want)
		if len(s.cursors) > 0 {
			t.Errorf("%q was asked for all the same", args)
		}
	}
}

// TestPages leads on and back, in place, for the person who asked.
func TestPages(t *testing.T) {
	s := newStack()
	d := newDesk(s)
	s.page = incident.Page{Incidents: []incident.Incident{s.incidents["42"], s.incidents["66"]}, Next: "c2"}
	reply := d.run(t, typing("list", "resolved"), d.listing)
	wants(t, reply, "resolved incidents", "#42 checkout returns 500s", "[More]")
	if strings.Contains(text(reply), "breach") || strings.Contains(text(reply), "[Back]") || reply.Answer.Replace {
		t.Errorf("the first page:\n%s", text(reply))
	}
	other := clicking(buttonPage, buttonValue(t, reply, "More"))
	other.Actor.UserID = "U2"
	wants(t, d.run(t, other, d.page), "Only the person who asked can turn these pages.")
	s.page.Next = "c3"
	second := d.run(t, clicking(buttonPage, buttonValue(t, reply, "More")), d.page)
	wants(t, second, "page 2", "[Back] [More]")
	if !second.Answer.Replace || s.query.Status != "resolved" {
		t.Errorf("%+v", s.query)
	}
	s.page = incident.Page{}
	third := d.run(t, clicking(buttonPage, buttonValue(t, second, "More")), d.page)
	wants(t, third, "page 3: there are no more.", "[Back]")
	d.run(t, clicking(buttonPage, buttonValue(t, third, "Back")), d.page)
	if got := strings.Join(s.cursors, ","); got != ",c2,c3,c2" {
		t.Errorf("asked for %s", got)
	}
	wants(t, d.run(t, clicking(buttonPage, "gone"), d.page), "This list is over an hour old.")
	s.fails["list"] = &incident.Error{Code: incident.Unavailable}
	wants(t, d.run(t, clicking(buttonPage, buttonValue(t, second, "More")), d.page), "✗ Nothing can be shown: the Grafana stack cannot be reached.")
}

// TestSparsePage: a rare label may have nothing on a page and more behind it.
func TestSparsePage(t *testing.T) {
	s := newStack()
	s.page = incident.Page{Next: "c2"}
	wants(t, newDesk(s).run(t, typing("list", "label:rare"), newDesk(s).listing), "none among the newest. There may be older ones.", "[More]")
	s.fails["drills"] = &incident.Error{Code: incident.Lost}
	wants(t, newDesk(s).run(t, typing("list", ""), newDesk(s).listing), "none among the newest")
}

func TestShow(t *testing.T) {
	d := newDesk(newStack())
	r := inThread("", "show", "42")
	reply := d.run(t, r, d.show)
	if wants(t, reply, "#42 checkout returns 500s — active"); reply.Answer.Label != "incident/42" {
		t.Errorf("label %q", reply.Answer.Label)
	}
	if got := d.here(t.Context(), inThread("99.0", "note", "x")); got != "42" {
		t.Errorf("the thread is about %q", got)
	}
	wants(t, d.run(t, clicking(buttonShow, "999"), d.showClicked), "✗ Nothing can be shown: your stack has no incident #999.")
	d.Labels = nil
	if got := d.here(t.Context(), inThread("42.0", "note", "x")); got != "" {
		t.Errorf("about %q without labels", got)
	}
	if r := typing("note", "x"); d.here(t.Context(), r) != "" || r.Kind != bot.Command {
		t.Error("a channel is about an incident")
	}
}
