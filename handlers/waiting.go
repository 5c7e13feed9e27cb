package handlers

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"

	"incident-bot/bot"
	"incident-bot/bot/blocks"
	"incident-bot/handlers/grammar"
)

// queue knows what waits; *bot.Bot is one.
type queue interface {
	// Waiting gives what a person asked for and is not done, the oldest first, and how much else waits in the workspace.
	Waiting(ctx context.Context, r *bot.Request) (own []bot.Waits, others int, err error)
	// Drop takes one of them back. It is false when that is too late.
	Drop(ctx context.Context, r *bot.Request, id int64) (bot.Waits, bool, error)
}

// waitsShown is how many requests are listed.
const waitsShown = 10

// queued lists what the person asked for and is not done yet.
func (d *desk) queued(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	if d.Waiting == nil {
		return say("Nothing waits: all you asked for is done or answered."), nil
	}
	own, others, err := d.Waiting.Waiting(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	if len(own) == 0 {
		return answer(blocks.NewMessage(blocks.Join(" ", "Nothing of yours waits: all you asked for is done or answered.", besides(others)))), nil
	}
	lines := make([]blocks.Mrkdwn, 0, waitsShown+2)
	lines = append(lines, blocks.Join(" ", "Not done yet, the oldest first:", besides(others)))
	var buttons []button
	for n, w := range own {
		if n == waitsShown {
			lines = append(lines, blocks.Textf("… and %d more", len(own)-n))
			break
		}
		lines = append(lines, d.waitLine(ctx, r, n+1, w))
		buttons = append(buttons, button{id: buttonDrop, value: strconv.FormatInt(w.ID, 10), label: "Drop " + strconv.Itoa(n+1)})
	}
	return answer(question(blocks.Join("\n", lines...), buttons)), nil
}

// besides speaks of what others asked for. Their words are theirs.
func besides(others int) blocks.Mrkdwn {
	switch others {
	case 0:
		return ""
	case 1:
		return "(1 request of somebody else waits too.)"
	}
	return blocks.Textf("(%d requests of others wait too.)", others)
}

// waitLine is one request.
func (d *desk) waitLine(ctx context.Context, r *bot.Request, n int, w bot.Waits) blocks.Mrkdwn {
	why := blocks.Mrkdwn("waits for its turn")
	if w.Begun {
		why = "under way"
	}
	if w.Why != "" {
		why = blocks.Textf("%s", w.Why)
	}
	return blocks.Textf("%d. %s, %s: %s", n, d.wanted(ctx, r, w), ago(r.Now.Sub(w.Since)), why)
}

// wanted says what somebody wants who waits, so that they know it again.
func (d *desk) wanted(ctx context.Context, r *bot.Request, w bot.Waits) string {
	var what string
	switch w.Kind {
	case bot.Mention:
		what = "@incident-bot " + grammar.Parse(w.Text, grammar.Rules{}).Text
	case bot.Submission:
		what = formWanted(w.View)
	case bot.Click:
		what = d.clickWanted(ctx, r, w.Action)
	default:
		what = grammar.Parse(w.Text, grammar.Rules{}).Text
	}
	return blocks.Cut(what, 150)
}

// formWanted names a form by its incident and what was typed into it.
func formWanted(v bot.View) string {
	what := "your form " + v.CallbackID
	if id := firstPart(v.PrivateMetadata); id != "" {
		what += " #" + id
	}
	if text := either(v.Values[fieldTitle], v.Values[fieldText], v.Values[fieldSeverity]); text != "" {
		what += ", “" + strings.TrimSpace(text) + "”"
	}
	return what
}

// clickWanted names a button by what it does.
func (d *desk) clickWanted(ctx context.Context, r *bot.Request, a bot.Action) string {
	switch a.ID {
	case buttonReopen:
		return "your click, reopen #" + firstPart(a.Value)
	case buttonOffer:
		clicked := *r
		clicked.Action, clicked.Key = a, ""
		d.offers.recall(ctx, &clicked)
		if words, ok := d.offers.spent(&clicked); ok {
			return "your click, " + readable(words)
		}
	}
	return "your click"
}

// dropped takes a request back.
func (d *desk) dropped(ctx context.Context, r *bot.Request) (bot.Reply, error) {
	id, err := strconv.ParseInt(r.Action.Value, 10, 64)
	if err != nil || d.Waiting == nil {
		return say("This button is from an older version of incident-bot, so nothing was dropped."), nil
	}
	if what, own := alreadyDropped(ctx, r); own {
		return what.reply(), nil
	}
	was, ok, err := d.Waiting.Drop(ctx, r, id)
	switch {
	case err != nil:
		return bot.Reply{}, err
	case !ok:
		return say("That does not wait any more, or may have been done in part already, so nothing was dropped. Type `%s waiting` to see what waits.", d.command(r)), nil
	}
	what := droppedBy{Act: r.Key, Text: d.wanted(ctx, r, was)}
	what.keep(r)
	return what.reply(), nil
}

// droppedBy is what a click took back. It is remembered: the click may be handled again because its answer did not
// arrive, and there is nothing left to be dropped then.
type droppedBy struct {
	Act  string // Delivery.Key
	Text string // as desk.wanted has it
}

func (w droppedBy) keep(r *bot.Request) {
	if kept, err := json.Marshal(w); err == nil {
		r.Keep("dropped/"+r.Action.Value, kept, r.Now.Add(offerTime))
	}
}

// alreadyDropped says whether this click took something back in an earlier run.
func alreadyDropped(ctx context.Context, r *bot.Request) (was droppedBy, own bool) {
	kept := r.Kept(ctx, "dropped/"+r.Action.Value)
	return was, kept != nil && json.Unmarshal(kept, &was) == nil && was.Act == r.Key
}

func (w droppedBy) reply() bot.Reply {
	return say("✓ Dropped: %s. Nothing of it was done.", w.Text)
}
