package demo

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"incident-bot/bot/slacktest"
)

// as changes the person. What happened to that person meanwhile is not told again: look shows it.
func (s *session) as(_ context.Context, name string) error {
	name = strings.ToLower(strings.TrimPrefix(name, "@"))
	at := slices.IndexFunc(s.people, func(p person) bool { return p.Name == name })
	if at < 0 {
		var names []string
		for _, p := range s.people {
			names = append(names, p.Name+" ("+p.about+")")
		}
		return fmt.Errorf("you can be: %s", strings.Join(names, ", "))
	}
	s.mu.Lock()
	place, to := s.place, s.people[at]
	if place.Name == "" {
		place, s.thread = s.team.DM(to.User), ""
	}
	s.who, s.place = to, place
	s.skip()
	view := s.who.View()
	s.mu.Unlock()
	s.arrive()
	s.say("you are %s now, %s", to.full, to.about)
	if view != nil {
		s.mu.Lock()
		s.print(drawForm(view)...)
		s.mu.Unlock()
	}
	return nil
}

// in changes the channel.
func (s *session) in(_ context.Context, name string) error {
	var names []string
	for _, ch := range s.team.Channels() {
		if strings.EqualFold(ch.Name, strings.TrimPrefix(name, "#")) {
			s.move(ch, "")
			s.glance()
			return nil
		}
		names = append(names, "#"+ch.Name)
	}
	return fmt.Errorf("there is no channel %q; there are: %s, and  dm", name, strings.Join(names, ", "))
}

// dm goes to the direct message with the bot.
func (s *session) dm(context.Context, string) error {
	who, _, _ := s.here()
	s.move(s.team.DM(who.User), "")
	s.glance()
	return nil
}

// back leaves the thread.
func (s *session) back(context.Context, string) error {
	_, place, thread := s.here()
	if thread == "" {
		return errors.New("you are in no thread")
	}
	s.move(place, "")
	return nil
}

// move changes where the person is; messages may be shown meanwhile.
func (s *session) move(place *slacktest.Channel, thread string) {
	s.mu.Lock()
	s.place, s.thread = place, thread
	s.mu.Unlock()
	s.arrive()
}

// arrive shows in the prompt where one is.
func (s *session) arrive() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.offered = nil
	s.screen.ask(s.prompt())
}

// enterThread goes into a thread: of the newest card, of an incident's card, or of a message by its number in look.
func (s *session) enterThread(_ context.Context, said string) error {
	who, place, _ := s.here()
	all := who.Sees(place)
	n := strings.TrimPrefix(said, "#")
	for _, m := range slices.Backward(all) {
		one := about(m)
		if !m.Ephemeral && one != "" && (n == "" || n == one) {
			return s.readThread(place, threadOf(m))
		}
	}
	number, err := strconv.Atoi(said)
	if latest := s.latest(all, "", looked); err == nil && number >= 1 && number <= len(latest) {
		if m := latest[len(latest)-number]; !m.Ephemeral {
			return s.readThread(place, threadOf(m))
		}
		return errors.New("Slack has no threads under messages that only you see")
	}
	if said == "" && len(all) > 0 {
		for _, m := range slices.Backward(all) {
			if !m.Ephemeral {
				return s.readThread(place, threadOf(m))
			}
		}
	}
	return fmt.Errorf("no card in %s has that thread; look numbers the messages", s.placeName(place))
}

// readThread enters a thread and shows its latest replies.
func (s *session) readThread(place *slacktest.Channel, thread string) error {
	s.move(place, thread)
	s.mu.Lock()
	defer s.mu.Unlock()
	replies := slices.DeleteFunc(s.latest(s.who.Sees(place), thread, looked), func(m slacktest.Message) bool { return m.TS == thread })
	var lines []line
	for _, m := range replies {
		lines = append(lines, draw(m, s.shownAs(m))...)
	}
	s.print(lines...)
	return nil
}
