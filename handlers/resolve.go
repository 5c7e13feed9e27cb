package handlers

import (
	"context"
	"strings"

	"incident-bot/bot"
	"incident-bot/bot/blocks"
	"incident-bot/handlers/grammar"
	"incident-bot/incident"
)

// resolve resolves an incident, with a closing update if there is a text.
func (d *desk) resolve(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	m, ask, err := d.which(ctx, r, grammar.Rules{})
	if ask != nil || err != nil {
		return reply(ask), err
	}
	return d.resolved(ctx, r, m.stack, m.Incident, m.Text)
}

// resolveSent is the form.
func (d *desk) resolveSent(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	stack, err := d.stack(r)
	if err != nil {
		return bot.Reply{}, err
	}
	return d.resolved(ctx, r, stack, formID(r), strings.TrimSpace(r.View.Values[fieldText]))
}

// resolved sets the status first: what is said afterwards about a resolved incident is then true.
func (d *desk) resolved(ctx context.Context, r *bot.Request, stack Stack, id, text string) (bot.Reply, error) {
	if body := d.signedUpdate(ctx, r, text); len(body) > maxText {
		return tooLong(r, "closing update", body), nil
	}
	i, err := stack.Incident(ctx, id)
	if err != nil {
		return bot.Reply{}, of(id, err)
	}
	if !r.Tried(ctx, effectStatus) {
		if resolved(i) {
			return d.resolvedAlready(r, stack, i, text), nil
		}
		if stale, is := d.staleResolve(r, stack, i, text); is {
			return stale, nil
		}
	}
	_, after, err := d.statusOnce(ctx, r, stack, i, statusResolved)
	if err != nil {
		return bot.Reply{}, of(id, err)
	}
	after = closed(after, r)
	done, line, err := d.lastWords(ctx, r, stack, id, text)
	if err != nil {
		return bot.Reply{}, of(id, err)
	}
	done = blocks.Join(" ", blocks.Textf("✓ %s is resolved.", named(stack, after)), done)
	return changed(r, after, done, blocks.Join("\n", blocks.Textf("%s resolved this incident.", d.who(ctx, r)), line)), nil
}

// lastWords writes the closing update of an incident that is resolved, or without one who resolved it. done is for the
// person who did, line for the readers of the card's thread. An error means that it is worth waiting for.
func (d *desk) lastWords(ctx context.Context, r *bot.Request, stack Stack, id, text string) (done, line blocks.Mrkdwn, err error) {
	if text == "" {
		done, err = d.witness(ctx, r, stack, id, "Resolved")
		return done, "", err
	}
	err = d.addUpdate(ctx, r, stack, effectUpdate, id, d.signedUpdate(ctx, r, text))
	switch {
	case err == nil:
		return "The closing update is written.", blocks.Quote(blocks.Cut(text, 2500)), nil
	case patient(r, err):
		return "", "", err
	}
	logNotDone(ctx, err, "closing update")
	return d.unwritten(r, id, "The closing update", text, err), "", nil
}

// resolvedAlready keeps a text that came too late from being lost: it offers to add it.
func (d *desk) resolvedAlready(r *bot.Request, stack Stack, i incident.Incident, text string) bot.Reply {
	already := blocks.Textf("%s is resolved already, so nothing was changed.", named(stack, i))
	if text == "" {
		return answer(blocks.NewMessage(already))
	}
	return answer(question(blocks.Join(" ", already, "Your text was not written."), d.choices(r, []choice{
		{"Write it as an update", "update #" + i.ID + " " + string(blocks.Escape(text))},
	})))
}

// closed fills in what the answer to a change may lack.
func closed(i incident.Incident, r *bot.Request) incident.Incident {
	if i.Closed.IsZero() {
		i.Closed = r.Now
	}
	return i
}

// reopen makes a resolved incident active.
func (d *desk) reopen(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	m, ask, err := d.which(ctx, r, grammar.Rules{})
	if ask != nil || err != nil {
		return reply(ask), err
	}
	return d.reopened(ctx, r, m.stack, m.Incident)
}

// reopenClicked is the card's button.
func (d *desk) reopenClicked(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	stack, err := d.stack(r)
	if err != nil {
		return bot.Reply{}, err
	}
	return d.reopened(ctx, r, stack, firstPart(r.Action.Value))
}

func (d *desk) reopened(ctx context.Context, r *bot.Request, stack Stack, id string) (bot.Reply, error) {
	i, err := stack.Incident(ctx, id)
	if err != nil {
		return bot.Reply{}, of(id, err)
	}
	if !resolved(i) && !r.Tried(ctx, effectStatus) {
		return say("%s is not resolved (its status is %s), so nothing was changed.", named(stack, i), state(i)), nil
	}
	return d.setStatus(ctx, r, stack, i, statusActive)
}
