package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"incident-bot/bot"
	"incident-bot/handlers"
)

//go:generate go test -count=1 -run ^TestGenerated$ . -update

var update = flag.Bool("update", false, "write the generated files in place of comparing them")

const (
	readme       = "../../README.md"
	manifestFile = "../../deploy/slack-app-manifest.yaml"
)

// TestGenerated holds what is written from the code in step with it: the Slack app manifest, and the README's tables and
// transcript. go generate writes them.
func TestGenerated(t *testing.T) {
	setEnv(t, nil)
	routes := handlers.New(handlers.Config{Command: "/incident"})

	var yaml bytes.Buffer
	yaml.WriteString("# Written by go generate from what the code registers. Paste it at api.slack.com/apps → Create New App →\n# From a manifest. For another name: incident-bot manifest --name NAME; for another command: SLACK_COMMAND=/name.\n")
	if err := newManifest("incident-bot", "/incident", routes).write(&yaml, false); err != nil {
		t.Fatal(err)
	}
	sameFile(t, manifestFile, yaml.String())

	text := read(t, readme)
	for name, block := range map[string]string{
		"words":     wordsTable(routes),
		"variables": variablesTable(),
		"scopes":    scopesTable(),
		// The transcript is what the real program prints.
		"transcript": "```text\n" + transcript(t) + "```\n",
	} {
		var err error
		if text, err = replaceBlock(text, name, block); err != nil {
			t.Fatal(err)
		}
	}
	sameFile(t, readme, text)
}

// transcript plays the README's conversation in the demo.
func transcript(t *testing.T) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), buildBinary(t), "demo", "--script", "demo/testdata/readme.demo")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil || stderr.Len() > 0 {
		t.Fatalf("%v: %s", err, stderr.String())
	}
	return string(out)
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// sameFile compares a file with what it should be, or writes it.
func sameFile(t *testing.T, path, want string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want, read(t, path)); diff != "" {
		t.Errorf("%s is not what the code says (go generate ./... writes it):\n%s", path, diff)
	}
}

// replaceBlock puts text between the two comments that name a block.
func replaceBlock(file, name, text string) (string, error) {
	begin, end := "<!-- "+name+": written by go generate -->\n", "<!-- end of "+name+" -->"
	before, rest, ok := strings.Cut(file, begin)
	if !ok {
		return "", fmt.Errorf("no %q", begin)
	}
	_, after, ok := strings.Cut(rest, end)
	if !ok {
		return "", fmt.Errorf("no %q", end)
	}
	return before + begin + text + end + after, nil
}

// cell makes text safe for a cell of a table.
func cell(text string) string { return strings.ReplaceAll(text, "|", `\|`) }

func inCode(text string) string {
	if text == "" {
		return ""
	}
	return "`" + cell(text) + "`"
}

func wordsTable(routes bot.Routes) string {
	var b strings.Builder
	b.WriteString("| word | what it does | for example |\n|---|---|---|\n")
	for _, w := range routes.Words {
		name := inCode(w.Usage)
		if len(w.Aliases) > 0 {
			name += " (also " + cell(strings.Join(w.Aliases, ", ")) + ")"
		}
		examples := make([]string, len(w.Examples))
		for i, e := range w.Examples {
			examples[i] = inCode(e)
		}
		fmt.Fprintf(&b, "| %s | %s | %s |\n", name, cell(w.Summary), strings.Join(examples, "<br>"))
	}
	return b.String()
}

func variablesTable() string {
	var b strings.Builder
	b.WriteString("| variable | meaning | default |\n|---|---|---|\n")
	for _, v := range variables() {
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", v.name, cell(v.meaning), inCode(v.standard))
	}
	return b.String()
}

func scopesTable() string {
	var b strings.Builder
	b.WriteString("| the bot does this | with these scopes | and these events |\n|---|---|---|\n")
	for _, n := range needs() {
		fmt.Fprintf(&b, "| %s | %s | %s |\n", cell(n.what), codes(n.scopes), codes(n.events))
	}
	return b.String()
}

func codes(list []string) string {
	marked := make([]string, len(list))
	for i, one := range list {
		marked[i] = inCode(one)
	}
	return strings.Join(marked, ", ")
}
