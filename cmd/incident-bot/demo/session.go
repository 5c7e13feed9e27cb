package demo

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"incident-bot/bot/slacktest"
)

// screen is where the demo is seen.
type screen interface {
	// show writes lines, above what is being typed.
	show(lines []line)
	// ask sets what stands in front of what is typed.
	ask(prompt string)
}

// session is one person at the keyboard: who they are, where they are, and what they have seen.
type session struct {
	*world
	screen screen
	// scripted says that a line is done only when all that comes of it is shown. Otherwise watch shows it.
	scripted bool
	stackIs  string                   // the state that the stack was put into last
	clock    bool                     // messages show when they were posted
	even     func(text string) string // applied to everything that is shown; nil is nothing

	mu      sync.Mutex // guards all that follows, and the order of what is shown
	who     person
	place   *slacktest.Channel
	thread  string // the first message of the thread they are in, "" outside
	seen    map[string]sight
	view    string          // the open form as it was drawn last, "" when none was open
	inputs  string          // what that form asks for
	printed strings.Builder // since the last command, unbroken; for expectations
	offered []choice        // the numbered choices that were listed last
	gone    bool            // the bot died too often
}

// newSession puts ana into #ops. What was said before she came is known to her.
func newSession(s screen) *session {
	return &session{screen: s, stackIs: stackWorks, seen: map[string]sight{}}
}

// enter starts the session in a world.
func (s *session) enter(w *world) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.world, s.who, s.place = w, w.people[0], w.channels[0]
	s.skip()
	s.screen.ask(s.prompt())
}

// prompt says who and where one is.
func (s *session) prompt() string {
	where := s.placeName(s.place)
	if s.thread != "" {
		where += " " + s.threadName(s.place, s.thread)
	}
	if s.who.View() != nil {
		where += " form"
	}
	return s.who.Name + " " + where + "> "
}

// placeName is "#ops", or "DM" for the direct message with the bot.
func (s *session) placeName(ch *slacktest.Channel) string {
	if ch.Name == "" {
		return "DM"
	}
	return "#" + ch.Name
}

// threadName is "thread of #42", or how the thread begins.
func (s *session) threadName(ch *slacktest.Channel, ts string) string {
	for _, m := range s.who.Sees(ch) {
		if m.TS != ts {
			continue
		}
		if one := about(m); one != "" {
			return "thread of #" + one
		}
		first, _, _ := strings.Cut(clean(m.Plain()), "\n")
		if short := fits(first, 15); short != first {
			first = short + "…"
		}
		return "thread of “" + first + "”"
	}
	return "thread"
}

// places are everywhere the person reads, in a fixed order.
func (s *session) places() []*slacktest.Channel {
	return append(s.team.Channels(), s.team.DM(s.who.User))
}

// print shows lines and keeps them for expectations. mu is held.
func (s *session) print(lines ...line) {
	for i := range lines {
		if s.even != nil {
			for n := range lines[i].pieces {
				lines[i].pieces[n].text = s.even(lines[i].pieces[n].text)
			}
		}
		s.printed.WriteString(strings.TrimSpace(lines[i].plain()) + "\n")
	}
	if len(lines) > 0 {
		s.screen.show(lines)
	}
}

// say shows what the demo itself says, in parentheses: it is not Slack who says it.
func (s *session) say(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.print(aside(fmt.Sprintf(format, args...))...)
}

// aside is what the demo says: a sentence in parentheses, what follows it in lines as they are.
func aside(said string) []line {
	first, rest, more := strings.Cut(clean(said), "\n")
	lines := []line{textLine(headMargin, faint, "("+first+")")}
	lines[0].hang += " "
	if more {
		for row := range strings.SplitSeq(rest, "\n") {
			lines = append(lines, textLine(bodyMargin, plain, row))
		}
	}
	return lines
}

// regret says why something was not done.
func (s *session) regret(err error) {
	if err != nil && !errors.As(err, new(shownError)) {
		s.say("%s", err)
	}
}

// tell is say for what happens to the bot by itself.
func (s *session) tell(what string, gone bool) {
	s.mu.Lock()
	s.gone = gone
	s.mu.Unlock()
	s.say("%s", what)
}

// forget begins a new command: expectations are about what comes now.
func (s *session) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.printed.Reset()
}

// saw says whether a text was shown since the last command began.
func (s *session) saw(text string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Contains(s.printed.String(), text)
}

// here gives who acts where, for commands that are not in need of the lock for longer.
func (s *session) here() (who person, place *slacktest.Channel, thread string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.who, s.place, s.thread
}

// watch shows what happens, as soon as it happens, until ctx ends.
func (s *session) watch(ctx context.Context) {
	for ctx.Err() == nil {
		s.refresh()
		_ = s.slack.Await(ctx, s.hasNews)
	}
}

// zone is where the clock of messages stands, nil when they have none.
func (s *session) zone() *time.Location {
	if !s.clock {
		return nil
	}
	return s.who.zone
}

func itoa(n int) string { return strconv.Itoa(n) }
