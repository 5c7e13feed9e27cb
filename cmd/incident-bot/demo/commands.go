package demo

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"incident-bot/bot/slacktest"
)

// errQuit ends a session.
var errQuit = errors.New("quit")

// control is a word that this terminal adds to what can be typed in Slack. Its run takes what follows the word.
type control struct {
	name, usage, summary string
	run                  func(s *session, ctx context.Context, rest string) error
}

// controls lists them in the order of help.
func controls() []control {
	return []control{
		{"click", "click [LABEL [on 42]]", "clicks a button of the newest message that has it; alone it lists all", (*session).click},
		{"submit", "submit", "sends the open form; fill it in with lines like  title: shop is down", (*session).submit},
		{"cancel", "cancel", "closes the open form", (*session).cancel},
		{"say", "say TEXT", "posts TEXT; so does any text that is no command", (*session).post},
		{"thread", "thread [42]", "enters a thread: of the newest card, of #42, of a message of look", (*session).enterThread},
		{"back", "back", "leaves the thread", (*session).back},
		{"in", "in #payments", "goes to another channel: #ops, #payments, #random", (*session).in},
		{"dm", "dm", "goes to the direct message with the bot", (*session).dm},
		{"as", "as ben", "is another person: ana, ben, gus (a guest), kim (of another company)", (*session).as},
		{"look", "look", "shows the latest messages here again", (*session).look},
		{"grafana", "grafana [42|TROUBLE]", "shows what the stack holds; or makes it down, slow, sleep, 401, 429, or up again", (*session).stack},
		{"slack", "slack TROUBLE", "makes Slack drop or refresh its sockets, slow, limit, or up again", (*session).trouble},
		{"kill", "kill bot", "kills the bot without a word and starts it again", (*session).killBot},
		{"restart", "restart bot", "stops the bot in order and starts it again", (*session).restartBot},
		{"log", "log [LINES]", "shows the end of the bot's log", (*session).showLog},
		{"wait", "wait", "waits until nothing happens any more", (*session).wait},
		{"help", "help", "shows this", (*session).help},
		{"quit", "quit", "ends the demo, as Ctrl-C does", func(*session, context.Context, string) error { return errQuit }},
	}
}

// named finds a control by its word, in any case.
func named(word string) (control, bool) {
	switch word = strings.ToLower(word); word {
	case "exit":
		word = "quit"
	case "?":
		word = "help"
	}
	for _, c := range controls() {
		if c.name == word {
			return c, true
		}
	}
	return control{}, false
}

// do does what one line says. Its error is for the person: what was not done, and what can be.
func (s *session) do(ctx context.Context, typed string) error {
	s.forget()
	word, rest, _ := strings.Cut(typed, " ")
	rest = strings.TrimSpace(rest)
	if strings.HasPrefix(word, "/") {
		return s.command(ctx, word, rest)
	}
	if word == botName {
		return s.mention(ctx, rest)
	}
	if who, _, _ := s.here(); who.View() != nil {
		if done, err := s.fill(typed); done {
			return err
		}
	}
	if c, ok := named(word); ok {
		return c.run(s, ctx, rest)
	}
	if near, ok := nearControl(word); ok {
		s.say("this is posted as a message; did you mean %s?", near)
	}
	return s.post(ctx, typed)
}

// botName is how the bot is mentioned.
const botName = "@incident-bot"

// command types a slash command.
func (s *session) command(ctx context.Context, name, rest string) error {
	who, place, thread := s.here()
	switch {
	case name == "/invite":
		return s.invite(rest)
	case name != "/incident":
		return fmt.Errorf("Slack knows no command %s here; there is /incident, and /invite %s", name, botName)
	case who.View() != nil:
		return errFormOpen
	case thread != "":
		return fmt.Errorf("slash commands do not work in threads, as in Slack; say  %s %s  or go  back", botName, rest)
	}
	return s.act(ctx, who.Command(place, name, rest), s.hasNews)
}

// mention posts a message that mentions the bot.
func (s *session) mention(ctx context.Context, rest string) error {
	who, place, thread := s.here()
	if who.View() != nil {
		return errFormOpen
	}
	a := who.Mention(place, thread, rest)
	if refused(a) {
		return fmt.Errorf("posted, but incident-bot does not hear it: it is not in %s (/invite %s, as in Slack)", s.placeName(place), botName)
	}
	return s.act(ctx, a, s.hasNews)
}

// post posts a message.
func (s *session) post(ctx context.Context, text string) error {
	who, place, thread := s.here()
	switch {
	case who.View() != nil:
		return errFormOpen
	case text == "":
		return errors.New("say what? for example: say looking into it")
	}
	who.Say(place, thread, text)
	if place.Name != "" {
		return s.follow(ctx, nil)
	}
	return s.follow(ctx, s.hasNews) // in the direct message the bot answers everything
}

func (s *session) invite(whom string) error {
	_, place, _ := s.here()
	if whom != botName || place.Name == "" {
		return fmt.Errorf("invite the bot into a channel: /invite %s", botName)
	}
	place.Invite(s.team.BotUserID)
	s.say("incident-bot is in %s now", s.placeName(place))
	return nil
}

// errFormOpen says that a form covers everything else, as in Slack.
var errFormOpen = errors.New("a form is open: fill it in with lines like  title: …  and submit it, or cancel it")

// shownError is an error that the person has read already, with more.
type shownError struct{ error }

// refused says whether Slack would have sent nothing of an act.
func refused(a *slacktest.Act) bool {
	select {
	case <-a.Done():
		_, err := a.Acked(context.Background())
		return errors.Is(err, slacktest.ErrNotSent)
	default:
		return false
	}
}

// act follows what becomes of something a person did.
func (s *session) act(ctx context.Context, a *slacktest.Act, answered func() bool) error {
	if !s.scripted {
		return nil // watch shows it
	}
	acked, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	_, _ = a.Acked(acked) // a failure is shown by Slack itself
	return s.follow(ctx, answered)
}

// follow waits, in a script, until all that comes of a line is there. While something is wrong with the stack, that may
// be a message that tells to wait.
func (s *session) follow(ctx context.Context, answered func() bool) error {
	if s.scripted && !s.settle(ctx, answered, s.stackIs == stackWorks) {
		s.say("nothing came of it")
	}
	return ctx.Err()
}
