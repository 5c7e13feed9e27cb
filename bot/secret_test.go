package bot

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/rs/zerolog"
	"go.yaml.in/yaml/v3"
)

const hush = "xoxb-1234-very-secret"

// holder holds secrets wherever a printer may look for them.
type holder struct {
	Public  Secret
	private Secret
	Pointer *Secret
	List    []Secret
	Map     map[string]Secret
	Any     any
	nested  struct{ deep *Secret }
}

func newHolder() holder {
	s := NewSecret(hush)
	h := holder{Public: s, private: s, Pointer: &s, List: []Secret{s}, Map: map[string]Secret{"token": s}, Any: s}
	h.nested.deep = &s
	return h
}

func TestNoPrinterShowsASecret(t *testing.T) {
	s, h := NewSecret(hush), newHolder()
	values := []any{s, &s, h, &h, []any{s, h}, map[Secret]Secret{s: s}, fmt.Errorf("call with %v: %w", s, errors.New("no"))}
	for _, v := range values {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t", "%c", "%U", "%e", "%p", "%T", "%10.3v", "%-8s"} {
			mustHide(t, verb, fmt.Sprintf(verb, v))
		}
		mustHide(t, "Sprint", fmt.Sprint(v), fmt.Sprintln(v))
		if text, err := json.Marshal(v); err == nil {
			mustHide(t, "json", string(text))
		}
		if text, err := yaml.Marshal(v); err == nil {
			mustHide(t, "yaml", string(text))
		}
		mustHide(t, "zerolog", zerologged(v))
		var b bytes.Buffer
		slog.New(slog.NewTextHandler(&b, nil)).Info("x", "v", v)
		slog.New(slog.NewJSONHandler(&b, nil)).Info("x", "v", v)
		mustHide(t, "slog", b.String())
	}
	mustHide(t, "GoString and String", s.GoString(), s.String())
	text, _ := s.MarshalText()
	mustHide(t, "MarshalText", string(text))
}

func zerologged(v any) string {
	var b bytes.Buffer
	log := zerolog.New(&b)
	log.Info().Interface("a", v).Any("b", v).Fields(map[string]any{"c": v}).Str("d", fmt.Sprint(v)).Msg("x")
	if s, ok := v.(Secret); ok {
		log.Info().Object("o", s).Stringer("s", s).EmbedObject(s).Array("l", zerolog.Arr().Object(s).Interface(s)).Msg("x")
	}
	if err, ok := v.(error); ok {
		log.Info().Err(err).AnErr("e", err).Msg("x")
	}
	return b.String()
}

func mustHide(t *testing.T, how string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		for _, form := range []string{hush, "very-secret", fmt.Sprintf("%x", hush), fmt.Sprintf("%X", hush), fmt.Sprintf("%v", []byte(hush))} {
			if strings.Contains(text, form) {
				t.Errorf("%s shows the secret: %s", how, text)
			}
		}
	}
}

func TestSecretSaysThatItIsThere(t *testing.T) {
	s := NewSecret(hush)
	if got := fmt.Sprintf("%v %s %q", s, s, s); got != "[redacted] [redacted] [redacted]" {
		t.Errorf("got %q", got)
	}
	if got, _ := json.Marshal(map[string]Secret{"a": s, "b": {}}); string(got) != `{"a":"[redacted]","b":""}` {
		t.Errorf("got %s", got)
	}
	if s.IsZero() || !(Secret{}).IsZero() || (Secret{}).Reveal() != "" || fmt.Sprint(Secret{}) != "" {
		t.Error("the zero Secret is no token")
	}
}

func TestSecretIsMended(t *testing.T) {
	for pasted, want := range map[string]string{
		"xoxb-1": "xoxb-1", "  xoxb-1\r\n": "xoxb-1", `"xoxb-1"`: "xoxb-1", "' xoxb-1 '\n": "xoxb-1",
		"": "", " \n": "", `""`: "", `"`: `"`, `"xoxb-1'`: `"xoxb-1'`,
	} {
		if got := NewSecret(pasted).Reveal(); got != want {
			t.Errorf("%q became %q, want %q", pasted, got, want)
		}
		var s Secret
		if err := s.UnmarshalText([]byte(pasted)); err != nil || s.Reveal() != want {
			t.Errorf("UnmarshalText(%q) = %q, %v", pasted, s.Reveal(), err)
		}
	}
	var c struct{ Token Secret }
	if err := yaml.Unmarshal([]byte("token: ' xoxb-1 '"), &c); err != nil || c.Token.Reveal() != "xoxb-1" {
		t.Errorf("yaml gives %q, %v", c.Token.Reveal(), err)
	}
	if err := json.Unmarshal([]byte(`{"Token":"\"xoxb-2\""}`), &c); err != nil || c.Token.Reveal() != "xoxb-2" {
		t.Errorf("json gives %q, %v", c.Token.Reveal(), err)
	}
}
