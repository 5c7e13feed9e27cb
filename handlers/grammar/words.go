package grammar

import (
	"slices"
	"strings"
)

// Label is a label as typed; the key of one without "=" is "tags", Grafana's default.
type Label struct{ Key, Value string }

// Number says where a bare number ("42") names an incident.
type Number int

const (
	// Nowhere is for words that name no incident at all: neither a number nor #42 nor an address does.
	Nowhere Number = iota
	// Alone is for text where the incident is known: a number that is all there is, #42 or an address in front.
	Alone
	// Leading is for text: a number in front, #42 or an address in front or at the end.
	Leading
	// Anywhere is for words without text of their own.
	Anywhere
)

// Rules say what a word understands. What it does not understand stays text.
type Rules struct {
	Severities []string                    // the stack's labels, for the two words "severity critical"
	URL        func(string) (string, bool) // the incident of a pasted address; nil for none
	Number     Number
	Severity   bool     // sev:critical
	Labels     bool     // label:team=payments
	Drill      bool     // drill
	Flags      []string // single words of the word\'s own, such as "resolved", in lower case
}

// Words is what was said, understood.
type Words struct {
	Incident string // by #42, 42 or an address; "" when it was left out
	Clash    bool   // two different incidents were named; Incident is the first
	Severity string // as typed
	Labels   []Label
	BadLabel string // a label: that could not be read
	Drill    bool
	Flags    []string // those that were said, in lower case
	People   []string // Slack user ids; they stay in Text by name
	Text     string   // what is left, as typed
}

// Parse understands the text that follows a word.
func Parse(text string, rules Rules) Words {
	p := parser{rules: rules, tokens: split(mend(text))}
	p.options()
	p.incident()
	p.words.Text = p.rest()
	return p.words
}

// parser works on one text. Tokens that an option took are marked gone.
type parser struct {
	rules  Rules
	tokens []token
	words  Words
}

// options takes the options out of the tokens, and collects the people.
func (p *parser) options() {
	for i := range p.tokens {
		t := &p.tokens[i]
		if t.gone || t.quoted {
			continue
		}
		if id := t.person(); id != "" {
			p.words.People = append(p.words.People, id)
			continue
		}
		switch {
		case p.rules.Drill && strings.EqualFold(t.text, "drill"):
			p.words.Drill, t.gone = true, true
		case slices.Contains(p.rules.Flags, strings.ToLower(t.text)):
			p.words.Flags, t.gone = append(p.words.Flags, strings.ToLower(t.text)), true
		case p.rules.Severity && p.severity(i):
		case p.rules.Labels && p.label(i):
		}
	}
}

// severity takes "sev:critical", "sev: critical", and "severity critical" where the stack has such a severity.
func (p *parser) severity(i int) bool {
	name, value, colon := strings.Cut(p.tokens[i].text, ":")
	if !strings.EqualFold(name, "sev") && !strings.EqualFold(name, "severity") {
		return false
	}
	if colon && value != "" {
		p.words.Severity, p.tokens[i].gone = value, true
		return true
	}
	for n := min(3, len(p.tokens)-i-1); n > 0; n-- {
		next := p.tokens[i+1 : i+1+n]
		said, known := Choose(joined(next), p.rules.Severities)
		exact := known && fold(said) == fold(joined(next))
		if exact || colon && n == 1 {
			p.words.Severity = joined(next)
			p.tokens[i].gone = true
			for j := range next {
				next[j].gone = true
			}
			return true
		}
	}
	return false
}

// label takes "label:team=payments", "label: urgent".
func (p *parser) label(i int) bool {
	name, value, colon := strings.Cut(p.tokens[i].text, ":")
	if !colon || !strings.EqualFold(name, "label") {
		return false
	}
	p.tokens[i].gone = true
	if value == "" && i+1 < len(p.tokens) {
		value, p.tokens[i+1].gone = p.tokens[i+1].text, true
	}
	label, ok := ParseLabel(value)
	if !ok {
		p.words.BadLabel = p.tokens[i].text
		return true
	}
	p.words.Labels = append(p.words.Labels, label)
	return true
}

// ParseLabel reads "team=payments" or "urgent".
func ParseLabel(text string) (Label, bool) {
	key, value, keyed := strings.Cut(text, "=")
	if !keyed {
		key, value = "tags", text
	}
	l := Label{Key: strings.TrimSpace(key), Value: strings.Trim(strings.TrimSpace(value), `"`)}
	return l, l.Key != "" && l.Value != ""
}

// incident finds which incident is meant. In words without text of their own it may stand anywhere. In the others it
// stands first, or last when nothing does first: "#42 like #41" is about 42, and what is in the middle belongs to the
// text. Where the incident is known already (Alone), the last word belongs to the text too.
func (p *parser) incident() {
	kept := p.kept()
	named := make([]int, 0, len(kept)) // those that name an incident
	for n, i := range kept {
		id, bare := p.tokens[i].incident(p.rules.URL)
		if id != "" && p.takes(bare, n, len(kept)) {
			named = append(named, i)
		}
	}
	if p.rules.Number != Anywhere && len(named) < len(kept) && len(named) > 1 {
		named = named[:1]
	}
	for _, i := range named {
		id, _ := p.tokens[i].incident(p.rules.URL)
		p.found(&p.tokens[i], id)
	}
}

// takes says whether the token at place n of all may name the incident.
func (p *parser) takes(bare bool, n, all int) bool {
	switch p.rules.Number {
	case Nowhere:
		return false
	case Anywhere:
		return true
	case Alone:
		return n == 0 && (!bare || all == 1)
	}
	return n == 0 || !bare && n == all-1
}

func (p *parser) found(t *token, id string) {
	t.gone = true
	switch p.words.Incident {
	case "":
		p.words.Incident = id
	case id:
	default:
		p.words.Clash = true
	}
}

// kept gives the indexes of the tokens that no option took.
func (p *parser) kept() []int {
	var kept []int
	for i := range p.tokens {
		if !p.tokens[i].gone {
			kept = append(kept, i)
		}
	}
	return kept
}

// rest is the text that is left. Quotes around all of it only said that it is text.
func (p *parser) rest() string {
	kept := p.kept()
	if len(kept) == 1 && p.tokens[kept[0]].quoted {
		return strings.TrimSpace(p.tokens[kept[0]].text)
	}
	var b strings.Builder
	for n, i := range kept {
		if n > 0 {
			b.WriteString(p.tokens[i].space)
		}
		b.WriteString(p.tokens[i].typed())
	}
	return strings.TrimSpace(b.String())
}

func joined(tokens []token) string {
	parts := make([]string, len(tokens))
	for i := range tokens {
		parts[i] = tokens[i].text
	}
	return strings.Join(parts, " ")
}

// First splits off the first word, in lower case and without the colon or comma that people put after it. rest is what
// follows, as Slack sent it.
func First(text string) (word, rest string) {
	word, rest = cutWord(mend(text))
	return strings.ToLower(strings.TrimRight(word, ":,")), rest
}
