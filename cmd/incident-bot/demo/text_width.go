package demo

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	joiner       = '\u200d' // zero width joiner: 👩 + it + 👧 is one picture
	emojiVariant = '\ufe0f' // asks for the wide picture of the character before it
)

// cluster gives how many bytes of a text one character on the screen takes, with its accents, variants and joined
// pictures, and how many columns wide it is: 0, 1 or 2.
func cluster(text string) (bytes, columns int) {
	first, size := utf8.DecodeRuneInString(text)
	bytes, columns = size, runeWidth(first)
	joined, flag := false, isFlag(first)
	for bytes < len(text) {
		r, size := utf8.DecodeRuneInString(text[bytes:])
		switch {
		case unicode.IsControl(r):
			return bytes, columns
		case joined || flag && isFlag(r):
			columns, flag = 2, false
		case r == emojiVariant && columns == 1:
			columns = 2
		case runeWidth(r) != 0 && !isSkinTone(r):
			return bytes, columns
		}
		joined = r == joiner
		bytes += size
	}
	return bytes, columns
}

// width is how many columns a text takes.
func width(text string) int {
	sum := 0
	for text != "" {
		n, columns := cluster(text)
		sum += columns
		text = text[n:]
	}
	return sum
}

// fits gives the longest beginning of a text that takes at most so many columns.
func fits(text string, columns int) string {
	end := 0
	for end < len(text) {
		n, w := cluster(text[end:])
		if w > columns {
			break
		}
		columns -= w
		end += n
	}
	return text[:end]
}

// padded fills a text up with spaces to a number of columns.
func padded(text string, columns int) string {
	return text + strings.Repeat(" ", max(0, columns-width(text)))
}

func isFlag(r rune) bool     { return r >= 0x1f1e6 && r <= 0x1f1ff }
func isSkinTone(r rune) bool { return r >= 0x1f3fb && r <= 0x1f3ff }

// runeWidth is the width of one code point on its own.
func runeWidth(r rune) int {
	switch {
	case r < 0x20 || r >= 0x7f && r < 0xa0:
		return 0
	case r < 0x300:
		if r == 0xad { // soft hyphen
			return 0
		}
		return 1
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf), r >= 0x1160 && r <= 0x11ff: // Hangul vowels and finals
		return 0
	case isWide(r):
		return 2
	}
	return 1
}

// isWide says whether a code point takes two columns: East Asian Width W and F, and emoji that are pictures by default
// (Unicode 16, EastAsianWidth.txt and emoji-data.txt, ranges that differ by unassigned points joined).
func isWide(r rune) bool {
	switch {
	case r < 0x1100:
		return false
	case r <= 0x115f:
		return true
	case r < 0x2e80:
		return strings.ContainsRune("⌚⌛〈〉⏩⏪⏫⏬⏰⏳◽◾☔☕♈♉♊♋♌♍♎♏♐♑♒♓♿⚓⚡⚪⚫⚽⚾⛄⛅⛎⛔⛪⛲⛳⛵⛺⛽✅✊✋✨❌❎❓❔❕❗➕➖➗➰➿⬛⬜⭐⭕", r)
	case r <= 0xa4cf:
		return r != 0x303f
	case r < 0x1f000:
		return within(r, 0xa960, 0xa97f, 0xac00, 0xd7a3, 0xf900, 0xfaff, 0xfe10, 0xfe19, 0xfe30, 0xfe6f, 0xff01, 0xff60, 0xffe0, 0xffe6, 0x16fe0, 0x18dff, 0x1aff0, 0x1b2ff)
	case r < 0x20000:
		return within(r, 0x1f004, 0x1f004, 0x1f0cf, 0x1f0cf, 0x1f18e, 0x1f18e, 0x1f191, 0x1f19a, 0x1f1e6, 0x1f320, 0x1f32d, 0x1f335, 0x1f337, 0x1f37c,
			0x1f37e, 0x1f393, 0x1f3a0, 0x1f3ca, 0x1f3cf, 0x1f3d3, 0x1f3e0, 0x1f3f0, 0x1f3f4, 0x1f3f4, 0x1f3f8, 0x1f43e, 0x1f440, 0x1f440,
			0x1f442, 0x1f4fc, 0x1f4ff, 0x1f53d, 0x1f54b, 0x1f54e, 0x1f550, 0x1f567, 0x1f57a, 0x1f57a, 0x1f595, 0x1f596, 0x1f5a4, 0x1f5a4,
			0x1f5fb, 0x1f64f, 0x1f680, 0x1f6c5, 0x1f6cc, 0x1f6cc, 0x1f6d0, 0x1f6d2, 0x1f6d5, 0x1f6df, 0x1f6eb, 0x1f6ec, 0x1f6f4, 0x1f6fc,
			0x1f7e0, 0x1f7f0, 0x1f90c, 0x1f93a, 0x1f93c, 0x1f945, 0x1f947, 0x1f9ff, 0x1fa70, 0x1faff)
	}
	return r <= 0x3fffd
}

// within says whether a code point is in one of the ranges, given as first, last, first, last….
func within(r rune, ranges ...rune) bool {
	for i := 0; i < len(ranges); i += 2 {
		if r >= ranges[i] && r <= ranges[i+1] {
			return true
		}
	}
	return false
}

// clean takes everything out of a text that would move the cursor or colour the screen: control characters but the
// newline; a tab becomes a space.
func clean(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r == '\t':
			return ' '
		case unicode.IsControl(r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, "\ufffd"))
}
