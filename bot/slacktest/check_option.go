package slacktest

import "encoding/json"

// option: text 75, value 75, description 75 (docs: composition-objects/option-object; 150 for some since 2026-08 is
// unconfirmed, so the shorter limit holds here). Only an overflow's option may have a url of 3000.
func (o at) option(text words, url bool) {
	keys := []string{"text", "value", "description"}
	if url {
		keys = append(keys, "url")
	}
	o.only(keys...)
	o.textObject("text", required, text, 75)
	o.text("value", required, 1, 75)
	o.textObject("description", optional, text, 75)
	if url {
		o.link("url", optional)
	}
}

// options checks a list of options and refuses a value that is there twice.
func (e at) options(key string, least, most int, text words) {
	seen := map[string]bool{}
	e.each(key, required, least, most, func(o at) {
		o.option(text, false)
		if v := o.str("value"); v != "" && seen[v] {
			o.fail("value", "duplicate value: %s", v)
		}
		seen[o.str("value")] = true
	})
}

// initial checks that preselected options are among those offered, exactly as they are offered.
func (e at) initial(offered []any) {
	known := map[string]bool{}
	for _, o := range offered {
		known[string(mustJSON(o))] = true
	}
	if e.has("initial_option") && !known[string(mustJSON(e.obj["initial_option"]))] {
		e.fail("initial_option", "must be one of the options")
	}
	for _, o := range e.items("initial_options", optional, 1, 100) {
		if !known[string(mustJSON(o))] {
			e.fail("initial_options", "must be among the options")
		}
	}
}

// checkStaticSelect: 1–100 options or 1–100 groups of them, one of both (docs: block-elements/select-menu-element).
func checkStaticSelect(e at) {
	initial := "initial_option"
	keys := []string{"action_id", "options", "option_groups", "confirm", "focus_on_load", "placeholder"}
	if e.str("type") == "multi_static_select" {
		initial = "initial_options"
		keys = append(keys, "max_selected_items")
		e.number("max_selected_items", 1, 1_000)
	}
	e.only(append(keys, initial)...)
	if e.has("options") == e.has("option_groups") {
		e.fail("", "exactly one of options and option_groups is required")
		return
	}
	offered := e.list("options")
	if e.has("options") {
		e.options("options", 1, 100, plainOnly)
	}
	e.each("option_groups", optional, 1, 100, func(g at) {
		g.only("label", "options")
		g.textObject("label", required, plainOnly, 75)
		g.options("options", 1, 100, plainOnly)
		offered = append(offered, g.list("options")...)
	})
	e.initial(offered)
	e.confirm()
	e.focus()
	e.placeholder()
}

func checkExternalSelect(e at) {
	keys := []string{"action_id", "min_query_length", "confirm", "focus_on_load", "placeholder", "initial_option"}
	if e.str("type") == "multi_external_select" {
		keys = []string{"action_id", "min_query_length", "confirm", "focus_on_load", "placeholder", "initial_options", "max_selected_items"}
		e.number("max_selected_items", 1, 1_000)
	}
	e.only(keys...)
	e.number("min_query_length", 0, 1_000)
	e.child("initial_option", optional, func(o at) { o.option(plainOnly, false) })
	e.each("initial_options", optional, 1, 100, func(o at) { o.option(plainOnly, false) })
	e.confirm()
	e.focus()
	e.placeholder()
}

func checkIDSelect(keys ...string) func(at) {
	return func(e at) {
		e.only(append([]string{"action_id", "confirm", "focus_on_load", "placeholder"}, keys...)...)
		if e.has("max_selected_items") {
			e.number("max_selected_items", 1, 1_000)
		}
		e.confirm()
		e.focus()
		e.placeholder()
	}
}

func checkConversations(keys ...string) func(at) {
	inner := checkIDSelect(append(keys, "default_to_current_conversation", "filter")...)
	return func(e at) {
		inner(e)
		e.flag("default_to_current_conversation")
		e.child("filter", optional, func(f at) {
			f.only("include", "exclude_external_shared_channels", "exclude_bot_users")
			if len(f.obj) == 0 {
				f.fail("", "must not be empty")
			}
			f.items("include", optional, 1, 4)
		})
	}
}

// checkCheckboxes: 1–10 options (docs: block-elements/checkboxes-element).
func checkCheckboxes(e at) {
	e.only("action_id", "options", "initial_options", "confirm", "focus_on_load")
	e.options("options", 1, 10, anyText)
	e.initial(e.list("options"))
	e.confirm()
	e.focus()
}

// checkRadio: 1–10 options (docs: block-elements/radio-button-group-element).
func checkRadio(e at) {
	e.only("action_id", "options", "initial_option", "confirm", "focus_on_load")
	e.options("options", 1, 10, anyText)
	e.initial(e.list("options"))
	e.confirm()
	e.focus()
}

// checkOverflow: 1–5 options (docs: block-elements/overflow-menu-element; that 5 is the limit is unconfirmed).
func checkOverflow(e at) {
	e.only("action_id", "options", "confirm")
	e.each("options", required, 1, 5, func(o at) { o.option(plainOnly, true) })
	e.confirm()
}

// checkOptions holds the answer to a block_suggestion to the same rules.
func checkOptions(payload json.RawMessage) []string {
	c := newChecker(inModal)
	o, ok := parseObj(payload)
	if !ok {
		return []string{"the answer is not an object"}
	}
	a := at{c, "", o}
	a.only("options", "option_groups")
	if a.has("options") {
		a.options("options", 0, 100, plainOnly)
	}
	a.each("option_groups", optional, 1, 100, func(g at) {
		g.textObject("label", required, plainOnly, 75)
		g.options("options", 1, 100, plainOnly)
	})
	return c.messages()
}
