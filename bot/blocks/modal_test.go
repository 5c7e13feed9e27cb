package blocks

import (
	"fmt"
	"strings"
	"testing"

	"github.com/slack-go/slack"
)

func TestModalButtons(t *testing.T) {
	read := Modal("info", "Incident 42", "", "m", Section("x"))
	if read.Submit != nil || read.Close.Text != "Close" {
		t.Errorf("a window to read: %+v %+v", read.Submit, read.Close)
	}
	ask := Modal("ask", "Update", "", "", TextInput("t", "T", "", "", "", InputOpts{}))
	if ask.Submit == nil || ask.Submit.Text != "Send" || ask.Close.Text != "Cancel" {
		t.Errorf("a form without a word for its button: %+v %+v", ask.Submit, ask.Close)
	}
	if got := Modal("x", "A title of more than twenty-four characters", "Declare", ""); got.Title.Text != "A title of more than tw…" {
		t.Errorf("title %q", got.Title.Text)
	}
}

func TestModalLimits(t *testing.T) {
	for n, view := range map[string]slack.ModalViewRequest{
		"empty":     Modal("", "", "", ""),
		"nil":       Modal("x", "x", "x", "x", nil, nil),
		"long":      Modal(strings.Repeat("c", 300), strings.Repeat("t", 50), strings.Repeat("s", 50), strings.Repeat("m", 3001), Divider()),
		"many":      Modal("x", "x", "", "", repeat(1000, Section("x"))...),
		"250 KB":    Modal("x", "x", "", "", repeat(100, Section(Escape(strings.Repeat("<é", 3000))))...),
		"two large": Modal("x", "x", "", "", repeat(2, Fields(fill(10, Mrkdwn(strings.Repeat("<@U1>", 400)))...))...),
		"same ids":  Modal("x", "x", "x", "", repeat(5, TextInput("t", "T", "", "", "", InputOpts{}))...),
	} {
		if wrong := viewProblems(t, view); len(wrong) > 0 {
			t.Errorf("%s: %v", n, wrong)
		}
	}
	big := Modal("x", "x", "", "", repeat(1000, Section("x"))...)
	if got := asJSON(t, big.Blocks.BlockSet[99]); !strings.Contains(got, "… and 901 more") {
		t.Errorf("the last block: %s", got)
	}
}

func repeat(n int, b slack.Block) []slack.Block {
	var all []slack.Block
	for range n {
		all = append(all, b)
	}
	return all
}

func fill(n int, m Mrkdwn) []Mrkdwn {
	var all []Mrkdwn
	for range n {
		all = append(all, m)
	}
	return all
}

func TestMetadataIsKept(t *testing.T) {
	for _, s := range []string{"", `{"c":"C1"}`, strings.Repeat("x", 3000)} {
		if got := Modal("x", "x", "", s).PrivateMetadata; got != s {
			t.Errorf("metadata %q became %q", s, got)
		}
	}
}

func ExampleModal() {
	view := Modal("declare", "Declare incident", "Declare", "", TextInput("title", "Title", "", "", "", InputOpts{Max: 200}))
	fmt.Println(view.Title.Text, "/", view.Submit.Text, "/", len(view.Blocks.BlockSet), "block")
	// Output: Declare incident / Declare / 1 block
}
