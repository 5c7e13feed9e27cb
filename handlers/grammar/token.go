package grammar

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"incident-bot/bot/blocks"
)

// token is a word, a quoted group of words or one of Slack's own: <@U1|ana>, <https://…>.
type token struct {
	space  string // white space before it
	raw    string // as Slack sent it, quotes included
	text   string // as typed, without quotes
	quoted bool
	gone   bool // an option took it
}

// mend undoes what keyboards and copying do to text: smart quotes, no-break spaces, invisible characters. Joiners and
// direction marks stay: emoji and right-to-left scripts need them.
func mend(text string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case '“', '”', '„', '‟', '«', '»', '″':
			return '"'
		case '‘', '’', '‚', '‛':
			return '\''
		case '\u00a0', '\u202f', '\u2007', '\u3000':
			return ' '
		case '\u200b', '\ufeff', '\u2060', '\u00ad', '\x00':
			return -1
		}
		return r
	}, text)
}

// split cuts a mended text into tokens.
func split(text string) []token {
	tokens := make([]token, 0, 1+strings.Count(text, " "))
	closers := closing(text)
	for i := 0; i < len(text); {
		start := i
		for i < len(text) && isSpace(text, i) {
			i += width(text, i)
		}
		if i == len(text) {
			break
		}
		t := token{space: text[start:i]}
		end := tokenEnd(text, i, closers)
		t.raw = text[i:end]
		t.text, t.quoted = unquote(t.raw)
		tokens = append(tokens, t)
		i = end
	}
	return tokens
}

// closers says, for each kind of quote, where the last one is that may close: nothing opens after it. It keeps split
// linear on texts with many quotes.
type closers struct{ double, single, angle int }

func closing(text string) *closers {
	return &closers{strings.LastIndexByte(text, '"'), strings.LastIndexByte(text, '\''), strings.LastIndexByte(text, '>')}
}

// last gives the place of the last quote of a kind, to be moved.
func (c *closers) last(quote byte) *int {
	if quote == '"' {
		return &c.double
	}
	return &c.single
}

// tokenEnd finds where the token that begins at start ends. A quote opens at its start, or behind the : or = of an
// option; one that does not close is a character like others.
func tokenEnd(text string, start int, closers *closers) int {
	for i := start; i < len(text); {
		c := text[i]
		switch {
		case isSpace(text, i):
			return i
		case c == '<' && entityEnd(text, i, closers) > 0:
			i = entityEnd(text, i, closers)
		case (c == '"' || c == '\'') && (i == start || text[i-1] == ':' || text[i-1] == '='):
			end := quoteEnd(text, i, closers)
			if end == 0 {
				i++
				continue
			}
			return end
		default:
			i++
		}
	}
	return len(text)
}

// quoteEnd gives the place behind the quote that closes the one at start, 0 when none does. A closing quote stands
// before white space or at the end, so that don't and 5'3" open nothing.
func quoteEnd(text string, start int, closers *closers) int {
	quote := text[start]
	last := closers.last(quote)
	for i := start + 1; i <= *last; i++ {
		if text[i] == quote && i > start+1 && (i+1 == len(text) || isSpace(text, i+1)) {
			return i + 1
		}
	}
	*last = start // nothing after start closes, so nothing after start is looked for again
	return 0
}

// entityEnd gives the place behind one of Slack's <…>, 0 when it is none: those begin with @ # ! or an address.
func entityEnd(text string, start int, closers *closers) int {
	if start+1 >= len(text) || closers.angle <= start {
		return 0
	}
	length := strings.IndexAny(text[start+1:min(len(text), start+4096)], "<>\n")
	if length < 1 || text[start+1+length] != '>' {
		return 0
	}
	inner := text[start+1 : start+1+length]
	if strings.ContainsAny(inner[:1], "@#!") || strings.Contains(inner, "://") || strings.HasPrefix(inner, "mailto:") {
		return start + length + 2
	}
	return 0
}

// unquote gives the text of a token as typed.
func unquote(raw string) (text string, quoted bool) {
	if n := len(raw); n > 2 && (raw[0] == '"' || raw[0] == '\'') && raw[n-1] == raw[0] {
		return typed(raw[1 : n-1]), true
	}
	for _, quote := range []string{`"`, `'`} {
		if !strings.HasSuffix(raw, quote) {
			continue
		}
		for _, sign := range []string{":", "="} {
			if at := strings.Index(raw, sign+quote); at >= 0 && len(raw) > at+3 {
				return typed(raw[:at+1] + raw[at+2:len(raw)-1]), false
			}
		}
	}
	return typed(raw), false
}

// typed gives a kept token as it goes into the text.
func (t *token) typed() string { return typed(t.raw) }

// typed turns Slack's form of a text into what was typed: names for people and channels, addresses for links.
func typed(raw string) string {
	switch {
	case !strings.ContainsAny(raw, "<&"):
		return raw
	case !strings.Contains(raw, "<"):
		return blocks.Unescape(raw)
	}
	var b strings.Builder
	closers := closing(raw)
	for i := 0; i < len(raw); {
		if raw[i] == '<' {
			if end := entityEnd(raw, i, closers); end > 0 {
				b.WriteString(blocks.Unescape(entity(raw[i+1 : end-1])))
				i = end
				continue
			}
		}
		next := strings.IndexByte(raw[i+1:], '<')
		if next < 0 {
			next = len(raw) - i - 1
		}
		b.WriteString(blocks.Unescape(raw[i : i+1+next]))
		i += 1 + next
	}
	return b.String()
}

// entity gives the reading of what stands between < and >.
func entity(inner string) string {
	target, label, labelled := strings.Cut(inner, "|")
	switch target[0] {
	case '@', '#':
		if labelled && label != "" {
			return target[:1] + strings.TrimLeft(label, "@#")
		}
		return target
	case '!':
		if labelled && label != "" {
			return label
		}
		return "@" + strings.TrimPrefix(target, "!")
	}
	target = strings.TrimPrefix(target, "mailto:")
	if !labelled || label == "" || strings.HasSuffix(target, label) {
		return target
	}
	return label + " (" + target + ")"
}

// person gives the user id of a token that is a person.
func (t *token) person() string {
	inner, ok := strings.CutPrefix(t.raw, "<@")
	if !ok {
		return ""
	}
	inner, _, ok = strings.Cut(inner, ">")
	if !ok {
		return ""
	}
	id, _, _ := strings.Cut(inner, "|")
	return id
}

// incident gives the incident that a token names, and whether it is a bare number.
func (t *token) incident(url func(string) (string, bool)) (id string, bare bool) {
	if t.quoted {
		return "", false
	}
	text := strings.TrimRight(t.text, ",.;:")
	if number, ok := strings.CutPrefix(text, "#"); ok {
		return digits(number), false
	}
	if url != nil && strings.Contains(t.raw, "://") {
		if id, ok := url(strings.TrimRight(t.raw, ",.;:")); ok {
			return id, false
		}
		return "", false
	}
	return digits(text), true
}

// digits gives text if it is a number such as Grafana numbers incidents: no sign, no leading zero, at most 18 digits.
func digits(text string) string {
	if text == "" || len(text) > 18 || text[0] == '0' || strings.Trim(text, "0123456789") != "" {
		return ""
	}
	return text
}

func isSpace(text string, i int) bool {
	if c := text[i]; c < utf8.RuneSelf {
		return c == ' ' || c >= '\t' && c <= '\r'
	}
	r, _ := utf8.DecodeRuneInString(text[i:])
	return unicode.IsSpace(r)
}

func width(text string, i int) int {
	if text[i] < utf8.RuneSelf {
		return 1
	}
	_, n := utf8.DecodeRuneInString(text[i:])
	return n
}
