package bot

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// FuzzDecode: no frame panics; an accepted one has a key, an envelope and a person, and decodes to the same again.
func FuzzDecode(f *testing.F) {
	files, err := filepath.Glob(filepath.Join("testdata", "envelopes", "*.json"))
	if err != nil || len(files) == 0 {
		f.Fatal("no sample frames", err)
	}
	for _, name := range files {
		raw, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		before := bytes.Clone(raw)
		d, v, err := decode(raw, at())
		if !bytes.Equal(raw, before) {
			t.Fatal("the frame was changed")
		}
		if err != nil {
			return
		}
		if !v.accepted() {
			if v.why == "" || d.Key != "" {
				t.Fatalf("left alone without a reason, or with a delivery: %+v", v)
			}
			return
		}
		if d.Key == "" || d.Actor.UserID == "" || d.Kind == "" || d.Received != at() {
			t.Fatalf("accepted without what names it: %+v", d)
		}
		again, _, err := decode(raw, at())
		if diff := cmp.Diff(d, again, sameSecret()); err != nil || diff != "" {
			t.Fatalf("decoded differently: %v\n%s", err, diff)
		}
	})
}

// FuzzAck: whatever the id and the payload, the acknowledgement is one JSON object with that id, short enough, and
// with the payload unless an error says otherwise.
func FuzzAck(f *testing.F) {
	f.Add("e1-1b2c", "")
	f.Add("e1", `<b>&amp; "quoted" 🔥`)
	f.Add("", "x")
	f.Add("\"}\n\\", "\u2028")
	f.Fuzz(func(t *testing.T, id, text string) {
		var payload any
		if text != "" {
			payload = map[string]string{"text": text}
		}
		frame, err := encodeAck(id, payload)
		if len(frame) > maxAck && len(id) < 1000 {
			t.Fatalf("%d bytes", len(frame))
		}
		var back struct {
			ID      string            `json:"envelope_id"`
			Payload map[string]string `json:"payload"`
		}
		if bad := json.Unmarshal(frame, &back); bad != nil {
			t.Fatalf("%q: %v", frame, bad)
		}
		if want := readBack(id); back.ID != want {
			t.Fatalf("id %q, want %q", back.ID, want)
		}
		if err == nil && text != "" && back.Payload["text"] != readBack(text) {
			t.Fatalf("payload %q", back.Payload)
		}
	})
}

// readBack is text as it comes out of JSON: bytes that are no UTF-8 are replaced.
func readBack(text string) string {
	b, _ := json.Marshal(text)
	var back string
	_ = json.Unmarshal(b, &back)
	return back
}
