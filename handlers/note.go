package handlers

import (
	"context"
	"errors"
	"strings"
	"time"

	"incident-bot/bot"
	"incident-bot/bot/blocks"
	"incident-bot/handlers/grammar"
	"incident-bot/incident"
)

// maxText is the longest timeline entry and status update in bytes, their author included (docs: Activity body).
const maxText = 65_536

// note writes to the timeline.
func (d *desk) note(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	m, ask, err := d.which(ctx, r, grammar.Rules{})
	if ask != nil || err != nil {
		return reply(ask), err
	}
	return d.noted(ctx, r, m.stack, m.Incident, m.Text)
}

// noteSent is the form.
func (d *desk) noteSent(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	stack, err := d.stack(r)
	if err != nil {
		return bot.Reply{}, err
	}
	return d.noted(ctx, r, stack, formID(r), strings.TrimSpace(r.View.Values[fieldText]))
}

func (d *desk) noted(ctx context.Context, r *bot.Request, stack Stack, id, text string) (bot.Reply, error) {
	at, text, wrong := d.backdated(ctx, r, text)
	body := d.signed(ctx, r, text)
	switch {
	case wrong != "":
		return refused(r, wrong), nil
	case text == "":
		return say("There is no text, so nothing was written. Say what happened: `%s note #%s CPU back to normal`.", d.command(r), id), nil
	case len(body) > maxText:
		return tooLong(r, "note", body), nil
	}
	if err := d.addNote(ctx, r, stack, effectNote, id, incident.Note{Text: body, At: at}); err != nil {
		return bot.Reply{}, of(id, err)
	}
	if at.IsZero() {
		return say("✓ Noted on %s.", numbered(stack, id)), nil
	}
	return say("✓ Noted on %s, dated %s.", numbered(stack, id), blocks.Date(at)), nil
}

// tooLong refuses a text, with its author under it, that Grafana would refuse or cut.
func tooLong(r *bot.Request, what, body string) bot.Reply {
	return refused(r, blocks.Textf("The %s is too long for Grafana (%d bytes, %d are the most), so nothing was done. Please shorten it.", what, len(body), maxText))
}

// backdated takes "at 14:32" off the beginning of a note. wrong is what to say when the time cannot be used.
func (d *desk) backdated(ctx context.Context, r *bot.Request, text string) (at time.Time, rest string, wrong blocks.Mrkdwn) {
	zone, known := time.UTC, false
	if p, err := d.person(ctx, r); err == nil && p.Location != nil {
		zone, known = p.Location, true
	}
	at, rest, found, err := grammar.Time(text, r.Now, zone)
	clock := r.Now.In(zone).Format("15:04 MST")
	switch {
	case errors.Is(err, grammar.ErrFuture):
		return at, rest, blocks.Textf("That time is still to come (it is %s now), so nothing was written. Use a time in the past: `note at 14:32 …`.", clock)
	case errors.Is(err, grammar.ErrUnreadable):
		return at, rest, "I cannot read that time, so nothing was written. Write `note at 14:32 …`, or with a date `note at 2026-11-24 14:32 …`."
	case !found:
		return time.Time{}, text, ""
	case !known && zoned(text, at, r.Now):
		return at, rest, blocks.Textf("Slack does not say which time zone you are in, so nothing was written. Write the time with its zone: `note at %s …`.", r.Now.UTC().Format(time.RFC3339))
	}
	return at, rest, ""
}

// zoned says whether a time means another moment in another zone.
func zoned(text string, at, now time.Time) bool {
	other, _, _, _ := grammar.Time(text, now, earliest())
	return !other.Equal(at)
}
