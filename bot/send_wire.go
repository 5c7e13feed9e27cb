package bot

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strconv"
	"time"

	"golang.org/x/time/rate"

	"incident-bot/bot/blocks"
)

// wire is a message as it travels: its blocks are encoded once, however many ways are tried.
type wire struct {
	text   string
	blocks json.RawMessage // nil for text alone
}

// encodeMessage brings a message within Slack's limits and encodes it. Blocks that cannot be encoded are left out: the
// text tells the story alone.
func encodeMessage(m blocks.Message) wire {
	m = blocks.NewMessage(m.Text, m.Blocks...)
	w := wire{text: string(m.Text)}
	if len(m.Blocks) > 0 {
		if encoded, err := encode(m.Blocks); err == nil {
			w.blocks = encoded
		}
	}
	return w
}

// messageBody is what the message methods take. There is no parse and no link_names in it: they would bring @channel
// in foreign text to life.
type messageBody struct {
	Channel     string    `json:"channel"`
	Text        string    `json:"text,omitempty"`
	User        string    `json:"user,omitempty"`
	TS          string    `json:"ts,omitempty"`
	ThreadTS    string    `json:"thread_ts,omitempty"`
	UnfurlLinks *bool     `json:"unfurl_links,omitempty"`
	UnfurlMedia *bool     `json:"unfurl_media,omitempty"`
	Metadata    *metadata `json:"metadata,omitempty"`
}

// encodeWith encodes a body that has fields, and puts blocks into it unless they are nil. As a json.RawMessage among the
// fields they would be read through once more.
func encodeWith(body any, blocks json.RawMessage) ([]byte, error) {
	encoded, err := encode(body)
	if err != nil || blocks == nil {
		return encoded, err
	}
	encoded = append(encoded[:len(encoded)-len("}")], `,"blocks":`...)
	return append(append(encoded, blocks...), '}'), nil
}

// metadata is what a posted message carries for the bot itself: the key of the effect that posted it, by which a lost
// answer is made good, and the label of what it shows.
type metadata struct {
	EventType string `json:"event_type"`
	Payload   struct {
		Key   string `json:"key"`
		Label string `json:"label"`
	} `json:"event_payload"`
}

func newMetadata(key, label string) *metadata {
	m := &metadata{EventType: metadataEvent}
	m.Payload.Key, m.Payload.Label = key, label
	return m
}

// effectKey names one message of one reply for ever, also when the delivery is run again.
func effectKey(r *Request, part string, index int) string {
	sum := sha256.Sum256([]byte(r.Key + "\x00" + r.Word + "\x00" + part + strconv.Itoa(index)))
	return hex.EncodeToString(sum[:8])
}

// call makes one call of a message method, in its turn. lane separates what Slack counts separately.
func (s *Sender) call(ctx context.Context, one *workspace, method, lane string, body messageBody, blocks json.RawMessage) (answer, error) {
	key := one.id() + "/" + method + "/" + lane
	base, burst := paceOf(method)
	if err := s.pace.wait(ctx, key, base, burst); err != nil {
		return answer{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	encoded, err := encodeWith(body, blocks)
	if err != nil {
		return answer{}, err
	}
	start := time.Now()
	a, err := s.ws.call.method(ctx, method, one.credentials.BotToken, encoded)
	one.note(err)
	f := faultOf(err)
	s.observe.called(method, firstOf(f.code, "ok"), time.Since(start))
	switch {
	case err == nil:
		s.pace.accepted(key)
	case f.effect == limited:
		s.pace.limited(key, f.after)
	}
	return a, err
}

// paceOf gives where a method's pace starts, from its tier (docs: rate-limits).
func paceOf(method string) (perSecond rate.Limit, burst int) {
	switch method {
	case "chat.postMessage":
		return 1, 5 // per channel, "about 1/s with bursts"
	case "chat.update", "chat.delete":
		return 1, 40 // tier 3, 50 a minute and workspace
	default:
		return 2, 80 // tier 4, 100 a minute and workspace
	}
}
