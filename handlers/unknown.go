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
		w, _ := d.word(near)
		text := blocks.Textf("I do not know *%s*, so nothing was done. Did you mean *%s*?", blocks.Cut(word, 50), w.Name)
		return answer(question(text, d.choices(r, []choice{{"Run it: " + readable(w.Name+" "+rest), w.Name + " " + rest}}))), nil
	}
	said := grammar.Parse(r.Args, grammar.Rules{}).Text
	text := blocks.Textf("I do not know *%s*, so nothing was done.", blocks.Cut(word, 50))
	if rest == "" {
		return answer(question(blocks.Textf("%s `%s help` says what can be said.", text, d.command(r)), []button{{id: buttonHelp, label: "Help"}})), nil
	}
	buttons := d.choices(r, []choice{{"Declare “" + blocks.Cut(said, 50) + "”", "declare " + r.Args}})
	text = blocks.Textf("%s Is this an incident to declare?", text)
	return answer(question(text, append(buttons, button{id: buttonHelp, label: "Help"}))), nil
}
