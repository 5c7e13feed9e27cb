package slacktest

import (
	"encoding/json"
	"strings"
)

// Limits of a message's content.
const (
	textMax      = 40_000 // chat.postMessage cuts longer texts (docs: chat.postMessage)
	textAdvised  = 4_000  // docs: chat.postMessage, keep it below
	updateMax    = 4_000  // chat.update refuses longer texts with msg_too_long (docs: chat.update)
	markdownMax  = 12_000 // docs: chat.postMessage markdown_text
	attachMax    = 100    // docs: chat.postMessage attachments
	blockTextMax = 13_200 // msg_blocks_too_long, undocumented (reported: bolt-js#2509)
)

// content is what a message says.
type content struct {
	text        string
	blocks      json.RawMessage // nil without
	cleared     bool            // blocks were given as an empty list
	attachments json.RawMessage
	metadata    json.RawMessage
	hasText     bool
}

// content checks the arguments that say what a message says. The name of the method stands in violations.
func (c *call) content(method string) (content, *apiError) {
	out := content{text: c.str("text"), metadata: c.rawArg("metadata"), attachments: c.rawArg("attachments")}
	if md := c.str("markdown_text"); md != "" {
		if out.text != "" || c.rawArg("blocks") != nil {
			return out, fail("markdown_text_conflict")
		}
		if length(md) > markdownMax {
			return out, fail("msg_too_long")
		}
		out.text = md
	}
	out.hasText = out.text != ""
	if raw := c.rawArg("blocks"); raw != nil {
		if err := out.takeBlocks(raw); err != nil {
			return out, err
		}
	}
	if err := out.checkAttachments(); err != nil {
		return out, err
	}
	if err := out.checkMetadata(); err != nil {
		return out, err
	}
	if out.blocks != nil && strings.TrimSpace(out.text) == "" {
		c.s.violate(method + ": blocks without text: a lock screen shows nothing")
	}
	if n := length(out.text); n > textAdvised {
		c.s.violate(method + ": text over 4000 characters")
		if n > textMax {
			out.text = string([]rune(out.text)[:textMax])
			c.warn = append(c.warn, "message_truncated")
		}
	}
	return out, nil
}

func (out *content) takeBlocks(raw json.RawMessage) *apiError {
	v, ok := parse(raw)
	list, isList := v.([]any)
	if !ok || !isList {
		return fail("invalid_blocks_format")
	}
	if problems := checkMessageBlocks(raw); len(problems) > 0 {
		return invalid("invalid_blocks", problems)
	}
	if texts(v) > blockTextMax {
		return fail("msg_blocks_too_long")
	}
	if len(list) == 0 {
		out.cleared = true
		return nil
	}
	out.blocks = raw
	return nil
}

// checkMessageBlocks checks the blocks of a message.
func checkMessageBlocks(raw json.RawMessage) []problem {
	v, _ := parse(raw)
	list, ok := v.([]any)
	if !ok {
		return []problem{{"/blocks", "must be an array"}}
	}
	c := newChecker(inMessage)
	c.blocks("/blocks", list)
	return c.problems
}

func (out *content) checkAttachments() *apiError {
	if out.attachments == nil {
		return nil
	}
	v, ok := parse(out.attachments)
	list, isList := v.([]any)
	if !ok || !isList {
		return fail("invalid_attachments")
	}
	if len(list) > attachMax {
		return fail("too_many_attachments")
	}
	for _, a := range list {
		if b, ok := asObj(a)["blocks"]; ok {
			if problems := checkMessageBlocks(mustJSON(b)); len(problems) > 0 {
				return invalid("invalid_attachments", problems)
			}
		}
	}
	if len(list) == 0 {
		out.attachments = nil
	}
	return nil
}

// checkMetadata: an event_type and an event_payload object (docs: messaging/message-metadata).
func (out *content) checkMetadata() *apiError {
	if out.metadata == nil {
		return nil
	}
	m, ok := parseObj(out.metadata)
	if !ok {
		return fail("invalid_metadata_format")
	}
	if m.str("event_type") == "" || asObj(m["event_payload"]) == nil {
		return fail("invalid_metadata_schema")
	}
	return nil
}

func (out content) empty() bool { return !out.hasText && out.blocks == nil && out.attachments == nil }
