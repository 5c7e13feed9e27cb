package blocks

import (
	"strings"
	"unicode/utf8"
)

// eachUnit calls yield with each indivisible part of markup in order: a token <…>, an entity &…;, or one character.
// A < that is never closed takes everything up to the end with it, so that no cut can leave it open.
func eachUnit(m string, yield func(unit string) bool) {
	for len(m) > 0 {
		n := unitLen(m)
		if !yield(m[:n]) {
			return
		}
		m = m[n:]
	}
}

func unitLen(m string) int {
	switch m[0] {
	case '<':
		if end := strings.IndexByte(m, '>'); end >= 0 {
			return end + 1
		}
		return len(m)
	case '&':
		for _, entity := range []string{"&amp;", "&lt;", "&gt;"} {
			if strings.HasPrefix(m, entity) {
				return len(entity)
			}
		}
	}
	_, n := utf8.DecodeRuneInString(m)
	return n
}

// linkToken splits <url|label> or <url>; ok is false for other units, people, channels and commands included.
func linkToken(unit string) (url, label string, ok bool) {
	if len(unit) < 3 || unit[0] != '<' || unit[len(unit)-1] != '>' || strings.IndexByte("@#!", unit[1]) >= 0 {
		return "", "", false
	}
	url, label, _ = strings.Cut(unit[1:len(unit)-1], "|")
	return url, label, true
}
