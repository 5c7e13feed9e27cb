package bot

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// samples gives every sample frame that is acted upon, by its file's name.
func samples(t testing.TB) map[string][]byte {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", "envelopes", "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]byte{}
	for _, name := range files {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, v, err := decode(raw, at()); err == nil && v.accepted() {
			all[strings.TrimSuffix(filepath.Base(name), ".json")] = raw
		}
	}
	if len(all) < 15 {
		t.Fatalf("only %d samples", len(all))
	}
	return all
}

// TestStoredAndRestored: what comes back is what was stored, but for what is of no use later.
func TestStoredAndRestored(t *testing.T) {
	rt := newRig(t).router(func(*Routes) {})
	for name, raw := range samples(t) {
		d, _, err := decode(raw, at())
		if err != nil {
			t.Fatal(err)
		}
		body, err := d.store()
		if err != nil {
			t.Fatal(err)
		}
		back, err := restored(body)
		if err != nil {
			t.Fatal(err)
		}
		want := d
		want.Trigger, want.Attempt, want.AcceptsPayload = Trigger{}, 0, false
		if diff := cmp.Diff(want, back, sameSecret()); diff != "" {
			t.Errorf("%s: -stored +restored:\n%s", name, diff)
		}
		if rt.Lane(back) != rt.Lane(d) {
			t.Errorf("%s: lane %s became %s", name, rt.Lane(d), rt.Lane(back))
		}
	}
}

// TestStoredHoldsNoToken: neither the trigger nor the token that Slack puts into every payload is kept.
func TestStoredHoldsNoToken(t *testing.T) {
	for name, raw := range samples(t) {
		d, _, err := decode(raw, at())
		if err != nil {
			t.Fatal(err)
		}
		body, err := d.store()
		if err != nil {
			t.Fatal(err)
		}
		var frame any
		if err := json.Unmarshal(raw, &frame); err != nil {
			t.Fatal(err)
		}
		for _, secret := range under(frame, "token", "trigger_id", "bot_access_token", "verification_token") {
			if strings.Contains(string(body), secret) {
				t.Errorf("%s: %s is stored", name, secret)
			}
		}
		if strings.Contains(string(body), redacted) {
			t.Errorf("%s: something was redacted that is needed: %s", name, body)
		}
	}
}

// under gives the texts that a JSON value has under some names.
func under(value any, names ...string) (found []string) {
	switch v := value.(type) {
	case map[string]any:
		for key, one := range v {
			for _, name := range names {
				if text, is := one.(string); is && key == name && text != "" {
					found = append(found, text)
				}
			}
			found = append(found, under(one, names...)...)
		}
	case []any:
		for _, one := range v {
			found = append(found, under(one, names...)...)
		}
	}
	return found
}

func TestUnder(t *testing.T) {
	var frame any
	if err := json.Unmarshal(envelopeFile(t, "command"), &frame); err != nil {
		t.Fatal(err)
	}
	if got := under(frame, "token", "trigger_id"); len(got) != 2 {
		t.Errorf("the sample holds %q", got)
	}
}

// FuzzRestored: no body panics, and what can be read is stored and read as the same again.
func FuzzRestored(f *testing.F) {
	for _, raw := range samples(f) {
		d, _, err := decode(raw, at())
		if err != nil {
			f.Fatal(err)
		}
		body, err := d.store()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(body)
	}
	f.Add([]byte(nil))
	f.Add([]byte(`{"Kind":"click","Action":null,"View":{"Values":null}}`))
	f.Add([]byte(`{"Received":"9999-12-31T23:59:59Z","Expires":"0001-01-01T00:00:00Z"}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		d, err := restored(body)
		if err != nil {
			return
		}
		again, err := d.store()
		if err != nil {
			if year := d.Received.Year(); year >= 0 && year < 9999 && d.Response.Expires.Year() < 9999 {
				t.Fatalf("%q is read and cannot be stored: %v", body, err)
			}
			return
		}
		back, err := restored(again)
		if err != nil {
			t.Fatalf("%q was stored as %q: %v", body, again, err)
		}
		if d.Kind != Click {
			d.Action = Action{}
		}
		if d.Kind != Click && d.Kind != Submission {
			d.View = View{}
		}
		if diff := cmp.Diff(d, back, sameSecret(), cmp.Comparer(time.Time.Equal)); diff != "" {
			t.Fatalf("-first +again:\n%s", diff)
		}
	})
}
