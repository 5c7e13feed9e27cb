package handlers

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
	"github.com/slack-go/slack"

	"incident-bot/bot/blocks"
	"incident-bot/bot/slacktest"
	"incident-bot/handlers/grammar"
	"incident-bot/incident"
)

var update = flag.Bool("update", false, "write the storybook in place of comparing it")

// TestStorybook draws every view with canned data, some of it as bad as it gets, and compares it with
// testdata/storybook. The simulated Slack has to take each, and nothing in one may alert anybody.
func TestStorybook(t *testing.T) {
	server := slacktest.New(slacktest.Options{NoRateLimits: true})
	defer server.Close()
	team := server.NewWorkspace("Acme")
	shelf := &shelf{server: server, team: team, ana: team.NewUser("ana"), channel: team.NewChannel("ops")}
	for name, m := range messages() {
		t.Run(name, func(t *testing.T) { shelf.message(t, name, m) })
	}
	for name, v := range forms() {
		t.Run(name, func(t *testing.T) { shelf.form(t, name, v) })
	}
	for _, v := range server.Violations() {
		t.Errorf("Slack would frown: %s", v)
	}
}

// shelf holds what is drawn against the files and against Slack.
type shelf struct {
	server  *slacktest.Server
	team    *slacktest.Workspace
	ana     *slacktest.User
	channel *slacktest.Channel
}

func (s *shelf) message(t *testing.T, name string, m blocks.Message) {
	s.call(t, "chat.postMessage", map[string]any{"channel": s.channel.ID, "text": m.Text, "blocks": m.Blocks})
	seen := s.ana.Last(s.channel)
	if len(seen.Notifies) > 0 {
		t.Errorf("it alerts %v", seen.Notifies)
	}
	if strings.TrimSpace(seen.TextPlain()) == "" {
		t.Error("a screen reader has nothing to read")
	}
	golden(t, name, map[string]string{"text": blocks.Plain(m.Text), "seen": seen.PlainIn(time.UTC), "blocks.json": pretty(t, m.Blocks)})
}

func (s *shelf) form(t *testing.T, name string, v slack.ModalViewRequest) {
	act := s.ana.Command(s.channel, "/incident", "declare")
	var payload struct {
		TriggerID string `json:"trigger_id"`
	}
	if err := json.Unmarshal(act.Payload(), &payload); err != nil {
		t.Fatal(err)
	}
	s.call(t, "views.open", map[string]any{"trigger_id": payload.TriggerID, "view": v})
	view := s.ana.View()
	if view == nil {
		t.Fatal("the form is not open")
	}
	golden(t, name, map[string]string{"seen": view.Plain(), "view.json": pretty(t, v)})
	s.ana.CloseView()
}

// call makes one call of the simulated Slack's API.
func (s *shelf) call(t *testing.T, method string, body any) {
	t.Helper()
	sent, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.server.APIURL()+method, bytes.NewReader(sent))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json; charset=utf-8")
	request.Header.Set("Authorization", "Bearer "+s.team.BotToken)
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	said, err := io.ReadAll(answer.Body)
	if err != nil || !strings.Contains(string(said), `"ok":true`) {
		t.Fatalf("%s: %v %s\n%s", method, err, said, sent)
	}
}

func pretty(t *testing.T, v any) string {
	t.Helper()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// golden compares the parts of a view with its file.
func golden(t *testing.T, name string, parts map[string]string) {
	t.Helper()
	file := filepath.Join("testdata", "storybook", name+".txtar")
	var archive txtar.Archive
	for _, part := range []string{"text", "seen", "blocks.json", "view.json"} {
		if data, ok := parts[part]; ok {
			archive.Files = append(archive.Files, txtar.File{Name: part, Data: []byte(strings.TrimRight(data, "\n") + "\n")})
		}
	}
	want := string(txtar.Format(&archive))
	if *update {
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, []byte(want), 0o644)); err != nil {
			t.Fatal(err)
		}
		return
	}
	had, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(had), want); diff != "" {
		t.Errorf("%s has changed; look at it, then go test ./handlers -update (-was +is)\n%s", file, diff)
	}
}

// nasty is text that tries to be more than text.
const nasty = "<!channel> <@U1> *bold* `code` <https://evil.example|grafana> & </script> \u202e\u0000"

// worst is an incident with everything at its limit.
func worst() incident.Incident {
	i := incident.Incident{
		ID: "123456789", Title: strings.Repeat("ש🔥", 1500), Severity: strings.Repeat("s", 200), Status: nasty, Drill: true,
		Declared: night().Add(-50 * time.Hour), Creator: nasty, Summary: strings.Repeat(nasty+"\n", 100),
		URL: "https://acme.grafana.net/a/grafana-irm-app/incidents/123456789",
	}
	for n := range 30 {
		i.Labels = append(i.Labels, incident.Label{Key: fmt.Sprintf("key%d", n), Value: nasty})
		i.Roles = append(i.Roles, incident.Assignment{Role: nasty, Name: strings.Repeat("name ", 50)})
		i.Tasks = append(i.Tasks, incident.Task{Text: nasty})
	}
	return i
}

// shown is an incident as it usually is.
func shown() incident.Incident {
	return incident.Incident{
		ID: "42", Title: "checkout returns 500s", Severity: "Critical", Status: "active", Declared: night().Add(-42 * time.Minute),
		Creator: "Service Account: extsvc-incident-bot", Labels: []incident.Label{{Key: "team", Value: "payments"}, {Key: "tags", Value: "urgent"}},
		URL: "https://acme.grafana.net/a/grafana-irm-app/incidents/42/checkout-returns-500s",
	}
}

// messages are the views of messages, by name.
func messages() map[string]blocks.Message {
	over, busy, bare := shown(), shown(), incident.Incident{ID: "7", Private: false}
	over.Status, over.Closed = "resolved", night()
	busy.Creator, busy.Summary = "Lena Roth", "Shards were lost.\nThe index is rebuilt."
	busy.Roles = []incident.Assignment{{Role: "investigator", Name: "Ben Cole"}, {Role: "commander", Name: "Ana Ruiz"}, {Role: "observer"}}
	busy.Tasks = []incident.Task{{Text: "restart the cache"}, {Text: "done", Done: true}}
	no, yes := false, true
	list := listView{query: incident.Query{Status: statusActive, Drills: &no}, first: true, number: 1}
	full, empty, narrow, second := list, list, list, list
	for range listed {
		full.incidents = append(full.incidents, worst())
	}
	full.drills = []incident.Incident{worst()}
	full.turns = []button{{buttonPage, "a", "Back"}, {buttonPage, "b", "More"}}
	usual := list
	usual.incidents, usual.drills = []incident.Incident{shown(), bare, over}, []incident.Incident{{ID: "38", Title: "backup drill", Status: "active", Drill: true, Declared: night().Add(-30 * time.Hour)}}
	narrow.query = incident.Query{Status: "", Severity: nasty, Title: nasty, Label: incident.Label{Key: nasty, Value: nasty}, Drills: &yes}
	second.first, second.number = false, 2
	d := newDesk(newStack())
	help, _ := d.word("note")
	return map[string]blocks.Message{
		"card": card(shown()), "card-resolved": card(over), "card-busy": card(busy), "card-bare": card(bare), "card-worst": card(worst()),
		"declared": under("ana declared an incident:", card(shown())),
		"list":     usual.message("/incident", night()), "list-worst": full.message("/incident", night()), "list-empty": empty.message("/incident", night()),
		"list-narrow": narrow.message("@incident-bot", night()), "list-second": second.message("/incident", night()),
		"help": d.helpAll(typing("", "")), "help-word": d.helpWord(typing("", ""), help),
		"question": question("Which incident do you mean?", []button{{buttonOffer, "a:0", "#42 checkout returns 500s"}, {buttonOffer, "a:1", worst().Title}}),
		"failed": d.failed(sending(formUpdate, "42", map[string]string{fieldText: "rolled back\n" + nasty}), "Nothing was written",
			"the Grafana stack cannot be reached", "Please try again in a minute.").Answer.Message,
	}
}

// forms are the views of forms, by name.
func forms() map[string]slack.ModalViewRequest {
	d, r := newDesk(newStack()), clicking(buttonUpdate, "42")
	severities, _ := d.stackOf(r)
	said := grammar.Parse("sev:major drill label:team=web label:urgent", declareRules(nil))
	many := make([]incident.Severity, 120)
	for n := range many {
		many[n] = incident.Severity{Label: fmt.Sprintf("%d %s", n, strings.Repeat(nasty, 1/(n+1))), Level: n}
	}
	return map[string]slack.ModalViewRequest{
		"form-declare":           declareView(grammar.Words{}, severityInput(severities.KnownSeverities(), "", true)),
		"form-declare-prefilled": declareView(said, severityInput(severities.KnownSeverities(), said.Severity, true)),
		"form-declare-waiting":   declareView(grammar.Words{}, asking()),
		"form-declare-unasked":   declareView(grammar.Words{}, unasked()),
		"form-declare-worst":     declareView(grammar.Words{Text: worst().Title, Labels: []grammar.Label{{Key: nasty, Value: worst().Title}}}, severityInput(many, "", true)),
		"form-update":            updateForm(r).View, "form-note": noteForm(r).View, "form-resolve": resolveForm(r).View, "form-severity": d.severityForm(r).View,
	}
}

// TestEveryButtonIsRegistered: what a view shows can be clicked.
func TestEveryButtonIsRegistered(t *testing.T) {
	registered := map[string]bool{}
	for _, b := range newDesk(newStack()).buttons() {
		registered[b.ID] = true
	}
	for name, m := range messages() {
		for _, id := range actions(t, m) {
			if !registered[blocks.BaseID(id)] && !blocks.IsLink(id) {
				t.Errorf("%s: nothing is registered for %q", name, id)
			}
		}
	}
	sent := map[string]bool{}
	for _, s := range newDesk(newStack()).forms() {
		sent[s.CallbackID] = true
	}
	for name, v := range forms() {
		if !sent[v.CallbackID] {
			t.Errorf("%s: nothing is registered for %q", name, v.CallbackID)
		}
	}
}

// actions lists the action ids of a message.
func actions(t *testing.T, m blocks.Message) []string {
	t.Helper()
	var all []string
	for line := range strings.Lines(pretty(t, m.Blocks)) {
		if _, id, ok := strings.Cut(line, `"action_id": "`); ok {
			all = append(all, strings.TrimRight(id, "\",\n"))
		}
	}
	return all
}

// TestTextAloneTellsTheStory: what the blocks of a card say is in the text that lock screens show.
func TestTextAloneTellsTheStory(t *testing.T) {
	i := shown()
	i.Roles = []incident.Assignment{{Role: "commander", Name: "Ana Ruiz"}}
	i.Tasks = []incident.Task{{Text: "x"}}
	said := blocks.Plain(card(i).Text)
	for _, part := range []string{"#42", i.Title, "active", "severity Critical", "Lead Ana Ruiz", "2026-11-24 00:48 UTC", "team=payments", "urgent", "1 open task"} {
		if !strings.Contains(said, part) {
			t.Errorf("the card's text lacks %q: %s", part, said)
		}
	}
}
