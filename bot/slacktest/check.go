package slacktest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// A surface is where blocks are shown.
type surface string

const (
	inMessage surface = "message"
	inModal   surface = "modal"
	inHome    surface = "home"
)

// checker holds blocks to Slack's rules and collects what is wrong, with JSON pointers, as Slack's
// response_metadata.messages does.
type checker struct {
	on       surface
	problems []problem
	blockIDs map[string]bool
	markdown int // characters in markdown blocks so far
	focused  bool
	inputs   bool // there is an input block
	tables   int
	charts   int
}

type problem struct{ pointer, text string }

func (p problem) String() string { return "[ERROR] " + p.text + " [json-pointer:" + p.pointer + "]" }

func newChecker(on surface) *checker { return &checker{on: on, blockIDs: map[string]bool{}} }

func (c *checker) messages() []string {
	var out []string
	for _, p := range c.problems {
		out = append(out, p.String())
	}
	return out
}

// at is an object with its place.
type at struct {
	c   *checker
	ptr string
	obj
}

func (c *checker) add(ptr, format string, args ...any) {
	c.problems = append(c.problems, problem{ptr, fmt.Sprintf(format, args...)})
}

// object takes a value that must be an object.
func (c *checker) object(ptr string, v any) (at, bool) {
	o := asObj(v)
	if o == nil {
		c.add(ptr, "must be an object")
		return at{}, false
	}
	return at{c, ptr, o}, true
}

func (a at) fail(key, format string, args ...any) {
	ptr := a.ptr
	if key != "" {
		ptr += "/" + key
	}
	a.c.add(ptr, format, args...)
}

// only refuses properties that nobody documented.
func (a at) only(keys ...string) {
	var unknown []string
	for k := range a.obj {
		if k != "type" && !slices.Contains(keys, k) {
			unknown = append(unknown, k)
		}
	}
	slices.Sort(unknown)
	for _, k := range unknown {
		a.fail("", "invalid additional property: %s", k)
	}
}

func (a at) has(key string) bool {
	v, ok := a.obj[key]
	return ok && v != nil
}

// need reports a missing property and says whether it is there.
func (a at) need(key string) bool {
	if !a.has(key) {
		a.fail("", "missing required field: %s", key)
		return false
	}
	return true
}

// need says how a property must be.
type need bool

const (
	required need = true
	optional need = false
)

// text checks a string of least to most characters. most 0 is no limit.
func (a at) text(key string, n need, least, most int) {
	if !a.has(key) {
		if n == required {
			a.need(key)
		}
		return
	}
	s, ok := a.obj[key].(string)
	if !ok {
		a.fail(key, "must be a string")
		return
	}
	a.span(key, length(s), least, most)
}

func (a at) span(key string, n, least, most int) {
	if n < least {
		a.fail(key, "must be more than %d characters", least-1)
	}
	if most > 0 && n > most {
		a.fail(key, "must be less than %d characters", most+1)
	}
}

func (a at) flag(keys ...string) {
	for _, key := range keys {
		if _, ok := a.obj[key].(bool); a.has(key) && !ok {
			a.fail(key, "must be a boolean")
		}
	}
}

// number checks an integer of least to most.
func (a at) number(key string, least, most int64) (int64, bool) {
	if !a.has(key) {
		return 0, false
	}
	num, ok := a.obj[key].(json.Number)
	n, err := num.Int64()
	if !ok || err != nil {
		a.fail(key, "must be an integer")
		return 0, false
	}
	if n < least || n > most {
		a.fail(key, "must be between %d and %d", least, most)
	}
	return n, true
}

// oneOf checks a string with a closed list of values.
func (a at) oneOf(key string, values ...string) {
	if a.has(key) && !slices.Contains(values, a.str(key)) {
		a.fail(key, "must be one of: %s", strings.Join(values, ", "))
	}
}

// items checks a list of least to most items.
func (a at) items(key string, n need, least, most int) []any {
	if !a.has(key) {
		if n == required {
			a.need(key)
		}
		return nil
	}
	l, ok := a.obj[key].([]any)
	if !ok {
		a.fail(key, "must be an array")
		return nil
	}
	if len(l) < least {
		a.fail(key, "no fewer than %d items allowed", least)
	}
	if len(l) > most {
		a.fail(key, "no more than %d items allowed", most)
	}
	return l
}

// each checks every object of a list.
func (a at) each(key string, n need, least, most int, f func(at)) {
	for i, v := range a.items(key, n, least, most) {
		if o, ok := a.c.object(a.ptr+"/"+key+"/"+strconv.Itoa(i), v); ok {
			f(o)
		}
	}
}

// child checks an object property.
func (a at) child(key string, n need, f func(at)) {
	if !a.has(key) {
		if n == required {
			a.need(key)
		}
		return
	}
	if o, ok := a.c.object(a.ptr+"/"+key, a.obj[key]); ok {
		f(o)
	}
}

// link checks an http or https address of at most 3000 characters (docs: button url, image_url).
func (a at) link(key string, n need) {
	a.text(key, n, 1, 3000)
	if s := a.str(key); s != "" && !strings.HasPrefix(s, "http://") && !strings.HasPrefix(s, "https://") {
		a.fail(key, "Invalid URL")
	} else if strings.ContainsAny(s, " \n\t") {
		a.fail(key, "Invalid URL")
	}
}

// words says which text objects are taken.
type words int

const (
	plainOnly words = iota
	mrkdwnOnly
	anyText
)

// textObject checks a text object of 1 to most characters (docs: composition-objects/text-object, 1–3000).
func (a at) textObject(key string, n need, kind words, most int) {
	a.child(key, n, func(t at) { t.textItself(kind, most) })
}

func (t at) textItself(kind words, most int) {
	switch typ := t.str("type"); {
	case typ == "plain_text" && kind != mrkdwnOnly:
		t.only("text", "emoji")
		t.flag("emoji")
	case typ == "mrkdwn" && kind != plainOnly:
		t.only("text", "verbatim")
		t.flag("verbatim")
	default:
		t.fail("type", "unsupported type: %s", typ)
		return
	}
	t.text("text", required, 1, min(most, 3000))
}
