package bot

import (
	"fmt"
	"strings"
	"unicode"

	"incident-bot/bot/blocks"
)

// target is what the router needs of a Word, Button or Submit.
type target struct {
	name   string // for logs and metrics: "resolve", "button:card.note", "form:declare"
	word   string // canonical, words only
	access Access
	lane   func(r *Request) string
	form   func(r *Request) *Form
	check  func(r *Request) map[string]string
	run    Handler
}

// table finds targets. Words are found by name and alias in lower case.
type table struct {
	words, buttons, submits map[string]*target
	unknown                 *target
}

// newTable panics on what can only be a mistake in the program.
func newTable(routes Routes) table {
	t := table{words: map[string]*target{}, buttons: map[string]*target{}, submits: map[string]*target{}}
	if routes.Unknown == nil || routes.Explain == nil {
		panic("bot: Routes needs Unknown and Explain")
	}
	t.unknown = &target{name: "unknown", run: routes.Unknown}
	for _, w := range routes.Words {
		one := &target{name: w.Name, word: w.Name, access: w.Access, lane: w.Lane, form: w.Form, run: w.Run}
		for _, name := range append([]string{w.Name}, w.Aliases...) {
			if bad := strings.IndexFunc(name, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsUpper(r) }); bad >= 0 {
				panic(fmt.Sprintf("bot: word %q is not one word in lower case", name))
			}
			add(t.words, "word", name, one)
		}
	}
	for _, b := range routes.Buttons {
		if blocks.BaseID(b.ID) != b.ID || blocks.IsLink(b.ID) {
			panic(fmt.Sprintf("bot: button id %q is reserved", b.ID))
		}
		add(t.buttons, "button", b.ID, &target{name: "button:" + b.ID, access: b.Access, lane: b.Lane, form: b.Form, run: b.Run})
	}
	for _, s := range routes.Submits {
		add(t.submits, "form", s.CallbackID, &target{name: "form:" + s.CallbackID, access: s.Access, lane: s.Lane, check: s.Check, run: s.Run})
	}
	return t
}

func add(to map[string]*target, kind, name string, one *target) {
	switch {
	case name == "":
		panic("bot: a " + kind + " without a name")
	case to[name] != nil:
		panic(fmt.Sprintf("bot: %s %q is registered twice", kind, name))
	case one.run == nil && one.form == nil:
		panic(fmt.Sprintf("bot: %s %q does nothing", kind, name))
	}
	to[name] = one
}

// find gives the target of a request and fills in its words. It is nil for a click or form that nobody registered.
func (t table) find(r *Request, bot string) *target {
	switch r.Kind {
	case Click:
		r.Action.ID = blocks.BaseID(r.Action.ID)
		return t.buttons[r.Action.ID]
	case Submission:
		return t.submits[r.View.CallbackID]
	case Mention:
		if bot == "" && r.Place.Direct() {
			break // nobody has to be named there, and whose name to take out is not known
		}
		return t.say(r, said(r.Text, bot, func(word string) bool { return t.words[word] != nil }))
	}
	return t.say(r, r.Text)
}

// say gives the target of words, Unknown's when no Word has them.
func (t table) say(r *Request, words string) *target {
	word, rest := firstWord(words)
	if one := t.words[word]; one != nil {
		r.Word, r.Args = one.word, rest
		return one
	}
	r.Word, r.Args = "", strings.TrimSpace(words)
	return t.unknown
}
