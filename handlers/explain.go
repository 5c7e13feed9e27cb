package handlers

import (
	"context"
	"errors"

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
	)
	switch {
	case errors.As(err, &access):
		return d.refusedBy(r, access)
	case errors.As(err, &form) && errors.As(form.Err, &grafana):
		return d.failedGrafana(r, grafana)
	case errors.As(err, &form):
		return d.formLate(r, form)
	case errors.As(err, &grafana):
		return d.failedGrafana(r, grafana)
	case errors.As(err, &noStack):
		return failed(r, "Nothing was done", "this workspace is not connected to a Grafana stack", "Whoever runs incident-bot can connect it.")
	case errors.Is(err, bot.ErrBusy):
		return failed(r, "Nothing was done", "too many requests are waiting", "Please try again in a minute.")
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return failed(r, "It may have happened or not", "incident-bot ran out of time", "Please look before you try again.")
	}
	return failed(r, "It may have happened or not", "of an error inside incident-bot", "Please look before you try again, and give the reference to whoever runs incident-bot.")
}

// failed is an error as people read it.
func failed(r *bot.Request, what, why, now blocks.Mrkdwn) bot.Reply {
	return answer(blocks.NewMessage(sentence(r, what, why, now)))
}

func sentence(r *bot.Request, what, why, now blocks.Mrkdwn) blocks.Mrkdwn {
	return blocks.Textf("✗ %s: %s. %s `ref %s`", what, why, now, r.Ref)
}

// refusedBy says who may not act.
func (d *desk) refusedBy(r *bot.Request, e *bot.AccessError) bot.Reply {
	switch e.Reason {
	case bot.Guest:
		return failed(r, "Nothing was done", "guests may read incidents and not change them", "Please ask a full member of this workspace.")
	case bot.Stranger:
		return failed(r, "Nothing was done", "people of other workspaces may read incidents here and not change them", "Please ask a member of this workspace.")
	case bot.Robot:
		return failed(r, "Nothing was done", "apps and deactivated accounts may not change incidents", "Please have a person do it.")
	}
	return failed(r, "Nothing was done", "Slack could not say who you are, so I cannot tell whether you may", "Please try again; if it stays so, the app lacks the scope users:read.")
}

// formLate says that a form did not open, with a button that opens it.
func (d *desk) formLate(r *bot.Request, e *bot.FormError) bot.Reply {
	text := sentence(r, "The form did not open", "Slack did not take it", "Please try again.")
	if e.Expired {
		text = sentence(r, "The form did not open", "Slack gives three seconds for that, and they were over", "Tap to open it again.")
	}
	again := button{id: buttonDeclare, label: "Open the form"}
	if r.Kind == bot.Click {
		again.id, again.value = r.Action.ID, r.Action.Value
	}
	return answer(question(text, []button{again}))
}
