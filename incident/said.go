package incident

import (
	"bytes"
	"encoding/json"
	"strings"
)

// said is what an answer's body says went wrong. Grafana, its plugin proxy and the plugin itself each have their own
// shape of it.
type said struct {
	text   string // in Grafana's words, not yet plain
	reason string // messageId
	code   string // the gateway's code, "NotFound"
	access string // accessErrorId: RBAC refused
	plugin bool   // the text is the plugin's own: it stood in "error"
	object bool   // the body is a JSON object
	html   bool   // the body is a page for browsers
}

// read finds it: in error, else message, else msg, as grafana/gcx does.
func readSaid(body []byte, contentType string) said {
	body = bytes.TrimSpace(bytes.TrimPrefix(body, []byte("\ufeff")))
	var in struct {
		Error, Message, Msg, Title, MessageID, Code, AccessErrorID json.RawMessage
	}
	if len(body) > 0 && body[0] == '{' && json.Unmarshal(body, &in) == nil {
		s := said{object: true, reason: asText(in.MessageID), code: asText(in.Code), access: asText(in.AccessErrorID)}
		s.text, s.plugin = asText(in.Error), true
		for _, other := range []json.RawMessage{in.Message, in.Msg, in.Title} {
			if s.text == "" {
				s.text, s.plugin = asText(other), false
			}
		}
		s.plugin = s.plugin && s.text != ""
		return s
	}
	text := string(body)
	if isHTML(text, contentType) {
		return said{html: true, text: titleOf(text)}
	}
	return said{text: text}
}

// asText is a JSON value as words: a string, an object's own message, or the value as it stands; "" for null and false.
func asText(raw json.RawMessage) string {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return strings.TrimSpace(text)
	}
	var object struct{ Message, Error, Msg string }
	if json.Unmarshal(raw, &object) == nil {
		for _, t := range []string{object.Message, object.Error, object.Msg} {
			if t != "" {
				return t
			}
		}
	}
	switch text = string(raw); text {
	case "null", "false", "{}", "[]", "0":
		return ""
	}
	return text
}

func isHTML(text, contentType string) bool {
	return strings.HasPrefix(text, "<") || strings.Contains(strings.ToLower(contentType), "text/html")
}

// titleOf is a page's title, or all its text when it has none.
func titleOf(page string) string {
	start := indexFold(page, "<title")
	if _, after, found := strings.Cut(page[start:], ">"); found {
		if title := after[:indexFold(after, "</title")]; strings.TrimSpace(title) != "" {
			return title
		}
	}
	return page
}

// inBand says whether a successful answer's object holds an error all the same. Success carries "error":"" (gcx).
func inBand(body []byte) bool {
	for rest := body; ; {
		i := bytes.Index(rest, []byte(`rror"`)) // "error" and "Error": incident-go's decoding does not mind the case
		if i < 0 {
			return false
		}
		rest = bytes.TrimLeft(rest[i+len(`rror"`):], " \t\r\n")
		value, isKey := bytes.CutPrefix(rest, []byte(":"))
		if value = bytes.TrimLeft(value, " \t\r\n"); isKey && !bytes.HasPrefix(value, []byte(`""`)) && !bytes.HasPrefix(value, []byte("null")) {
			return true // perhaps of an inner object: readSaid tells
		}
	}
}
