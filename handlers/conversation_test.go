package handlers_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// TestConversations plays testdata/conversations/*.txtar: people in front of the simulated Slack, the real bot, and the
// simulated stack behind it. In a file, each section is a conversation of its own. A line is one of:
//
//	ana /incident WORDS          a command, in #ops; "ana in #random /incident WORDS" elsewhere, "in dm" with the bot, "in dm-ben" of
//	                             ana with ben
//	ana @bot WORDS               a mention; "ana in thread of 42 @bot WORDS" in the thread of a card,
//	                             "ana in thread of TEXT…: @bot WORDS" in the one that the message with the text begins
//	ana says TEXT                a message to nobody
//	ana clicks LABEL [on 42]     a button, on the newest message that has it
//	ana submits [a=b; c=d]       the open form, filled in
//	grafana adds KEY=VALUE; …    an incident that somebody else made: title, severity, status, type, summary, creator
//	grafana fails METHOD KEY=VALUE…    the next call fails; KEYs are the fields of Fault in lower case
//	grafana down|up|asleep|uninstalled|heals
//	slack fails METHOD KEY=VALUE…|heals
//	> ana sees TEXT              what is new for ana since the last act; it waits
//	> ana reads TEXT             the same, of the text that lock screens and screen readers give
//	> ana does not see TEXT
//	> ana sees a form with TEXT / > ana sees no form
//	> grafana 42 has TEXT        severity, status, notes and updates of an incident
//	> grafana has N incidents
//	> grafana heard METHOD N     how often a method was called in this conversation
//	> TEXT alerts nobody         no message with it alerts anybody
//	> the log has the reference  the one that ana reads now
//
// At its end, nothing may have been done that Slack frowns upon, and no token may be in the log.
func TestConversations(t *testing.T) {
	files, err := filepath.Glob("testdata/conversations/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no conversations: %v", err)
	}
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, section := range archive.Files {
			name := strings.TrimSuffix(filepath.Base(file), ".txtar") + "/" + section.Name
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				newStage(t).play(string(section.Data))
			})
		}
	}
}
