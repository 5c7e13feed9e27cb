package demo

import (
	"context"
	"strconv"

	"incident-bot/bot/slacktest"
)

// looked is how many messages look shows.
const looked = 8

// look shows the latest messages of the channel, or of the thread, numbered from the newest, and the open form.
func (s *session) look(_ context.Context, count string) error {
	n, err := strconv.Atoi(count)
	if err != nil || n < 1 {
		n = looked
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	latest := s.latest(s.who.Sees(s.place), s.thread, n)
	var lines []line
	if len(latest) == 0 {
		lines = aside("nothing was said here yet")
	}
	for i, m := range latest {
		lines = append(lines, draw(m, s.again(m, len(latest)-i))...)
	}
	if v := s.who.View(); v != nil {
		lines = append(lines, drawForm(v)...)
	}
	s.print(lines...)
	return nil
}

// glanced is how many messages one sees on coming to a channel.
const glanced = 3

// glance shows the last messages of the channel one has come to.
func (s *session) glance() {
	s.mu.Lock()
	defer s.mu.Unlock()
	var lines []line
	for _, m := range s.latest(s.who.Sees(s.place), "", glanced) {
		lines = append(lines, draw(m, s.again(m, 0))...)
	}
	s.print(lines...)
}

// again says how a message stands that is shown once more.
func (s *session) again(m slacktest.Message, number int) shown {
	as := s.shownAs(m)
	as.number = number
	if m.Edited {
		as.notes = append(as.notes, "edited")
	}
	return as
}

// latest gives the newest n messages, oldest first: of a thread, or, with "", of the whole channel.
func (s *session) latest(all []slacktest.Message, thread string, n int) []slacktest.Message {
	var list []slacktest.Message
	for _, m := range all {
		if thread == "" || m.TS == thread || m.ThreadTS == thread {
			list = append(list, m)
		}
	}
	return list[max(0, len(list)-n):]
}
