package demo

import (
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"incident-bot/bot/slacktest"
)

// slackbot is the user in whose name Slack itself speaks.
const slackbot = "USLACKBOT"

// headline finds the incident that a card is about: a line of it begins with the number.
var headline = regexp.MustCompile(`(?m)^#(\d+)\b`)

// id names a message for ever, also among messages that only one person sees.
func id(m slacktest.Message) string { return m.Channel + "/" + m.TS + "/" + m.To }

// about is the incident whose card a message is, "" if it is none's. Every card has a button to write a note; a list of
// incidents has none.
func about(m slacktest.Message) string {
	if m.Ephemeral || !slices.Contains(m.Buttons(), "Note") {
		return ""
	}
	if found := headline.FindStringSubmatch(m.Plain()); found != nil {
		return found[1]
	}
	return ""
}

// speaksOf says whether a message is an incident's card or names its number.
func speaksOf(m slacktest.Message, incident string) bool {
	if one := about(m); one != "" {
		return one == incident
	}
	return slices.Contains(numbers.FindAllString(m.Plain(), -1), "#"+incident)
}

var numbers = regexp.MustCompile(`#\d+\b`)

// isReply says whether a message stands in a thread and not at its head.
func isReply(m slacktest.Message) bool { return m.ThreadTS != "" && m.ThreadTS != m.TS }

// threadOf is the timestamp of the thread that a message begins or stands in.
func threadOf(m slacktest.Message) string {
	if m.ThreadTS != "" {
		return m.ThreadTS
	}
	return m.TS
}

// posted is when a message was posted.
func posted(m slacktest.Message) time.Time {
	seconds, _, _ := strings.Cut(m.TS, ".")
	unix, _ := strconv.ParseInt(seconds, 10, 64)
	return time.Unix(unix, 0)
}

// clickable lists what can be clicked on a message: its buttons, then the options of its menus.
func clickable(m slacktest.Message) []string { return append(m.Buttons(), m.Choices()...) }

// block is what is read of a block beyond what Plain gives.
type block struct {
	Type      string
	Elements  []element
	Accessory element
}

type element struct {
	Type string
	URL  string
	Text struct{ Text string }
}

// blocksOf reads a message's blocks; what cannot be read is left out.
func blocksOf(m slacktest.Message) []block {
	var raw []json.RawMessage
	_ = json.Unmarshal(m.Blocks, &raw)
	var list []block
	for _, one := range raw {
		var b block
		if json.Unmarshal(one, &b) == nil {
			list = append(list, b)
		}
	}
	return list
}

// link is the address that a button opens, "" when it opens none.
func link(m slacktest.Message, label string) string {
	for _, b := range blocksOf(m) {
		for _, e := range append(b.Elements, b.Accessory) {
			if e.Text.Text == label && e.URL != "" {
				return e.URL
			}
		}
	}
	return ""
}
