package slacktest

// blocks checks a list of blocks: at most 50 in a message, 100 in a view (docs: reference/block-kit/blocks).
func (c *checker) blocks(ptr string, blocks []any) {
	most := 100
	if c.on == inMessage {
		most = 50
	}
	if len(blocks) > most {
		c.add(ptr, "no more than %d items allowed", most)
	}
	root := at{c, ptr[:len(ptr)-len("/blocks")], obj{"blocks": blocks}}
	root.each("blocks", required, 0, len(blocks), c.block)
}

// blockRule is what Slack documents of one block type.
type blockRule struct {
	message, modal, home bool
	check                func(at)
}

func (c *checker) block(b at) {
	typ := b.str("type")
	if typ == "" {
		b.need("type")
		return
	}
	rule, ok := ruleOf(typ)
	if !ok {
		b.fail("type", "unsupported type: %s", typ)
		return
	}
	if !(c.on == inMessage && rule.message || c.on == inModal && rule.modal || c.on == inHome && rule.home) {
		b.fail("type", "unsupported type: %s", typ)
		return
	}
	b.text("block_id", optional, 1, 255)
	if id := b.str("block_id"); id != "" {
		if c.blockIDs[id] {
			b.fail("block_id", "`block_id` %s already exists", id)
		}
		c.blockIDs[id] = true
	}
	rule.check(b)
	b.distinctActions()
}

// distinctActions holds action ids to be unique within their block (docs: block-elements, action_id).
func (b at) distinctActions() {
	seen := map[string]bool{}
	for _, e := range interactive(b.obj) {
		id := e.str("action_id")
		if id != "" && seen[id] {
			b.fail("", "`action_id` %s already exists", id)
		}
		seen[id] = true
	}
}

// ruleOf gives the rule of a block an app may send. file blocks are received only; video needs links.embed:write, which
// the fake does not offer.
func ruleOf(typ string) (blockRule, bool) {
	switch typ {
	case "actions":
		return blockRule{true, true, true, checkActions}, true
	case "alert": // rejected in messages (reported: node-slack-sdk#2567)
		return blockRule{false, true, false, checkAlert}, true
	case "card":
		return blockRule{true, true, true, checkCard}, true
	case "carousel":
		return blockRule{true, false, true, checkCarousel}, true
	case "container":
		return blockRule{true, false, false, checkContainer}, true
	case "context":
		return blockRule{true, true, true, checkContext}, true
	case "context_actions":
		return blockRule{true, false, false, checkContextActions}, true
	case "data_table":
		return blockRule{true, false, false, checkDataTable}, true
	case "data_visualization":
		return blockRule{true, false, false, checkDataVisualization}, true
	case "divider":
		return blockRule{true, true, true, func(b at) { b.only("block_id") }}, true
	case "header":
		return blockRule{true, true, true, checkHeader}, true
	case "image":
		return blockRule{true, true, true, checkImageBlock}, true
	case "input":
		return blockRule{true, true, true, checkInput}, true
	case "markdown":
		return blockRule{true, false, false, checkMarkdown}, true
	case "plan":
		return blockRule{true, false, false, checkPlan}, true
	case "rich_text":
		return blockRule{true, true, true, checkRichText}, true
	case "section":
		return blockRule{true, true, true, checkSection}, true
	case "table":
		return blockRule{true, false, false, checkTable}, true
	case "task_card":
		return blockRule{true, false, false, checkTaskCard}, true
	}
	return blockRule{}, false
}

// checkSection: text 1–3000 or up to 10 fields of 1–2000 (docs: blocks/section-block).
func checkSection(b at) {
	b.only("block_id", "text", "fields", "accessory", "expand")
	b.flag("expand")
	if !b.has("text") && !b.has("fields") {
		b.fail("", "missing required field: text or fields")
	}
	b.textObject("text", optional, anyText, 3000)
	b.each("fields", optional, 1, 10, func(t at) { t.textItself(anyText, 2000) })
	b.child("accessory", optional, func(e at) {
		e.element("button", "checkboxes", "datepicker", "image", "multi_select", "overflow", "radio_buttons", "select",
			"timepicker", "workflow_button")
	})
}

// checkHeader: plain_text of at most 150 characters (docs: blocks/header-block).
func checkHeader(b at) {
	b.only("block_id", "text", "level")
	b.textObject("text", required, plainOnly, 150)
}

// checkActions: 1–25 elements (docs: blocks/actions-block).
func checkActions(b at) {
	b.only("block_id", "elements")
	b.each("elements", required, 1, 25, func(e at) {
		e.element("button", "checkboxes", "datepicker", "datetimepicker", "multi_select", "overflow", "radio_buttons",
			"select", "timepicker", "workflow_button", "rich_text_input")
	})
}

// checkContext: 1–10 images and texts (docs: blocks/context-block).
func checkContext(b at) {
	b.only("block_id", "elements")
	b.each("elements", required, 1, 10, func(e at) {
		if e.str("type") == "image" {
			e.element("image")
			return
		}
		e.textItself(anyText, 3000)
	})
}

// checkContextActions: 1–5 feedback and icon buttons (docs: blocks/context-actions-block).
func checkContextActions(b at) {
	b.only("block_id", "elements")
	b.each("elements", required, 1, 5, func(e at) { e.element("feedback_buttons", "icon_button") })
}

// checkImageBlock: url 3000, alt and title 2000 (docs: blocks/image-block).
func checkImageBlock(b at) {
	b.only("block_id", "image_url", "slack_file", "alt_text", "title", "fallback", "image_width", "image_height",
		"image_bytes", "is_animated")
	b.picture()
	b.text("alt_text", required, 1, 2000)
	b.textObject("title", optional, plainOnly, 2000)
}

// picture checks the source of an image: an address or a file of Slack, not both.
func (a at) picture() {
	if a.has("image_url") == a.has("slack_file") {
		a.fail("", "exactly one of image_url and slack_file is required")
	}
	a.link("image_url", optional)
}

// checkInput: label and hint plain_text of at most 2000 (docs: blocks/input-block).
func checkInput(b at) {
	b.c.inputs = true
	b.only("block_id", "label", "hint", "optional", "element", "dispatch_action")
	b.flag("optional", "dispatch_action")
	b.textObject("label", required, plainOnly, 2000)
	b.textObject("hint", optional, plainOnly, 2000)
	b.child("element", required, func(e at) {
		e.element("checkboxes", "datepicker", "datetimepicker", "email_text_input", "file_input", "multi_select",
			"number_input", "plain_text_input", "radio_buttons", "rich_text_input", "select", "timepicker",
			"url_text_input")
	})
}

// checkMarkdown: 12 000 characters in all markdown blocks of a message together (docs: blocks/markdown-block).
func checkMarkdown(b at) {
	b.only("block_id", "text")
	b.text("text", required, 1, 12_000)
	if b.c.markdown += length(b.str("text")); b.c.markdown > 12_000 {
		b.fail("text", "must be less than 12001 characters in all markdown blocks")
	}
}
