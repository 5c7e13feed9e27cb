package handlers

import (
	"context"
	"strings"

	"incident-bot/bot"
	"incident-bot/bot/blocks"
	"incident-bot/handlers/grammar"
)

// update writes a status update (Grafana's key update).
func (d *desk) update(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	m, ask, err := d.which(ctx, r, grammar.Rules{})
	if ask != nil || err != nil {
		return reply(ask), err
	}
	return d.updated(ctx, r, m.stack, m.Incident, m.Text)
}

// updateSent is the form.
func (d *desk) updateSent(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	stack, err := d.stack(r)
	if err != nil {
		return bot.Reply{}, err
	}
	return d.updated(ctx, r, stack, formID(r), strings.TrimSpace(r.View.Values[fieldText]))
}

func (d *desk) updated(ctx context.Context, r *bot.Request, stack Stack, id, text string) (bot.Reply, error) {
	body := d.signedUpdate(ctx, r, text)
	switch {
	case text == "":
		return say("There is no text, so nothing was written. Say how it stands: `%s update #%s rolled back, error rate falling`.", d.command(r), id), nil
	case len(body) > maxText:
		return tooLong(r, "update", body), nil
	}
	if err := d.addUpdate(ctx, r, stack, effectUpdate, id, body); err != nil {
		return bot.Reply{}, of(id, err)
	}
	done := say("✓ Status update written to %s.", numbered(stack, id))
	done.Posts = beside(r, blocks.Textf("Status update by %s:\n%s", d.who(ctx, r), blocks.Quote(blocks.Cut(text, 2500))))
	return done, nil
}

// signedUpdate is a status update in Slack's markup with its author under it. What a person typed is text: their
// <!channel> calls nobody when Grafana posts it on.
func (d *desk) signedUpdate(ctx context.Context, r *bot.Request, text string) string {
	return string(blocks.Escape(d.signed(ctx, r, text)))
}
