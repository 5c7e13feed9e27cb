package slacktest

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

func (r reader) blocks(list []any) []string {
	var out []string
	for _, b := range list {
		out = append(out, r.block(asObj(b))...)
	}
	return out
}

// block gives the lines of one block.
func (r reader) block(b obj) []string {
	switch b.str("type") {
	case "header", "alert":
		return nonEmpty(r.text(b.obj("text")))
	case "section":
		lines := nonEmpty(r.text(b.obj("text")))
		for _, f := range b.list("fields") {
			lines = append(lines, r.text(asObj(f)))
		}
		return append(lines, nonEmpty(r.elements(b["accessory"]))...)
	case "context":
		return nonEmpty(r.elements(b.list("elements")...))
	case "actions", "context_actions":
		return nonEmpty(r.elements(b.list("elements")...))
	case "divider":
		return []string{"───"}
	case "image":
		return []string{r.element(b)}
	case "input":
		e := b.obj("element")
		return []string{r.input(b, initialInput(e))}
	case "markdown":
		return []string{b.str("text")}
	case "rich_text":
		return nonEmpty(r.rich(b))
	case "table", "data_table":
		return r.table(b)
	case "container":
		return append(nonEmpty(r.text(b.obj("title")), r.text(b.obj("subtitle"))), r.blocks(b.list("child_blocks"))...)
	case "carousel":
		return r.blocks(b.list("elements"))
	case "card":
		lines := nonEmpty(r.text(b.obj("title")), r.text(b.obj("subtitle")), r.text(b.obj("body")), r.text(b.obj("subtext")))
		return append(lines, nonEmpty(r.elements(b.list("actions")...))...)
	}
	return nonEmpty(b.str("title"))
}

func (r reader) elements(list ...any) string {
	var out []string
	for _, v := range list {
		if e := asObj(v); e != nil {
			out = append(out, r.element(e))
		}
	}
	return strings.Join(out, " ")
}

// element gives an element or text in one line.
func (r reader) element(e obj) string {
	switch e.str("type") {
	case "plain_text", "mrkdwn":
		return r.text(e)
	case "image":
		return "(" + e.str("alt_text") + ")"
	case "button", "workflow_button", "icon_button":
		return "[" + e.obj("text").str("text") + "]"
	case "overflow":
		return "[…]"
	case "feedback_buttons":
		return "[" + e.obj("positive_button").obj("text").str("text") + "] [" + e.obj("negative_button").obj("text").str("text") + "]"
	case "checkboxes", "radio_buttons":
		var out []string
		for _, o := range allOptions(e) {
			out = append(out, "☐ "+r.text(o.obj("text")))
		}
		return strings.Join(out, " ")
	}
	shown := stateText(initialInput(e))
	if shown == "" {
		shown = e.obj("placeholder").str("text")
	}
	return "[" + shown + " ▾]"
}

// input gives an input block with what is entered.
func (r reader) input(b, state obj) string {
	e := b.obj("element")
	label := b.obj("label").str("text")
	if b.bool("optional") {
		label += " (optional)"
	}
	value := stateText(state)
	if value == "" {
		value = e.obj("placeholder").str("text")
	}
	if e.str("type") == "checkboxes" {
		value = checkText(e, state)
	}
	line := fmt.Sprintf("%s: [%s]", label, value)
	if strings.HasSuffix(e.str("type"), "select") {
		line = fmt.Sprintf("%s: [%s ▾]", label, value)
	}
	if hint := b.obj("hint").str("text"); hint != "" {
		line += "\n  " + hint
	}
	return line
}

func checkText(e, state obj) string {
	chosen := "," + stateText(state) + ","
	var out []string
	for _, o := range allOptions(e) {
		box := "☐ "
		label := o.obj("text").str("text")
		if strings.Contains(chosen, ","+label+",") {
			box = "☑ "
		}
		out = append(out, box+label)
	}
	return strings.Join(out, " ")
}

// stateText is an element's value as a person reads it.
func stateText(state obj) string {
	key, _ := stateKey(state.str("type"))
	switch v := state[key].(type) {
	case string:
		return v
	case []any:
		var out []string
		for _, e := range v {
			if s, ok := e.(string); ok {
				out = append(out, s)
				continue
			}
			out = append(out, asObj(e).obj("text").str("text"))
		}
		return strings.Join(out, ",")
	case json.Number:
		return v.String()
	case int64:
		return fmt.Sprint(v)
	}
	if o := asObj(state[key]); o.str("type") == "rich_text" {
		return reader{zone: time.UTC}.rich(o)
	} else if o != nil {
		return o.obj("text").str("text")
	}
	return ""
}

func (r reader) table(b obj) []string {
	var out []string
	for _, row := range b.list("rows") {
		cells, _ := row.([]any)
		var line []string
		for _, c := range cells {
			cell := asObj(c)
			switch cell.str("type") {
			case "rich_text":
				line = append(line, r.rich(cell))
			case "action_cell":
				line = append(line, r.element(cell.obj("element")))
			default:
				line = append(line, orDefault(cell.str("text"), fmt.Sprint(orNil(cell["value"]))))
			}
		}
		out = append(out, strings.Join(line, " | "))
	}
	return out
}

func orNil(v any) any {
	if v == nil {
		return ""
	}
	return v
}

// rich reads a rich_text block.
func (r reader) rich(b obj) string {
	var lines []string
	for _, v := range b.list("elements") {
		e := asObj(v)
		switch e.str("type") {
		case "rich_text_list":
			for _, item := range e.list("elements") {
				lines = append(lines, "• "+r.richInline(asObj(item)))
			}
		case "rich_text_quote":
			lines = append(lines, "> "+r.richInline(e))
		default:
			lines = append(lines, r.richInline(e))
		}
	}
	return strings.Join(lines, "\n")
}

func (r reader) richInline(section obj) string {
	var b strings.Builder
	for _, v := range section.list("elements") {
		e := asObj(v)
		switch e.str("type") {
		case "user":
			b.WriteString("@" + r.name(e.str("user_id"), ""))
		case "channel":
			b.WriteString("#" + r.name(e.str("channel_id"), ""))
		case "broadcast":
			b.WriteString("@" + e.str("range"))
		case "usergroup":
			b.WriteString("@" + e.str("usergroup_id"))
		case "emoji":
			b.WriteString(":" + e.str("name") + ":")
		case "link":
			b.WriteString(orDefault(e.str("text"), e.str("url")))
		case "date":
			unix, _ := numberOf(e, "timestamp")
			b.WriteString(r.dateTokens(time.Unix(unix, 0).In(r.zone), e.str("format")))
		default:
			b.WriteString(orDefault(e.str("text"), e.str("value")))
		}
	}
	return b.String()
}
