package handlers

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode"

	"incident-bot/bot"
	"incident-bot/bot/blocks"
	"incident-bot/handlers/grammar"
	"incident-bot/incident"
)

// severity shows the severity, or changes it.
func (d *desk) severity(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	m, ask, err := d.which(ctx, r, grammar.Rules{Severity: true})
	if ask != nil || err != nil {
		return reply(ask), err
	}
	i, err := m.stack.Incident(ctx, m.Incident)
	if err != nil {
		return bot.Reply{}, of(m.Incident, err)
	}
	if said := either(m.Severity, m.Text); said != "" {
		return d.setSeverity(ctx, r, m.stack, i, said)
	}
	return d.severities(ctx, r, m.stack, i), nil
}

// severitySent is the form.
func (d *desk) severitySent(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	stack, err := d.stack(r)
	if err != nil {
		return bot.Reply{}, err
	}
	i, err := stack.Incident(ctx, formID(r))
	if err != nil {
		return bot.Reply{}, of(formID(r), err)
	}
	said := r.View.Values[fieldSeverity]
	if stale, is := d.staleSeverity(ctx, r, stack, i, said); is {
		return stale, nil
	}
	return d.setSeverity(ctx, r, stack, i, said)
}

// severities shows what the severity is and what it may be.
func (d *desk) severities(ctx context.Context, r *bot.Request, stack Stack, i incident.Incident) bot.Reply {
	var of []choice
	for _, name := range severityNames(ctx, stack) {
		if !strings.EqualFold(name, i.Severity) && len(of) < maxChoices {
			of = append(of, choice{name, severityWords(i.ID, name)})
		}
	}
	text := blocks.Textf("The severity of %s is %s.", named(stack, i), severityOf(i))
	if len(of) == 0 {
		return answer(blocks.NewMessage(text))
	}
	return answer(question(blocks.Join(" ", text, "Change it to:"), d.choices(r, of)))
}

// maxChoices keeps a row of buttons readable on a phone.
const maxChoices = 10

func severityWords(id, name string) string { return "severity #" + id + severityOption(name) }

// severityOption is a severity as an option of words.
func severityOption(name string) string { return " sev:" + quoted(name) }

// quoted is a name as one word.
func quoted(name string) string {
	if strings.ContainsFunc(name, unicode.IsSpace) {
		name = `"` + name + `"`
	}
	return string(blocks.Escape(name))
}

// severityNames are the stack's labels, as far as they can be had.
func severityNames(ctx context.Context, stack Stack) []string {
	ctx, cancel := context.WithTimeout(ctx, listTime)
	defer cancel()
	all, err := stack.Severities(ctx)
	if err != nil {
		all = stack.KnownSeverities()
	}
	return severityLabels(all)
}

// unknownSeverity says whether the stack has no such severity, for sure.
func unknownSeverity(err error) bool {
	var e *incident.Error
	return errors.As(err, &e) && e.Code == incident.Invalid && e.Reason == incident.ReasonSeverityUnknown && !e.Partial
}

// listTime is how long a list of the stack's may take that only makes an answer better.
const listTime = 3 * time.Second

// severityLabels gives the labels, the worst first; those without a level, such as Pending, last.
func severityLabels(all []incident.Severity) []string {
	sorted := slices.Clone(all)
	slices.SortStableFunc(sorted, func(a, b incident.Severity) int { return rank(a) - rank(b) })
	names := make([]string, len(sorted))
	for n, s := range sorted {
		names[n] = s.Label
	}
	return names
}

func rank(s incident.Severity) int {
	if s.Level <= 0 {
		return 1 << 20
	}
	return s.Level
}

func (d *desk) setSeverity(ctx context.Context, r *bot.Request, stack Stack, i incident.Incident, said string) (bot.Reply, error) {
	names := severityNames(ctx, stack)
	name, ok := grammar.Choose(said, names)
	switch {
	case !ok:
		name = said // the list may be short of some: the stack will say whether it has this one
	case strings.EqualFold(name, i.Severity) && !r.Tried(ctx, effectSeverity):
		return say("The severity of %s is %s already, so nothing was changed.", named(stack, i), i.Severity), nil
	}
	c, err := d.changeOnce(ctx, r, stack, effectSeverity, i.ID, severityOf(i),
		func(ctx context.Context) (incident.Incident, error) { return stack.SetSeverity(ctx, i.ID, name) },
		func(now incident.Incident) bool { return strings.EqualFold(now.Severity, name) })
	switch {
	case unknownSeverity(err):
		return d.noSeverity(r, said, names, func(name string) string { return severityWords(i.ID, name) }), nil
	case err != nil:
		return bot.Reply{}, of(i.ID, err)
	}
	was, after := c.Was, c.After
	missing, err := d.witness(ctx, r, stack, i.ID, "Severity changed from "+was+" to "+after.Severity)
	if err != nil {
		return bot.Reply{}, of(i.ID, err)
	}
	done := blocks.Textf("✓ The severity of %s is now %s (was %s).", named(stack, after), after.Severity, was)
	line := blocks.Textf("%s changed the severity from %s to %s.", d.who(ctx, r), was, after.Severity)
	return changed(r, after, blocks.Join(" ", done, missing), line), nil
}

// noSeverity offers the severities that there are. words gives what is run with one of them, nil for a form.
func (d *desk) noSeverity(r *bot.Request, said string, names []string, words func(name string) string) bot.Reply {
	if words == nil {
		text := blocks.Textf("Your stack has no severity %q any more, so nothing was done. Open the form again for those that there are.", blocks.Cut(said, 75))
		return refused(r, text, button{id: buttonDeclare, label: "Open the form"})
	}
	of := make([]choice, 0, maxChoices)
	for _, name := range names[:min(len(names), maxChoices)] {
		of = append(of, choice{name, words(name)})
	}
	return refused(r, blocks.Textf("Your stack has no severity %q, so nothing was done. Do it with:", blocks.Cut(said, 75)), d.choices(r, of)...)
}

// witness notes on the timeline who made a change, as Grafana names the service account alone. A change stands without
// it, so its failure is a sentence in the answer.
//
// An error means that it is worth waiting for.
func (d *desk) witness(ctx context.Context, r *bot.Request, stack Stack, id, what string) (missing blocks.Mrkdwn, err error) {
	err = d.addNote(ctx, r, stack, effectWitness, id, incident.Note{Text: what + " by " + d.who(ctx, r) + " via Slack"})
	switch {
	case err == nil:
		return "", nil
	case patient(r, err):
		return "", err
	}
	logNotDone(ctx, err, "note of who made a change")
	if notSure(err) {
		return "I cannot tell whether the timeline says who did it.", nil
	}
	return "The timeline does not say who did it: that note could not be written.", nil
}
