package chaos

import (
	"regexp"
	"slices"
	"strings"
)

// said is how a message reads to the person it is for.
type said int

const (
	something said = iota // neither of the others: a question, a list
	waits                 // ⏳
	done                  // ✓
	denied                // ✗, and that nothing happened
	unsure                // ✗, and that something may have happened
)

// read takes a message by its first mark.
func read(text string) said {
	i := strings.IndexAny(text, "✓✗⏳")
	switch {
	case i < 0:
		return something
	case strings.HasPrefix(text[i:], "⏳"):
		return waits
	case strings.HasPrefix(text[i:], "✓"):
		return done
	case strings.Contains(text, "Nothing was "):
		return denied
	}
	return unsure
}

// final says whether the person need not wait for more.
func (s said) final() bool { return s == done || s == denied || s == unsure }

// numbered finds the incidents that a message names.
var numbered = regexp.MustCompile(`#(\d+)`)

// faults of one act, as the person and Grafana bear witness.
type faults struct{ lost, doubled, unanswered, untrue bool }

// judged holds an act to the promises. accepted: Slack was told that it is received; effects: the numbers of the incidents
// it made or is written on; told: what the person read.
func judged(accepted bool, effects []string, own string, told []string) faults {
	f := faults{doubled: len(effects) > 1}
	if own != "" && slices.ContainsFunc(effects, func(id string) bool { return id != own }) {
		f.untrue = true // written somewhere else
	}
	final, failed := false, false
	for _, text := range told {
		kind := read(text)
		final = final || kind.final()
		failed = failed || kind == denied || kind == unsure
		f.untrue = f.untrue || kind == done && !holds(text, effects) || kind == denied && len(effects) > 0
	}
	f.unanswered = accepted && !final
	f.lost = accepted && len(effects) == 0 && !failed
	return f
}

// holds says whether a ✓ is about what there is: it names an incident of the act and no other.
func holds(text string, effects []string) bool {
	named := numbered.FindAllStringSubmatch(text, -1)
	for _, n := range named {
		if !slices.Contains(effects, n[1]) {
			return false
		}
	}
	return len(named) > 0 && len(effects) > 0
}
