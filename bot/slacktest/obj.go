package slacktest

import (
	"bytes"
	"encoding/json"
	"unicode/utf8"
)

// obj is a JSON object. Its getters give zero values for what is missing or of another type.
type obj map[string]any

func (o obj) str(key string) string {
	s, _ := o[key].(string)
	return s
}

func (o obj) bool(key string) bool {
	b, _ := o[key].(bool)
	return b
}

func (o obj) list(key string) []any {
	l, _ := o[key].([]any)
	return l
}

func (o obj) obj(key string) obj { return asObj(o[key]) }

func asObj(v any) obj {
	switch o := v.(type) {
	case obj:
		return o
	case map[string]any:
		return o
	}
	return nil
}

// parse reads any JSON value, with numbers kept as written.
func parse(b []byte) (any, bool) {
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	var v any
	if d.Decode(&v) != nil || d.More() {
		return nil, false
	}
	return v, true
}

func parseObj(b []byte) (obj, bool) {
	v, ok := parse(b)
	if !ok {
		return nil, false
	}
	o, ok := v.(map[string]any)
	return o, ok
}

// length counts characters as Slack does: code points.
func length(s string) int { return utf8.RuneCountInString(s) }

// eachObj calls f for every object inside v, outer ones first.
func eachObj(v any, f func(obj)) {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			eachObj(e, f)
		}
	case map[string]any:
		f(v)
		for _, e := range v {
			eachObj(e, f)
		}
	case obj:
		eachObj(map[string]any(v), f)
	}
}

// withBlockIDs gives every block without a block_id one. The caller holds mu.
func (s *Server) withBlockIDs(raw json.RawMessage) json.RawMessage {
	v, ok := parse(raw)
	list, isList := v.([]any)
	if !ok || !isList || len(list) == 0 {
		return nil
	}
	return mustJSON(s.blocksWithIDs(list))
}

func (s *Server) blocksWithIDs(blocks []any) []any {
	for _, b := range blocks {
		o := asObj(b)
		if o == nil {
			continue
		}
		if o.str("block_id") == "" {
			o["block_id"] = s.secret(5)
		}
		for _, e := range interactive(o) {
			if e.str("action_id") == "" {
				e["action_id"] = s.secret(5)
			}
		}
	}
	return blocks
}

// interactive lists the elements of a block that a person can use.
func interactive(block obj) []obj {
	var out []obj
	add := func(v any) {
		if e := asObj(v); e != nil && e.str("type") != "image" && e["type"] != "plain_text" && e["type"] != "mrkdwn" {
			out = append(out, e)
		}
	}
	switch block.str("type") {
	case "actions", "context_actions":
		for _, e := range block.list("elements") {
			add(e)
		}
	case "section":
		add(block["accessory"])
	case "input":
		add(block["element"])
	case "card":
		for _, e := range block.list("actions") {
			add(e)
		}
	case "carousel":
		for _, c := range block.list("elements") {
			out = append(out, interactive(asObj(c))...)
		}
	case "container":
		for _, c := range block.list("child_blocks") {
			out = append(out, interactive(asObj(c))...)
		}
	}
	return out
}
