package handlers

import (
	"context"

	"incident-bot/bot"
	"incident-bot/bot/blocks"
	"incident-bot/handlers/grammar"
	"incident-bot/incident"
)

// show shows an incident's card.
func (d *desk) show(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	m, ask, err := d.which(ctx, r, grammar.Rules{})
	if ask != nil || err != nil {
		return reply(ask), err
	}
	return d.shown(ctx, r, m.stack, m.Incident)
}

// showClicked shows the card of a list's row.
func (d *desk) showClicked(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	stack, err := d.stack(r)
	if err != nil {
		return bot.Reply{}, err
	}
	return d.shown(ctx, r, stack, r.Action.Value)
}

func (d *desk) shown(ctx context.Context, r *bot.Request, stack Stack, id string) (bot.Reply, error) {
	i, err := stack.Incident(ctx, id)
	if err != nil {
		return bot.Reply{}, of(id, err)
	}
	if i.Private {
		return privateIncident(stack, i), nil
	}
	d.threads.remember(ctx, r, i.ID)
	shown := answer(card(i))
	shown.Answer.Label = label(i.ID)
	return shown, nil
}

// privateIncident is said in place of showing one: who may see it is Grafana's to decide.
func privateIncident(stack Stack, i incident.Incident) bot.Reply {
	return say("%s is private, so it is not shown in Slack. Open it in Grafana, if you may: %s",
		numbered(stack, i.ID), blocks.Link(stack.IncidentURL(i.ID), "open in Grafana"))
}

// reply gives a question that may not be there.
func reply(ask *bot.Reply) bot.Reply {
	if ask == nil {
		return bot.Reply{}
	}
	return *ask
}
