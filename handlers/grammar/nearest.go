package grammar

import "strings"

// Choose finds what was said in a list of names: the same name, whatever its case, hyphens and spaces, else the only one
// that begins with it.
func Choose(said string, known []string) (string, bool) {
	said = fold(said)
	if said == "" {
		return "", false
	}
	found := ""
	for _, name := range known {
		switch folded := fold(name); {
		case folded == said:
			return name, true
		case !strings.HasPrefix(folded, said):
		case found == "":
			found = name
		default:
			return "", false
		}
	}
	return found, found != ""
}

// Same says whether two names are the same, whatever their case, hyphens and spaces.
func Same(a, b string) bool { return fold(a) == fold(b) }

// fold makes names comparable.
func fold(name string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case ' ', '-', '_':
			return -1
		}
		return r
	}, strings.ToLower(name))
}

// maxNear is the longest word that is compared; longer ones are no typing errors.
const maxNear = 40

// Nearest finds the name that a mistyped word may have meant: the only one that begins with it, else the one with the
// fewest typing errors (a letter wrong, missing, too many, or two swapped): one in words under five letters, two in
// longer ones. Of equally near ones the first in the list.
func Nearest(word string, known []string) (string, bool) {
	word = strings.ToLower(word)
	if word == "" || len(word) > maxNear {
		return "", false
	}
	if len([]rune(word)) >= 3 {
		if name, ok := Choose(word, known); ok {
			return name, true
		}
	}
	best, most := "", 2
	if len([]rune(word)) < 5 {
		most = 1
	}
	for _, name := range known {
		if d := distance(word, strings.ToLower(name)); d <= most && (best == "" || d < most) {
			best, most = name, d
		}
	}
	return best, best != ""
}

// distance counts typing errors (optimal string alignment).
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	before, last, row := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(x); i++ {
		row[0] = i
		for j := 1; j <= len(y); j++ {
			wrong := 1
			if x[i-1] == y[j-1] {
				wrong = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+wrong)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(y)]
}
