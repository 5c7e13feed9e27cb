package bot

import (
	"strings"
	"testing"
)

func TestKeysNameTheAct(t *testing.T) {
	key := func(name string) string {
		d, v, err := decode(envelopeFile(t, name), at())
		if err != nil || !v.accepted() {
			t.Fatalf("%s: %v, %v", name, v, err)
		}
		return d.Key
	}
	if key("mention") != key("mention_retry") {
		t.Error("a retry of an event, in a new envelope, has another key")
	}
	different := []string{"command", "command_bare", "mention", "mention_edited", "click", "click_in_thread",
		"click_ephemeral", "click_checkboxes", "click_in_view", "submission", "submission_connect"}
	seen := map[string]string{}
	for _, name := range different {
		if other, ok := seen[key(name)]; ok {
			t.Errorf("%s and %s have the same key", name, other)
		}
		seen[key(name)] = name
	}
}

func TestKeysHoldNoSecret(t *testing.T) {
	d, _, _ := decode(envelopeFile(t, "command"), at())
	for _, name := range append(d.names(), d.Key) {
		if strings.Contains(name, d.Trigger.ID.Reveal()) {
			t.Errorf("%q shows the trigger", name)
		}
	}
}

func TestKeysFallBackToTheEnvelope(t *testing.T) {
	d := &Delivery{EnvelopeID: "e"}
	for what, key := range map[string]string{
		"event": eventKey("", "e"), "command": commandKey(d, ""), "submission": submissionKey("", "e"), "click": clickKey(d, ""),
	} {
		if key != "envelope:e" {
			t.Errorf("%s: %q", what, key)
		}
	}
}

func TestOtherWordsAreAnotherCommand(t *testing.T) {
	one := &Delivery{EnvelopeID: "e1", CommandName: "/incident", Text: "note a"}
	again := &Delivery{EnvelopeID: "e2", CommandName: "/incident", Text: "note a"}
	other := &Delivery{EnvelopeID: "e3", CommandName: "/incident", Text: "note b"}
	if commandKey(one, "t") != commandKey(again, "t") {
		t.Error("the same command in a new envelope has another key")
	}
	if commandKey(one, "t") == commandKey(other, "t") {
		t.Error("another command has the same key")
	}
}

func TestClickKeyKeepsItsPartsApart(t *testing.T) {
	one := &Delivery{Actor: Actor{UserID: "U1"}, Action: Action{BlockID: "a", ID: "bc"}}
	two := &Delivery{Actor: Actor{UserID: "U1"}, Action: Action{BlockID: "ab", ID: "c"}}
	if clickKey(one, "1.5") == clickKey(two, "1.5") {
		t.Error("two different clicks have one key")
	}
}
