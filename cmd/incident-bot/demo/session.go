package demo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"incident-bot/bot/slacktest"
)

// errQuit ends a session.
var errQuit = errors.New("quit")

// unmet is an expectation that was not met.
type unmet struct{ text string }

func (u unmet) Error() string { return fmt.Sprintf("%q did not appear", u.text) }

// session is one person at the terminal: who they are, where they are, what they have seen.
type session struct {
	*world
	out io.Writer

	who    string
	place  *slacktest.Channel
	thread string // the first message of the thread they are in
	fields map[string]string

	mu      sync.Mutex // guards what follows and the output
	seen    map[string]string
	view    string
	printed strings.Builder // since the last command
}

func newSession(w *world, out io.Writer) *session {
	return &session{world: w, out: out, who: "ana", place: w.channels["ops"], fields: map[string]string{}, seen: map[string]string{}}
}

func (s *session) person() *slacktest.User { return s.people[s.who] }

// prompt says who and where.
func (s *session) prompt() string {
	where := s.placeName(s.place)
	if s.thread != "" {
		where += " (thread)"
	}
	if s.person().View() != nil {
		where += " (form)"
	}
	return s.who + " " + where + "> "
}

func (s *session) placeName(ch *slacktest.Channel) string {
	for name, one := range s.channels {
		if one.ID == ch.ID {
			return "#" + name
		}
	}
	return "direct message"
}

// places are everywhere the person may be answered, the present place first.
func (s *session) places() []*slacktest.Channel {
	all := append(s.team.Channels(), s.team.DM(s.person()))
	slices.SortStableFunc(all, func(a, b *slacktest.Channel) int {
		switch s.place.ID {
		case a.ID:
			return -1
		case b.ID:
			return 1
		}
		return 0
	})
	return all
}

// How long a command may take to be answered, and how long nothing must happen for all of its answer to be there.
const (
	answerTime = 30 * time.Second
	quietTime  = 700 * time.Millisecond
	longQuiet  = 2500 * time.Millisecond // edits of a card come at most every two seconds
)

// settle prints what happens until something did, if that is expected, and then until nothing has for a while.
func (s *session) settle(ctx context.Context, expected bool, quiet time.Duration) {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	if expected {
		_ = s.slack.Await(ctx, s.refresh)
	}
	for {
		still, cancel := context.WithTimeout(ctx, quiet)
		err := s.slack.Await(still, s.refresh)
		cancel()
		if err != nil {
			return
		}
	}
}

// refresh prints what is new for the person and says whether there was anything.
func (s *session) refresh() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	news := false
	for _, ch := range s.places() {
		for _, m := range s.person().Sees(ch) {
			news = s.notice(ch, m) || news
		}
	}
	return s.noticeView() || news
}

// notice prints one message if it is new or changed.
func (s *session) notice(ch *slacktest.Channel, m slacktest.Message) bool {
	key := m.Channel + "/" + m.TS + "/" + m.To
	now := m.Plain()
	before, known := s.seen[key]
	if known && before == now {
		return false
	}
	s.seen[key] = now
	if s.typed(m) || m.Deleted {
		return false
	}
	s.print(s.drawn(ch, m, known))
	return true
}

// typed says whether the message is one that was typed here.
func (s *session) typed(m slacktest.Message) bool {
	for _, p := range s.people {
		if p.ID == m.User {
			return true
		}
	}
	return false
}

// noticeView draws the person's form when it opened or changed.
func (s *session) noticeView() bool {
	now := ""
	if v := s.person().View(); v != nil {
		now = v.Plain()
	}
	if now == s.view {
		return false
	}
	was := s.view
	s.view = now
	switch {
	case now != "":
		s.print(boxed(now, `fill in with "field: value", then "submit" or "cancel"`))
	case was != "":
		s.print("  (the form is closed)")
	}
	return true
}

// print writes a text and keeps it for expectations.
func (s *session) print(text string) {
	text = steady(text)
	s.printed.WriteString(text + "\n")
	fmt.Fprintln(s.out, text)
}

// say is print for what the demo itself says.
func (s *session) say(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.print("  " + fmt.Sprintf(format, args...))
}

// shown is what was printed since the last command.
func (s *session) shown() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.printed.String()
}
