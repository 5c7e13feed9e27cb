package slacktest

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Submit fills in the top modal and submits it. Values are by block id, action id or the input's label; what is not
// named keeps what was entered or preset, "" empties it. A select takes an option's label or value, check boxes and multi
// selects several, joined by commas. What Slack's own form would not let through (a required input left empty, a text
// too long, an option that is not there) is not sent: the Act fails with ErrNotSent and the view shows the error.
func (u *User) Submit(values map[string]string) *Act {
	s := u.s
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.act("interactive", isSubmission, true)
	v := u.top()
	if v == nil {
		return a.refuse("no modal is open")
	}
	if v.raw["submit"] == nil {
		return a.refuse("the modal has no submit button")
	}
	if errs := v.enter(values); len(errs) > 0 {
		v.Errors = errs
		s.touch()
		return a.refuse("%v", errs)
	}
	a.user, a.view, v.Errors, v.Trouble = u, v, nil, ""
	p := u.interaction("view_submission")
	p["trigger_id"], p["view"], p["response_urls"] = s.newTrigger(u), v.payload(), []any{}
	a.payload = mustJSON(p)
	s.send(a, 0)
	return a
}

// Enter fills in inputs of the top modal without submitting it, as Submit does. The error says what cannot be entered.
func (u *User) Enter(values map[string]string) error {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	v := u.top()
	if v == nil {
		return fmt.Errorf("%w: no modal is open", ErrNotSent)
	}
	for id, text := range v.fillIn(values) {
		return fmt.Errorf("%w: %s: %s", ErrNotSent, id, text)
	}
	return nil
}

// CloseView closes the top modal, or all of them where the view says clear_on_close. view_closed is sent where it says
// notify_on_close.
func (u *User) CloseView() *Act {
	s := u.s
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.act("interactive", isClick, false)
	v := u.top()
	if v == nil {
		return a.refuse("no modal is open")
	}
	p := u.interaction("view_closed")
	p["view"], p["is_cleared"] = v.payload(), v.raw.bool("clear_on_close")
	if v.raw.bool("clear_on_close") {
		u.closeAll()
	} else {
		v.close()
	}
	if !v.raw.bool("notify_on_close") {
		return a.refuse("the view does not ask for view_closed")
	}
	a.user, a.payload = u, mustJSON(p)
	s.send(a, 0)
	return a
}

// Suggest types into an external select of the top modal, by block id, action id or label: block_suggestion. The
// acknowledgement carries the options.
func (u *User) Suggest(input, typed string) *Act {
	s := u.s
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.act("interactive", isSuggestion, true)
	v := u.top()
	if v == nil {
		return a.refuse("no modal is open")
	}
	block, e := v.input(input)
	if !strings.HasSuffix(e.str("type"), "external_select") {
		return a.refuse("no external select %q", input)
	}
	a.user, a.view = u, v
	p := u.interaction("block_suggestion")
	p["container"], p["view"] = obj{"type": "view", "view_id": v.ID}, v.payload()
	p["action_id"], p["block_id"], p["value"] = e.str("action_id"), block.str("block_id"), typed
	a.payload = mustJSON(p)
	s.send(a, 0)
	return a
}

// input finds an input block and its element by block id, action id or label.
func (v *View) input(name string) (block, element obj) {
	for _, b := range v.raw.list("blocks") {
		block := asObj(b)
		for _, e := range interactive(block) {
			if e.str("type") == "button" {
				continue
			}
			if block.str("block_id") == name || e.str("action_id") == name || block.obj("label").str("text") == name {
				return block, e
			}
		}
	}
	return nil, nil
}

// enter fills in values and checks the whole form. It gives sentences by block id.
func (v *View) enter(values map[string]string) map[string]string {
	errs := v.fillIn(values)
	for _, b := range v.raw.list("blocks") {
		block := asObj(b)
		if block.str("type") != "input" || block.bool("optional") {
			continue
		}
		id, e := block.str("block_id"), block.obj("element")
		if emptyInput(v.inputs[id][e.str("action_id")]) && errs[id] == "" {
			errs[id] = "Please complete this required field."
		}
	}
	return errs
}

func (v *View) fillIn(values map[string]string) map[string]string {
	errs := map[string]string{}
	for name, value := range values {
		block, e := v.input(name)
		if e == nil {
			errs[name] = "there is no such input"
			continue
		}
		id := block.str("block_id")
		val, err := entered(e, value)
		if err != "" {
			errs[id] = err
			continue
		}
		if v.inputs[id] == nil {
			v.inputs[id] = map[string]obj{}
		}
		v.inputs[id][e.str("action_id")] = val
	}
	return errs
}

// entered is the state of an element after a person entered value.
func entered(e obj, value string) (obj, string) {
	typ := e.str("type")
	key, list := stateKey(typ)
	out := obj{"type": typ, key: nil}
	if list {
		out[key] = []any{}
	}
	if value == "" {
		return out, ""
	}
	switch typ {
	case "plain_text_input", "email_text_input", "url_text_input", "number_input":
		out[key] = value
		return out, textProblem(e, value)
	case "datetimepicker":
		n, err := strconv.ParseInt(value, 10, 64)
		if err != nil {
			return nil, "Please enter a date and time."
		}
		out[key] = n
	case "datepicker":
		if _, err := time.Parse(time.DateOnly, value); err != nil {
			return nil, "Please enter a date."
		}
		out[key] = value
	case "timepicker":
		if _, err := time.Parse("15:04", value); err != nil {
			return nil, "Please enter a time."
		}
		out[key] = value
	case "rich_text_input":
		out[key] = richBlocks("", value)[0]
	case "static_select", "radio_buttons", "external_select", "overflow":
		o, err := choose(e, value)
		if err != "" {
			return nil, err
		}
		out[key] = o
	case "checkboxes", "multi_static_select", "multi_external_select":
		return chooseAll(e, out, key, value)
	default: // people, channels, conversations
		out[key] = value
		if list {
			out[key] = asAny(strings.Split(value, ","))
		}
	}
	return out, ""
}

func chooseAll(e, out obj, key, value string) (obj, string) {
	var chosen []any
	for _, part := range strings.Split(value, ",") {
		o, err := choose(e, strings.TrimSpace(part))
		if err != "" {
			return nil, err
		}
		chosen = append(chosen, o)
	}
	out[key] = chosen
	return out, ""
}

// choose finds an option by label or value. An external select takes what it is given: its options are the app's.
func choose(e obj, name string) (obj, string) {
	for _, o := range allOptions(e) {
		if o.obj("text").str("text") == name || o.str("value") == name {
			return o, ""
		}
	}
	if strings.HasSuffix(e.str("type"), "external_select") {
		return obj{"text": obj{"type": "plain_text", "text": name, "emoji": true}, "value": name}, ""
	}
	return nil, fmt.Sprintf("there is no option %q", name)
}

func textProblem(e obj, value string) string {
	n := int64(length(value))
	if least, ok := numberOf(e, "min_length"); ok && n < least {
		return fmt.Sprintf("Please enter at least %d characters.", least)
	}
	if most, ok := numberOf(e, "max_length"); ok && n > most {
		return fmt.Sprintf("Please enter at most %d characters.", most)
	}
	if e.str("type") == "plain_text_input" && n > 3000 {
		return "Please enter at most 3000 characters."
	}
	return ""
}

// stateKey is where an element's value stands in view.state, and whether it is a list.
func stateKey(typ string) (key string, list bool) {
	switch typ {
	case "static_select", "external_select", "radio_buttons", "overflow":
		return "selected_option", false
	case "checkboxes", "multi_static_select", "multi_external_select":
		return "selected_options", true
	case "users_select":
		return "selected_user", false
	case "multi_users_select":
		return "selected_users", true
	case "channels_select":
		return "selected_channel", false
	case "multi_channels_select":
		return "selected_channels", true
	case "conversations_select":
		return "selected_conversation", false
	case "multi_conversations_select":
		return "selected_conversations", true
	case "datepicker":
		return "selected_date", false
	case "timepicker":
		return "selected_time", false
	case "datetimepicker":
		return "selected_date_time", false
	case "rich_text_input":
		return "rich_text_value", false
	}
	return "value", false
}
