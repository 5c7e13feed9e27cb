package blocks

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/slack-go/slack"
)

// checker reads a message or view as Slack gets it, as JSON, and names everything that Slack refuses. It is written
// from the documentation and shares no limit with the builders.
type checker struct {
	wrong    []string
	blockIDs map[string]bool
}

type object = map[string]any

func problems(t testing.TB, m Message) []string {
	t.Helper()
	c := &checker{blockIDs: map[string]bool{}}
	c.size("text", string(m.Text), 1, 4000)
	c.markup("text", string(m.Text))
	c.blocks(decode[[]any](t, m.Blocks), 50)
	return c.wrong
}

func viewProblems(t testing.TB, v slack.ModalViewRequest) []string {
	t.Helper()
	c := &checker{blockIDs: map[string]bool{}}
	encoded, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	if len(encoded) > 250_000 {
		c.add("view of %d bytes", len(encoded))
	}
	view := decode[object](t, v)
	c.text("title", view["title"], "plain_text", 24)
	c.text("close", view["close"], "plain_text", 24)
	c.size("callback_id", str(view["callback_id"]), 0, 255)
	c.size("private_metadata", str(view["private_metadata"]), 0, 3000)
	list, _ := view["blocks"].([]any)
	if len(list) == 0 {
		c.add("no blocks")
	}
	c.blocks(list, 100)
	if inputs := slices.ContainsFunc(list, func(b any) bool { return b.(object)["type"] == "input" }); inputs || view["submit"] != nil {
		c.text("submit", view["submit"], "plain_text", 24)
	}
	return c.wrong
}

func decode[T any](t testing.TB, v any) (out T) {
	t.Helper()
	encoded, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(encoded, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func (c *checker) add(format string, args ...any) {
	c.wrong = append(c.wrong, fmt.Sprintf(format, args...))
}

func (c *checker) size(at, s string, least, most int) {
	if n := utf8.RuneCountInString(s); n < least || n > most {
		c.add("%s has %d characters, not %d to %d", at, n, least, most)
	}
	if strings.IndexFunc(s, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }) >= 0 {
		c.add("%s holds characters that Slack refuses: %q", at, s)
	}
}

// token is every token that the builders make. Anything else between < and > came from outside.
var token = regexp.MustCompile(`<(https?://[^<>|\s]+(\|[^<>]*)?|[@#][A-Z0-9]+|!date\^-?\d+\^[^<>|]+\|[^<>]*)>`)

var entity = regexp.MustCompile(`&(amp|lt|gt);`)

// markup checks that no live token stands in a text but our own, and that no entity is broken.
func (c *checker) markup(at, s string) {
	rest := entity.ReplaceAllString(token.ReplaceAllString(s, ""), "")
	if strings.ContainsAny(strings.ReplaceAll(rest, "\n> ", ""), "<&") {
		c.add("%s is open to a token or holds half an entity: %q", at, s)
	}
}

func (c *checker) text(at string, v any, kind string, most int) {
	o, _ := v.(object)
	if o == nil || o["type"] != kind {
		c.add("%s is no %s", at, kind)
		return
	}
	c.size(at, str(o["text"]), 1, most)
	if strings.ContainsAny(str(o["text"]), "\ufeff\u202d\u202e") {
		c.add("%s disturbs the text around it", at)
	}
	switch kind {
	case "mrkdwn":
		c.markup(at, str(o["text"]))
		if o["verbatim"] != true {
			c.add("%s links by itself", at)
		}
	default:
		if strings.Contains(str(o["text"]), "\n") {
			c.add("%s has more than one line", at)
		}
	}
}

func (c *checker) blocks(list []any, most int) {
	if len(list) > most {
		c.add("%d blocks", len(list))
	}
	for i, v := range list {
		b, _ := v.(object)
		if b == nil {
			c.add("block %d is %v", i, v)
			continue
		}
		if id := str(b["block_id"]); id != "" {
			c.size("block_id", id, 1, 255)
			if c.blockIDs[id] {
				c.add("block_id %q twice", id)
			}
			c.blockIDs[id] = true
		}
		c.block(fmt.Sprintf("block %d", i), b)
	}
}

func (c *checker) block(at string, b object) {
	switch b["type"] {
	case "header":
		c.text(at, b["text"], "plain_text", 150)
	case "section":
		c.section(at, b)
	case "context":
		c.each(at, b["elements"], 10, func(at string, e object) { c.text(at, e, "mrkdwn", 3000) })
	case "actions":
		ids := map[string]bool{}
		c.each(at, b["elements"], 25, func(at string, e object) {
			c.element(at, e)
			if id := str(e["action_id"]); id != "" && ids[id] {
				c.add("%s: action_id %q twice", at, id)
			} else {
				ids[id] = true
			}
		})
	case "input":
		c.text(at+" label", b["label"], "plain_text", 2000)
		if b["hint"] != nil {
			c.text(at+" hint", b["hint"], "plain_text", 2000)
		}
		element, _ := b["element"].(object)
		c.element(at, element)
	case "divider":
	default:
		c.add("%s: unknown type %v", at, b["type"])
	}
}

func (c *checker) section(at string, b object) {
	if b["text"] == nil && b["fields"] == nil {
		c.add("%s: empty section", at)
	}
	if b["text"] != nil {
		c.text(at, b["text"], "mrkdwn", 3000)
	}
	if b["fields"] != nil {
		c.each(at, b["fields"], 10, func(at string, f object) { c.text(at, f, "mrkdwn", 2000) })
	}
	if b["accessory"] != nil {
		accessory, _ := b["accessory"].(object)
		c.element(at, accessory)
	}
}

func (c *checker) each(at string, v any, most int, f func(string, object)) {
	list, _ := v.([]any)
	if len(list) < 1 || len(list) > most {
		c.add("%s has %d parts, not 1 to %d", at, len(list), most)
	}
	for i, v := range list {
		o, _ := v.(object)
		f(fmt.Sprintf("%s/%d", at, i), o)
	}
}

func (c *checker) element(at string, e object) {
	c.size(at+" action_id", str(e["action_id"]), 0, 255)
	switch e["type"] {
	case "button":
		c.text(at, e["text"], "plain_text", 75)
		c.size(at+" value", str(e["value"]), 0, 2000)
		c.size(at+" url", str(e["url"]), 0, 3000)
		if confirm, ok := e["confirm"].(object); ok {
			c.text(at, confirm["title"], "plain_text", 100)
			c.text(at, confirm["text"], "plain_text", 300)
			c.text(at, confirm["confirm"], "plain_text", 30)
			c.text(at, confirm["deny"], "plain_text", 30)
		}
	case "plain_text_input":
		most, _ := e["max_length"].(float64)
		if most < 1 || most > 3000 {
			c.add("%s: max_length %v", at, most)
		}
		c.size(at+" initial_value", str(e["initial_value"]), 0, int(most))
		if e["placeholder"] != nil {
			c.text(at, e["placeholder"], "plain_text", 150)
		}
	case "static_select":
		options := c.options(at, e["options"], 100)
		if e["initial_option"] != nil && !slices.Contains(options, fmt.Sprint(e["initial_option"])) {
			c.add("%s: the initial option is none of the options", at)
		}
	case "checkboxes":
		options := c.options(at, e["options"], 10)
		initial, _ := e["initial_options"].([]any)
		for _, o := range initial {
			if !slices.Contains(options, fmt.Sprint(o)) {
				c.add("%s: an initial option is none of the options", at)
			}
		}
	default:
		c.add("%s: unknown element %v", at, e["type"])
	}
}

func (c *checker) options(at string, v any, most int) (printed []string) {
	values := map[string]bool{}
	c.each(at, v, most, func(at string, o object) {
		c.text(at, o["text"], "plain_text", 75)
		value := str(o["value"])
		c.size(at+" value", value, 1, 75)
		if values[value] {
			c.add("%s: value %q twice", at, value)
		}
		values[value] = true
		printed = append(printed, fmt.Sprint(o))
	})
	return printed
}

func str(v any) string {
	s, _ := v.(string)
	return s
}

// hostile are texts that break careless builders.
func hostile() []string {
	family := "\U0001F468\u200d\U0001F469\u200d\U0001F467\u200d\U0001F466"
	return []string{
		"", " ", "\n\n", "\t", "\x00", "a\x00b\x07\x1b[31mred\x7f", "\u200b\u200d\ufeff",
		"<!channel> <!here> <!everyone> <@U123|x> <#C1> <!subteam^S1> <https://evil.example|your bank>",
		"&amp; &lt;!channel&gt; & < > &amp;lt; &am", "]]>", "*bold* _it_ ~no~ `code` ```fence", "> quoted\n>> twice",
		"\u202eRTL override\u202d", "עברית ושלום עולם", "مرحبا بالعالم", family, strings.Repeat(family, 500),
		strings.Repeat("e\u0301", 3000), "\U0001F1E9\U0001F1EA\U0001F1EB\U0001F1F7", strings.Repeat("\U0001F1E9\U0001F1EA", 2500),
		"\xff\xfe broken \xc3", "line\r\nline\rline\u2028line", strings.Repeat("x", 3000), strings.Repeat("x", 3001),
		strings.Repeat("&", 40_000), strings.Repeat("<!channel>", 4_000), strings.Repeat("日本", 20_000),
		strings.Repeat("\n", 5000), "{{.}} %s %d %!s(MISSING) \\ \" '", "javascript:alert(1)", "https://x.example/?a=1&b=2|label",
	}
}
