package bot

import (
	"encoding/json"
	"fmt"
	"time"
)

// stored is a Delivery as an inbox keeps it: what is needed to act and to answer, and no token. The response URL is in
// it, for 30 minutes the only way to answer where the bot is no member. The trigger is not: it lives 3 seconds.
type stored struct {
	Kind         Kind
	Key          string
	Twin         string `json:",omitempty"`
	EnvelopeID   string
	Received     time.Time
	Installation Installation
	Actor        Actor
	Place        Place
	CommandName  string    `json:",omitempty"`
	Text         string    `json:",omitempty"`
	Action       *Action   `json:",omitempty"`
	View         *View     `json:",omitempty"`
	ResponseURL  string    `json:",omitempty"`
	Expires      time.Time `json:",omitzero"`
}

// store encodes a delivery.
func (d *Delivery) store() ([]byte, error) {
	s := stored{
		Kind: d.Kind, Key: d.Key, Twin: d.Twin, EnvelopeID: d.EnvelopeID, Received: d.Received, Installation: d.Installation,
		Actor: d.Actor, Place: d.Place, CommandName: d.CommandName, Text: d.Text,
		ResponseURL: d.Response.URL.Reveal(), Expires: d.Response.Expires,
	}
	switch d.Kind {
	case Click:
		s.Action, s.View = &d.Action, &d.View
	case Submission:
		s.View = &d.View
	}
	return encode(s)
}

// restored decodes a delivery that was stored.
func restored(body []byte) (Delivery, error) {
	var s stored
	if err := json.Unmarshal(body, &s); err != nil {
		return Delivery{}, fmt.Errorf("read a stored delivery: %w", err)
	}
	d := Delivery{
		Kind: s.Kind, Key: s.Key, Twin: s.Twin, EnvelopeID: s.EnvelopeID, Received: s.Received, Installation: s.Installation,
		Actor: s.Actor, Place: s.Place, CommandName: s.CommandName, Text: s.Text,
		Response: Response{URL: NewSecret(s.ResponseURL), Expires: s.Expires},
	}
	if s.Action != nil {
		d.Action = *s.Action
	}
	if s.View != nil {
		d.View = *s.View
	}
	return d, nil
}
