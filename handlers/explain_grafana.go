package handlers

import (
	"strconv"
	"strings"
	"time"

	"incident-bot/bot"
	"incident-bot/bot/blocks"
	"incident-bot/incident"
)

// failedGrafana says what Grafana did not do, or may have done.
func (d *desk) failedGrafana(r *bot.Request, e *incident.Error) bot.Reply {
	what := blocks.Mrkdwn("Nothing was changed")
	if e.Unchanged && isReading(r.Word) {
		what = "Nothing could be shown"
	}
	if e.Uncertain() {
		return d.uncertain(r, e)
	}
	why, now := d.reason(r, e)
	if e.Code == incident.NotFound {
		what = "Nothing was done"
	}
	return failed(r, what, why, now)
}

func isReading(word string) bool {
	return word == "list" || word == "show" || word == "help" || word == ""
}

// uncertain is about an answer that was lost: whoever tries again blindly may do it twice.
func (d *desk) uncertain(r *bot.Request, e *incident.Error) bot.Reply {
	now := blocks.Textf("Look before you try again: `%s show #ID`.", d.command(r))
	if strings.HasPrefix(e.Op, "declare") {
		now = blocks.Textf("Look before you declare again, or there may be two: `%s list`.", d.command(r))
	}
	text := sentence(r, "It may have happened or not", lostBecause(e), now)
	return answer(question(text, d.choices(r, []choice{{"List active incidents", "list"}})))
}

func lostBecause(e *incident.Error) blocks.Mrkdwn {
	switch e.Code {
	case incident.Lost:
		return "Grafana's answer was lost on its way"
	case incident.Unreadable:
		return "what answered was not Grafana's Incident API (a proxy or a login page perhaps)"
	}
	return "Grafana reported an error of its own"
}

// reason is why, and what to do now, for failures that changed nothing.
func (d *desk) reason(r *bot.Request, e *incident.Error) (why, now blocks.Mrkdwn) {
	switch e.Code {
	case incident.Unauthorized:
		return tokenRefused(e.Reason), "Whoever runs incident-bot has to give it a new service account token."
	case incident.Forbidden:
		return "Grafana does not let incident-bot's service account do that", "Whoever runs incident-bot has to give the service account the basic role Editor."
	case incident.NotFound:
		return "your stack has no such incident", blocks.Textf("`%s list` shows which there are.", d.command(r))
	case incident.PluginMissing:
		return "the Grafana stack has no IRM app", "An admin of the stack has to install Grafana IRM."
	case incident.StackUnknown:
		return "Grafana does not find the stack: it is asleep, archived, or the address is wrong", "Open the stack in a browser to wake it, then try again."
	case incident.NoMethod:
		return "the Grafana stack does not know this request", "Its IRM app may be too old; tell whoever runs incident-bot."
	case incident.RateLimited:
		return "Grafana has had too many requests", blocks.Textf("Please try again in %s.", waiting(e.RetryAfter))
	case incident.Unavailable:
		return "the Grafana stack cannot be reached", "Please try again in a minute."
	case incident.Invalid:
		return invalid(e.Reason), "Please say it in another way."
	case incident.Lost:
		return "Grafana did not answer in time", "Please try again."
	case incident.Unreadable:
		return lostBecause(e), "Whoever runs incident-bot should look at the address of the stack."
	}
	return lostBecause(e), "Please try again in a minute."
}

func tokenRefused(reason string) blocks.Mrkdwn {
	switch {
	case strings.HasSuffix(reason, "expired"):
		return "incident-bot's service account token has expired"
	case strings.HasSuffix(reason, "revoked"):
		return "incident-bot's service account token was revoked"
	case strings.HasSuffix(reason, "organization-mismatch"):
		return "incident-bot's service account token belongs to another organisation"
	}
	return "Grafana does not accept incident-bot's service account token"
}

func invalid(reason string) blocks.Mrkdwn {
	switch reason {
	case incident.ReasonSeverityUnknown:
		return "your stack has no such severity"
	case incident.ReasonSeverityIgnored:
		return "Grafana kept another severity"
	case incident.ReasonStatusUnknown:
		return "your stack has no such status"
	case incident.ReasonStatusIgnored:
		return "Grafana kept another status"
	case incident.ReasonQuery:
		return "Grafana cannot search for that text"
	case incident.ReasonEmpty:
		return "there is no text"
	case incident.ReasonTooLong:
		return "the text is longer than Grafana takes"
	}
	return "Grafana refused it as it was said"
}

// waiting is a time to wait, in words.
func waiting(after time.Duration) string {
	switch seconds := int(after.Round(time.Second) / time.Second); {
	case seconds <= 0:
		return "a minute"
	case seconds == 1:
		return "1 second"
	case seconds < 120:
		return strconv.Itoa(seconds) + " seconds"
	default:
		return strconv.Itoa(seconds/60+1) + " minutes"
	}
}
