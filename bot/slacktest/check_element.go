package slacktest

import (
	"slices"
	"strings"
	"time"
)

// element checks an element whose group must be one of those given. All single selects are the group select, all multi
// selects multi_select; every other type is its own group.
func (e at) element(groups ...string) {
	typ := e.str("type")
	if typ == "" {
		e.need("type")
		return
	}
	group, check := elementOf(typ)
	if check == nil || !slices.Contains(groups, group) {
		e.fail("type", "unsupported type: %s", typ)
		return
	}
	if group != "image" {
		e.text("action_id", optional, 1, 255)
	}
	check(e)
}

// elementOf gives the group of an element type and its rule.
func elementOf(typ string) (group string, check func(at)) {
	switch typ {
	case "button":
		return "button", checkButton
	case "checkboxes":
		return "checkboxes", checkCheckboxes
	case "datepicker":
		return "datepicker", checkDatepicker
	case "datetimepicker":
		return "datetimepicker", checkDatetimepicker
	case "email_text_input":
		return "email_text_input", checkLineInput
	case "feedback_buttons":
		return "feedback_buttons", checkFeedback
	case "file_input":
		return "file_input", checkFileInput
	case "icon_button":
		return "icon_button", checkIconButton
	case "image":
		return "image", checkImageElement
	case "number_input":
		return "number_input", checkNumberInput
	case "overflow":
		return "overflow", checkOverflow
	case "plain_text_input":
		return "plain_text_input", checkTextInput
	case "radio_buttons":
		return "radio_buttons", checkRadio
	case "rich_text_input":
		return "rich_text_input", checkRichInput
	case "timepicker":
		return "timepicker", checkTimepicker
	case "url_text_input":
		return "url_text_input", checkLineInput
	case "workflow_button":
		return "workflow_button", checkWorkflowButton
	case "static_select":
		return "select", checkStaticSelect
	case "external_select":
		return "select", checkExternalSelect
	case "users_select":
		return "select", checkIDSelect("initial_user")
	case "channels_select":
		return "select", checkIDSelect("initial_channel", "response_url_enabled")
	case "conversations_select":
		return "select", checkConversations("initial_conversation", "response_url_enabled")
	case "multi_static_select":
		return "multi_select", checkStaticSelect
	case "multi_external_select":
		return "multi_select", checkExternalSelect
	case "multi_users_select":
		return "multi_select", checkIDSelect("initial_users", "max_selected_items")
	case "multi_channels_select":
		return "multi_select", checkIDSelect("initial_channels", "max_selected_items")
	case "multi_conversations_select":
		return "multi_select", checkConversations("initial_conversations", "max_selected_items")
	}
	return "", nil
}

// checkButton: text 75 plain_text, value 2000, url 3000, accessibility_label 75 (docs: block-elements/button-element).
func checkButton(e at) {
	e.only("action_id", "text", "url", "value", "style", "confirm", "accessibility_label")
	e.textObject("text", required, plainOnly, 75)
	e.text("value", optional, 1, 2000)
	e.link("url", optional)
	e.text("accessibility_label", optional, 1, 75)
	e.style()
	e.confirm()
}

func (e at) style() { e.oneOf("style", "primary", "danger") }

// confirm: title 100, text 300, buttons 30 (docs: composition-objects/confirmation-dialog-object).
func (e at) confirm() {
	e.child("confirm", optional, func(d at) {
		d.only("title", "text", "confirm", "deny", "style")
		d.textObject("title", optional, plainOnly, 100)
		d.textObject("text", required, anyText, 300)
		d.textObject("confirm", optional, plainOnly, 30)
		d.textObject("deny", optional, plainOnly, 30)
		d.style()
	})
}

// placeholder: 150 characters (docs: every element that has one).
func (e at) placeholder() { e.textObject("placeholder", optional, plainOnly, 150) }

// focus: one element of a view at most may ask for the focus.
func (e at) focus() {
	e.flag("focus_on_load")
	if !e.bool("focus_on_load") {
		return
	}
	if e.c.focused {
		e.fail("focus_on_load", "only one element can be set to true")
	}
	e.c.focused = true
}

func (e at) dispatch() {
	e.child("dispatch_action_config", optional, func(d at) {
		d.only("trigger_actions_on")
		for _, v := range d.items("trigger_actions_on", optional, 1, 2) {
			if v != "on_enter_pressed" && v != "on_character_entered" {
				d.fail("trigger_actions_on", "must be one of: on_enter_pressed, on_character_entered")
			}
		}
	})
}

func checkImageElement(e at) {
	e.only("image_url", "slack_file", "alt_text", "fallback", "image_width", "image_height", "image_bytes")
	e.picture()
	e.text("alt_text", required, 1, 2000)
}

// checkTextInput: min_length 0–3000, max_length 1–3000 (docs: block-elements/plain-text-input-element).
func checkTextInput(e at) {
	e.only("action_id", "initial_value", "multiline", "min_length", "max_length", "dispatch_action_config",
		"focus_on_load", "placeholder")
	e.flag("multiline")
	least, _ := e.number("min_length", 0, 3000)
	most, limited := e.number("max_length", 1, 3000)
	if !limited {
		most = 3000
	}
	if least > most {
		e.fail("min_length", "must be less than max_length")
	}
	if e.has("initial_value") {
		e.text("initial_value", optional, 0, int(most))
	}
	e.dispatch()
	e.focus()
	e.placeholder()
}

func checkLineInput(e at) {
	e.only("action_id", "initial_value", "dispatch_action_config", "focus_on_load", "placeholder")
	e.text("initial_value", optional, 0, 3000)
	e.dispatch()
	e.focus()
	e.placeholder()
}

func checkNumberInput(e at) {
	e.only("action_id", "is_decimal_allowed", "initial_value", "min_value", "max_value", "dispatch_action_config",
		"focus_on_load", "placeholder")
	e.need("is_decimal_allowed")
	e.flag("is_decimal_allowed")
	e.dispatch()
	e.focus()
	e.placeholder()
}

func checkRichInput(e at) {
	e.only("action_id", "initial_value", "dispatch_action_config", "focus_on_load", "placeholder", "min_lines", "max_lines")
	e.number("min_lines", 1, 100)
	e.number("max_lines", 1, 100)
	e.child("initial_value", optional, checkRichText)
	e.dispatch()
	e.focus()
	e.placeholder()
}

func checkFileInput(e at) {
	e.only("action_id", "filetypes", "max_files")
	e.number("max_files", 1, 10)
}

func checkDatepicker(e at) {
	e.only("action_id", "initial_date", "confirm", "focus_on_load", "placeholder")
	e.moment("initial_date", time.DateOnly)
	e.confirm()
	e.focus()
	e.placeholder()
}

func checkTimepicker(e at) {
	e.only("action_id", "initial_time", "confirm", "focus_on_load", "placeholder", "timezone")
	e.moment("initial_time", "15:04")
	e.confirm()
	e.focus()
	e.placeholder()
}

func (e at) moment(key, layout string) {
	if s := e.str(key); e.has(key) {
		if _, err := time.Parse(layout, s); err != nil {
			e.fail(key, "must have the format %s", strings.NewReplacer("2006", "YYYY", "01", "MM", "02", "DD", "15", "HH", "04", "mm").Replace(layout))
		}
	}
}

// checkDatetimepicker: initial_date_time has 10 digits (docs: block-elements/datetime-picker-element).
func checkDatetimepicker(e at) {
	e.only("action_id", "initial_date_time", "confirm", "focus_on_load")
	e.number("initial_date_time", 1_000_000_000, 9_999_999_999)
	e.confirm()
	e.focus()
}

func checkFeedback(e at) {
	e.only("action_id", "positive_button", "negative_button")
	for _, key := range []string{"positive_button", "negative_button"} {
		e.child(key, required, func(b at) {
			b.only("text", "value", "accessibility_label")
			b.textObject("text", required, plainOnly, 75)
			b.text("value", required, 1, 2000)
			b.text("accessibility_label", optional, 1, 75)
		})
	}
}

func checkIconButton(e at) {
	e.only("action_id", "icon", "text", "accessibility_label", "value", "visible_to_user_ids", "confirm")
	e.text("icon", required, 1, 0)
	e.textObject("text", required, plainOnly, 75)
	e.text("accessibility_label", optional, 1, 75)
	e.text("value", optional, 1, 2000)
	e.confirm()
}

func checkWorkflowButton(e at) {
	e.only("action_id", "text", "workflow", "style", "accessibility_label", "confirm")
	if e.c.on != inMessage {
		e.fail("type", "unsupported type: workflow_button")
	}
	e.textObject("text", required, plainOnly, 75)
	e.text("accessibility_label", optional, 1, 75)
	e.style()
	e.child("workflow", required, func(w at) {
		w.child("trigger", required, func(t at) { t.link("url", required) })
	})
}
