package main

import (
	"fmt"
	"strings"
	"unicode"

	"incident-bot/bot"
)

// slackToken describes a kind of Slack token: how it begins, and where a person finds it.
type slackToken struct{ prefix, kind, where string }

func appToken() slackToken {
	return slackToken{"xapp-", "an app-level token",
		"Make one at api.slack.com/apps → your app → Basic Information → App-Level Tokens, with the scope\nconnections:write. It begins with xapp-."}
}

func botToken() slackToken {
	return slackToken{"xoxb-", "a bot token",
		"Copy it from api.slack.com/apps → your app → OAuth & Permissions → Bot User OAuth Token. It begins with xoxb-."}
}

// others are the kinds of token that are pasted in the place of the right one.
func otherTokens() []slackToken {
	return []slackToken{
		appToken(), botToken(),
		{"xoxp-", "a user token", ""},
		{"xoxe.", "a rotated or configuration token", ""},
		{"xoxe-", "a refresh token", ""},
		{"glsa_", "a Grafana service account token", ""},
		{"glc_", "a Grafana Cloud access policy token", ""},
	}
}

// check says what is wrong with a token, or "". It never repeats any part of the token beyond the prefix that names its
// kind.
func (want slackToken) check(token bot.Secret) string {
	text := token.Reveal()
	switch {
	case text == "":
		return "is not set."
	case strings.HasPrefix(text, want.prefix):
		if strings.ContainsFunc(text, notToken) {
			return "holds white space or other characters that no token has: it was not pasted whole, or with something else."
		}
		if len(text) < len(want.prefix)+minToken {
			return "is too short for a token: it was not pasted whole."
		}
		return ""
	}
	for _, other := range otherTokens() {
		if strings.HasPrefix(text, other.prefix) {
			return fmt.Sprintf("holds %s (%s…), and %s (%s…) belongs here.", other.kind, other.prefix, want.kind, want.prefix)
		}
	}
	return fmt.Sprintf("is not a Slack token of the right kind: it does not begin with %s", want.prefix)
}

// minToken is how many characters a token has at least after its prefix. Slack's have more than 40; the fakes' may be
// shorter.
const minToken = 8

func notToken(r rune) bool { return unicode.IsSpace(r) || r > unicode.MaxASCII || !unicode.IsPrint(r) }
