package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestProblemsAreReadable(t *testing.T) {
	var found problems
	found.add("SLACK_SOCKETS", `is "99".`, "Give a number from 1 to 10.")
	found.add("No workspace", "is configured.", "Set these:\nONE=…\nTWO=…")
	want := `incident-bot cannot start: 2 problems in its configuration.

  SLACK_SOCKETS is "99".
  → Give a number from 1 to 10.

  No workspace is configured.
  → Set these:
    ONE=…
    TWO=…

Every variable is described in README.md, and by: incident-bot help
`
	if diff := cmp.Diff(want, found.text()); diff != "" {
		t.Error(diff)
	}
}

func TestHideTokens(t *testing.T) {
	for in, want := range map[string]string{
		"nothing here":                      "nothing here",
		"it begins with xoxb-":              "it begins with xoxb-",
		"a xoxb-1-abc b":                    "a [a token] b",
		"url https://x/?t=xapp-1-A0-1-f":    "url https://x/?t=[a token]",
		"(glsa_iNValId_5b582697)":           "([a token])",
		"glc_eyJvIjoiMSJ9== and xoxe.xoxp-": "[a token] and [a token]",
		"XOXB-1":                            "[a token]",
	} {
		if got := hideTokens(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}
