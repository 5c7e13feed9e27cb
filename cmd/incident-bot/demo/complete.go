package demo

import (
	"slices"
	"strings"

	"incident-bot/handlers"
)

// complete gives the lines that a beginning may become: commands and their arguments as they are here and now.
func (s *session) complete(before string) []string {
	word, rest, argument := strings.Cut(before, " ")
	switch {
	case !argument:
		return starting(s.firstWords(), before)
	case word == "/incident" || word == botName:
		return starting(prefixed(word+" ", botWords()), before)
	case strings.EqualFold(word, "click"):
		if rest == "" || !strings.HasSuffix(rest, " ") {
			return starting(prefixed(word+" ", s.labels()), before)
		}
	}
	if options := s.fieldOptions(before); options != nil {
		return starting(options, before)
	}
	return starting(prefixed(word+" ", s.arguments(strings.ToLower(word))), before)
}

// firstWords are what a line may begin with.
func (s *session) firstWords() []string {
	words := []string{"/incident ", botName + " "}
	if who, _, _ := s.here(); who.View() != nil {
		words = nil
		for _, name := range fieldNames(who.View()) {
			words = append(words, name+": ")
		}
	}
	for _, c := range controls() {
		if strings.Contains(c.usage, " ") {
			words = append(words, c.name+" ")
			continue
		}
		words = append(words, c.name)
	}
	return words
}

// botWords are the bot's own words.
func botWords() []string {
	var words []string
	for _, w := range handlers.New(handlers.Config{Command: "/incident"}).Words {
		words = append(words, w.Name+" ")
	}
	return words
}

// labels are what can be clicked, once each.
func (s *session) labels() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var labels []string
	for _, c := range s.clickables() {
		if !slices.Contains(labels, c.label) {
			labels = append(labels, c.label)
		}
	}
	return labels
}

// fieldOptions are the lines that fill in an input which has options, nil where before is no such line.
func (s *session) fieldOptions(before string) []string {
	who, _, _ := s.here()
	name, _, ok := strings.Cut(before, ":")
	v := who.View()
	if !ok || v == nil {
		return nil
	}
	in, ok := input(v, name)
	if !ok {
		return nil
	}
	var lines []string
	for _, option := range in.Options {
		lines = append(lines, name+": "+option)
	}
	return lines
}

// arguments are what may follow a control's word.
func (s *session) arguments(word string) []string {
	var list []string
	switch word {
	case "as":
		for _, p := range s.people {
			list = append(list, p.Name)
		}
	case "in":
		for _, ch := range s.team.Channels() {
			list = append(list, "#"+ch.Name)
		}
	case "grafana", "slack":
		states := stackStates()
		if word == "slack" {
			states = slackStates()
		}
		for _, one := range states {
			list = append(list, one.name)
		}
	case "kill", "restart":
		list = []string{"bot"}
	}
	return list
}

func prefixed(prefix string, list []string) []string {
	var all []string
	for _, one := range list {
		all = append(all, prefix+one)
	}
	return all
}

// starting keeps what begins as said, in any case.
func starting(list []string, said string) []string {
	var kept []string
	for _, one := range list {
		if hasPrefixFold(one, said) {
			kept = append(kept, one)
		}
	}
	return kept
}
