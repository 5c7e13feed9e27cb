package blocks

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// ellipsis says that something was left out. It counts towards the limit.
const ellipsis = "…"

// longestCluster bounds how far a cut goes back to keep an accent or a joined emoji whole, in code points. Text made of
// accents alone is cut anyway.
const longestCluster = 16

// Cut shortens plain text to n code points. A cut text ends in "…"; a cut falls neither inside a character nor between
// an emoji and what is joined to it. For markup use CutMrkdwn.
func Cut(s string, n int) string {
	if fits(s, n) {
		return s
	}
	if n <= 0 {
		return ""
	}
	return s[:backToCluster(s, offset(s, n-1))] + ellipsis
}

// CutMrkdwn is Cut for markup: a token (<…>) or an entity (&amp;) is kept whole or left out.
func CutMrkdwn(m Mrkdwn, n int) Mrkdwn {
	s := string(m)
	if fits(s, n) {
		return m
	}
	if n <= 0 {
		return ""
	}
	end, whole, left := 0, 0, n-1
	eachUnit(s, func(unit string) bool {
		if left -= utf8.RuneCountInString(unit); left < 0 {
			return false
		}
		if end += len(unit); left > longestCluster || !joined(s, end) {
			whole = end
		}
		return true
	})
	if utf8.RuneCountInString(s[whole:end]) > longestCluster {
		whole = end
	}
	return Mrkdwn(strings.TrimRight(s[:whole], " \n")) + ellipsis
}

// cutValue shortens what no person reads, without a mark. Control characters go, the rest is kept as it is.
func cutValue(s string, n int) string {
	if !isTidy(s) {
		s = strings.Map(valueRune, strings.ToValidUTF8(s, "\uFFFD"))
	}
	if fits(s, n) {
		return s
	}
	return s[:offset(s, n)]
}

func valueRune(r rune) rune {
	if unicode.IsControl(r) && r != '\n' && r != '\t' {
		return -1
	}
	return r
}

// fits says whether s has at most n code points; most texts are short enough in bytes already.
func fits(s string, n int) bool { return len(s) <= n || utf8.RuneCountInString(s) <= n }

// offset gives the byte at which the code point with index n begins.
func offset(s string, n int) int {
	for i := range s {
		if n == 0 {
			return i
		}
		n--
	}
	return len(s)
}

// backToCluster moves a cut at byte i to before the character that the following accents, joiners or tones belong to.
func backToCluster(s string, i int) int {
	back := i
	for range longestCluster {
		if !joined(s, back) {
			return back
		}
		_, size := utf8.DecodeLastRuneInString(s[:back])
		back -= size
	}
	return i
}

// joined says whether the code points on both sides of byte i are shown as one character.
func joined(s string, i int) bool {
	if i == 0 || i == len(s) {
		return false
	}
	next, _ := utf8.DecodeRuneInString(s[i:])
	last, _ := utf8.DecodeLastRuneInString(s[:i])
	return extends(next) || last == '\u200d' || regional(next) && oddRegional(s[:i])
}

// extends says whether r belongs to the character before it.
func extends(r rune) bool {
	return r == '\u200d' || unicode.In(r, unicode.Mn, unicode.Me, unicode.Mc) || r >= 0x1F3FB && r <= 0x1F3FF
}

// regional says whether r is half of a flag.
func regional(r rune) bool { return r >= 0x1F1E6 && r <= 0x1F1FF }

// oddRegional says whether s ends in the first half of a flag.
func oddRegional(s string) bool {
	odd := false
	for {
		r, size := utf8.DecodeLastRuneInString(s)
		if size == 0 || !regional(r) {
			return odd
		}
		odd, s = !odd, s[:len(s)-size]
	}
}
