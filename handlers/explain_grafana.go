package handlers

import (
	"strconv"
	"strings"
	"time"

	"incident-bot/bot"
	"incident-bot/bot/blocks"
	"incident-bot/incident"
)

// failedGrafana says what Grafana did not do, or may have done. id is the incident, if one is known; certainly says that
// it was looked for and is not there.
func (d *desk) failedGrafana(r *bot.Request, e *incident.Error, id string, certainly bool) bot.Reply {
	if uncertain(e) && !certainly && deedOf(r) != reading {
		return d.unsure(r, lostBecause(e), id)
	}
	why, now := d.reason(r, e, id)
	if deedOf(r) != reading && begun(r) {
		return d.unsure(r, why, id)
	}
	var buttons []button
	if e.Code != incident.Invalid && e.Code != incident.NotFound {
		buttons = d.again(r)
	}
	return d.failed(r, nothing(r), why, now, buttons...)
}

// uncertain says whether something may have happened. Where Grafana shows that it kept what was, nothing did.
func uncertain(e *incident.Error) bool {
	return e.Uncertain() && e.Reason != incident.ReasonSeverityIgnored && e.Reason != incident.ReasonStatusIgnored
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
func (d *desk) reason(r *bot.Request, e *incident.Error, id string) (why, now blocks.Mrkdwn) {
	switch e.Code {
	case incident.Unauthorized:
		return tokenRefused(e.Reason), "Whoever runs incident-bot has to give it a new service account token."
	case incident.Forbidden:
		return "Grafana does not let incident-bot's service account do that", "Whoever runs incident-bot has to give the service account the basic role Editor."
	case incident.NotFound:
		return missing(id), blocks.Textf("`%s list` shows which there are.", d.command(r))
	case incident.PluginMissing:
		return "the Grafana stack has no IRM app", "An admin of the stack has to install Grafana IRM."
	case incident.StackUnknown:
		return "Grafana does not find the stack: it is asleep or archived, or its address is wrong", "Open the stack in a browser to wake it, then try again."
	case incident.NoMethod:
		return "the Grafana stack does not know this request", "Its IRM app may be too old; tell whoever runs incident-bot."
	case incident.RateLimited:
		return "Grafana has had too many requests", blocks.Textf("Please try again in %s.", waiting(e.RetryAfter))
	case incident.Unavailable:
		return "the Grafana stack cannot be reached", "Please try again in a minute."
	case incident.Invalid:
		return invalid(e.Reason)
	case incident.Lost:
		return "Grafana did not answer in time", "Please try again."
	case incident.Unreadable:
		return lostBecause(e), "Whoever runs incident-bot should look at the address of the stack."
	}
	switch e.Reason {
	case incident.ReasonSeverityIgnored:
		return "Grafana kept the severity it had", "Please try again, or change it in Grafana."
	case incident.ReasonStatusIgnored:
		return "Grafana kept the status it had", "Please try again, or change it in Grafana."
	}
	return lostBecause(e), "Please try again in a minute."
}

func missing(id string) blocks.Mrkdwn {
	if id == "" {
		return "your stack has no such incident"
	}
	return blocks.Textf("your stack has no incident #%s", blocks.Cut(id, 40))
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

func invalid(reason string) (why, now blocks.Mrkdwn) {
	switch reason {
	case incident.ReasonSeverityUnknown:
		return "your stack has no such severity", "Type `severity` to see which there are."
	case incident.ReasonStatusUnknown:
		return "your stack has no such status", "Type `status` to see which there are."
	case incident.ReasonQuery:
		return "Grafana cannot search for that text", `Please leave out quotes (") and backslashes.`
	case incident.ReasonEmpty:
		return "there is no text", "Please say it with a few words."
	case incident.ReasonTooLong:
		return "the text is longer than Grafana takes", "Please shorten it."
	}
	return "Grafana refused it as it was said", "Please say it in another way."
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
		return strconv.Itoa((seconds+59)/60) + " minutes"
	}
}
