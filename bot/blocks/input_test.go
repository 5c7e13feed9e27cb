package blocks

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestInputsAsSent(t *testing.T) {
	options := []Option{{"Critical <1>", "critical"}, {"Minor", "minor"}}
	const objects = `[{"text":{"type":"plain_text","text":"Critical <1>","emoji":true},"value":"critical"},` +
		`{"text":{"type":"plain_text","text":"Minor","emoji":true},"value":"minor"}]`
	minor := objects[strings.Index(objects, `,{"text"`)+1 : len(objects)-1]
	for name, c := range map[string]struct{ got, want string }{
		"text": {asJSON(t, TextInput("title", "Title", "Say what is broken", "checkout returns 500s", "it\nbroke", InputOpts{Max: 200})),
			`{"type":"input","block_id":"title","label":{"type":"plain_text","text":"Title","emoji":true},` +
				`"element":{"type":"plain_text_input","action_id":"title","placeholder":{"type":"plain_text","text":"checkout returns 500s","emoji":true},` +
				`"initial_value":"it broke","max_length":200},"hint":{"type":"plain_text","text":"Say what is broken","emoji":true}}`},
		"multiline": {asJSON(t, TextInput("text", "Text", "", "", "two\nlines", InputOpts{Multiline: true, Optional: true})),
			`{"type":"input","block_id":"text","label":{"type":"plain_text","text":"Text","emoji":true},` +
				`"element":{"type":"plain_text_input","action_id":"text","initial_value":"two\nlines","multiline":true,"max_length":3000},"optional":true}`},
		"select": {asJSON(t, SelectInput("sev", "Severity", options, "minor", true)),
			`{"type":"input","block_id":"sev","label":{"type":"plain_text","text":"Severity","emoji":true},` +
				`"element":{"type":"static_select","action_id":"sev","options":` + objects + `,"initial_option":` + minor + `},"optional":true}`},
		"checks": {asJSON(t, CheckInput("flags", "Flags", options, []string{"minor", "gone"})),
			`{"type":"input","block_id":"flags","label":{"type":"plain_text","text":"Flags","emoji":true},` +
				`"element":{"type":"checkboxes","action_id":"flags","options":` + objects + `,"initial_options":[` + minor + `]},"optional":true}`},
	} {
		if diff := cmp.Diff(c.want, c.got); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", name, diff)
		}
	}
}

func TestOptions(t *testing.T) {
	var many []Option
	for i := range 1000 {
		many = append(many, Option{fmt.Sprint("Option ", i), fmt.Sprint(i)}, Option{"again", fmt.Sprint(i)}, Option{"no value", ""})
	}
	long := strings.Repeat("v", 76)
	view := Modal("x", "t", "ok", "",
		SelectInput("a", "A", many, "7", false), SelectInput("b", "B", many, "none of them", false),
		SelectInput("c", "C", []Option{{strings.Repeat("t", 80), long}, {"same when cut", long + "w"}}, long[:75], false),
		CheckInput("d", "D", many, []string{"3", "9", "500"}),
		SelectInput("e", "E <!channel>", nil, "", false), CheckInput("f", "F", []Option{{"no value", ""}}, nil))
	if wrong := viewProblems(t, view); len(wrong) > 0 {
		t.Error(wrong)
	}
	got := asJSON(t, view)
	for _, want := range []string{
		`"initial_option":{"text":{"type":"plain_text","text":"Option 7"`,
		`"E &lt;!channel&gt;: there is nothing to choose from."`, `"F: there is nothing to choose from."`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%s is not in %s", want, got)
		}
	}
	if n := strings.Count(got, `"initial_option"`); n != 2 {
		t.Errorf("%d initial options", n)
	}
}
