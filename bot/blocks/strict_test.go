package blocks

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"testing"

	"github.com/slack-go/slack"

	"incident-bot/bot/slacktest"
)

// strict sends to the simulated Slack, whose rules were written by others than these builders.
type strict struct {
	*slacktest.Server
	ws *slacktest.Workspace
	ch *slacktest.Channel
}

func newStrict(t *testing.T) *strict {
	s := &strict{Server: slacktest.New(slacktest.Options{NoRateLimits: true})}
	t.Cleanup(s.Close)
	s.ws = s.NewWorkspace("Acme")
	s.ch = s.ws.NewChannel("ops")
	return s
}

// call gives Slack's error, "" for none, and what it names.
func (s *strict) call(t *testing.T, method string, args object) string {
	t.Helper()
	body, err := json.Marshal(args)
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.APIURL()+method, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json; charset=utf-8")
	r.Header.Set("Authorization", "Bearer "+s.ws.BotToken)
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var out struct {
		OK       bool
		Error    string
		Errors   any
		Metadata struct{ Messages []string } `json:"response_metadata"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&out); err != nil || !out.OK && out.Error == "" {
		t.Fatalf("%s: %v, %+v", method, err, out)
	}
	if out.OK {
		return ""
	}
	return fmt.Sprint(out.Error, out.Errors, out.Metadata.Messages)
}

// TestSlackTakesWhatIsBuilt sends every builder's blocks with hostile text, and asks that nobody is woken by them.
func TestSlackTakesWhatIsBuilt(t *testing.T) {
	s := newStrict(t)
	for _, text := range hostile() {
		m := everyBlock(text)
		args := object{"channel": s.ch.ID, "text": m.Text, "blocks": m.Blocks}
		if refused := s.call(t, "chat.postMessage", args); refused != "" {
			t.Errorf("%.40q: message refused: %.600s", text, refused)
		}
		view := everyInput(text)
		if refused := s.call(t, "blocks.validate", object{"view": view}); refused != "" {
			t.Errorf("%.40q: view refused: %.600s", text, refused)
		}
	}
	for _, m := range s.ch.Messages() {
		if len(m.Notifies) > 0 {
			t.Errorf("foreign text wakes %v: %.200s", m.Notifies, m.Text)
		}
	}
	for _, note := range s.Violations() {
		t.Error(note)
	}
}

func TestSlackTakesManyBlocks(t *testing.T) {
	s := newStrict(t)
	var buttons []slack.BlockElement
	for range 1000 {
		buttons = append(buttons, Button("same", "v", "Same"))
	}
	var options []Option
	for i := range 1000 {
		options = append(options, Option{fmt.Sprint("Option ", i), fmt.Sprint(i)})
	}
	for _, n := range []int{0, 1, 2, 49, 50, 51, 1000} {
		m := NewMessage("text", append(repeat(n, Section("x")), Actions("row", buttons...))...)
		if refused := s.call(t, "chat.postMessage", object{"channel": s.ch.ID, "text": m.Text, "blocks": m.Blocks}); refused != "" {
			t.Errorf("%d blocks: %.600s", n, refused)
		}
		view := Modal("m", "Many", "", "", append(repeat(n, Section("x")), SelectInput("s", "S", options, "7", true), CheckInput("c", "C", options, nil))...)
		if refused := s.call(t, "blocks.validate", object{"view": view}); refused != "" {
			t.Errorf("%d blocks in a view: %.600s", n, refused)
		}
	}
}
