package bot

import (
	"strings"
	"testing"
)

func TestMetadata(t *testing.T) {
	for _, m := range []Metadata{
		{}, {Channel: "C1"}, {Channel: "C1", Thread: "1.1", Message: "2.2", Ephemeral: true, Value: `42 "<&>`},
	} {
		got, err := ParseMetadata(m.Encode())
		if err != nil || got != m {
			t.Errorf("%+v became %+v, %v", m, got, err)
		}
	}
	if got := (Metadata{Channel: "C1", Thread: "1.1", Message: "2.2", Value: "42"}).Encode(); got != `{"c":"C1","t":"1.1","m":"2.2","v":"42"}` {
		t.Errorf("encoded %s", got)
	}
	for _, text := range []string{"", "42", "[]", `{"c":7}`, `{"c":"C1"`} {
		if _, err := ParseMetadata(text); err == nil || !strings.HasPrefix(err.Error(), "read private_metadata: ") {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestUnwrap(t *testing.T) {
	d := Delivery{View: View{PrivateMetadata: `{"c":"C1","t":"1.1","m":"2.2","e":true,"v":"42"}`}}
	d.unwrap()
	if d.View.PrivateMetadata != "42" || d.Place != (Place{ChannelID: "C1", ThreadTS: "1.1", MessageTS: "2.2", Ephemeral: true}) {
		t.Errorf("got %+v", d)
	}
	d = Delivery{Place: Place{ChannelID: "C9"}, View: View{PrivateMetadata: `{"c":"C1","v":"42"}`}}
	d.unwrap()
	if d.View.PrivateMetadata != "42" || d.Place.ChannelID != "C9" {
		t.Errorf("a place that the delivery has is kept: %+v", d)
	}
	for _, text := range []string{"", "plain", "{"} {
		d = Delivery{View: View{PrivateMetadata: text}}
		d.unwrap()
		if d.View.PrivateMetadata != text {
			t.Errorf("an older version's %q became %q", text, d.View.PrivateMetadata)
		}
	}
}

func TestRefs(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		ref := newRef()
		if len(ref) != 5 || strings.Trim(ref, refAlphabet) != "" {
			t.Fatalf("ref %q", ref)
		}
		seen[ref] = true
	}
	if len(seen) < 990 {
		t.Errorf("%d different references of 1000", len(seen))
	}
	if strings.ContainsAny(refAlphabet, "0o1il") {
		t.Error("the alphabet has characters that are taken for others")
	}
}
