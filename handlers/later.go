package handlers

import (
	"context"
	"errors"
	"time"

	"incident-bot/bot"
	"incident-bot/bot/blocks"
	"incident-bot/handlers/grammar"
	"incident-bot/incident"
)

// partPatience is how long a part that goes with a change is tried before the person is told that it is missing.
const partPatience = 2 * time.Minute

// doubtPatience is how long a doubt is looked into while what answers is not Grafana, or refuses.
const doubtPatience = 2 * time.Minute

// patient says whether a part that failed is worth waiting for: it may pass, and the person has not waited long.
func patient(r *bot.Request, err error) bool {
	var done *bot.NotDoneError
	if err == nil || errors.As(err, &done) || r.Received.IsZero() || r.Now.Sub(r.Received) > partPatience {
		return false
	}
	var open *bot.UnsettledError
	var e *incident.Error
	return errors.As(err, &open) || errors.Is(err, bot.ErrUnkept) || errors.As(err, &e) && e.Temporary()
}

func partial(err error) bool {
	var e *incident.Error
	return errors.As(err, &e) && e.Partial
}

// later says whether a request waits for what went wrong to pass. What only reads does not: it fails at once, and may be
// asked again.
func (d *desk) later(r *bot.Request, err error) (bot.Delay, bool) {
	var (
		done *bot.NotDoneError
		open *bot.UnsettledError
		e    *incident.Error
	)
	doubt := errors.As(err, &open)
	known := errors.As(err, &e)
	switch {
	case errors.As(err, &done) || deedOf(r) == reading:
		return bot.Delay{}, false
	case doubt && known && !e.Temporary() && r.Now.Sub(r.Received) > doubtPatience:
		return bot.Delay{}, false
	case doubt && known:
		return bot.Delay{Why: string(lostBecause(e)) + ", so I am finding out whether it was done"}, true
	case doubt:
		return bot.Delay{Why: "I am finding out whether it was done already"}, true
	case known && e.Temporary():
		why, _ := d.reason(r, e, "")
		return bot.Delay{Why: string(why), After: e.RetryAfter, Firm: e.RetryAfter > 0}, true
	case errors.Is(err, context.DeadlineExceeded):
		return bot.Delay{Why: "Grafana takes too long"}, true
	}
	return bot.Delay{}, false
}

// asksOnly says whether words about a severity or status name none.
func asksOnly(r *bot.Request) bool {
	w := grammar.Parse(r.Args, grammar.Rules{Severity: true, Number: grammar.Anywhere})
	return w.Text == "" && w.Severity == ""
}

// waiting is what a person reads who has no answer yet. The answer takes its place.
func (d *desk) waiting(r *bot.Request, w bot.Wait) blocks.Message {
	why := blocks.Mrkdwn("Grafana takes long to answer")
	switch {
	case w.Why != "":
		why = blocks.Textf("%s", w.Why)
	case w.First != "":
		why = blocks.Textf("what was asked before it waits too (%s)", w.First)
	case w.Behind == 1:
		why = "Grafana takes long to answer, and one request comes before it"
	case w.Behind > 1:
		why = blocks.Textf("Grafana takes long to answer, and %d requests come before it", w.Behind)
	case !w.Running:
		why = "Grafana takes long to answer what was asked before it"
	}
	text := blocks.Textf("⏳ Not done yet: %s.", why)
	if deedOf(r) != reading {
		text = blocks.Join(" ", text, blocks.Textf("It is written down and happens as soon as that passes: no need to type it again. `%s waiting` lists it and can drop it.", d.command(r)))
	}
	return blocks.NewMessage(blocks.Join(" ", text, ref(r)))
}
