package bot

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"
)

func TestAckKeepsTextPlain(t *testing.T) {
	got, err := encodeAck("e1", map[string]string{"text": "a <b> & c"})
	want := `{"envelope_id":"e1","payload":{"text":"a <b> & c"}}`
	if err != nil || string(got) != want {
		t.Errorf("got %s, %v", got, err)
	}
}

func TestAckWithoutPayload(t *testing.T) {
	got, err := encodeAck("e1", nil)
	if err != nil || string(got) != `{"envelope_id":"e1"}` {
		t.Errorf("got %s, %v", got, err)
	}
}

func TestAckIsNeverTooLong(t *testing.T) {
	const around = `{"envelope_id":"e1","payload":""}`
	fits := json.RawMessage(`"` + strings.Repeat("x", maxAck-len(around)) + `"`)
	if got, err := encodeAck("e1", fits); err != nil || len(got) != maxAck {
		t.Errorf("the longest that fits: %d bytes, %v", len(got), err)
	}
	over := json.RawMessage(`"` + strings.Repeat("x", maxAck-len(around)+1) + `"`)
	if got, err := encodeAck("e1", over); !errors.Is(err, errAckTooLong) || string(got) != `{"envelope_id":"e1"}` {
		t.Errorf("one more: %d bytes, %v", len(got), err)
	}
}

func TestAckWithAPayloadThatIsNoJSON(t *testing.T) {
	got, err := encodeAck("e1", func() {})
	if err == nil || string(got) != `{"envelope_id":"e1"}` {
		t.Errorf("got %s, %v", got, err)
	}
}

// Slack may not put continuation frames together.
func TestAckIsOneFrame(t *testing.T) {
	if size := newDialer(time.Second).WriteBufferSize; size <= maxAck {
		t.Errorf("a buffer of %d bytes splits an acknowledgement of %d", size, maxAck)
	}
}
