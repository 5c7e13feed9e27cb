package handlers

import (
	"context"
	"strings"

	"incident-bot/bot"
	"incident-bot/bot/blocks"
	"incident-bot/handlers/grammar"
	"incident-bot/incident"
)

// status shows the status, or sets it.
func (d *desk) status(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	m, ask, err := d.which(ctx, r, grammar.Rules{})
	if ask != nil || err != nil {
		return reply(ask), err
	}
	i, err := m.stack.Incident(ctx, m.Incident)
	if err != nil {
		return bot.Reply{}, of(m.Incident, err)
	}
	names := statusNames(ctx, m.stack)
	if m.Text == "" {
		return d.statuses(r, m.stack, i, names), nil
	}
	name, ok := grammar.Choose(m.Text, names)
	if !ok {
		text := blocks.Textf("Your stack has no status %q, so nothing was done. Set it to:", blocks.Cut(m.Text, 75))
		return answer(question(text, d.choices(r, statusChoices(i, names)))), nil
	}
	return d.setStatus(ctx, r, m.stack, i, name)
}

// statuses shows what the status is and what it may be.
func (d *desk) statuses(r *bot.Request, stack Stack, i incident.Incident, names []string) bot.Reply {
	text := blocks.Textf("The status of %s is %s.", named(stack, i), state(i))
	return answer(question(blocks.Join(" ", text, "Change it to:"), d.choices(r, statusChoices(i, names))))
}

func statusChoices(i incident.Incident, names []string) []choice {
	of := make([]choice, 0, maxChoices)
	for _, name := range names {
		if !strings.EqualFold(name, i.Status) && len(of) < maxChoices {
			of = append(of, choice{name, "status #" + i.ID + " " + quoted(name)})
		}
	}
	return of
}

// statusNames are the stack's own statuses. Active and resolved are sure when the list cannot be had.
func statusNames(ctx context.Context, stack Stack) []string {
	ctx, cancel := context.WithTimeout(ctx, listTime)
	defer cancel()
	all, err := stack.Statuses(ctx)
	names := make([]string, 0, len(all)+2)
	if err == nil {
		for _, s := range all {
			names = append(names, either(s.Name, s.Slug))
		}
	}
	for _, sure := range []string{statusActive, statusResolved} {
		if _, ok := grammar.Choose(sure, names); !ok {
			names = append(names, sure)
		}
	}
	return names
}

// setStatus changes the status, unless it is so already.
func (d *desk) setStatus(ctx context.Context, r *bot.Request, stack Stack, i incident.Incident, name string) (bot.Reply, error) {
	if grammar.Same(i.Status, name) && !r.Tried(ctx, effectStatus) { // Grafana may give the slug
		return say("The status of %s is %s already, so nothing was changed.", named(stack, i), state(i)), nil
	}
	was, after, err := d.statusOnce(ctx, r, stack, i, name)
	if err != nil {
		return bot.Reply{}, of(i.ID, err)
	}
	missing, err := d.witness(ctx, r, stack, i.ID, "Status changed from "+was+" to "+state(after))
	if err != nil {
		return bot.Reply{}, of(i.ID, err)
	}
	done := blocks.Textf("✓ The status of %s is now %s (was %s).", named(stack, after), state(after), was)
	line := blocks.Textf("%s changed the status from %s to %s.", d.who(ctx, r), was, state(after))
	return changed(r, after, blocks.Join(" ", done, missing), line), nil
}

// statusOnce sets the status and says what it was.
func (d *desk) statusOnce(ctx context.Context, r *bot.Request, stack Stack, i incident.Incident, name string) (was string, after incident.Incident, err error) {
	c, err := d.changeOnce(ctx, r, stack, effectStatus, i.ID, state(i),
		func(ctx context.Context) (incident.Incident, error) { return stack.SetStatus(ctx, i.ID, name) },
		func(now incident.Incident) bool {
			return grammar.Same(now.Status, name) || name == statusResolved && resolved(now)
		})
	return c.Was, c.After, err
}
