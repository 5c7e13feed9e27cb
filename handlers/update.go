package handlers

import (
	"context"

	"incident-bot/bot"
	"incident-bot/bot/blocks"
	"incident-bot/handlers/grammar"
)

// update writes a status update (Grafana's key update).
func (d *desk) update(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	m, ask, err := d.which(ctx, r, grammar.Rules{Number: grammar.Leading})
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
	return d.updated(ctx, r, stack, r.View.PrivateMetadata, r.View.Values[fieldText])
}

func (d *desk) updated(ctx context.Context, r *bot.Request, stack Stack, id, text string) (bot.Reply, error) {
	switch {
	case text == "":
		return say("There is no text, so nothing was written. Say how it stands: `%s update #%s rolled back, error rate falling`.", d.command(r), id), nil
	case len(text) > maxNote:
		return say("The update has %d bytes, and Grafana takes %d, so nothing was written. Please shorten it.", len(text), maxNote), nil
	}
	if err := stack.AddUpdate(ctx, id, signedUpdate(ctx, r, text)); err != nil {
		return bot.Reply{}, err
	}
	done := answer(blocks.NewMessage(blocks.Textf("✓ Status update written to %s.", numbered(stack, id))))
	if onCard(r) && !r.Place.Ephemeral && !r.Place.Direct() {
		said := blocks.Textf("Status update by %s:\n%s", blocks.User(r.Actor.UserID), blocks.Quote(blocks.Cut(text, 2500)))
		done.Posts = []bot.Post{{Message: blocks.NewMessage(said, blocks.Section(said)), Thread: cardThread(r.Place)}}
	}
	return done, nil
}

// signedUpdate is a status update in Slack's markup with its author under it. What a person typed is text: their
// <!channel> calls nobody when Grafana posts it on.
func signedUpdate(ctx context.Context, r *bot.Request, text string) string {
	return string(blocks.Escape(signed(ctx, r, text)))
}
