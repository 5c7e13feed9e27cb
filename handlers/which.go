package handlers

import (
	"context"

	"incident-bot/bot"
	"incident-bot/bot/blocks"
	"incident-bot/handlers/grammar"
	"incident-bot/incident"
)

// asked is how many incidents a question offers.
const asked = 5

// meant is what was said about which incident.
type meant struct {
	grammar.Words
	stack Stack
}

// which understands what follows a word and finds the incident it is about. When none is named and none is at hand, it
// gives the question to be asked instead; it never guesses.
func (d *desk) which(ctx context.Context, r *bot.Request, rules grammar.Rules) (meant, *bot.Reply, error) {
	stack, err := d.stack(r)
	if err != nil {
		return meant{}, nil, err
	}
	rules.URL, rules.Number = stack.IncidentID, number(r.Word)
	here := d.here(ctx, r)
	if here != "" && rules.Number == grammar.Leading {
		rules.Number = grammar.Alone // "500 errors" in a card's thread is a text
	}
	m := meant{grammar.Parse(r.Args, rules), stack}
	m.Text = d.withNames(ctx, r, m.Words)
	switch {
	case m.Clash:
		reply := say("You named two incidents, so nothing was done. Please name one: `%s %s #%s`.", d.command(r), r.Word, m.Incident)
		return m, &reply, nil
	case m.Incident == "" && here == "":
		reply, err := d.ask(ctx, r, stack)
		return m, &reply, err
	case m.Incident == "":
		m.Incident = here
	}
	return m, nil, nil
}

// ask asks which of the latest incidents is meant. A button runs the same words with the incident put in.
func (d *desk) ask(ctx context.Context, r *bot.Request, stack Stack) (bot.Reply, error) {
	status := statusActive
	if r.Word == "reopen" {
		status = statusResolved
	}
	page, err := stack.Incidents(ctx, incident.Query{Status: status, Limit: asked * 2}, "")
	if err != nil {
		return bot.Reply{}, err
	}
	var of []choice
	for _, i := range public(page.Incidents) {
		if len(of) < asked {
			of = append(of, choice{label: title(i), words: r.Word + " #" + i.ID + " " + r.Args})
		}
	}
	if len(of) == 0 {
		return say("There is no %s incident, so nothing was done. Name another one: `%s %s #ID`.", status, d.command(r), r.Word), nil
	}
	text := blocks.Textf("Which incident do you mean? Nothing was done yet. For another one type `%s %s #ID`.", d.command(r), r.Word)
	return answer(question(text, d.choices(r, of))), nil
}
