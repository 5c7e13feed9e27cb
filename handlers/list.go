package handlers

import (
	"context"
	"slices"
	"strings"

	"incident-bot/bot"
	"incident-bot/handlers/grammar"
	"incident-bot/incident"
)

// listed is how many incidents a page shows.
const listed = 8

// drillsBeside is how many drills stand under the first page of real incidents.
const drillsBeside = 3

// listing lists incidents.
func (d *desk) listing(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	stack, err := d.stack(r)
	if err != nil {
		return bot.Reply{}, err
	}
	q, wrong := d.asked(ctx, r, stack)
	if wrong != nil {
		return *wrong, nil
	}
	return d.pageOf(ctx, r, stack, q, []string{""})
}

// listFlags are the words that say which incidents are listed.
func listFlags() []string {
	return []string{"active", "open", "resolved", "closed", "all", "drills", "drill", "mine"}
}

// asked understands which incidents are meant.
func (d *desk) asked(ctx context.Context, r *bot.Request, stack Stack) (incident.Query, *bot.Reply) {
	names := severityNames(ctx, stack)
	w := grammar.Parse(r.Args, grammar.Rules{Severities: names, Severity: true, Labels: true, Flags: listFlags()})
	q := incident.Query{Status: statusActive, Limit: listed, Drills: new(bool)}
	for _, flag := range w.Flags {
		switch flag {
		case "resolved", "closed":
			q.Status = statusResolved
		case "all":
			q.Status = ""
		case "drills", "drill":
			*q.Drills = true
		}
	}
	q.Title = searched(w.Text)
	if len(w.Labels) > 0 {
		q.Label = incident.Label(w.Labels[0])
	}
	switch name, ok := grammar.Choose(w.Severity, names); {
	case ok:
		q.Severity = name
	case w.Severity != "" && len(names) > 0:
		wrong := d.noSeverity(r, w.Severity, names, func(name string) string {
			return "list " + r.Args + severityOption(name)
		})
		return q, &wrong
	default:
		q.Severity = w.Severity
	}
	switch {
	case w.BadLabel != "" || len(w.Labels) > 1:
		wrong := say("I can list by one label, `label:team=payments`, so nothing was listed.")
		return q, &wrong
	case slices.Contains(w.Flags, "mine"):
		wrong := say("Which incidents are yours I cannot tell yet. `%s list` shows all active ones.", d.command(r))
		return q, &wrong
	case strings.Contains(q.Title, `"`):
		wrong := say("Grafana cannot search for a title with a \" in it. Please leave it out.")
		return q, &wrong
	}
	return q, nil
}

// searched is the text to search titles for; quotes around its words only grouped them.
func searched(text string) string {
	words := strings.Fields(text)
	for i := range words {
		words[i] = strings.Trim(words[i], `"`)
	}
	return strings.Join(words, " ")
}

// page turns the page of a list, in its place.
func (d *desk) page(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	stack, err := d.stack(r)
	if err != nil {
		return bot.Reply{}, err
	}
	d.offers.recall(ctx, r)
	one, is := d.offers.find(r, r.Action.Value)
	switch {
	case is == others:
		return say("Only the person who asked can turn these pages. `%s list` shows you your own.", d.Command), nil
	case is == gone || len(one.cursors) == 0:
		return say("This list is over an hour old. `%s list` shows it anew.", d.Command), nil
	}
	reply, err := d.pageOf(ctx, r, stack, one.query, one.cursors)
	if reply.Answer != nil {
		reply.Answer.Replace = true
	}
	return reply, err
}

// pageOf shows one page: the last of cursors leads to it, those before it lead back.
func (d *desk) pageOf(ctx context.Context, r *bot.Request, stack Stack, q incident.Query, cursors []string) (bot.Reply, error) {
	page, err := stack.Incidents(ctx, q, cursors[len(cursors)-1])
	if err != nil {
		return bot.Reply{}, err
	}
	v := listView{query: q, incidents: public(page.Incidents), first: len(cursors) == 1, more: page.Next != "", number: len(cursors)}
	if !*q.Drills && len(cursors) == 1 {
		v.drills, v.moreDrills = d.drills(ctx, stack, q)
	}
	turn := func(label string, cursors []string) {
		v.turns = append(v.turns, button{buttonPage, d.offers.put(r, offer{query: q, cursors: cursors}), label})
	}
	if len(cursors) > 1 {
		turn("Back", cursors[:len(cursors)-1])
	}
	if page.Next != "" {
		turn("More", append(slices.Clone(cursors), page.Next))
	}
	return answer(v.message(d.command(r), r.Now)), nil
}

// drills are the latest drills of the same kind, and whether there are more; a list without them is better than none.
func (d *desk) drills(ctx context.Context, stack Stack, q incident.Query) (latest []incident.Incident, more bool) {
	drills := true
	q.Drills, q.Limit = &drills, drillsBeside
	page, err := stack.Incidents(ctx, q, "")
	if err != nil {
		logNotDone(ctx, err, "drills of a list")
		return nil, false
	}
	return public(page.Incidents), page.Next != ""
}

// public leaves private incidents out: a list is read by more people than may see them.
func public(all []incident.Incident) []incident.Incident {
	return slices.DeleteFunc(slices.Clone(all), func(i incident.Incident) bool { return i.Private })
}
