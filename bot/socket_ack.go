package bot

import (
	"errors"
	"fmt"
)

// maxAck is the longest acknowledgement in bytes. At 20,480 sources differ: Slack ignores the payload without a word
// (slack-go socketmode.go), or closes the socket with 1009 and delivers the envelope again on every new one
// (slack-go#1196), which takes a bot down for minutes. So no frame of that length is made.
const maxAck = 20_480 - 1

// errAckTooLong says that a payload does not fit into an acknowledgement.
var errAckTooLong = errors.New("the acknowledgement would be longer than Slack takes (20,479 bytes)")

// encodeAck makes the acknowledgement of an envelope, with payload unless it is nil. Its error says why the payload
// is not in it; the acknowledgement is good all the same.
//
// The characters <, > and & stay as they are: as encoding/json writes them by default they would take six bytes each.
func encodeAck(id string, payload any) ([]byte, error) {
	plain := appendAckStart(make([]byte, 0, len(id)+len(`{"envelope_id":""}`)), id)
	if payload == nil {
		return append(plain, '}'), nil
	}
	body, err := encode(payload)
	if err != nil {
		return append(plain, '}'), fmt.Errorf("encode the payload of an acknowledgement: %w", err)
	}
	if len(plain)+len(`,"payload":}`)+len(body) > maxAck {
		return append(plain, '}'), errAckTooLong
	}
	full := append(append(plain, `,"payload":`...), body...)
	return append(full, '}'), nil
}

// appendAckStart writes `{"envelope_id":"…"`.
func appendAckStart(b []byte, id string) []byte {
	b = append(b, `{"envelope_id":`...)
	if !bare(id) {
		quoted, _ := encode(id) // a string cannot fail
		return append(b, quoted...)
	}
	b = append(b, '"')
	b = append(b, id...)
	return append(b, '"')
}

// bare says whether text is the same inside a JSON string. Slack's ids are.
func bare(text string) bool {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}
