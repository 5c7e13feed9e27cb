package handlers

import (
	"strings"
	"testing"

	"incident-bot/bot"
	"incident-bot/handlers/grammar"
	"incident-bot/incident"
)

func TestDeclareForm(t *testing.T) {
	d := newDesk(newStack())
	for args, opens := range map[string]bool{"": true, "sev:major": true, "drill label:a=b": true, "x": false, "sev:major x": false, "label:": false} {
		if form := d.declareForm(typing("declare", args)); (form != nil) != opens {
			t.Errorf("%q opens: %t", args, form != nil)
		}
	}
	form := d.declareForm(typing("declare", "severity critical drill label:team=web label:urgent"))
	for _, part := range []string{`"initial_option"`, `"Critical"`, `"initial_options"`, `"team=web, tags=urgent"`} {
		if got := pretty(t, form.View); !strings.Contains(got, part) {
			t.Errorf("the form lacks %s:\n%s", part, got)
		}
	}
	if form.Fill != nil {
		t.Error("what is known is fetched")
	}
}

// TestDeclareFormFills: what is not known is fetched once the form is open, and a form without severities declares too.
func TestDeclareFormFills(t *testing.T) {
	s := newStack()
	s.fails["known"] = &incident.Error{}
	form := newDesk(s).declareForm(typing("declare", "sev:major"))
	if got := pretty(t, form.View); !strings.Contains(got, "Asking Grafana") || !strings.Contains(got, fieldTitle) {
		t.Errorf("meanwhile:\n%s", got)
	}
	view, err := form.Fill(t.Context())
	if got := pretty(t, view); err != nil || !strings.Contains(got, `"Major"`) || !strings.Contains(got, `"initial_option"`) {
		t.Errorf("%v\n%s", err, got)
	}
	s.fails["severities"] = &incident.Error{Code: incident.Unavailable}
	view, err = form.Fill(t.Context())
	if got := pretty(t, view); err != nil || !strings.Contains(got, "did not say which severities") || !strings.Contains(got, fieldTitle) {
		t.Errorf("%v\n%s", err, got)
	}
	r := typing("declare", "")
	r.Workspace = "T9"
	if form := newDesk(s).declareForm(r); form == nil || form.Fill != nil {
		t.Error("a workspace without a stack gets no form, so nobody says why")
	}
}

func TestSeverityForm(t *testing.T) {
	s := newStack()
	d := newDesk(s)
	if form := d.severityForm(clicking(buttonSeverity, "42")); form.Fill != nil || !strings.Contains(pretty(t, form.View), `"Critical"`) {
		t.Error("the severities are not there")
	}
	s.fails["known"] = &incident.Error{}
	form := d.severityForm(clicking(buttonSeverity, "42"))
	view, err := form.Fill(t.Context())
	if err != nil || !strings.Contains(pretty(t, view), `"Critical"`) || view.PrivateMetadata != "42" || form.View.PrivateMetadata != "42" {
		t.Errorf("%v", err)
	}
	s.fails["severities"] = &incident.Error{Code: incident.Unavailable}
	if _, err = form.Fill(t.Context()); err == nil {
		t.Error("a severity without severities")
	}
	foreign := clicking(buttonSeverity, "42")
	foreign.Workspace = "T9"
	if d.severityForm(foreign) != nil {
		t.Error("a form without a stack")
	}
}

// TestFormsCarryTheIncident, and open at once.
func TestFormsCarryTheIncident(t *testing.T) {
	for _, form := range []*bot.Form{updateForm(clicking(buttonUpdate, "42")), noteForm(clicking(buttonNote, "42")), resolveForm(clicking(buttonResolve, "42"))} {
		if form.View.PrivateMetadata != "42" || form.Fill != nil || !strings.Contains(form.View.Title.Text, "#42") {
			t.Errorf("%+v", form.View)
		}
	}
}

func TestChecks(t *testing.T) {
	long := strings.Repeat("x", maxText+1)
	for name, test := range map[string]struct {
		check  func(*bot.Request) map[string]string
		values map[string]string
		want   map[string]string // the beginning of each sentence
	}{
		"good":            {checkDeclare, map[string]string{fieldTitle: "x", fieldLabels: "a=b, c ,"}, nil},
		"no title":        {checkDeclare, map[string]string{fieldTitle: " \n"}, map[string]string{fieldTitle: "Say in a few words"}},
		"long title":      {checkDeclare, map[string]string{fieldTitle: strings.Repeat("ש", 2001)}, map[string]string{fieldTitle: "At most 2,000 characters"}},
		"longest title":   {checkDeclare, map[string]string{fieldTitle: strings.Repeat("ש", 2000)}, nil},
		"bad label":       {checkDeclare, map[string]string{fieldTitle: "x", fieldLabels: "a=b, =c"}, map[string]string{fieldLabels: "I cannot read “=c”"}},
		"both":            {checkDeclare, map[string]string{fieldLabels: "="}, map[string]string{fieldTitle: "Say", fieldLabels: "I cannot"}},
		"no text":         {checkText, map[string]string{fieldText: " "}, map[string]string{fieldText: "Write a few words."}},
		"long text":       {checkText, map[string]string{fieldText: long}, map[string]string{fieldText: "That is longer"}},
		"no closing text": {checkOptionalText, map[string]string{}, nil},
		"long closing":    {checkOptionalText, map[string]string{fieldText: long}, map[string]string{fieldText: "That is longer"}},
		"note":            {checkNote, map[string]string{fieldText: "at 00:01 x"}, nil},
		"empty note":      {checkNote, nil, map[string]string{fieldText: "Write"}},
		"no such time":    {checkNote, map[string]string{fieldText: "at 25:00 x"}, map[string]string{fieldText: "I cannot read that time"}},
		"future note":     {checkNote, map[string]string{fieldText: "at 2099-01-01 10:00 x"}, map[string]string{fieldText: "That time is still to come"}},
		"today somewhere": {checkNote, map[string]string{fieldText: "at 2026-11-24 12:00 x"}, nil}, // in New Zealand it is over
	} {
		got := test.check(sending("f", "42", test.values))
		if len(got) != len(test.want) {
			t.Errorf("%s: %v", name, got)
		}
		for field, sentence := range test.want {
			if !strings.HasPrefix(got[field], sentence) {
				t.Errorf("%s: %v", name, got)
			}
		}
	}
}

// TestFormSeverityThatIsGone gives back what was typed.
func TestFormSeverityThatIsGone(t *testing.T) {
	s := newStack()
	d := newDesk(s)
	reply := d.run(t, sending(formDeclare, "", map[string]string{fieldTitle: "checkout is down", fieldSeverity: "Gone", fieldDescription: "all of Europe"}), d.declareSent)
	wants(t, reply, `Your stack has no severity "Gone" any more, so nothing was done.`, "> checkout is down\n> all of Europe")
	if id := buttonID(t, reply, "Open the form"); id != buttonDeclare {
		t.Errorf("the button is %s", id)
	}
	s.heard(t)
}

// TestDeclareWords: a button declares the very title that a form had, whatever is in it, and nothing of it becomes an
// option.
func TestDeclareWords(t *testing.T) {
	severities := []string{"Critical", "Minor"}
	for _, title := range []string{
		"cart is empty", "drill", "sev:major", "label:x", "label:", "severity critical again", "drill sev:x", "#42 again", "a  b", "line\nbreak",
		`db "main" is down`, `"quoted" all "of it"`, `"all of it"`, `'all of it'`, `"starts" ok`, `say "hi"`, "it's 5 o'clock", "'single' word",
		`he said "drill" and "sev:critical" x`, "<!channel> all", "a & b &amp; c", "<@U1> broke", "`x`",
	} {
		r := sending(formDeclare, "", map[string]string{fieldTitle: title, fieldSeverity: "Minor", fieldDrill: drillYes})
		words := declareWords(r, []grammar.Label{{Key: "team", Value: "web"}}, severities)
		w := grammar.Parse(words, declareRules(severities))
		if w.Text != title || w.Severity != "Minor" || !w.Drill || len(w.Labels) != 1 || w.Labels[0].Value != "web" {
			t.Errorf("title %q: %q became %+v", title, words, w)
		}
	}
}
