package handlers

import (
	"context"
	"strings"

	"incident-bot/bot"
	"incident-bot/bot/blocks"
	"incident-bot/incident"
)

// A card is an old picture of its incident, and a form that was opened from it is older still. Both carry what they
// showed of what they change, so that nobody overwrites what somebody else did meanwhile without knowing.

// shows is the value of a card's button: the incident and what the card showed.
func shows(id, shown string) string { return id + "|" + shown }

// firstPart is the incident of such a value.
func firstPart(value string) string {
	id, _, _ := strings.Cut(value, "|")
	return id
}

// formID is the incident that a form is about, "" when it is about none.
func formID(r *bot.Request) string { return firstPart(r.View.PrivateMetadata) }

// formShown is what the card showed from which the form was opened, "" when that is not known.
func formShown(r *bot.Request) string {
	_, shown, _ := strings.Cut(r.View.PrivateMetadata, "|")
	return shown
}

// staleSeverity refuses a severity that was chosen before somebody else changed it.
func (d *desk) staleSeverity(ctx context.Context, r *bot.Request, stack Stack, i incident.Incident, said string) (bot.Reply, bool) {
	shown, now := formShown(r), severityOf(i)
	if shown == "" || strings.EqualFold(shown, now) || strings.EqualFold(said, i.Severity) || r.Tried(ctx, effectSeverity) {
		return bot.Reply{}, false
	}
	text := blocks.Textf("Nothing was changed: the severity of %s was %s when you opened the form, and somebody has changed it to %s since. You chose %s.", named(stack, i), shown, now, said)
	return answer(question(text, d.choices(r, []choice{{"Set " + said, severityWords(i.ID, said)}}))), true
}

// staleResolve refuses to resolve what has another status than the card showed. The text is not lost.
func (d *desk) staleResolve(r *bot.Request, stack Stack, i incident.Incident, text string) (bot.Reply, bool) {
	shown, now := formShown(r), state(i)
	if r.Kind != bot.Submission || shown == "" || strings.EqualFold(shown, now) {
		return bot.Reply{}, false
	}
	said := blocks.Textf("Nothing was changed: the status of %s was %s when you opened the form, and somebody has changed it to %s since.", named(stack, i), shown, now)
	return refused(r, said, d.choices(r, []choice{{"Resolve anyway", strings.TrimSpace("resolve #" + i.ID + " " + string(blocks.Escape(text)))}})...), true
}
