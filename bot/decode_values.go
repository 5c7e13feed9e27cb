package bot

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// element is a clicked or filled-in element of whatever type: the union of the fields in which Slack puts a value.
// An element of a type that nobody here knows has an id and no value.
type element struct {
	ActionID      string   `json:"action_id"`
	BlockID       string   `json:"block_id"`
	ActionTS      string   `json:"action_ts"`
	Value         string   `json:"value"` // buttons, text and number inputs; null when nothing was entered
	Option        option   `json:"selected_option"`
	Options       []option `json:"selected_options"`
	User          string   `json:"selected_user"`
	Users         []string `json:"selected_users"`
	Channel       string   `json:"selected_channel"`
	Channels      []string `json:"selected_channels"`
	Conversation  string   `json:"selected_conversation"`
	Conversations []string `json:"selected_conversations"`
	Date          string   `json:"selected_date"`
	Time          string   `json:"selected_time"`
	DateTime      int64    `json:"selected_date_time"` // Unix seconds
}

type option struct {
	Value string `json:"value"`
}

// one gives the value of an element that has at most one.
func (e *element) one() string {
	when := ""
	if e.DateTime != 0 {
		when = strconv.FormatInt(e.DateTime, 10)
	}
	return cmp.Or(e.Value, e.Option.Value, e.User, e.Channel, e.Conversation, e.Date, e.Time, when)
}

// many gives the values of a multi select or of check boxes, nil for none.
func (e *element) many() []string {
	var values []string
	for _, o := range e.Options {
		values = append(values, o.Value)
	}
	return slices.Concat(values, e.Users, e.Channels, e.Conversations)
}

// text gives the value as View.Values holds it.
func (e *element) text() string {
	if v := e.one(); v != "" {
		return v
	}
	return strings.Join(e.many(), ",")
}

// values gives what a view holds, by block id. A block has one input; should one have more, the input that is named like
// its block counts, then the first by name: never whichever a map yields first.
func (v *view) values() map[string]string {
	if len(v.State.Values) == 0 {
		return nil
	}
	values := make(map[string]string, len(v.State.Values))
	for block, inputs := range v.State.Values {
		if len(inputs) == 0 {
			values[block] = ""
			continue
		}
		input, ok := inputs[block]
		if !ok {
			input = inputs[slices.Min(slices.Collect(maps.Keys(inputs)))]
		}
		values[block] = input.text()
	}
	return values
}
