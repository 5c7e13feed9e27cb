package main

import (
	"fmt"
	"io"
	"regexp"
	"strings"
)

// A problem is one thing that keeps the bot from starting.
type problem struct {
	name  string // the variable, or the place in a file
	wrong string // what is wrong with it, to be read after its name
	fix   string // what to do, one line or more
}

// problems collects them, so that all are told at once.
type problems []problem

func (p *problems) add(name, wrong, fix string) { *p = append(*p, problem{name, wrong, fix}) }

// print tells all problems to a person.
func (p problems) print(w io.Writer) {
	head := "1 problem"
	if len(p) != 1 {
		head = fmt.Sprintf("%d problems", len(p))
	}
	fmt.Fprintf(w, "incident-bot cannot start: %s in its configuration.\n", head)
	for _, one := range p {
		fmt.Fprintf(w, "\n  %s %s\n", one.name, hideTokens(one.wrong))
		for i, line := range strings.Split(one.fix, "\n") {
			lead := "    "
			if i == 0 {
				lead = "  → "
			}
			fmt.Fprintln(w, lead+line)
		}
	}
	fmt.Fprint(w, "\nEvery variable is described in README.md, and by: incident-bot help\n")
}

// hideTokens replaces whatever looks like a token in text that repeats what was configured: a token pasted into the
// wrong variable is a secret all the same.
func hideTokens(text string) string {
	return regexp.MustCompile(`(?i)(xox[a-z][-.]|xapp-|glsa_|glc_)[\w.%+/=-]+`).ReplaceAllString(text, "[a token]")
}
