package slacktest

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

// n gives n characters that are two bytes each: limits count code points.
func n(n int) string { return strings.Repeat("ä", n) }

func plain(text string) string  { return `{"type":"plain_text","text":"` + text + `"}` }
func mrkdwn(text string) string { return `{"type":"mrkdwn","text":"` + text + `"}` }

func section(text string) string { return `{"type":"section","text":` + mrkdwn(text) + `}` }
func actions(e ...string) string {
	return `{"type":"actions","elements":[` + strings.Join(e, ",") + `]}`
}
func input(e string) string { return `{"type":"input","label":` + plain("L") + `,"element":` + e + `}` }

// button gives a button with more properties, as `"value":"x"`.
func button(text string, more ...string) string {
	return `{` + strings.Join(append([]string{`"type":"button"`, `"text":` + plain(text)}, more...), ",") + `}`
}

func option(text, value string, more ...string) string {
	return `{` + strings.Join(append([]string{`"text":` + plain(text), `"value":"` + value + `"`}, more...), ",") + `}`
}

func options(count int) string {
	var out []string
	for i := range count {
		out = append(out, option("o", fmt.Sprint(i)))
	}
	return "[" + strings.Join(out, ",") + "]"
}

func repeat(count int, s string) string {
	return strings.TrimSuffix(strings.Repeat(s+",", count), ",")
}

func selectOf(options string, more ...string) string {
	return `{` + strings.Join(append([]string{`"type":"static_select"`, `"options":` + options}, more...), ",") + `}`
}

func textInput(more ...string) string {
	return `{` + strings.Join(append([]string{`"type":"plain_text_input"`}, more...), ",") + `}`
}

func kv(key, value string) string { return `"` + key + `":` + value }
func str(s string) string         { return `"` + s + `"` }

// on checks blocks on a surface and gives the problems.
func on(where surface, blocks string) []string {
	v, ok := parse(json.RawMessage("[" + blocks + "]"))
	if !ok {
		return []string{"not JSON: " + blocks}
	}
	c := newChecker(where)
	c.blocks("/blocks", v.([]any))
	return c.messages()
}

// TestLimits has every limit at its edge and one over: ok must pass, over must fail with the message.
func TestLimits(t *testing.T) {
	for _, c := range []struct{ name, ok, over, want string }{
		{"section text", section(n(3000)), section(n(3001)), "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"},
		{"empty text", section("x"), section(""), "must be more than 0 characters [json-pointer:/blocks/0/text/text]"},
		{"section fields", `{"type":"section","fields":[` + repeat(10, plain("x")) + `]}`, `{"type":"section","fields":[` + repeat(11, plain("x")) + `]}`, "no more than 10 items allowed [json-pointer:/blocks/0/fields]"},
		{"field text", `{"type":"section","fields":[` + plain(n(2000)) + `]}`, `{"type":"section","fields":[` + plain(n(2001)) + `]}`, "less than 2001 characters [json-pointer:/blocks/0/fields/0/text]"},
		{"section of nothing", section("x"), `{"type":"section"}`, "missing required field: text or fields [json-pointer:/blocks/0]"},
		{"header", `{"type":"header","text":` + plain(n(150)) + `}`, `{"type":"header","text":` + plain(n(151)) + `}`, "less than 151 characters"},
		{"header plain", `{"type":"header","text":` + plain("x") + `}`, `{"type":"header","text":` + mrkdwn("x") + `}`, "unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]"},
		{"blocks in a message", repeat(50, `{"type":"divider"}`), repeat(51, `{"type":"divider"}`), "no more than 50 items allowed [json-pointer:/blocks]"},
		{"block_id", `{"type":"divider","block_id":"` + n(255) + `"}`, `{"type":"divider","block_id":"` + n(256) + `"}`, "less than 256 characters [json-pointer:/blocks/0/block_id]"},
		{"block_id twice", `{"type":"divider","block_id":"a"},{"type":"divider","block_id":"b"}`, `{"type":"divider","block_id":"a"},{"type":"divider","block_id":"a"}`, "`block_id` a already exists [json-pointer:/blocks/1/block_id]"},
		{"actions", actions(repeat(25, button("x"))), actions(repeat(26, button("x"))), "no more than 25 items"},
		{"no actions", actions(button("x")), actions(), "no fewer than 1 items"},
		{"context", `{"type":"context","elements":[` + repeat(10, plain("x")) + `]}`, `{"type":"context","elements":[` + repeat(11, plain("x")) + `]}`, "no more than 10 items"},
		{"context_actions", `{"type":"context_actions","elements":[` + repeat(5, `{"type":"icon_button","icon":"trash","text":`+plain("x")+`}`) + `]}`, `{"type":"context_actions","elements":[` + repeat(6, `{"type":"icon_button","icon":"trash","text":`+plain("x")+`}`) + `]}`, "no more than 5 items"},
		{"button text", actions(button(n(75))), actions(button(n(76))), "less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]"},
		{"button value", actions(button("x", kv("value", str(n(2000))))), actions(button("x", kv("value", str(n(2001))))), "less than 2001 characters [json-pointer:/blocks/0/elements/0/value]"},
		{"button url", actions(button("x", kv("url", str("https://"+strings.Repeat("x", 2992))))), actions(button("x", kv("url", str("https://"+strings.Repeat("x", 2993))))), "less than 3001 characters"},
		{"button url shape", actions(button("x", kv("url", str("http://a")))), actions(button("x", kv("url", str("javascript:alert(1)")))), "Invalid URL"},
		{"button url with space", actions(button("x", kv("url", str("http://a")))), actions(button("x", kv("url", str("http://a b")))), "Invalid URL"},
		{"button style", actions(button("x", kv("style", str("danger")))), actions(button("x", kv("style", str("loud")))), "must be one of: primary, danger"},
		{"button label", actions(button("x", kv("accessibility_label", str(n(75))))), actions(button("x", kv("accessibility_label", str(n(76))))), "less than 76 characters"},
		{"button mrkdwn", actions(button("x")), actions(`{"type":"button","text":` + mrkdwn("x") + `}`), "unsupported type: mrkdwn"},
		{"action_id", actions(button("x", kv("action_id", str(n(255))))), actions(button("x", kv("action_id", str(n(256))))), "less than 256 characters"},
		{"action_id twice", actions(button("x", kv("action_id", str("a"))), button("x", kv("action_id", str("b")))), actions(button("x", kv("action_id", str("a"))), button("x", kv("action_id", str("a")))), "`action_id` a already exists [json-pointer:/blocks/0]"},
		{"confirm title", actions(button("x", kv("confirm", `{"title":`+plain(n(100))+`,"text":`+plain("x")+`}`))), actions(button("x", kv("confirm", `{"title":`+plain(n(101))+`,"text":`+plain("x")+`}`))), "less than 101 characters [json-pointer:/blocks/0/elements/0/confirm/title/text]"},
		{"confirm text", actions(button("x", kv("confirm", `{"text":`+mrkdwn(n(300))+`}`))), actions(button("x", kv("confirm", `{"text":`+mrkdwn(n(301))+`}`))), "less than 301 characters"},
		{"confirm buttons", actions(button("x", kv("confirm", `{"text":`+plain("x")+`,"confirm":`+plain(n(30))+`,"deny":`+plain(n(30))+`}`))), actions(button("x", kv("confirm", `{"text":`+plain("x")+`,"confirm":`+plain(n(30))+`,"deny":`+plain(n(31))+`}`))), "less than 31 characters"},
		{"confirm without text", actions(button("x", kv("confirm", `{"text":`+plain("x")+`}`))), actions(button("x", kv("confirm", `{}`))), "missing required field: text"},
		{"options", actions(selectOf(options(100))), actions(selectOf(options(101))), "no more than 100 items"},
		{"no options", actions(selectOf(options(1))), actions(selectOf(`[]`)), "no fewer than 1 items"},
		{"option text", actions(selectOf("[" + option(n(75), "v") + "]")), actions(selectOf("[" + option(n(76), "v") + "]")), "less than 76 characters"},
		{"option value", actions(selectOf("[" + option("x", n(75)) + "]")), actions(selectOf("[" + option("x", n(76)) + "]")), "less than 76 characters"},
		{"option value twice", actions(selectOf("[" + option("x", "a") + "," + option("x", "b") + "]")), actions(selectOf("[" + option("x", "a") + "," + option("x", "a") + "]")), "duplicate value: a"},
		{"option description", actions(selectOf("[" + option("x", "v", kv("description", plain(n(75)))) + "]")), actions(selectOf("[" + option("x", "v", kv("description", plain(n(76)))) + "]")), "less than 76 characters"},
		{"option url", actions(`{"type":"overflow","options":[` + option("x", "v", kv("url", str("https://a"))) + `]}`), actions(selectOf("[" + option("x", "v", kv("url", str("https://a"))) + "]")), "invalid additional property: url"},
		{"initial option", actions(selectOf(options(2), kv("initial_option", option("o", "1")))), actions(selectOf(options(2), kv("initial_option", option("o", "7")))), "must be one of the options"},
		{"option groups", actions(`{"type":"static_select","option_groups":[` + repeat(100, `{"label":`+plain(n(75))+`,"options":`+options(1)+`}`) + `]}`), actions(`{"type":"static_select","option_groups":[` + repeat(101, `{"label":`+plain("x")+`,"options":`+options(1)+`}`) + `]}`), "no more than 100 items"},
		{"group label", actions(`{"type":"static_select","option_groups":[{"label":` + plain(n(75)) + `,"options":` + options(1) + `}]}`), actions(`{"type":"static_select","option_groups":[{"label":` + plain(n(76)) + `,"options":` + options(1) + `}]}`), "less than 76 characters"},
		{"options and groups", actions(selectOf(options(1))), actions(selectOf(options(1), kv("option_groups", `[]`))), "exactly one of options and option_groups"},
		{"placeholder", actions(selectOf(options(1), kv("placeholder", plain(n(150))))), actions(selectOf(options(1), kv("placeholder", plain(n(151))))), "less than 151 characters"},
		{"overflow", actions(`{"type":"overflow","options":` + options(5) + `}`), actions(`{"type":"overflow","options":` + options(6) + `}`), "no more than 5 items"},
		{"checkboxes", actions(`{"type":"checkboxes","options":` + options(10) + `}`), actions(`{"type":"checkboxes","options":` + options(11) + `}`), "no more than 10 items"},
		{"radio", actions(`{"type":"radio_buttons","options":` + options(10) + `}`), actions(`{"type":"radio_buttons","options":` + options(11) + `}`), "no more than 10 items"},
		{"image url", `{"type":"image","alt_text":"x","image_url":"https://` + strings.Repeat("x", 2992) + `"}`, `{"type":"image","alt_text":"x","image_url":"https://` + strings.Repeat("x", 2993) + `"}`, "less than 3001 characters"},
		{"image alt", `{"type":"image","image_url":"https://a","alt_text":"` + n(2000) + `"}`, `{"type":"image","image_url":"https://a","alt_text":"` + n(2001) + `"}`, "less than 2001 characters"},
		{"image title", `{"type":"image","image_url":"https://a","alt_text":"x","title":` + plain(n(2000)) + `}`, `{"type":"image","image_url":"https://a","alt_text":"x","title":` + plain(n(2001)) + `}`, "less than 2001 characters"},
		{"input label", `{"type":"input","label":` + plain(n(2000)) + `,"element":` + textInput() + `}`, `{"type":"input","label":` + plain(n(2001)) + `,"element":` + textInput() + `}`, "less than 2001 characters [json-pointer:/blocks/0/label/text]"},
		{"input without label", input(textInput()), `{"type":"input","element":` + textInput() + `}`, "missing required field: label"},
		{"input hint", `{"type":"input","label":` + plain("x") + `,"hint":` + plain(n(2000)) + `,"element":` + textInput() + `}`, `{"type":"input","label":` + plain("x") + `,"hint":` + plain(n(2001)) + `,"element":` + textInput() + `}`, "less than 2001 characters"},
		{"max_length", input(textInput(kv("max_length", "3000"))), input(textInput(kv("max_length", "3001"))), "must be between 1 and 3000"},
		{"min over max", input(textInput(kv("min_length", "5"), kv("max_length", "5"))), input(textInput(kv("min_length", "6"), kv("max_length", "5"))), "must be less than max_length"},
		{"initial over max", input(textInput(kv("initial_value", str("ää")), kv("max_length", "2"))), input(textInput(kv("initial_value", str("äää")), kv("max_length", "2"))), "less than 3 characters"},
		{"focus once", input(textInput(kv("focus_on_load", "true"))), input(textInput(kv("focus_on_load", "true"))) + "," + input(textInput(kv("focus_on_load", "true"))), "only one element can be set to true"},
		{"button in input", input(textInput()), input(button("x")), "unsupported type: button"},
		{"text input in actions", actions(button("x")), actions(textInput()), "unsupported type: plain_text_input [json-pointer:/blocks/0/elements/0/type]"},
		{"unknown block", section("x"), `{"type":"sing"}`, "unsupported type: sing [json-pointer:/blocks/0/type]"},
		{"no type", section("x"), `{}`, "missing required field: type"},
		{"unknown property", section("x"), `{"type":"divider","colour":"red"}`, "invalid additional property: colour"},
		{"emoji on mrkdwn", section("x"), `{"type":"section","text":{"type":"mrkdwn","text":"x","emoji":true}}`, "invalid additional property: emoji"},
		{"no object", section("x"), `7`, "must be an object"},
		{"a text that is no string", section("x"), `{"type":"section","text":{"type":"mrkdwn","text":7}}`, "must be a string"},
		{"markdown together", `{"type":"markdown","text":"` + n(6000) + `"},{"type":"markdown","text":"` + n(6000) + `"}`, `{"type":"markdown","text":"` + n(6000) + `"},{"type":"markdown","text":"` + n(6001) + `"}`, "12001 characters in all markdown blocks"},
		{"alert only in modals", section("x"), `{"type":"alert","text":` + plain("x") + `}`, "unsupported type: alert"},
		{"files are received only", section("x"), `{"type":"file","source":"remote","external_id":"x"}`, "unsupported type: file"},
		{"card", `{"type":"card","title":` + mrkdwn(n(150)) + `,"body":` + mrkdwn(n(200)) + `}`, `{"type":"card","title":` + mrkdwn(n(150)) + `,"body":` + mrkdwn(n(201)) + `}`, "less than 201 characters"},
		{"empty card", `{"type":"card","body":` + mrkdwn("x") + `}`, `{"type":"card"}`, "at least one of"},
		{"carousel", `{"type":"carousel","elements":[` + repeat(10, `{"type":"card","body":`+mrkdwn("x")+`}`) + `]}`, `{"type":"carousel","elements":[` + repeat(11, `{"type":"card","body":`+mrkdwn("x")+`}`) + `]}`, "no more than 10 items"},
		{"container", `{"type":"container","title":` + plain("x") + `,"child_blocks":[` + repeat(10, section("x")) + `]}`, `{"type":"container","title":` + plain("x") + `,"child_blocks":[` + repeat(11, section("x")) + `]}`, "no more than 10 items"},
		{"markdown in a container", `{"type":"container","title":` + plain("x") + `,"child_blocks":[` + section("x") + `]}`, `{"type":"container","title":` + plain("x") + `,"child_blocks":[{"type":"markdown","text":"x"}]}`, "unsupported type: markdown"},
		{"table rows", `{"type":"table","rows":[` + repeat(100, `[{"type":"raw_text","text":"x"}]`) + `]}`, `{"type":"table","rows":[` + repeat(101, `[{"type":"raw_text","text":"x"}]`) + `]}`, "no more than 100 items"},
		{"table columns", `{"type":"table","rows":[[` + repeat(20, `{"type":"raw_text","text":"x"}`) + `]]}`, `{"type":"table","rows":[[` + repeat(21, `{"type":"raw_text","text":"x"}`) + `]]}`, "no more than 20 items"},
		{"one table", `{"type":"table","rows":[[{"type":"raw_text","text":"x"}]]}`, repeat(2, `{"type":"table","rows":[[{"type":"raw_text","text":"x"}]]}`), "only one table"},
		{"data table", `{"type":"data_table","caption":"x","rows":[` + repeat(101, `[{"type":"raw_text","text":"x"}]`) + `]}`, `{"type":"data_table","caption":"x","rows":[` + repeat(102, `[{"type":"raw_text","text":"x"}]`) + `]}`, "no more than 101 items"},
		{"data table text", `{"type":"data_table","caption":"x","rows":[` + repeat(2, `[{"type":"raw_text","text":"`+n(10_000)+`"}]`) + `]}`, `{"type":"data_table","caption":"x","rows":[` + repeat(2, `[{"type":"raw_text","text":"`+n(10_001)+`"}]`) + `]}`, "less than 20001 characters"},
		{"chart title", `{"type":"data_visualization","title":"` + n(50) + `","chart":{"type":"pie","segments":[{"label":"a","value":1}]}}`, `{"type":"data_visualization","title":"` + n(51) + `","chart":{"type":"pie","segments":[{"label":"a","value":1}]}}`, "less than 51 characters"},
		{"rich text", `{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"x"}]}]}`, `{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"song"}]}]}`, "unsupported type: song"},
		{"date", input(`{"type":"datepicker","initial_date":"2026-11-24"}`), input(`{"type":"datepicker","initial_date":"24.11.2026"}`), "must have the format YYYY-MM-DD"},
		{"time", input(`{"type":"timepicker","initial_time":"14:32"}`), input(`{"type":"timepicker","initial_time":"2pm"}`), "must have the format HH:mm"},
		{"date and time", input(`{"type":"datetimepicker","initial_date_time":1764000000}`), input(`{"type":"datetimepicker","initial_date_time":17640}`), "must be between"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := on(inMessage, c.ok); len(got) > 0 {
				t.Errorf("at the limit: %q", got)
			}
			got := on(inMessage, c.over)
			if len(got) == 0 || !strings.Contains(strings.Join(got, "\n"), c.want) {
				t.Errorf("over the limit: %q, want %q", got, c.want)
			}
		})
	}
}

func TestSurfaces(t *testing.T) {
	for _, c := range []struct {
		block                string
		message, modal, home bool
	}{
		{section("x"), true, true, true},
		{input(textInput()), true, true, true},
		{`{"type":"alert","text":` + plain("x") + `}`, false, true, false},
		{`{"type":"markdown","text":"x"}`, true, false, false},
		{`{"type":"table","rows":[[{"type":"raw_text","text":"x"}]]}`, true, false, false},
		{`{"type":"carousel","elements":[{"type":"card","body":` + mrkdwn("x") + `}]}`, true, false, true},
		{`{"type":"plan","title":"x"}`, true, false, false},
		{`{"type":"task_card","task_id":"1","title":"x","status":"pending"}`, true, false, false},
	} {
		for where, want := range map[surface]bool{inMessage: c.message, inModal: c.modal, inHome: c.home} {
			if got := on(where, c.block); (len(got) == 0) != want {
				t.Errorf("%s in a %s: %q", c.block, where, got)
			}
		}
	}
	if got := on(inModal, repeat(100, `{"type":"divider"}`)); len(got) > 0 {
		t.Errorf("100 blocks in a modal: %q", got)
	}
	if got := on(inModal, repeat(101, `{"type":"divider"}`)); len(got) != 1 {
		t.Errorf("101 blocks in a modal: %q", got)
	}
}

func TestViewLimits(t *testing.T) {
	modal := func(more ...string) string {
		return `{` + strings.Join(append([]string{`"type":"modal"`, kv("blocks", "["+section("x")+"]")}, more...), ",") + `}`
	}
	title := kv("title", plain("x"))
	for _, c := range []struct{ name, ok, over, want string }{
		{"title", modal(kv("title", plain(n(24)))), modal(kv("title", plain(n(25)))), "less than 25 characters [json-pointer:/view/title/text]"},
		{"no title", modal(title), modal(), "missing required field: title [json-pointer:/view]"},
		{"mrkdwn title", modal(title), modal(kv("title", mrkdwn("x"))), "unsupported type: mrkdwn"},
		{"submit", modal(title, kv("submit", plain(n(24)))), modal(title, kv("submit", plain(n(25)))), "less than 25"},
		{"close", modal(title, kv("close", plain(n(24)))), modal(title, kv("close", plain(n(25)))), "less than 25"},
		{"metadata", modal(title, kv("private_metadata", str(n(3000)))), modal(title, kv("private_metadata", str(n(3001)))), "less than 3001 characters [json-pointer:/view/private_metadata]"},
		{"callback", modal(title, kv("callback_id", str(n(255)))), modal(title, kv("callback_id", str(n(256)))), "less than 256"},
		{"external", modal(title, kv("external_id", str(n(255)))), modal(title, kv("external_id", str(n(256)))), "less than 256"},
		{"submit for inputs", `{"type":"modal",` + title + `,"submit":` + plain("x") + `,"blocks":[` + input(textInput()) + `]}`, `{"type":"modal",` + title + `,"blocks":[` + input(textInput()) + `]}`, "missing required field: submit"},
		{"type", modal(title), `{"type":"home",` + title + `,"blocks":[]}`, "must be one of: modal"},
		{"no blocks", modal(title), `{"type":"modal",` + title + `}`, "missing required field: blocks"},
		{"unknown property", modal(title), modal(title, kv("colour", str("red"))), "invalid additional property: colour"},
		{"block pointer", modal(title), `{"type":"modal",` + title + `,"blocks":[` + section("") + `]}`, "[json-pointer:/view/blocks/0/text/text]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			check := func(raw string) string {
				o, ok := parseObj([]byte(raw))
				if !ok {
					t.Fatalf("not JSON: %s", raw)
				}
				return fmt.Sprint(checkView(o, inModal))
			}
			if got := check(c.ok); got != "[]" {
				t.Errorf("at the limit: %s", got)
			}
			if got := check(c.over); !strings.Contains(got, c.want) {
				t.Errorf("over the limit: %s, want %q", got, c.want)
			}
		})
	}
	home, _ := parseObj([]byte(`{"type":"home","blocks":[` + section("x") + `]}`))
	if got := checkView(home, inHome); len(got) > 0 {
		t.Errorf("home: %v", got)
	}
}

func TestSuggestionAnswers(t *testing.T) {
	if got := checkOptions(json.RawMessage(`{"options":` + options(100) + `}`)); len(got) > 0 {
		t.Errorf("100 options: %q", got)
	}
	if got := checkOptions(json.RawMessage(`{"options":` + options(101) + `}`)); len(got) != 1 {
		t.Errorf("101 options: %q", got)
	}
	if got := checkOptions(nil); len(got) != 1 {
		t.Errorf("no answer: %q", got)
	}
}

func FuzzCheckNeverPanics(f *testing.F) {
	f.Add(section("x"))
	f.Add(actions(button("x"), selectOf(options(2))))
	f.Add(input(textInput()))
	f.Add(`{"type":"table","rows":[[7]]}`)
	f.Add(`{"type":"container","child_blocks":[{"type":"container"}]}`)
	f.Fuzz(func(t *testing.T, blocks string) {
		for _, where := range []surface{inMessage, inModal, inHome} {
			_ = on(where, blocks)
		}
		v, _ := parse([]byte("[" + blocks + "]"))
		list, _ := v.([]any)
		r := reader{zone: time.UTC}
		_ = r.blocks(list)
		_ = notifies("", json.RawMessage("["+blocks+"]"), "full")
		_ = initialInputs(list, nil)
	})
}
