package bot

import (
	"errors"
	"fmt"
	"time"

	"github.com/slack-go/slack"
)

// errDisabled is the end after a disconnect frame with the reason link_disabled: connecting again is pointless
// (gravitational/teleport#67148).
var errDisabled = errors.New("Slack closed the connection because Socket Mode is switched off for this app: " +
	"switch it on at api.slack.com/apps, under Socket Mode, and start the bot again")

// errTooMany says that the app has as many sockets as Slack allows.
var errTooMany = errors.New("Slack has no room for another socket of this app (too_many_websockets; it allows 10): " +
	"another process uses the same app token, or sockets of one that died are not yet forgotten")

// errQuick says that Slack closes sockets as soon as they are open.
var errQuick = errors.New("Slack closes the socket as soon as it is open")

// fatalOpen gives the error that ends the bot if opening a socket failed in a way that time does not mend, nil
// otherwise. What it says is for whoever runs the bot.
func fatalOpen(err error) error {
	var said slack.SlackErrorResponse
	if !errors.As(err, &said) {
		return nil
	}
	fix := appTokenFix(said.Err)
	if fix == "" {
		return nil
	}
	return fmt.Errorf("Slack does not let this app open a socket (%s): %s", said.Err, fix)
}

// appTokenFix says what to do about an error of apps.connections.open, "" if trying again may help.
func appTokenFix(code string) string {
	const where = " under Basic Information, App-Level Tokens, of your app at api.slack.com/apps"
	switch code {
	case "invalid_auth", "not_authed", "token_revoked", "token_expired":
		return "the app token (xapp-…) is wrong or revoked; make a new one with the scope connections:write" + where
	case "account_inactive":
		return "the app or its owner's account was deactivated; make a new app token" + where
	case "not_allowed_token_type":
		return "the token is not an app token; SLACK_APP_TOKEN begins with xapp- and is made" + where
	case "missing_scope", "no_permission":
		return "the app token lacks the scope connections:write; make a new one with it" + where
	case "not_allowed", "access_denied", "ekm_access_denied", "enterprise_is_restricted":
		return "an administrator of the workspace or organisation does not allow it; ask them to approve the app"
	case "forbidden_team", "team_access_not_granted", "invalid_app", "app_not_found":
		return "the app is not installed where its token comes from; install it again and make a new app token" + where
	case "socket_mode_disabled", "socket_mode_not_enabled":
		return "switch Socket Mode on at api.slack.com/apps, under Socket Mode"
	default:
		return ""
	}
}

// openOutcome names what became of an attempt, as the label of a metric.
func openOutcome(err error) string {
	var (
		said    slack.SlackErrorResponse
		limited *slack.RateLimitedError
	)
	switch {
	case err == nil:
		return "ok"
	case errors.As(err, &limited), errors.As(err, &said) && said.Err == "ratelimited":
		return "rate_limited"
	case errors.As(err, &said):
		return "refused"
	default:
		return "failed"
	}
}

// retryAfter gives how long Slack wants to be left alone, 0 if it does not say.
func retryAfter(err error) time.Duration {
	var limited *slack.RateLimitedError
	if errors.As(err, &limited) {
		return limited.RetryAfter
	}
	return 0
}

// disconnectLabel keeps the reasons of disconnects few.
func disconnectLabel(reason string) string {
	switch reason {
	case "warning", "refresh_requested", reasonTooMany, reasonDisabled, "silence", "cut", "stop", "write failed",
		"unreadable frames", "frame too long", "linger", "closed 1000", "closed 1001", "closed 1006", "closed 1009":
		return reason
	default:
		return "other"
	}
}
