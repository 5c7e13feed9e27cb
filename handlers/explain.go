package handlers

import (
	"context"
	"errors"
	"strings"

	"incident-bot/bot"
	"incident-bot/bot/blocks"
	"incident-bot/incident"
)

// explain makes the sentences for whatever went wrong: what did not happen, why in plain words, what to do now, and the
// reference that the log has too. It is the only place that does.
func (d *desk) explain(r *bot.Request, err error) bot.Reply {
	var (
		grafana *incident.Error
		access  *bot.AccessError
		form    *bot.FormError
		noStack errNoStack
		notDone *bot.NotDoneError
	)
	switch {
	case errors.As(err, &access) && begun(r):
		return d.unsure(r, "Slack does not say any more that you may do it", incidentOf(err))
	case errors.As(err, &access):
		return d.refusedBy(r, access)
	case errors.Is(err, bot.ErrUnkept) && deedOf(r) != reading && begun(r):
		return d.unsure(r, "incident-bot cannot write down what it does (its disk or database does not work)", incidentOf(err))
	case errors.Is(err, bot.ErrTooLate):
		return d.failed(r, nothing(r), "incident-bot was away for hours, and what you asked for then may be wrong by now", "Please type it again if it is still right.", d.again(r)...)
	case errors.Is(err, bot.ErrUnkept):
		return d.failed(r, nothing(r), "incident-bot cannot write down what it is told (its disk or database does not work)", "Please try again in a minute, and tell whoever runs it.")
	case errors.As(err, &grafana):
		return d.failedGrafana(r, grafana, incidentOf(err), errors.As(err, &notDone))
	case errors.As(err, &form):
		return d.formLate(r, form)
	case errors.As(err, &noStack) && begun(r):
		return d.unsure(r, "this workspace is not connected to a Grafana stack any more", "")
	case errors.As(err, &noStack):
		return d.failed(r, nothing(r), "this workspace is not connected to a Grafana stack", "Whoever runs incident-bot can connect it.")
	case errors.Is(err, bot.ErrDropped):
		return say("✗ You took this back, so nothing was done. %s", ref(r))
	case errors.Is(err, bot.ErrBusy):
		return d.failed(r, nothing(r), "too many requests are waiting", "Please try again in a minute.", d.again(r)...)
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return d.unsure(r, "it took too long", incidentOf(err))
	}
	return d.unsure(r, "incident-bot itself failed (please tell whoever runs it)", incidentOf(err))
}

// deed is what kind of thing a request wanted.
type deed int

const (
	changing deed = iota
	reading
	declaring
	writing
)

// deedOf says what a request wanted, by its word, form or button.
func deedOf(r *bot.Request) deed {
	name := r.Word
	switch {
	case r.Kind == bot.Submission:
		name = r.View.CallbackID
	case r.Kind == bot.Click && name == "":
		name = r.Action.ID
	}
	switch name {
	case "declare", buttonDeclare:
		return declaring
	case "update", "note":
		return writing
	case "severity", "status":
		if r.Kind != bot.Submission && asksOnly(r) {
			return reading
		}
		return changing
	case "resolve", "reopen", buttonReopen:
		return changing
	}
	return reading
}

// nothing says that what a request wanted did not happen.
func nothing(r *bot.Request) blocks.Mrkdwn {
	switch deedOf(r) {
	case declaring:
		return "Nothing was declared"
	case writing:
		return "Nothing was written"
	case reading:
		return "Nothing can be shown"
	}
	return "Nothing was changed"
}

// failed is an error as people read it. What was typed into a form comes back with it: the form is gone, and nothing
// that was typed shall be.
func (d *desk) failed(r *bot.Request, what, why, now blocks.Mrkdwn, buttons ...button) bot.Reply {
	return answer(question(sentence(r, what, why, now), buttons, typed(r)))
}

func sentence(r *bot.Request, what, why, now blocks.Mrkdwn) blocks.Mrkdwn {
	return blocks.Textf("✗ %s: %s. %s %s", what, why, now, ref(r))
}

// ref is the reference of a request, by which its lines in the log are found.
func ref(r *bot.Request) blocks.Mrkdwn { return blocks.Textf("`ref %s`", r.Ref) }

// unsure is about what was interrupted: whoever tries again blindly may do it twice. id is the incident, if one is known.
func (d *desk) unsure(r *bot.Request, why blocks.Mrkdwn, id string) bot.Reply {
	stack, _ := d.stackOf(r)
	page := blocks.Mrkdwn("the incident")
	if stack != nil && id != "" {
		page = numbered(stack, id)
	}
	switch deedOf(r) {
	case declaring:
		now := blocks.Textf("Look before you declare it again, or there may be two: `%s list`.", d.command(r))
		return d.failed(r, "I cannot tell whether it was declared", why, now, button{id: buttonList, label: "List active incidents"})
	case writing:
		now := blocks.Textf("Look at the timeline of %s before you write it again.", page)
		return d.failed(r, "I cannot tell whether it was written", why, now)
	case reading:
		return d.failed(r, nothing(r), why, "Please try again.", d.again(r)...)
	}
	now := blocks.Textf("Look at %s before you try again.", page)
	return d.failed(r, "I cannot tell whether it was changed", why, now, showButton(id)...)
}

// again is a button that runs the same words once more; there is none for a form, whose text comes back instead.
func (d *desk) again(r *bot.Request) []button {
	words := strings.TrimSpace(r.Word + " " + r.Args)
	if r.Kind == bot.Submission || r.Kind == bot.Click && r.Word == "" || words == "" {
		return nil
	}
	return d.choices(r, []choice{{"Try again", words}})
}

func showButton(id string) []button {
	if id == "" {
		return nil
	}
	return []button{{id: buttonShow, value: id, label: "Show #" + id}}
}

// typed gives back what was typed into a form, "" for anything else.
func typed(r *bot.Request) blocks.Mrkdwn {
	if r.Kind != bot.Submission {
		return ""
	}
	var parts []string
	for _, field := range []string{fieldTitle, fieldText, fieldDescription} {
		if text := strings.TrimSpace(r.View.Values[field]); text != "" {
			parts = append(parts, text)
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return blocks.Textf("You had typed:\n%s", blocks.Quote(blocks.Cut(strings.Join(parts, "\n"), 2800)))
}

// refusedBy says who may not act.
func (d *desk) refusedBy(r *bot.Request, e *bot.AccessError) bot.Reply {
	look := blocks.Textf("`%s list` and `%s show` work for you.", d.command(r), d.command(r))
	switch e.Reason {
	case bot.Guest:
		return d.failed(r, "Nothing was done", "guests may read incidents and not change them", blocks.Textf("Please ask a full member of this workspace. %s", look))
	case bot.Stranger:
		return d.failed(r, "Nothing was done", "people of other workspaces may read incidents here and not change them", blocks.Textf("Please ask a member of this workspace. %s", look))
	case bot.Robot:
		return d.failed(r, "Nothing was done", "apps and deactivated accounts may not change incidents", "Please have a person do it.")
	}
	return d.failed(r, "Nothing was done", "Slack could not say who you are, so I cannot tell whether you may", "Please try again; if it stays so, the app lacks the scope users:read.", d.again(r)...)
}

// formLate says that a form did not open, with a button that opens it.
func (d *desk) formLate(r *bot.Request, e *bot.FormError) bot.Reply {
	again := button{id: r.Action.ID, value: r.Action.Value, label: "Open the form"}
	if r.Kind != bot.Click || r.Word != "" {
		again.id, again.value = buttonDeclare, d.prefilled(r)
	}
	if e.Expired {
		return d.failed(r, "The form did not open", "Slack gives three seconds for that, and they were over", "Tap to open it.", again)
	}
	return d.failed(r, "The form did not open", "Slack did not take it", "Tap to try again.", again)
}
