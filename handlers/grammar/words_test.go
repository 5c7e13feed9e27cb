package grammar_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"incident-bot/handlers/grammar"
)

// address knows the incidents of one stack.
func address(text string) (string, bool) {
	text = strings.Trim(text, "<>")
	text, _, _ = strings.Cut(text, "|")
	return strings.CutPrefix(text, "https://acme.grafana.net/a/grafana-irm-app/incidents/")
}

func severities() []string { return []string{"Critical", "Major", "Minor", "Very bad"} }

func all(n grammar.Number) grammar.Rules {
	return grammar.Rules{Severities: severities(), URL: address, Number: n, Severity: true, Labels: true, Drill: true}
}

func TestParse(t *testing.T) {
	type labels = []grammar.Label
	for _, test := range []struct {
		text   string
		number grammar.Number
		want   grammar.Words
	}{
		{"", grammar.Nowhere, grammar.Words{}},
		{"checkout returns 500s", grammar.Nowhere, grammar.Words{Text: "checkout returns 500s"}},
		{"checkout  returns\n 500s ", grammar.Nowhere, grammar.Words{Text: "checkout  returns\n 500s"}},

		// severities
		{"x sev:critical y", grammar.Nowhere, grammar.Words{Text: "x y", Severity: "critical"}},
		{"SEV:Critical x", grammar.Nowhere, grammar.Words{Text: "x", Severity: "Critical"}},
		{"x severity:crit", grammar.Nowhere, grammar.Words{Text: "x", Severity: "crit"}},
		{"x sev: major y", grammar.Nowhere, grammar.Words{Text: "x y", Severity: "major"}},
		{"x severity major y", grammar.Nowhere, grammar.Words{Text: "x y", Severity: "major"}},
		{"severity very bad x", grammar.Nowhere, grammar.Words{Text: "x", Severity: "very bad"}},
		{`x sev:"very bad" y`, grammar.Nowhere, grammar.Words{Text: "x y", Severity: "very bad"}},
		{"the severity is unknown", grammar.Nowhere, grammar.Words{Text: "the severity is unknown"}},
		{"severity maj x", grammar.Nowhere, grammar.Words{Text: "severity maj x"}},
		{`x sev:crit sev:"Major"`, grammar.Nowhere, grammar.Words{Text: "x", Severity: "Major"}},
		{"x sev:", grammar.Nowhere, grammar.Words{Text: "x sev:"}},

		// labels, drills
		{"x label:team=payments y", grammar.Nowhere, grammar.Words{Text: "x y", Labels: labels{{"team", "payments"}}}},
		{"x label:urgent label:team=web", grammar.Nowhere, grammar.Words{Text: "x", Labels: labels{{"tags", "urgent"}, {"team", "web"}}}},
		{"x label: urgent", grammar.Nowhere, grammar.Words{Text: "x", Labels: labels{{"tags", "urgent"}}}},
		{`x label:team="pay ments" y`, grammar.Nowhere, grammar.Words{Text: "x y", Labels: labels{{"team", "pay ments"}}}},
		{"x label:=y", grammar.Nowhere, grammar.Words{Text: "x", BadLabel: "label:=y"}},
		{"x label:", grammar.Nowhere, grammar.Words{Text: "x", BadLabel: "label:"}},
		{"drill x", grammar.Nowhere, grammar.Words{Text: "x", Drill: true}},
		{"x Drill", grammar.Nowhere, grammar.Words{Text: "x", Drill: true}},
		{"x drilling", grammar.Nowhere, grammar.Words{Text: "x drilling"}},

		// quotes
		{`"drill" x`, grammar.Nowhere, grammar.Words{Text: `"drill" x`}},
		{`"drill sev:major x"`, grammar.Nowhere, grammar.Words{Text: "drill sev:major x"}},
		{"“drill x”", grammar.Nowhere, grammar.Words{Text: "drill x"}},
		{`it's "down`, grammar.Nowhere, grammar.Words{Text: `it's "down`}},
		{"don’t drill", grammar.Nowhere, grammar.Words{Text: "don't", Drill: true}},
		{`5'3" tall`, grammar.Nowhere, grammar.Words{Text: `5'3" tall`}},

		// what keyboards do
		{"x\u00a0sev:major\u200b", grammar.Nowhere, grammar.Words{Text: "x", Severity: "major"}},
		{"שירות התשלומים נפל 🔥👩‍👩‍👧 sev:major", grammar.Nowhere, grammar.Words{Text: "שירות התשלומים נפל 🔥👩‍👩‍👧", Severity: "major"}},

		// Slack's own
		{"ask <@U1|ana> and <@U2>", grammar.Nowhere, grammar.Words{Text: "ask @ana and @U2", People: []string{"U1", "U2"}}},
		{"see <#C1|ops>, <!channel> <!subteam^S1|@oncall>", grammar.Nowhere, grammar.Words{Text: "see #ops, @channel @oncall"}},
		{"see <https://x.example/a?b&amp;c|docs> <https://x.example>", grammar.Nowhere, grammar.Words{Text: "see docs (https://x.example/a?b&c) https://x.example"}},
		{"<https://x.example|x.example> mail <mailto:a@x.example|a@x.example>", grammar.Nowhere, grammar.Words{Text: "https://x.example mail a@x.example"}},
		{"a &lt; b &amp;amp; c &gt; d", grammar.Nowhere, grammar.Words{Text: "a < b &amp; c > d"}},
		{"a < b > c", grammar.Nowhere, grammar.Words{Text: "a < b > c"}},
		{"<https://x.example|two words> drill", grammar.Nowhere, grammar.Words{Text: "two words (https://x.example)", Drill: true}},

		// which incident
		{"see #42 again", grammar.Nowhere, grammar.Words{Text: "see #42 again"}},
		{"#42 CPU is fine", grammar.Leading, grammar.Words{Incident: "42", Text: "CPU is fine"}},
		{"42 CPU is fine", grammar.Leading, grammar.Words{Incident: "42", Text: "CPU is fine"}},
		{"CPU is fine #42", grammar.Leading, grammar.Words{Incident: "42", Text: "CPU is fine"}},
		{"CPU is fine 42", grammar.Leading, grammar.Words{Text: "CPU is fine 42"}},
		{"like #41 in the night", grammar.Leading, grammar.Words{Text: "like #41 in the night"}},
		{"500 errors", grammar.Alone, grammar.Words{Text: "500 errors"}},
		{"42", grammar.Alone, grammar.Words{Incident: "42"}},
		{"#42 errors", grammar.Alone, grammar.Words{Incident: "42", Text: "errors"}},
		{"major 42", grammar.Anywhere, grammar.Words{Incident: "42", Text: "major"}},
		{"42, major", grammar.Anywhere, grammar.Words{Incident: "42", Text: "major"}},
		{"<https://acme.grafana.net/a/grafana-irm-app/incidents/42|inc> x", grammar.Leading, grammar.Words{Incident: "42", Text: "x"}},
		{"<https://other.grafana.net/a/grafana-irm-app/incidents/42> x", grammar.Leading, grammar.Words{Text: "https://other.grafana.net/a/grafana-irm-app/incidents/42 x"}},
		{"#41 #42", grammar.Anywhere, grammar.Words{Incident: "41", Clash: true}},
		{"#42 duplicate of #41", grammar.Leading, grammar.Words{Incident: "42", Text: "duplicate of #41"}},
		{"#42 duplicate of #41", grammar.Alone, grammar.Words{Incident: "42", Text: "duplicate of #41"}},
		{"like #41", grammar.Leading, grammar.Words{Incident: "41", Text: "like"}},
		{"like #41", grammar.Alone, grammar.Words{Text: "like #41"}},
		{"#42 like 41", grammar.Leading, grammar.Words{Incident: "42", Text: "like 41"}},
		{"#41 #42", grammar.Leading, grammar.Words{Incident: "41", Clash: true}},
		{"#42 #42", grammar.Leading, grammar.Words{Incident: "42"}},
		{`#42 "#41"`, grammar.Leading, grammar.Words{Incident: "42", Text: "#41"}},
		{"#42 42", grammar.Anywhere, grammar.Words{Incident: "42"}},
		{"042 x", grammar.Leading, grammar.Words{Text: "042 x"}},
		{"#ops x", grammar.Leading, grammar.Words{Text: "#ops x"}},
		{`"42" x`, grammar.Leading, grammar.Words{Text: `"42" x`}},
		{"sev:major 42", grammar.Alone, grammar.Words{Incident: "42", Severity: "major"}},
		{"1234567890123456789 x", grammar.Leading, grammar.Words{Text: "1234567890123456789 x"}},
	} {
		if diff := cmp.Diff(test.want, grammar.Parse(test.text, all(test.number))); diff != "" {
			t.Errorf("%q: (-want +got)\n%s", test.text, diff)
		}
	}
}

func TestFlags(t *testing.T) {
	rules := grammar.Rules{Flags: []string{"resolved", "drills"}}
	got := grammar.Parse(`Resolved "drills" on drills`, rules)
	if diff := cmp.Diff(grammar.Words{Flags: []string{"resolved", "drills"}, Text: `"drills" on`}, got); diff != "" {
		t.Error(diff)
	}
	if got := grammar.Parse(`"resolved"`, rules); got.Text != "resolved" || len(got.Flags) > 0 {
		t.Errorf("%+v", got)
	}
}

// TestOptionsAWordDoesNotHave are text.
func TestOptionsAWordDoesNotHave(t *testing.T) {
	const text = "sev:major label:a=b drill severity major #42"
	if got := grammar.Parse(text, grammar.Rules{Severities: severities()}); got.Text != text {
		t.Errorf("got %+v", got)
	}
}

// TestLongTexts takes 40,000 characters, Slack's most, in every shape that could be slow.
func TestLongTexts(t *testing.T) {
	for _, unit := range []string{"a ", `"`, `" `, "'x ", "<", "<@", "<https://", "sev: ", "label:\"", "<@U1> ", "#42 ", "&amp;", "\u00a0"} {
		text := strings.Repeat(unit, 40_000/len(unit))
		start := time.Now()
		grammar.Parse(text, all(grammar.Anywhere))
		grammar.First(text)
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("%q took %s", unit, took)
		}
	}
}

func TestParseLabel(t *testing.T) {
	for text, want := range map[string]grammar.Label{
		"team=payments": {Key: "team", Value: "payments"}, " team = pay ments ": {Key: "team", Value: "pay ments"},
		"urgent": {Key: "tags", Value: "urgent"}, "a=b=c": {Key: "a", Value: "b=c"},
	} {
		if got, ok := grammar.ParseLabel(text); !ok || got != want {
			t.Errorf("%q: %+v %t", text, got, ok)
		}
	}
	for _, text := range []string{"", "=", "=x", "team=", " ", `team=""`} {
		if got, ok := grammar.ParseLabel(text); ok {
			t.Errorf("%q: %+v", text, got)
		}
	}
}

func TestFirst(t *testing.T) {
	for text, want := range map[string][2]string{
		"": {"", ""}, "  list  ": {"list", ""}, "Note: x  y": {"note", "x  y"}, "list,\nresolved": {"list", "resolved"}, "sev\u00a0major": {"sev", "major"},
	} {
		if word, rest := grammar.First(text); [2]string{word, rest} != want {
			t.Errorf("%q: %q, %q", text, word, rest)
		}
	}
}

// FuzzParse holds, for any text: the incident is digits or an address's, text without options is not lost, and what was
// understood once is understood the same when its text is given again.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"", `x sev:"very bad" label:a=b drill #42`, "<@U1|ana> <#C1> <!channel> <https://x|y z>", "“a” ‘b’ &amp;lt;", `" ' "`, "severity major",
		"<https://acme.grafana.net/a/grafana-irm-app/incidents/42>", "\x00\xff\u200b", "label:\" sev:'",
	} {
		f.Add(seed, uint8(3))
	}
	f.Fuzz(func(t *testing.T, text string, number uint8) {
		rules := all(grammar.Number(number % 4))
		got := grammar.Parse(text, rules)
		if rules.Number == grammar.Nowhere && got.Incident != "" {
			t.Errorf("an incident where there is none: %+v", got)
		}
		if got.Text != strings.TrimSpace(got.Text) {
			t.Errorf("the text is not trimmed: %q", got.Text)
		}
		for _, l := range got.Labels {
			if l.Key == "" || l.Value == "" {
				t.Errorf("half a label: %+v", got)
			}
		}
		if utf8.ValidString(text) && !strings.ContainsAny(text, "<&\"'“”„‟«»″‘’‚‛") {
			plain := grammar.Parse(text, grammar.Rules{})
			if a, b := strings.Join(strings.Fields(plain.Text), ""), letters(text); a != b {
				t.Errorf("%q became %q", b, a)
			}
		}
		word, rest := grammar.First(text)
		if strings.ContainsAny(word, " \t\n") || rest != strings.TrimSpace(rest) {
			t.Errorf("first word %q, rest %q", word, rest)
		}
	})
}

// FuzzOptions puts options somewhere into a text: they are understood, none of them is left in it, and the rest is as it
// was.
func FuzzOptions(f *testing.F) {
	for n, seed := range []string{"checkout returns 500s", "", "שירות התשלומים נפל", "a\nb\t c", "the answer is forty-two", "🔥 👩‍👩‍👧"} {
		f.Add(seed, uint8(n))
	}
	f.Fuzz(func(t *testing.T, text string, at uint8) {
		words := strings.Fields(text)
		for _, w := range words {
			if !utf8.ValidString(w) || strings.ContainsAny(w, "<&\"'“”„‟«»″‘’‚‛:=#") || letters(w) != w || option(w) || numbered(w) {
				return // means something itself
			}
		}
		n := int(at) % (len(words) + 1)
		said := strings.Join(words[:n], " ") + ` sev:Major label:team="a b" drill #42 ` + strings.Join(words[n:], " ")
		got := grammar.Parse(said, all(grammar.Anywhere))
		switch {
		case got.Severity != "Major" || !got.Drill || got.Incident != "42" || len(got.Labels) != 1 || got.Labels[0].Value != "a b":
			t.Errorf("%q: %+v", said, got)
		case strings.Join(strings.Fields(got.Text), " ") != strings.Join(words, " "):
			t.Errorf("%q left %q", said, got.Text)
		}
	})
}

// option says whether a word is one that takes the next into an option, or is one itself.
func option(word string) bool {
	switch strings.ToLower(word) {
	case "sev", "severity", "drill":
		return true
	}
	return false
}

// numbered says whether a word may be taken for an incident's number.
func numbered(word string) bool { return strings.Trim(word, "0123456789,.;") == "" }

// letters is a text without white space and without what is dropped.
func letters(text string) string {
	text = strings.NewReplacer("\u200b", "", "\ufeff", "", "\u2060", "", "\u00ad", "", "\x00", "", "\u3000", " ", "\u2007", " ", "\u202f", " ").Replace(text)
	return strings.Join(strings.Fields(text), "")
}
