package bot

import (
	"encoding/json"
	"fmt"
)

// Metadata is what a form carries in its private_metadata: where it was opened, so that its submission can be answered
// there, and one short value of the handler's. It comes back from the client, so it holds ids only, and whoever submits
// is checked again. The response URL and the trigger are secrets and are not in it.
type Metadata struct {
	Channel   string `json:"c,omitempty"`
	Thread    string `json:"t,omitempty"`
	Message   string `json:"m,omitempty"`
	Ephemeral bool   `json:"e,omitempty"` // Message is visible to one person, and cannot be edited later
	Value     string `json:"v,omitempty"`
}

// Encode gives the text for private_metadata.
func (m Metadata) Encode() string {
	encoded, err := encode(m)
	if err != nil {
		return "" // strings and a bool always encode
	}
	return string(encoded)
}

// ParseMetadata reads what Encode wrote. Text that is something else is an error.
func ParseMetadata(text string) (Metadata, error) {
	var m Metadata
	if err := json.Unmarshal([]byte(text), &m); err != nil {
		return Metadata{}, fmt.Errorf("read private_metadata: %w", err)
	}
	return m, nil
}

// wrapMetadata puts the place of r around the handler's value.
func wrapMetadata(r *Request, value string) string {
	return Metadata{
		Channel: r.Place.ChannelID, Thread: r.Place.ThreadTS, Message: r.Place.MessageTS,
		Ephemeral: r.Place.Ephemeral, Value: value,
	}.Encode()
}

// unwrap gives a delivery from a view its place and the handler's own value. A view that carries something else (an
// older version's) keeps what it carries.
func (d *Delivery) unwrap() {
	if d.View.PrivateMetadata == "" {
		return
	}
	m, err := ParseMetadata(d.View.PrivateMetadata)
	if err != nil {
		return
	}
	d.View.PrivateMetadata = m.Value
	if d.Place.ChannelID == "" {
		d.Place.ChannelID, d.Place.ThreadTS, d.Place.MessageTS, d.Place.Ephemeral = m.Channel, m.Thread, m.Message, m.Ephemeral
	}
}
