package grammar_test

import (
	"testing"

	"incident-bot/handlers/grammar"
)

func TestChoose(t *testing.T) {
	known := []string{"Critical", "Major", "Minor", "Needs review", "crit-2"}
	for said, want := range map[string]string{
		"critical": "Critical", "CRITICAL": "Critical", "maj": "Major", "needs-review": "Needs review", "needsreview": "Needs review",
		"needs": "Needs review", "crit2": "crit-2", "m": "", "": "", "x": "", "criticality": "", "  ": "",
	} {
		if got, ok := grammar.Choose(said, known); got != want || ok != (want != "") {
			t.Errorf("%q: %q %t", said, got, ok)
		}
	}
}

func TestNearest(t *testing.T) {
	known := []string{"declare", "list", "ls", "show", "note", "resolve", "reopen", "severity", "sev", "status"}
	for said, want := range map[string]string{
		"resolv": "resolve", "reslove": "resolve", "RESOLVE": "resolve", "stauts": "status", "delcare": "declare", "lst": "list", "nte": "note",
		"noet": "note", "xyzzy": "", "": "", "checkout": "", "ab": "", "sevrity": "severity", "declaree": "declare",
	} {
		if got, ok := grammar.Nearest(said, known); got != want || ok != (want != "") {
			t.Errorf("%q: %q %t", said, got, ok)
		}
	}
	long := make([]byte, 40_000)
	if _, ok := grammar.Nearest(string(long), known); ok {
		t.Error("a text is no typing error")
	}
}
