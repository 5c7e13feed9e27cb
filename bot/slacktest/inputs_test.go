package slacktest_test

import (
	"errors"
	"strings"
	"testing"

	"incident-bot/bot/slacktest"
)

// inputForm is a modal with one required input, named "in".
func inputForm(element string) string {
	return `{"type":"modal","title":{"type":"plain_text","text":"T"},"submit":{"type":"plain_text","text":"Go"},"blocks":[
	{"type":"input","block_id":"b","label":{"type":"plain_text","text":"in"},"element":` + element + `}]}`
}

const two = `"options":[{"text":{"type":"plain_text","text":"One"},"value":"1"},{"text":{"type":"plain_text","text":"Two"},"value":"2"}]`

// TestEveryInput enters a value into every kind of input and looks at view.state as the app gets it.
func TestEveryInput(t *testing.T) {
	for _, c := range []struct{ element, value, path, want string }{
		{`{"type":"plain_text_input","action_id":"a"}`, "x", "value", "x"},
		{`{"type":"plain_text_input","action_id":"a","initial_value":"preset"}`, "-", "value", "preset"},
		{`{"type":"email_text_input","action_id":"a"}`, "a@b.c", "value", "a@b.c"},
		{`{"type":"url_text_input","action_id":"a"}`, "https://a", "value", "https://a"},
		{`{"type":"number_input","action_id":"a","is_decimal_allowed":true}`, "4.2", "value", "4.2"},
		{`{"type":"static_select","action_id":"a",` + two + `}`, "Two", "selected_option.value", "2"},
		{`{"type":"multi_static_select","action_id":"a",` + two + `}`, "1,Two", "selected_options.1.value", "2"},
		{`{"type":"static_select","action_id":"a","option_groups":[{"label":{"type":"plain_text","text":"G"},` + two + `}]}`, "One", "selected_option.value", "1"},
		{`{"type":"radio_buttons","action_id":"a",` + two + `}`, "2", "selected_option.text.text", "Two"},
		{`{"type":"checkboxes","action_id":"a",` + two + `}`, "One", "selected_options.0.value", "1"},
		{`{"type":"external_select","action_id":"a"}`, "free", "selected_option.value", "free"},
		{`{"type":"multi_external_select","action_id":"a"}`, "x,y", "selected_options.1.value", "y"},
		{`{"type":"users_select","action_id":"a"}`, "U1", "selected_user", "U1"},
		{`{"type":"multi_users_select","action_id":"a"}`, "U1,U2", "selected_users.1", "U2"},
		{`{"type":"channels_select","action_id":"a"}`, "C1", "selected_channel", "C1"},
		{`{"type":"multi_channels_select","action_id":"a"}`, "C1,C2", "selected_channels.1", "C2"},
		{`{"type":"conversations_select","action_id":"a","initial_conversation":"C9"}`, "-", "selected_conversation", "C9"},
		{`{"type":"multi_conversations_select","action_id":"a"}`, "C1", "selected_conversations.0", "C1"},
		{`{"type":"datepicker","action_id":"a"}`, "2026-11-24", "selected_date", "2026-11-24"},
		{`{"type":"timepicker","action_id":"a"}`, "14:32", "selected_time", "14:32"},
		{`{"type":"datetimepicker","action_id":"a"}`, "1764000000", "selected_date_time", "1764000000"},
		{`{"type":"datetimepicker","action_id":"a","initial_date_time":1764000001}`, "-", "selected_date_time", "1764000001"},
		{`{"type":"rich_text_input","action_id":"a"}`, "hi", "rich_text_value.elements.0.elements.0.text", "hi"},
	} {
		t.Run(c.element, func(t *testing.T) {
			r, conn := openForm(t, inputForm(c.element))
			values := map[string]string{"in": c.value}
			if c.value == "-" {
				values = nil
			}
			f := conn.acked(r.ana.Submit(values), "")
			if got := field(t, f.Payload, "view.state.values.b.a."+c.path); got != c.want {
				t.Errorf("the app gets %q, want %q: %s", got, c.want, field(t, f.Payload, "view.state"))
			}
			r.none(t)
		})
	}
}

func TestWhatCannotBeEntered(t *testing.T) {
	for _, c := range []struct{ element, value string }{
		{`{"type":"datepicker","action_id":"a"}`, "tomorrow"},
		{`{"type":"timepicker","action_id":"a"}`, "noon"},
		{`{"type":"datetimepicker","action_id":"a"}`, "now"},
		{`{"type":"checkboxes","action_id":"a",` + two + `}`, "One,Three"},
		{`{"type":"plain_text_input","action_id":"a","min_length":3}`, "ab"},
		{`{"type":"plain_text_input","action_id":"a"}`, strings.Repeat("x", 3001)},
		{`{"type":"plain_text_input","action_id":"a","initial_value":"preset"}`, ""}, // emptied
		{`{"type":"multi_users_select","action_id":"a"}`, ""},
	} {
		r, _ := openForm(t, inputForm(c.element))
		a := r.ana.Submit(map[string]string{"b": c.value})
		if _, err := a.Acked(soon(t)); !errors.Is(err, slacktest.ErrNotSent) || r.ana.View().Errors["b"] == "" {
			t.Errorf("%s takes %q: %v", c.element, c.value, err)
		}
	}
	r, _ := openForm(t, inputForm(`{"type":"plain_text_input","action_id":"a"}`))
	if err := r.ana.Enter(map[string]string{"nothing": "x"}); !errors.Is(err, slacktest.ErrNotSent) {
		t.Errorf("entered into nothing: %v", err)
	}
	r.ana.CloseView()
	if err := r.ana.Enter(nil); !errors.Is(err, slacktest.ErrNotSent) {
		t.Errorf("entered into no view: %v", err)
	}
}

func TestInputsOfAView(t *testing.T) {
	r, _ := openForm(t, form)
	got := r.ana.View().Inputs()
	if len(got) != 3 || got[1].Label != "Severity" || got[1].Value != "Minor" || strings.Join(got[1].Options, ",") != "Major,Minor" ||
		got[2].Type != "checkboxes" || !got[2].Optional || got[0].BlockID != "title" || got[0].ActionID != "title" {
		t.Errorf("inputs %+v", got)
	}
	if b := r.ana.View().Buttons(); len(b) != 1 || b[0] != "Help" {
		t.Errorf("buttons %q", b)
	}
	// A view that was handed out is a copy: what is entered later does not show in it.
	before := r.ana.View()
	if err := r.ana.Enter(map[string]string{"title": "later"}); err != nil {
		t.Fatal(err)
	}
	if v := before.Inputs()[0].Value; v != "" {
		t.Errorf("the copy shows %q", v)
	}
	if v := r.ana.View().Inputs()[0].Value; v != "later" {
		t.Errorf("the view shows %q", v)
	}
}
