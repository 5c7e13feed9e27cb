package slacktest

import (
	"encoding/json"
	"slices"
)

var (
	alertToken = lazy(`<(?:!(channel|here|everyone)|!subteam\^(S[A-Z0-9]+)|@([UW][A-Z0-9]+))(?:\|[^>]*)?>`)
	bareAlert  = lazy(`(?:^|\W)@(channel|here|everyone)\b`)
)

// notifies lists whom a message alerts, by what its text and blocks say: "channel", "here", "everyone", user ids and user
// group ids. mrkdwn and markdown are read for tokens, plain_text is not, and rich_text has elements for it. With
// parse=full bare names alert too (docs: messaging/formatting-message-text).
func notifies(text string, blocks json.RawMessage, parseMode string) []string {
	var out []string
	add := func(who string) {
		if who != "" && !slices.Contains(out, who) {
			out = append(out, who)
		}
	}
	scan := func(text string) {
		for _, m := range alertToken().FindAllStringSubmatch(text, -1) {
			add(m[1] + m[2] + m[3])
		}
		if parseMode == "full" {
			for _, m := range bareAlert().FindAllStringSubmatch(text, -1) {
				add(m[1])
			}
		}
	}
	scan(text)
	v, _ := parse(blocks)
	eachObj(v, func(o obj) {
		switch o.str("type") {
		case "mrkdwn", "markdown":
			scan(o.str("text"))
		case "broadcast":
			add(o.str("range"))
		case "user":
			add(o.str("user_id"))
		case "usergroup":
			add(o.str("usergroup_id"))
		}
	})
	return out
}
