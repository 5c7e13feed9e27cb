package handlers

import (
	"context"
	"strings"

	"incident-bot/bot"
	"incident-bot/bot/blocks"
	"incident-bot/handlers/grammar"
)

// unknown answers what begins with no word: nothing at all, an incident alone, a typing error, or an outage in plain
// words.
func (d *desk) unknown(_ context.Context, r *bot.Request) (bot.Reply, error) {
	if strings.TrimSpace(r.Args) == "" {
		return answer(d.helpAll(r)), nil
	}
	rules := grammar.Rules{Number: grammar.Anywhere}
	if stack, ok := d.stackOf(r); ok {
		rules.URL = stack.IncidentID
	}
	if w := grammar.Parse(r.Args, rules); w.Incident != "" && w.Text == "" && !w.Clash {
		return bot.Reply{Run: "show #" + w.Incident}, nil
	}
	word, rest := grammar.First(r.Args)
	if near, ok := grammar.Nearest(word, d.names()); ok {
		return d.perhaps(r, word, near, rest), nil
	}
	text := blocks.Textf("I do not know *%s*, so nothing was done.", blocks.Cut(word, 50))
	if rest == "" {
		return answer(question(blocks.Textf("%s `%s help` says what can be said.", text, d.command(r)), []button{{id: buttonHelp, label: "Help"}})), nil
	}
	buttons := append(d.choices(r, []choice{d.asTitle(r)}), button{id: buttonHelp, label: "Help"})
	return answer(question(blocks.Textf("%s Is this an incident to declare?", text), buttons)), nil
}

// perhaps offers the word that a mistyped one may have meant. A longer text may also be an outage in plain words.
func (d *desk) perhaps(r *bot.Request, said, near, rest string) bot.Reply {
	w, _ := d.word(near)
	words := strings.TrimSpace(w.Name + " " + rest)
	of := []choice{{"Run it: " + readable(words), words}}
	if len(strings.Fields(rest)) > 1 && w.Name != "declare" {
		of = append(of, d.asTitle(r))
	}
	return answer(question(blocks.Textf("I do not know *%s*, so nothing was done. Did you mean *%s*?", blocks.Cut(said, 50), w.Name), d.choices(r, of)))
}

// asTitle offers to declare an incident of all that was said.
func (d *desk) asTitle(r *bot.Request) choice {
	said := grammar.Parse(r.Args, grammar.Rules{}).Text
	return choice{"Declare “" + blocks.Cut(said, 50) + "”", "declare " + r.Args}
}
