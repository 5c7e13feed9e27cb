package handlers

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"incident-bot/bot"
	"incident-bot/handlers/grammar"
)

// people looks persons up; *bot.People does.
type people interface {
	Get(ctx context.Context, workspace, user string) (bot.Person, error)
}

// person looks up who acted.
func (d *desk) person(ctx context.Context, r *bot.Request) (bot.Person, error) {
	if d.People == nil {
		return r.Who(ctx)
	}
	return d.People.Get(ctx, r.Workspace, r.Actor.UserID)
}

// who names the person who acted, for Grafana's eyes. Slack may not say; the handle or the id is better than nothing.
func (d *desk) who(ctx context.Context, r *bot.Request) string {
	if p, err := d.person(ctx, r); err == nil && strings.TrimSpace(p.Name) != "" {
		return p.Name
	}
	return either(r.Actor.Name, r.Actor.UserID)
}

// signed puts under a text who wrote it, as the API can only write as the service account.
func (d *desk) signed(ctx context.Context, r *bot.Request, text string) string {
	return fmt.Sprintf("%s\n— %s via Slack", text, d.who(ctx, r))
}

// namesKept bounds how many people of one text are looked up.
const namesKept = 10

// withNames gives the text with the names of the people in it. Slack writes @U024BE7LH where somebody is mentioned in a
// message, and Grafana's readers do not know who that is.
func (d *desk) withNames(ctx context.Context, r *bot.Request, w grammar.Words) string {
	if d.People == nil || !strings.Contains(w.Text, "@") {
		return w.Text
	}
	ids := slices.Compact(slices.SortedFunc(slices.Values(w.People), func(a, b string) int {
		return cmp.Or(len(b)-len(a), strings.Compare(a, b)) // @U12 before @U1
	}))
	text := w.Text
	for _, id := range ids[:min(len(ids), namesKept)] {
		if !strings.Contains(text, "@"+id) {
			continue // Slack gave the name itself
		}
		if p, err := d.People.Get(ctx, r.Workspace, id); err == nil && p.Name != "" {
			text = strings.ReplaceAll(text, "@"+id, "@"+p.Name)
		}
	}
	return text
}
