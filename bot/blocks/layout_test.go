package blocks

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"
)

// asJSON shows a block as it is sent, without JSON's own escapes of & < >.
func asJSON(t *testing.T, v any) string {
	t.Helper()
	encoded, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return strings.NewReplacer(`\u0026`, "&", `\u003c`, "<", `\u003e`, ">").Replace(string(encoded))
}

func TestBlocksAsSent(t *testing.T) {
	for name, c := range map[string]struct {
		block slack.Block
		want  string
	}{
		"header":  {Header("a <b>\nc"), `{"type":"header","text":{"type":"plain_text","text":"a <b> c","emoji":true}}`},
		"section": {Section("*a* &amp; b"), `{"type":"section","text":{"type":"mrkdwn","text":"*a* &amp; b","verbatim":true}}`},
		"empty":   {Section(" \n"), `{"type":"section","text":{"type":"mrkdwn","text":"—","verbatim":true}}`},
		"fields": {Fields("a", "", "b"), `{"type":"section","fields":[{"type":"mrkdwn","text":"a","verbatim":true},` +
			`{"type":"mrkdwn","text":"b","verbatim":true}]}`},
		"context": {Context("a"), `{"type":"context","elements":[{"type":"mrkdwn","text":"a","verbatim":true}]}`},
		"divider": {Divider(), `{"type":"divider"}`},
		"button": {Actions("row", PrimaryButton("go", "42", "Go")), `{"type":"actions","block_id":"row","elements":[{"type":"button",` +
			`"text":{"type":"plain_text","text":"Go","emoji":true},"action_id":"go","value":"42","style":"primary"}]}`},
		"accessory": {SectionWith("a", LinkButton("open", "Open", "https://x.example")), `{"type":"section",` +
			`"text":{"type":"mrkdwn","text":"a","verbatim":true},"accessory":{"type":"button","text":{"type":"plain_text",` +
			`"text":"Open","emoji":true},"action_id":"link:open","url":"https://x.example"}}`},
	} {
		if diff := cmp.Diff(c.want, asJSON(t, c.block)); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", name, diff)
		}
	}
}

func TestNothingGivesNoBlock(t *testing.T) {
	for name, b := range map[string]slack.Block{
		"fields": Fields(), "empty fields": Fields("", " "), "context": Context(), "actions": Actions("x"),
		"nil actions": Actions("x", nil, LinkButton("x", "x", "nowhere")),
	} {
		if b != nil {
			t.Errorf("%s: %v", name, asJSON(t, b))
		}
	}
	if got := asJSON(t, SectionWith("a", LinkButton("x", "x", "nowhere"))); got != asJSON(t, Section("a")) {
		t.Errorf("section with a link that is none: %s", got)
	}
	if Confirm(nil, "t", "x", "y", "n") != nil {
		t.Error("a confirmation of nothing")
	}
}

func TestMoreThanFits(t *testing.T) {
	many := make([]Mrkdwn, 1000)
	for i := range many {
		many[i] = Mrkdwn(fmt.Sprint("part ", i))
	}
	for _, b := range []slack.Block{Fields(many...), Context(many...)} {
		if got := asJSON(t, b); !strings.Contains(got, `"part 8"`) || !strings.Contains(got, `"… and 991 more"`) || strings.Contains(got, `"part 9"`) {
			t.Errorf("got %s", got)
		}
	}
}

func TestActionsDistinct(t *testing.T) {
	elements := []slack.BlockElement{Button("run", "a", "A"), Button("run", "b", "B"), nil, Button("other", "c", "C"), Button("run", "d", "D")}
	m := NewMessage("x", Actions("row", elements...), Actions("row", elements...))
	if wrong := problems(t, m); len(wrong) > 0 {
		t.Error(wrong)
	}
	var got []string
	for _, b := range decode[[]object](t, m.Blocks) {
		for _, e := range b["elements"].([]any) {
			got = append(got, str(e.(object)["action_id"])+"="+str(e.(object)["value"]))
		}
	}
	want := strings.Fields("run=a run~2=b other=c run~3=d run=a run~2=b other=c run~3=d")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestBaseID(t *testing.T) {
	for in, want := range map[string]string{"run": "run", "run~2": "run", "run~17": "run", "a~b": "a~b", "a~": "a~", "": ""} {
		if got := BaseID(in); got != want {
			t.Errorf("BaseID(%q) = %q, want %q", in, got, want)
		}
	}
	if !IsLink("link:open") || IsLink("open") {
		t.Error("IsLink")
	}
}

func TestActionsCut(t *testing.T) {
	var elements []slack.BlockElement
	for i := range 1000 {
		elements = append(elements, Button(fmt.Sprint("b", i), "", "x"))
	}
	if wrong := problems(t, NewMessage("x", Actions(strings.Repeat("r", 300), elements...))); len(wrong) > 0 {
		t.Error(wrong)
	}
}
