package bot

import (
	"encoding/json"
	"errors"
	"fmt"
)

// frame is one text frame of Socket Mode: hello, disconnect or an envelope. It is decoded in one pass together with the
// fields of the payload that anything here needs; all else in it is skipped, whatever it is.
type frame struct {
	Type       string `json:"type"`
	EnvelopeID string `json:"envelope_id"`
	Accepts    bool   `json:"accepts_response_payload"`
	Attempt    int    `json:"retry_attempt"`
	Reason     string `json:"reason"` // disconnect frames
	Debug      struct {
		Host string `json:"host"`
		Life int    `json:"approximate_connection_time"` // seconds; samples show 18060, about 5 h
	} `json:"debug_info"`
	Payload payload `json:"payload"`
}

// The outer types of a frame.
const (
	typeHello       = "hello"
	typeDisconnect  = "disconnect"
	typeCommand     = "slash_commands"
	typeEvent       = "events_api"
	typeInteractive = "interactive"
)

// parseFrame reads one frame. A field of an unexpected type is left zero and costs no more than itself: Slack changes
// its payloads without notice, and a click must not be lost for a field that nobody reads. Only text that is not a
// JSON object is an error.
func parseFrame(raw []byte) (*frame, error) {
	f := new(frame)
	err := json.Unmarshal(raw, f)
	var shape *json.UnmarshalTypeError
	if err != nil && !errors.As(err, &shape) {
		return nil, fmt.Errorf("decode frame: %w", err)
	}
	if shape != nil && shape.Field == "" {
		return nil, fmt.Errorf("decode frame: a JSON %s where an object belongs", shape.Value)
	}
	return f, nil
}
