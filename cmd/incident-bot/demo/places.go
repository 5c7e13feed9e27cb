package demo

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"incident-bot/bot/slacktest"
)

// as changes the person. What they see that is older is not shown again.
func (s *session) as(_ context.Context, name string) error {
	if s.people[name] == nil {
		return fmt.Errorf("there is no %q here: ana, ben, or gus, who is a guest", name)
	}
	place := s.place
	if place.ID == s.team.DM(s.person()).ID {
		place = s.team.DM(s.people[name])
	}
	s.move(name, place, "")
	s.skip()
	return nil
}

// move changes who and where the person is; messages may be drawn meanwhile.
func (s *session) move(who string, place *slacktest.Channel, thread string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.who, s.place, s.thread = who, place, thread
}

// skip takes all that is there as seen.
func (s *session) skip() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, ch := range s.places() {
		for _, m := range s.person().Sees(ch) {
			s.seen[m.Channel+"/"+m.TS+"/"+m.To] = m.Plain()
		}
	}
	s.view = ""
	if v := s.person().View(); v != nil {
		s.view = v.Plain()
	}
}

func (s *session) in(_ context.Context, name string) error {
	ch := s.channels[strings.TrimPrefix(name, "#")]
	if ch == nil {
		return fmt.Errorf("there is no channel %q here: #ops, #payments, #random", name)
	}
	s.move(s.who, ch, "")
	return nil
}

func (s *session) dm(context.Context, string) error {
	s.move(s.who, s.team.DM(s.person()), "")
	return nil
}

// enter goes into the thread of a card.
func (s *session) enter(_ context.Context, id string) error {
	id = strings.TrimPrefix(id, "#")
	for _, m := range slices.Backward(s.person().Sees(s.place)) {
		card := !m.Ephemeral && !m.Deleted && slices.ContainsFunc(m.Buttons(), func(l string) bool { return l == "Note" })
		if card && (id == "" || mentions(m, id)) {
			s.move(s.who, s.place, cmp.Or(m.ThreadTS, m.TS))
			return nil
		}
	}
	return fmt.Errorf("there is no such card in %s", s.placeName(s.place))
}

func (s *session) back(context.Context, string) error {
	s.move(s.who, s.place, "")
	return nil
}

// looked is how many messages look shows.
const looked = 10

func (s *session) look(context.Context, string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := s.person().Sees(s.place)
	for _, m := range all[max(0, len(all)-looked):] {
		switch {
		case m.Deleted:
		case s.typed(m):
			s.print("  " + m.Plain())
		default:
			s.print(s.drawn(s.place, m, m.Edited))
		}
	}
	return nil
}
