package demo

import (
	"strings"
	"unicode/utf8"
)

// key is something that was pressed: a character, or one of the named keys below.
type key rune

// Named keys are outside Unicode.
const (
	keyNone key = -1 - iota
	keyEnter
	keyTab
	keyBackspace
	keyDelete
	keyLeft
	keyRight
	keyUp
	keyDown
	keyHome
	keyEnd
	keyWordLeft
	keyWordRight
	keyKillEnd
	keyKillStart
	keyKillWord
	keyClear
	keyInterrupt // Ctrl-C
	keyEOF       // Ctrl-D
)

// keys takes keys apart that a terminal in raw mode sends, also when one arrives in several parts.
type keys struct{ rest []byte }

const escape = 0x1b

// longestSequence is how many bytes a sequence may have; no key's has as many.
const longestSequence = 32

// feed takes what was read and gives the keys that are complete.
func (k *keys) feed(read []byte) []key {
	k.rest = append(k.rest, read...)
	var list []key
	for len(k.rest) > 0 {
		one, n := k.next()
		if n == 0 {
			break
		}
		k.rest = k.rest[n:]
		if one != keyNone {
			list = append(list, one)
		}
	}
	return list
}

// next gives the first key and its length in bytes; 0 while it is incomplete.
func (k *keys) next() (key, int) {
	b := k.rest[0]
	switch {
	case b == escape:
		return k.sequence()
	case b < 0x20 || b == 0x7f:
		return controlKey(b), 1
	case !utf8.FullRune(k.rest):
		return keyNone, 0
	}
	r, n := utf8.DecodeRune(k.rest)
	if r == utf8.RuneError && n == 1 {
		return keyNone, 1
	}
	return key(r), n
}

// controlKey is what a control character means, as in readline.
func controlKey(b byte) key {
	switch b {
	case '\r', '\n':
		return keyEnter
	case '\t':
		return keyTab
	case 0x7f, 'H' - '@':
		return keyBackspace
	case 'A' - '@':
		return keyHome
	case 'B' - '@':
		return keyLeft
	case 'C' - '@':
		return keyInterrupt
	case 'D' - '@':
		return keyEOF
	case 'E' - '@':
		return keyEnd
	case 'F' - '@':
		return keyRight
	case 'K' - '@':
		return keyKillEnd
	case 'L' - '@':
		return keyClear
	case 'N' - '@':
		return keyDown
	case 'P' - '@':
		return keyUp
	case 'U' - '@':
		return keyKillStart
	case 'W' - '@':
		return keyKillWord
	}
	return keyNone
}

// sequence reads what begins with the escape character: ESC [ parameters final, ESC O final, or a key with Alt.
func (k *keys) sequence() (key, int) {
	if len(k.rest) < 2 {
		return keyNone, 0
	}
	switch k.rest[1] {
	case '[':
		for i := 2; i < len(k.rest); i++ {
			if b := k.rest[i]; b >= 0x40 && b <= 0x7e {
				return sequenceKey(string(k.rest[2:i]), b), i + 1
			} else if b < 0x20 || i == longestSequence {
				return keyNone, i // broken off
			}
		}
		return keyNone, 0
	case 'O':
		if len(k.rest) < 3 {
			return keyNone, 0
		}
		return sequenceKey("", k.rest[2]), 3
	case 'b':
		return keyWordLeft, 2
	case 'f':
		return keyWordRight, 2
	case 0x7f:
		return keyKillWord, 2
	case escape:
		return keyNone, 1
	}
	return keyNone, 2
}

// sequenceKey is the key of a sequence (xterm, VT220).
func sequenceKey(parameters string, final byte) key {
	modified := strings.Contains(parameters, ";")
	switch final {
	case 'A':
		return keyUp
	case 'B':
		return keyDown
	case 'C':
		if modified {
			return keyWordRight
		}
		return keyRight
	case 'D':
		if modified {
			return keyWordLeft
		}
		return keyLeft
	case 'H':
		return keyHome
	case 'F':
		return keyEnd
	case '~':
		switch parameters {
		case "1", "7":
			return keyHome
		case "4", "8":
			return keyEnd
		case "3":
			return keyDelete
		}
	}
	return keyNone
}
