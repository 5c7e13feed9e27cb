package demo

import "strings"

// nearControl is the control that a mistyped word was probably meant to be: one letter wrong, missing, too many, or two
// swapped. Words of less than three letters are near to nothing.
func nearControl(word string) (string, bool) {
	word = strings.ToLower(word)
	for _, c := range controls() {
		if len(word) >= 3 && len(c.name) >= 3 && distanceOne(word, c.name) {
			return c.name, true
		}
	}
	return "", false
}

// distanceOne says whether one slip of the fingers makes b of a.
func distanceOne(a, b string) bool {
	if a == b || len(a)-len(b) > 1 || len(b)-len(a) > 1 {
		return false
	}
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	j := 0
	for j < len(a)-i && j < len(b)-i && a[len(a)-1-j] == b[len(b)-1-j] {
		j++
	}
	left, right := a[i:len(a)-j], b[i:len(b)-j]
	return len(left) <= 1 && len(right) <= 1 || len(left) == 2 && len(right) == 2 && left[0] == right[1] && left[1] == right[0]
}
