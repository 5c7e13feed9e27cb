package demo

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"incident-bot/bot/slacktest"
)

// choice is something that can be clicked.
type choice struct {
	message slacktest.Message
	label   string
}

// click clicks a button: by label on the newest message that has it, "LABEL on 42" on one about an incident, or by the
// number of the list that was shown last.
func (s *session) click(ctx context.Context, said string) error {
	who, _, _ := s.here()
	if v := who.View(); v != nil {
		if label, ok := pick(v.Buttons(), said); ok {
			return s.act(ctx, who.ClickView(label), s.hasNews)
		}
		return errFormOpen
	}
	s.mu.Lock()
	all, offered := s.clickables(), s.offered
	s.offered = nil
	s.mu.Unlock()
	if n, err := strconv.Atoi(said); err == nil && n >= 1 && n <= len(offered) {
		return s.clicked(ctx, offered[n-1])
	}
	found := match(all, said)
	switch {
	case len(all) == 0:
		return errors.New("there is nothing to click here; try: /incident list")
	case len(found) == 1:
		return s.clicked(ctx, found[0])
	case len(found) > 1:
		s.offer("which one? say  click 1", found)
		return shownError{fmt.Errorf("%q can be any of %d buttons", said, len(found))}
	case said == "":
		s.offer("what can be clicked; say  click 1  or  click "+all[0].label, all)
	default:
		no := fmt.Sprintf("nothing here is called %q", said)
		s.offer(no+"; there is", all)
		return shownError{errors.New(no)}
	}
	return nil
}

// clicked clicks one.
func (s *session) clicked(ctx context.Context, c choice) error {
	who, _, _ := s.here()
	if to := link(c.message, c.label); to != "" {
		where := to
		if u, err := url.Parse(to); err == nil && u.Path != "" {
			where = u.Path
		}
		who.Click(c.message, c.label)
		s.say("Slack opens %s of the stack in a browser", where)
		return s.follow(ctx, nil)
	}
	return s.act(ctx, who.Click(c.message, c.label), s.hasNews)
}

// clickables lists everything that can be clicked where the person is, then elsewhere, newest message first. mu is held.
func (s *session) clickables() []choice {
	var here, elsewhere []choice
	for _, ch := range s.places() {
		for _, m := range slices.Backward(s.who.Sees(ch)) {
			for _, label := range clickable(m) {
				if ch.ID == s.place.ID {
					here = append(here, choice{m, label})
				} else {
					elsewhere = append(elsewhere, choice{m, label})
				}
			}
		}
	}
	return append(here, elsewhere...)
}

// match finds what a person means: all choices of the newest message with a label that is as said, or begins so.
func match(all []choice, said string) []choice {
	label, incident := splitOn(said)
	if label == "" {
		return nil
	}
	for _, same := range []func(a, b string) bool{strings.EqualFold, hasPrefixFold} {
		var found []choice
		for _, c := range all {
			if !same(c.label, label) || incident != "" && !speaksOf(c.message, incident) {
				continue
			}
			if len(found) > 0 && id(found[0].message) != id(c.message) {
				break
			}
			found = append(found, c)
		}
		if len(found) > 0 {
			return found
		}
	}
	return nil
}

// splitOn takes "Resolve on 42" apart. A label may hold " on " itself.
func splitOn(said string) (label, incident string) {
	at := strings.LastIndex(said, " on ")
	if at < 0 {
		return said, ""
	}
	incident = strings.TrimPrefix(strings.TrimSpace(said[at+len(" on "):]), "#")
	if _, err := strconv.Atoi(incident); err != nil {
		return said, ""
	}
	return strings.TrimSpace(said[:at]), incident
}

// pick finds a label by its beginning, in any case.
func pick(labels []string, said string) (string, bool) {
	for _, same := range []func(a, b string) bool{strings.EqualFold, hasPrefixFold} {
		for _, l := range labels {
			if said != "" && same(l, said) {
				return l, true
			}
		}
	}
	return "", false
}

func hasPrefixFold(text, prefix string) bool {
	return len(text) >= len(prefix) && strings.EqualFold(text[:len(prefix)], prefix)
}

// offersMax keeps a list of choices on one screen.
const offersMax = 12

// offer lists choices by number.
func (s *session) offer(said string, of []choice) {
	s.mu.Lock()
	defer s.mu.Unlock()
	more := len(of) - offersMax
	of = of[:min(len(of), offersMax)]
	s.offered = of
	lines := aside(said)
	for i, c := range of {
		l := textLine(bodyMargin, plain, fmt.Sprintf("%2d. ", i+1))
		l.hang += "    "
		l.pieces = append(l.pieces, piece{"[" + clean(c.label) + "]", button, true},
			piece{text: strings.Join(append([]string{"  " + called(c.message, c.message.Plain())}, s.notes(c.message)...), ", "), style: faint})
		lines = append(lines, l)
	}
	if more > 0 {
		lines = append(lines, textLine(bodyMargin, faint, fmt.Sprintf("and %d more", more)))
	}
	s.print(lines...)
}
