package slacktest

import (
	"encoding/json"
	"strconv"
)

// Newer blocks. Where the documents disagree the narrower reading holds, so that what passes here passes there.

// checkAlert: text, level (@slack/types 3.2.0; the limit of 200 is unconfirmed).
func checkAlert(b at) {
	b.only("block_id", "text", "level")
	b.textObject("text", required, anyText, 200)
	b.oneOf("level", "default", "info", "warning", "error", "success")
}

// checkCard: title and subtitle 150, body and subtext 200 (@slack/types 3.2.0), at most 3 buttons (unconfirmed).
func checkCard(b at) {
	b.only("block_id", "hero_image", "icon", "slack_icon", "title", "subtitle", "body", "subtext", "actions")
	if !b.has("hero_image") && !b.has("title") && !b.has("actions") && !b.has("body") {
		b.fail("", "at least one of hero_image, title, actions and body is required")
	}
	b.textObject("title", optional, anyText, 150)
	b.textObject("subtitle", optional, anyText, 150)
	b.textObject("body", optional, anyText, 200)
	b.textObject("subtext", optional, anyText, 200)
	b.child("hero_image", optional, func(e at) { e.element("image") })
	b.child("icon", optional, func(e at) { e.element("image") })
	b.each("actions", optional, 1, 3, func(e at) { e.element("button") })
}

// checkCarousel: 1–10 cards.
func checkCarousel(b at) {
	b.only("block_id", "elements")
	b.each("elements", required, 1, 10, func(e at) {
		if e.str("type") != "card" {
			e.fail("type", "unsupported type: %s", e.str("type"))
			return
		}
		checkCard(e)
	})
}

// checkContainer: a title of 150, 1–10 children.
func checkContainer(b at) {
	b.only("block_id", "title", "rich_text_title", "subtitle", "icon", "width", "is_collapsible", "default_collapsed",
		"has_header_divider", "child_blocks")
	if !b.has("title") && !b.has("rich_text_title") {
		b.fail("", "missing required field: title or rich_text_title")
	}
	b.textObject("title", optional, plainOnly, 150)
	b.textObject("subtitle", optional, anyText, 150)
	b.child("rich_text_title", optional, checkRichText)
	b.child("icon", optional, func(e at) { e.element("image") })
	b.oneOf("width", "narrow", "standard", "wide", "full")
	b.flag("is_collapsible", "default_collapsed", "has_header_divider")
	if b.bool("default_collapsed") && !b.bool("is_collapsible") {
		b.fail("default_collapsed", "requires is_collapsible")
	}
	if b.bool("has_header_divider") && b.bool("is_collapsible") {
		b.fail("has_header_divider", "requires a container that is not collapsible")
	}
	b.each("child_blocks", required, 1, 10, func(child at) {
		switch child.str("type") {
		case "actions", "context", "divider", "header", "image", "input", "rich_text", "section", "table":
			b.c.block(child)
		default:
			child.fail("type", "unsupported type: %s", child.str("type"))
		}
	})
}

// checkTable: one per message, at most 100 rows of 20 columns.
func checkTable(b at) {
	b.only("block_id", "rows", "column_settings")
	if b.c.tables++; b.c.tables > 1 {
		b.fail("", "only one table block is allowed in a message")
	}
	b.rows(1, 100)
	b.each("column_settings", optional, 0, 20, func(s at) {
		s.only("align", "is_wrapped")
		s.oneOf("align", "left", "center", "right")
		s.flag("is_wrapped")
	})
}

// rows checks a table of cells and gives the number of their characters.
func (b at) rows(least, most int) {
	for i, v := range b.items("rows", required, least, most) {
		row := at{b.c, b.ptr + "/rows", obj{strconv.Itoa(i): v}}
		row.each(strconv.Itoa(i), required, 1, 20, func(cell at) { cell.cell(i == 0) })
	}
}

func (e at) cell(header bool) {
	switch e.str("type") {
	case "raw_text":
		e.text("text", required, 1, 0)
	case "raw_number":
		if _, ok := e.obj["value"].(json.Number); !ok {
			e.fail("value", "must be a number")
		}
	case "rich_text":
		if header {
			e.fail("type", "unsupported type: rich_text")
		}
		checkRichText(e)
	case "action_cell":
		e.child("element", required, func(b at) { b.element("button") })
	default:
		e.fail("type", "unsupported type: %s", e.str("type"))
	}
}

// checkDataTable: 2–101 rows with the header, at most 20 columns and 20 000 characters, caption, page_size 1–100.
func checkDataTable(b at) {
	b.only("block_id", "rows", "caption", "page_size", "row_header_column_index")
	b.text("caption", required, 1, 0)
	b.number("page_size", 1, 100)
	b.number("row_header_column_index", 0, 19)
	b.rows(2, 101)
	if n := texts(b.obj["rows"]); n > 20_000 {
		b.fail("rows", "must be less than 20001 characters")
	}
}

// checkDataVisualization: title 50, 1–6 segments or series of at most 20 points, labels 20, axis labels 50 (docs:
// blocks/data-visualization-block), two per message (unconfirmed).
func checkDataVisualization(b at) {
	b.only("block_id", "title", "chart")
	if b.c.charts++; b.c.charts > 2 {
		b.fail("", "only two data_visualization blocks are allowed in a message")
	}
	b.text("title", required, 1, 50)
	b.child("chart", required, func(ch at) {
		point := func(p at) { p.text("label", required, 1, 20) }
		switch ch.str("type") {
		case "pie":
			ch.each("segments", required, 1, 6, point)
		case "bar", "line", "area":
			ch.each("series", required, 1, 6, func(s at) {
				s.text("name", required, 1, 20)
				s.each("data", required, 1, 20, point)
			})
			ch.child("axis_config", required, func(a at) {
				a.text("x_label", optional, 1, 50)
				a.text("y_label", optional, 1, 50)
			})
		default:
			ch.fail("type", "unsupported type: %s", ch.str("type"))
		}
	})
}

func checkTaskCard(b at) {
	b.only("block_id", "task_id", "title", "details", "output", "sources", "status")
	b.text("task_id", required, 1, 0)
	b.text("title", required, 1, 0)
	b.need("status")
	b.oneOf("status", "pending", "in_progress", "complete", "error")
	b.child("details", optional, checkRichText)
	b.child("output", optional, checkRichText)
}

func checkPlan(b at) {
	b.only("block_id", "title", "tasks")
	b.text("title", required, 1, 0)
	b.each("tasks", optional, 0, 100, func(t at) {
		t.only("block_id", "task_id", "title", "details", "output", "sources", "status")
	})
}

// checkRichText: sections, lists, quotes and preformatted text, with the elements that @slack/types 3.2.0 lists.
func checkRichText(b at) {
	b.only("block_id", "elements")
	b.each("elements", required, 1, 1_000, func(e at) {
		switch e.str("type") {
		case "rich_text_section", "rich_text_quote", "rich_text_preformatted":
			e.only("elements", "border", "language")
			e.each("elements", required, 0, 10_000, richElement)
		case "rich_text_list":
			e.only("elements", "style", "indent", "offset", "border")
			e.need("style")
			e.oneOf("style", "bullet", "ordered")
			e.number("indent", 0, 8)
			e.each("elements", required, 1, 1_000, func(s at) { s.each("elements", required, 0, 10_000, richElement) })
		default:
			e.fail("type", "unsupported type: %s", e.str("type"))
		}
	})
}

func richElement(e at) {
	needs := map[string]string{
		"text": "text", "link": "url", "user": "user_id", "channel": "channel_id", "usergroup": "usergroup_id",
		"broadcast": "range", "emoji": "name", "date": "timestamp", "color": "value", "team": "team_id",
	}
	key, ok := needs[e.str("type")]
	if !ok {
		e.fail("type", "unsupported type: %s", e.str("type"))
		return
	}
	e.need(key)
}

// texts counts the characters of every "text" string inside v.
func texts(v any) int {
	n := 0
	eachObj(v, func(o obj) { n += length(o.str("text")) })
	return n
}
