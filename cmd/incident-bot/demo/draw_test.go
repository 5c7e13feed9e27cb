package demo

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"incident-bot/bot/blocks"
	"incident-bot/bot/slacktest"
)

// golden compares a text with a file in testdata, or writes it.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", filepath.FromSlash(name))
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (go generate ./... writes it):\n%s", path, diff)
	}
}

// slackWorld is a simulated Slack without a bot: the test calls the Web API in its place.
type slackWorld struct {
	t    *testing.T
	s    *slacktest.Server
	team *slacktest.Workspace
	ana  *slacktest.User
	ops  *slacktest.Channel
}

func newSlackWorld(t *testing.T) *slackWorld {
	t.Helper()
	s := slacktest.New(slacktest.Options{NoRateLimits: true, Now: func() time.Time { return time.Date(2026, 11, 24, 13, 32, 5, 0, time.UTC) }})
	t.Cleanup(s.Close)
	w := &slackWorld{t: t, s: s, team: s.NewWorkspace("Acme")}
	w.ana = w.team.NewUser("ana", slacktest.TZ("Europe/Berlin"))
	w.ops = w.team.NewChannel("ops")
	return w
}

// call calls the Web API as the bot does.
func (w *slackWorld) call(method string, args map[string]any) {
	w.t.Helper()
	body, err := json.Marshal(args)
	if err != nil {
		w.t.Fatal(err)
	}
	req, _ := http.NewRequestWithContext(w.t.Context(), http.MethodPost, w.s.APIURL()+method, strings.NewReader(string(body)))
	req.Header.Set("Authorization", "Bearer "+w.team.BotToken)
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	var answer struct {
		OK    bool
		Error string
	}
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil || !answer.OK {
		w.t.Fatalf("%s: %v %s", method, err, answer.Error)
	}
}

// posts posts a message of the bot and gives it as ana sees it.
func (w *slackWorld) posts(m blocks.Message) slacktest.Message {
	w.t.Helper()
	w.call("chat.postMessage", map[string]any{"channel": w.ops.ID, "text": m.Text, "blocks": m.Blocks})
	return w.ana.Last(w.ops)
}

// drawings are lines at 80 and at 50 columns, and the former in colours, with their sequences spelt out.
func drawings(lines []line) string {
	var b strings.Builder
	for _, columns := range []int{80, 50} {
		b.WriteString("-- " + itoa(columns) + " --\n")
		for _, l := range lines {
			b.WriteString(strings.Join(l.rows(columns, false), "\n") + "\n")
		}
	}
	b.WriteString("-- colours --\n")
	for _, l := range lines {
		b.WriteString(strings.ReplaceAll(strings.Join(l.rows(80, true), "\n"), "\x1b", "␛") + "\n")
	}
	return b.String()
}

// exampleCard is a message like an incident's card.
func exampleCard() blocks.Message {
	return blocks.NewMessage("#42 checkout returns 500s — active",
		blocks.Header("#42 checkout returns 500s in Europe, for every second customer 🔥"),
		blocks.Section("*State* active   *Severity* Critical"),
		blocks.Context(blocks.Textf("declared %s", blocks.Date(time.Date(2026, 11, 24, 13, 14, 0, 0, time.UTC))), "labels team=payments"),
		blocks.Actions("", blocks.Button("a", "42", "Note"), blocks.Button("b", "42", "Severity"), blocks.Button("c", "42", "Resolve"),
			blocks.LinkButton("d", "Open in Grafana", "https://example.grafana.net/a/x/42")))
}

func TestDraw(t *testing.T) {
	berlin := time.FixedZone("CET", 3600)
	row := func(text, label string) slack.Block {
		return blocks.SectionWith(blocks.Escape(text), blocks.Button("show"+label, "1", label))
	}
	for name, c := range map[string]struct {
		message blocks.Message
		as      shown
	}{
		"card":    {exampleCard(), shown{author: "incident-bot", zone: berlin}},
		"private": {blocks.NewMessage("✗ Nothing was changed: the Grafana stack cannot be reached. Please try again in a minute. `ref 7f3k2`"), shown{author: "incident-bot", notes: []string{"only visible to you"}}},
		"reply":   {blocks.NewMessage("<@U1> resolved this incident.\n> bad deploy reverted, error rate is back to what it was before\n> all good"), shown{author: "incident-bot", zone: berlin, notes: []string{"in the thread of #42", "in #payments"}, reply: true, number: 3}},
		"list":    {blocks.NewMessage("two incidents", blocks.Section("*active incidents*"), row("#42 checkout\nactive, severity Major", "Show #42"), row("#41 search\nactive, severity Minor", "Show #41"), blocks.Divider(), blocks.Actions("", blocks.Button("more", "", "More"))), shown{author: "incident-bot"}},
		"foreign": {blocks.NewMessage("x", blocks.Header("שירות התשלומים נפל 👩‍👩‍👧 漢字"), blocks.Section(blocks.Escape("<!channel> a\x1b[31mred\x07 & <https://evil.example|link> [Resolve]")), blocks.Section("• one item that is long enough to be broken at eighty columns, which takes some words\n• two\n  set in")), shown{author: "incident-bot"}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newSlackWorld(t)
			m := w.posts(c.message)
			golden(t, "draw/"+name+".txt", drawings(draw(m, c.as)))
		})
	}
}

// TestDrawForm draws a form as it is opened, filled in and refused.
func TestDrawForm(t *testing.T) {
	w := newSlackWorld(t)
	options := []blocks.Option{{Text: "Critical", Value: "c"}, {Text: "Major", Value: "m"}}
	view := blocks.Modal("declare", "Declare an incident", "Declare", "",
		blocks.Section("Loading *everything* <https://example.com|there> is …"),
		blocks.TextInput("title", "Title", "A few words.", "checkout returns 500s", "", blocks.InputOpts{}),
		blocks.SelectInput("severity", "Severity", options, "", true),
		blocks.TextInput("text", "What is known", "", "", "", blocks.InputOpts{Optional: true, Multiline: true}),
		blocks.CheckInput("drill", "Drill", []blocks.Option{{Text: "This is a drill", Value: "drill"}}, nil))
	open := func() *slacktest.View {
		trigger := struct {
			TriggerID string `json:"trigger_id"`
		}{}
		if err := json.Unmarshal(w.ana.Shortcut("any").Payload(), &trigger); err != nil {
			t.Fatal(err)
		}
		w.call("views.open", map[string]any{"trigger_id": trigger.TriggerID, "view": view})
		return w.ana.View()
	}
	golden(t, "draw/form.txt", drawings(drawForm(open())))
	if err := w.ana.Enter(map[string]string{"severity": "Major", "text": "all of Europe\nsince noon", "drill": "This is a drill"}); err != nil {
		t.Fatal(err)
	}
	w.ana.Submit(nil)
	golden(t, "draw/form-refused.txt", drawings(drawForm(w.ana.View())))
}

func TestChanges(t *testing.T) {
	before := "#42 checkout\nState active   Severity Major\ndeclared Today, open for less than a minute\n[Update] [Resolve]"
	for name, c := range map[string]struct {
		now  string
		want []string
	}{
		"nothing":   {before, nil},
		"time":      {"#42 checkout\nState active   Severity Major\ndeclared Today, open for 3 min\n[Update] [Resolve]", nil},
		"one fact":  {"#42 checkout\nState active   Severity Minor\ndeclared Today, open for 3 min\n[Update] [Resolve]", []string{"Severity Minor"}},
		"new title": {"#42 cart\nState active   Severity Major\ndeclared Today, open for 3 min\n[Update] [Resolve]", []string{"#42 cart"}},
		"resolved":  {"#42 checkout\nState resolved   Severity Major\ndeclared Today\n[Reopen]", []string{"State resolved", "declared Today", "[Reopen]"}},
		"less":      {"#42 checkout", nil},
	} {
		if diff := cmp.Diff(c.want, changes(before, c.now)); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
	}
}

func TestEdited(t *testing.T) {
	w := newSlackWorld(t)
	m := w.posts(exampleCard())
	before := m.Plain()
	if lines := edited(m, before, shown{}); lines != nil {
		t.Errorf("no news, yet %v", lines)
	}
	card := exampleCard()
	card.Blocks[1] = blocks.Section("*State* resolved   *Severity* Critical")
	card.Blocks[3] = blocks.Actions("", blocks.Button("e", "42", "Reopen"), blocks.Button("b", "42", "Note"))
	w.call("chat.update", map[string]any{"channel": w.ops.ID, "ts": m.TS, "text": card.Text, "blocks": card.Blocks})
	golden(t, "draw/edited.txt", drawings(edited(w.ana.Last(w.ops), before, shown{notes: []string{"in #ops"}})))
}

// TestAbout tells cards, which have a button for a note, from messages that speak of incidents.
func TestAbout(t *testing.T) {
	w := newSlackWorld(t)
	for _, c := range []struct {
		text  string
		card  bool
		about string
		of42  bool
	}{
		{"#42 checkout", true, "42", true},
		{"✓ Declared:\n#42 checkout", true, "42", true},
		{"#421 checkout", true, "421", false},
		{"#41 like #42", true, "41", false},
		{"nothing", true, "", false},
		{"#42 checkout", false, "", true},
		{"✓ Declared #42 checkout", false, "", true},
		{"✓ Declared #421 checkout", false, "", false},
		{"is it #42? or (#41)", false, "", true},
	} {
		m := blocks.NewMessage(blocks.Escape(c.text))
		if c.card {
			m = blocks.NewMessage("x", blocks.Section(blocks.Escape(c.text)), blocks.Actions("", blocks.Button("n", "42", "Note")))
		}
		if got := w.posts(m); about(got) != c.about || speaksOf(got, "42") != c.of42 {
			t.Errorf("%q is about %q, speaks of 42: %v", c.text, about(got), speaksOf(got, "42"))
		}
	}
}
