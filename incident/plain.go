package incident

import (
	"html"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxMessage bounds Error.Message, in characters.
const maxMessage = 300

// plain makes one line of a peer's text that may go into a log: no markup, no control or invisible characters, no token,
// at most 300 characters.
func plain(text string) string {
	text = html.UnescapeString(withoutTags(text[:min(len(text), 64<<10)]))
	text = strings.Map(func(r rune) rune {
		switch {
		case r == utf8.RuneError, unicode.IsSpace(r), unicode.IsControl(r):
			return ' '
		case unicode.Is(unicode.Cf, r): // direction marks, zero-width characters
			return -1
		}
		return r
	}, withoutTags(text)) // once more, for what was written as &lt;b&gt;
	words := strings.Fields(text)
	for i, w := range words {
		words[i] = withoutToken(w)
	}
	return cut(strings.Join(words, " "), maxMessage)
}

// withoutTags drops HTML's tags and comments, and the whole of its scripts and styles. A lone < stays: "a < b".
func withoutTags(text string) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, "<")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		if rest == "" || !strings.ContainsAny(rest[:1], "/!?") && !isLetter(rest[0]) {
			b.WriteByte('<')
			text = rest
			continue
		}
		b.WriteByte(' ')
		text = afterTag(rest)
	}
}

// afterTag is what follows the tag whose inside begins here; nothing, if it never ends.
func afterTag(rest string) string {
	for _, e := range []struct{ open, end string }{{"script", "</script"}, {"style", "</style"}, {"!--", "--"}} {
		if len(rest) >= len(e.open) && strings.EqualFold(rest[:len(e.open)], e.open) {
			inside := rest[len(e.open):]
			rest = inside[indexFold(inside, e.end):]
			break
		}
	}
	_, after, _ := strings.Cut(rest, ">")
	return after
}

// indexFold is where a text of ASCII stands in another, whatever its case; the other's length when it does not.
func indexFold(text, ascii string) int {
	for i := 0; i+len(ascii) <= len(text); i++ {
		if strings.EqualFold(text[i:i+len(ascii)], ascii) {
			return i
		}
	}
	return len(text)
}

// withoutToken hides what looks like a token inside a word: a proxy's error page may show the request's headers.
func withoutToken(word string) string {
	for _, prefix := range tokenPrefixes() {
		if i := strings.Index(word, prefix); i >= 0 && len(word)-i > len(prefix)+8 {
			return word[:i] + "[redacted]"
		}
	}
	return word
}

// cut shortens a text to n characters, the last of which says so.
func cut(text string, n int) string {
	if utf8.RuneCountInString(text) <= n {
		return text
	}
	runes := []rune(text)
	return strings.TrimRight(string(runes[:n-1]), " ") + "…"
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
