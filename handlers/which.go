package handlers

import (
	"context"
	"strings"

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
	rules.URL = stack.IncidentID
	here := d.here(ctx, r)
	if here != "" && rules.Number == grammar.Leading {
		rules.Number = grammar.Alone // "500 errors" in a card's thread is a text
	}
	m := meant{grammar.Parse(r.Args, rules), stack}
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

// here is the incident whose card's thread this is, "" if it is none's.
func (d *desk) here(ctx context.Context, r *bot.Request) string {
	if d.Labels == nil || r.Place.ThreadTS == "" {
		return ""
	}
	name, _ := d.Labels.At(ctx, r.Workspace, r.Place.ChannelID, r.Place.ThreadTS)
	id, ok := strings.CutPrefix(name, incidentLane)
	if !ok {
		return ""
	}
	return id
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
	for _, i := range page.Incidents {
		if i.Private || len(of) == asked {
			continue
		}
		of = append(of, choice{label: "#" + i.ID + " " + i.Title, words: r.Word + " #" + i.ID + " " + r.Args})
	}
	how := blocks.Textf("Or name it: `%s %s #ID`.", d.command(r), r.Word)
	if len(of) == 0 {
		return answer(blocks.NewMessage(blocks.Textf("There is no %s incident, so nothing was done. %s", status, how))), nil
	}
	return answer(question(blocks.Textf("Which incident is meant? Nothing was done yet. %s", how), d.choices(r, of))), nil
}
