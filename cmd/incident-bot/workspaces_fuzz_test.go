package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// FuzzWorkspacesFile reads any file: it ends, a file without problems gives complete workspaces, and no problem shows a
// token, wherever it stands.
func FuzzWorkspacesFile(f *testing.F) {
	f.Add("workspaces:\n  - " + goodEntry + "\n")
	f.Add("workspaces:\n  - &a\n    " + goodEntry + "\n  - *a\n")
	f.Add("workspaces: *" + goodBot + "\n")
	f.Add("workspaces:\n  - !" + goodBot + " {}\n")
	f.Add(goodBot + ": {? " + goodApp + "}\n---\n")
	f.Add("workspaces:\n  - team_id: " + goodBot + "\n  - team_id: " + goodBot + "\n\t")
	f.Fuzz(func(t *testing.T, text string) {
		path := filepath.Join(t.TempDir(), "w.yaml")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		var found problems
		var notes []string
		list := readWorkspaces(path, &found, &notes)
		said := found.text() + strings.Join(notes, "\n")
		for _, secret := range []string{goodApp, goodBot, goodGrafana} {
			if strings.Contains(said, secret[len(secret)-6:]) && strings.Contains(text, secret) {
				t.Errorf("a token is shown:\n%s", said)
			}
		}
		if len(found) > 0 {
			return
		}
		if len(list) == 0 {
			t.Error("no workspaces, and no problem")
		}
		for _, w := range list {
			if w.teamID == "" || w.botToken.IsZero() || w.grafanaToken.IsZero() || w.grafanaURL == "" {
				t.Errorf("an incomplete workspace of %s", w.teamID)
			}
		}
	})
}
