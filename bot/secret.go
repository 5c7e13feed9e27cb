package bot

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/rs/zerolog"
)

// redacted is what every printer shows instead of a Secret's text.
const redacted = "[redacted]"

// A Secret holds a token. It shows itself as "[redacted]" to fmt with every verb, to encoding/json, to text marshallers
// and to zerolog, also inside other values; only Reveal gives the text. The zero Secret is "no token".
//
// The text sits behind a pointer: a printer that reaches an unexported field without calling its methods, as fmt does
// inside other structs, finds an address there and nothing else.
type Secret struct{ text *string }

// NewSecret takes a token as a person pastes it: white space around it and one pair of quotes are dropped.
func NewSecret(pasted string) Secret {
	text := strings.TrimSpace(pasted)
	if n := len(text); n >= 2 && (text[0] == '"' || text[0] == '\'') && text[n-1] == text[0] {
		text = strings.TrimSpace(text[1 : n-1])
	}
	if text == "" {
		return Secret{}
	}
	return Secret{text: &text}
}

// Reveal gives the token itself, to be sent and never to be printed.
func (s Secret) Reveal() string {
	if s.text == nil {
		return ""
	}
	return *s.text
}

// IsZero says whether there is no token.
func (s Secret) IsZero() bool { return s.text == nil }

// String gives "[redacted]", or "" when there is no token.
func (s Secret) String() string {
	if s.text == nil {
		return ""
	}
	return redacted
}

// GoString is String, for %#v.
func (s Secret) GoString() string { return `bot.Secret(` + s.String() + `)` }

// Format writes String whatever the verb is, %x and %q included.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.String()) }

// MarshalText gives String, so that encoders show nothing else.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// MarshalJSON gives String as a JSON string.
func (s Secret) MarshalJSON() ([]byte, error) { return json.Marshal(s.String()) }

// MarshalZerologObject logs the fact of a token and never the token.
func (s Secret) MarshalZerologObject(e *zerolog.Event) { e.Bool("set", s.text != nil) }

// UnmarshalText takes a token from a file or an environment variable, mended as NewSecret mends it.
func (s *Secret) UnmarshalText(text []byte) error {
	*s = NewSecret(string(text))
	return nil
}
