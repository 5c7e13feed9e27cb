package blocks

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// tidy drops what Slack refuses or what would disturb the text around it: control characters other than newline and
// tab, broken UTF-8, byte order marks, and the two characters that turn the direction of all that follows (an override
// in a title would print the rest of the line backwards). Every kind of line end becomes \n.
func tidy(s string) string {
	if isTidy(s) {
		return s
	}
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\r\n", "\n")
	return strings.Map(tidyRune, s)
}

func isTidy(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c == 0x7f || c < ' ' && c != '\n' && c != '\t' {
			return false
		}
		if c >= utf8.RuneSelf {
			return utf8.ValidString(s[i:]) && strings.IndexFunc(s[i:], func(r rune) bool { return tidyRune(r) != r }) < 0
		}
	}
	return true
}

func tidyRune(r rune) rune {
	switch r {
	case '\n', '\t':
		return r
	case '\r', '\u0085', '\u2028', '\u2029':
		return '\n'
	case '\u202d', '\u202e', '\ufeff', '\ufffe', '\uffff':
		return -1
	}
	if unicode.IsControl(r) {
		return -1
	}
	return r
}

// line is tidy for what must stay on one line.
func line(s string) string {
	s = tidy(s)
	if strings.ContainsAny(s, "\n\t") {
		s = strings.NewReplacer("\n", " ", "\t", " ").Replace(s)
	}
	return strings.TrimSpace(s)
}
