package slacktest

import "encoding/json"

// initialInputs is the state of a view's elements when it is shown. before is what was entered in the view that it
// replaces: it stays where block, action and type are the same (docs: surfaces/modals, updating views).
func initialInputs(blocks []any, before inputs) inputs {
	out := inputs{}
	for _, b := range blocks {
		block := asObj(b)
		for _, e := range interactive(block) {
			switch e.str("type") {
			case "button", "workflow_button", "icon_button", "feedback_buttons", "overflow":
				continue
			}
			id, action := block.str("block_id"), e.str("action_id")
			if out[id] == nil {
				out[id] = map[string]obj{}
			}
			out[id][action] = initialInput(e)
			if kept := before[id][action]; kept.str("type") == e.str("type") && kept != nil {
				out[id][action] = kept
			}
		}
	}
	return out
}

func initialInput(e obj) obj {
	typ := e.str("type")
	key, list := stateKey(typ)
	out := obj{"type": typ, key: nil}
	if list {
		out[key] = []any{}
	}
	for from, v := range e {
		switch from {
		case "initial_value", "initial_option", "initial_options", "initial_user", "initial_users", "initial_channel",
			"initial_channels", "initial_conversation", "initial_conversations", "initial_date", "initial_time",
			"initial_date_time":
			out[key] = v
		}
	}
	return out
}

// emptyInput says whether nothing is entered.
func emptyInput(v obj) bool {
	key, _ := stateKey(v.str("type"))
	switch val := v[key].(type) {
	case nil:
		return true
	case string:
		return val == ""
	case []any:
		return len(val) == 0
	}
	return false
}

func numberOf(e obj, key string) (int64, bool) {
	num, ok := e[key].(json.Number)
	if !ok {
		return 0, false
	}
	n, err := num.Int64()
	return n, err == nil
}

func asAny(list []string) []any {
	out := make([]any, len(list))
	for i, v := range list {
		out[i] = v
	}
	return out
}
