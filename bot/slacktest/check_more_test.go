package slacktest

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// TestElements has one good and one bad example of every element, where it belongs.
func TestElements(t *testing.T) {
	image := `"image_url":"https://a","alt_text":"x"`
	for _, c := range []struct{ name, good, bad, want string }{
		{"email", input(`{"type":"email_text_input","initial_value":"a@b"}`), input(`{"type":"email_text_input","multiline":true}`), "invalid additional property: multiline"},
		{"url", input(`{"type":"url_text_input","placeholder":` + plain("x") + `}`), input(`{"type":"url_text_input","placeholder":` + plain(n(151)) + `}`), "less than 151"},
		{"number", input(`{"type":"number_input","is_decimal_allowed":false}`), input(`{"type":"number_input"}`), "missing required field: is_decimal_allowed"},
		{"rich text input", input(`{"type":"rich_text_input","min_lines":100}`), input(`{"type":"rich_text_input","min_lines":101}`), "between 1 and 100"},
		{"file", input(`{"type":"file_input","max_files":10}`), input(`{"type":"file_input","max_files":11}`), "between 1 and 10"},
		{"dispatch", input(textInput(kv("dispatch_action_config", `{"trigger_actions_on":["on_enter_pressed"]}`))), input(textInput(kv("dispatch_action_config", `{"trigger_actions_on":["on_song"]}`))), "must be one of: on_enter_pressed"},
		{"feedback", `{"type":"context_actions","elements":[{"type":"feedback_buttons","positive_button":{"text":` + plain("+") + `,"value":"1"},"negative_button":{"text":` + plain("-") + `,"value":"0"}}]}`, `{"type":"context_actions","elements":[{"type":"feedback_buttons","positive_button":{"text":` + plain("+") + `,"value":"1"}}]}`, "missing required field: negative_button"},
		{"button in context_actions", `{"type":"context_actions","elements":[{"type":"icon_button","icon":"trash","text":` + plain("x") + `}]}`, `{"type":"context_actions","elements":[` + button("x") + `]}`, "unsupported type: button"},
		{"workflow button", actions(`{"type":"workflow_button","text":` + plain("x") + `,"workflow":{"trigger":{"url":"https://a"}}}`), actions(`{"type":"workflow_button","text":` + plain("x") + `}`), "missing required field: workflow"},
		{"users", actions(`{"type":"users_select","initial_user":"U1"}`), actions(`{"type":"users_select","initial_users":["U1"]}`), "invalid additional property: initial_users"},
		{"many users", actions(`{"type":"multi_users_select","max_selected_items":1}`), actions(`{"type":"multi_users_select","max_selected_items":0}`), "must be between"},
		{"channels", actions(`{"type":"channels_select"}`), actions(`{"type":"channels_select","filter":{}}`), "invalid additional property: filter"},
		{"conversations", actions(`{"type":"conversations_select","filter":{"include":["im"]},"default_to_current_conversation":true}`), actions(`{"type":"conversations_select","filter":{}}`), "must not be empty"},
		{"external", actions(`{"type":"external_select","min_query_length":0}`), actions(`{"type":"external_select","options":` + options(1) + `}`), "invalid additional property: options"},
		{"many external", actions(`{"type":"multi_external_select","initial_options":` + options(2) + `}`), actions(`{"type":"multi_external_select","initial_option":` + option("x", "v") + `}`), "invalid additional property: initial_option"},
		{"many static", actions(`{"type":"multi_static_select","options":` + options(2) + `,"initial_options":` + options(1) + `}`), actions(`{"type":"multi_static_select","options":` + options(2) + `,"initial_options":` + options(3) + `}`), "must be among the options"},
		{"accessory", `{"type":"section","text":` + plain("x") + `,"accessory":{"type":"image",` + image + `}}`, `{"type":"section","text":` + plain("x") + `,"accessory":` + textInput() + `}`, "unsupported type: plain_text_input"},
		{"image source", `{"type":"image",` + image + `}`, `{"type":"image",` + image + `,"slack_file":{"id":"F1"}}`, "exactly one of image_url and slack_file"},
		{"context element", `{"type":"context","elements":[{"type":"image",` + image + `}]}`, `{"type":"context","elements":[` + button("x") + `]}`, "unsupported type: button"},
		{"a boolean", input(textInput(kv("multiline", "true"))), input(textInput(kv("multiline", str("yes")))), "must be a boolean"},
		{"an integer", input(textInput(kv("max_length", "5"))), input(textInput(kv("max_length", "5.5"))), "must be an integer"},
		{"a list", actions(button("x")), `{"type":"actions","elements":{}}`, "must be an array"},
		{"an element without type", actions(button("x")), actions(`{}`), "missing required field: type"},
		{"card picture", `{"type":"card","hero_image":{"type":"image",` + image + `},"actions":[` + button("x") + `]}`, `{"type":"card","actions":[` + repeat(4, button("x")) + `]}`, "no more than 3 items"},
		{"carousel of cards", `{"type":"carousel","elements":[{"type":"card","body":` + mrkdwn("x") + `}]}`, `{"type":"carousel","elements":[` + section("x") + `]}`, "unsupported type: section"},
		{"folded container", `{"type":"container","title":` + plain("x") + `,"is_collapsible":true,"default_collapsed":true,"child_blocks":[` + section("x") + `]}`, `{"type":"container","title":` + plain("x") + `,"default_collapsed":true,"child_blocks":[` + section("x") + `]}`, "requires is_collapsible"},
		{"container divider", `{"type":"container","title":` + plain("x") + `,"has_header_divider":true,"child_blocks":[` + section("x") + `]}`, `{"type":"container","title":` + plain("x") + `,"has_header_divider":true,"is_collapsible":true,"child_blocks":[` + section("x") + `]}`, "not collapsible"},
		{"container title", `{"type":"container","rich_text_title":{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[]}]},"child_blocks":[` + section("x") + `]}`, `{"type":"container","child_blocks":[` + section("x") + `]}`, "title or rich_text_title"},
		{"table columns", `{"type":"table","rows":[[{"type":"raw_text","text":"x"}]],"column_settings":[{"align":"left","is_wrapped":true}]}`, `{"type":"table","rows":[[{"type":"raw_text","text":"x"}]],"column_settings":[{"align":"up"}]}`, "must be one of: left, center, right"},
		{"number cell", `{"type":"table","rows":[[{"type":"raw_number","value":4}]]}`, `{"type":"table","rows":[[{"type":"raw_number","value":"4"}]]}`, "must be a number"},
		{"action cell", `{"type":"data_table","caption":"x","rows":[[{"type":"raw_text","text":"x"}],[{"type":"action_cell","element":` + button("x") + `}]]}`, `{"type":"data_table","caption":"x","rows":[[{"type":"raw_text","text":"x"}],[{"type":"action_cell","element":{"type":"overflow"}}]]}`, "unsupported type: overflow"},
		{"rich header", `{"type":"data_table","caption":"x","rows":[[{"type":"raw_text","text":"x"}],[{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[]}]}]]}`, `{"type":"data_table","caption":"x","rows":[[{"type":"rich_text","elements":[]}],[{"type":"raw_text","text":"x"}]]}`, "unsupported type: rich_text"},
		{"unknown cell", `{"type":"table","rows":[[{"type":"raw_text","text":"x"}]]}`, `{"type":"table","rows":[[{"type":"song"}]]}`, "unsupported type: song"},
		{"data table page", `{"type":"data_table","caption":"x","page_size":100,"rows":[[{"type":"raw_text","text":"x"}],[{"type":"raw_text","text":"x"}]]}`, `{"type":"data_table","caption":"x","page_size":101,"rows":[[{"type":"raw_text","text":"x"}],[{"type":"raw_text","text":"x"}]]}`, "between 1 and 100"},
		{"series", `{"type":"data_visualization","title":"x","chart":{"type":"bar","series":[{"name":"a","data":[{"label":"b","value":1}]}],"axis_config":{"categories":["b"]}}}`, `{"type":"data_visualization","title":"x","chart":{"type":"bar","series":[{"name":"` + n(21) + `","data":[{"label":"b","value":1}]}],"axis_config":{"categories":["b"]}}}`, "less than 21 characters"},
		{"chart type", `{"type":"data_visualization","title":"x","chart":{"type":"pie","segments":[{"label":"a","value":1}]}}`, `{"type":"data_visualization","title":"x","chart":{"type":"song"}}`, "unsupported type: song"},
		{"three charts", `{"type":"divider"}`, repeat(3, `{"type":"data_visualization","title":"x","chart":{"type":"pie","segments":[{"label":"a","value":1}]}}`), "only two data_visualization"},
		{"task", `{"type":"task_card","task_id":"1","title":"x","status":"complete"}`, `{"type":"task_card","task_id":"1","title":"x","status":"done"}`, "must be one of: pending"},
		{"plan", `{"type":"plan","title":"x","tasks":[{"task_id":"1","title":"y"}]}`, `{"type":"plan","title":"x","tasks":[{"song":1}]}`, "invalid additional property: song"},
		{"rich list", `{"type":"rich_text","elements":[{"type":"rich_text_list","style":"ordered","indent":8,"elements":[{"type":"rich_text_section","elements":[]}]}]}`, `{"type":"rich_text","elements":[{"type":"rich_text_list","elements":[]}]}`, "missing required field: style"},
		{"rich kind", `{"type":"rich_text","elements":[{"type":"rich_text_quote","elements":[]}]}`, `{"type":"rich_text","elements":[{"type":"rich_text_song","elements":[]}]}`, "unsupported type: rich_text_song"},
		{"rich element", `{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"user","user_id":"U1"}]}]}`, `{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"user"}]}]}`, "missing required field: user_id"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := on(inMessage, c.good); len(got) > 0 {
				t.Errorf("good: %q", got)
			}
			if got := strings.Join(on(inMessage, c.bad), "\n"); !strings.Contains(got, c.want) {
				t.Errorf("bad: %q, want %q", got, c.want)
			}
		})
	}
	if got := on(inModal, actions(`{"type":"workflow_button","text":`+plain("x")+`,"workflow":{"trigger":{"url":"https://a"}}}`)); len(got) == 0 {
		t.Error("a workflow button in a modal passes")
	}
	if got := on(inModal, `{"type":"alert","text":`+plain(n(200))+`,"level":"warning"}`); len(got) > 0 {
		t.Errorf("an alert in a modal: %q", got)
	}
	if got := on(inModal, `{"type":"alert","text":`+plain("x")+`,"level":"loud"}`); len(got) != 1 {
		t.Errorf("a loud alert: %q", got)
	}
}

func TestAnswersWithGroups(t *testing.T) {
	good := `{"option_groups":[{"label":` + plain("x") + `,"options":` + options(2) + `}]}`
	if got := checkOptions(json.RawMessage(good)); len(got) > 0 {
		t.Errorf("good: %q", got)
	}
	if got := checkOptions(json.RawMessage(`{"song":1}`)); len(got) != 1 {
		t.Errorf("bad: %q", got)
	}
}

func TestRecentForgetsTheOldest(t *testing.T) {
	r := newRecent[int]()
	for i := range recentMax + 10 {
		r.put(fmt.Sprint(i), i)
		r.put(fmt.Sprint(i), i) // again is not another
	}
	if _, ok := r.get("9"); ok {
		t.Error("the tenth is still there")
	}
	for _, key := range []string{"10", fmt.Sprint(recentMax + 9)} {
		if _, ok := r.get(key); !ok {
			t.Errorf("%s is gone", key)
		}
	}
	if len(r.m) != recentMax || len(r.order) != recentMax {
		t.Errorf("%d and %d entries", len(r.m), len(r.order))
	}
}

func TestIDsAreNew(t *testing.T) {
	s := New(Options{})
	defer s.Close()
	seen := map[string]bool{}
	last := ""
	for range 10_000 {
		id, ts := s.id("U"), s.ts()
		if seen[id] || len(id) != 10 {
			t.Fatalf("id %s", id)
		}
		if ts <= last {
			t.Fatalf("timestamp %s after %s", ts, last)
		}
		seen[id], last = true, ts
	}
}
