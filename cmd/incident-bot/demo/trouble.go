package demo

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"incident-bot/bot/slacktest"
	"incident-bot/incident/incidenttest"
)

// switchable is a state that one of the two sides can be put into. It ends every other one.
type switchable struct {
	name, said string
	on         func(w *world)
}

// What is slow takes so long; Slack's is short enough for forms, which have to be open three seconds after the click.
const (
	grafanaSlow = 4 * time.Second
	slackSlow   = time.Second
)

// stackStates are what can be wrong with the stack.
func stackStates() []switchable {
	always := func(f incidenttest.Fault) func(*world) {
		f.Times = -1
		return func(w *world) { w.grafana.Fail("", f) }
	}
	return []switchable{
		{"down", "Grafana refuses connections now", func(w *world) { w.grafana.Down(true) }},
		{stackSlow, "Grafana takes 4 seconds for each answer now", always(incidenttest.Fault{Delay: grafanaSlow})},
		{"sleep", "the stack is asleep now, as unused ones are after a while", func(w *world) { w.grafana.Sleep(true) }},
		{"401", "Grafana says now that the bot's token has expired", always(incidenttest.Fault{Status: 401,
			Body: `{"message":"Expired API key","messageId":"api-key.expired","statusCode":401,"traceID":""}`})},
		{"429", "Grafana has had too many requests now and asks for 10 seconds", always(incidenttest.Fault{Status: 429, RetryAfter: 10 * time.Second})},
		{stackWorks, "Grafana works again", func(*world) {}},
	}
}

// The states of the stack in which it answers.
const (
	stackWorks = "up"
	stackSlow  = "slow"
)

// slackStates are what can be wrong with Slack. The first two pass by themselves.
func slackStates() []switchable {
	return []switchable{
		{"drop", "every socket was cut", func(w *world) { w.slack.Cut() }},
		{"refresh", "Slack asked the bot to renew its sockets, as it does every few hours", func(w *world) { w.slack.Disconnect("refresh_requested") }},
		{"slow", "everything Slack says arrives a second late now", func(w *world) { w.line.set(slackSlow) }},
		{"limit", "Slack refuses the next message for 2 seconds, as when there are too many", func(w *world) {
			w.slack.Fail("chat.postMessage", slacktest.Fault{RetryAfter: 2 * time.Second})
		}},
		{"up", "Slack works again", func(*world) {}},
	}
}

// to puts one side into a state, after reset has ended any other.
func (s *session) to(states []switchable, name string, reset func()) (ok bool) {
	for _, one := range states {
		if one.name == name {
			reset()
			one.on(s.world)
			s.say("%s", one.said)
			return true
		}
	}
	return false
}

func names(states []switchable) string {
	var list []string
	for _, one := range states {
		list = append(list, one.name)
	}
	return strings.Join(list, ", ")
}

// stack shows what Grafana holds, or troubles it.
func (s *session) stack(ctx context.Context, how string) error {
	how = strings.TrimPrefix(strings.ToLower(how), "#")
	if how == "asleep" {
		how = "sleep"
	}
	if how == "" {
		s.holds()
		return nil
	}
	if _, ok := s.grafana.Incident(how); ok {
		s.tellsOf(how)
		return nil
	}
	reset := func() {
		s.grafana.Down(false)
		s.grafana.Sleep(false)
		s.grafana.Heal()
	}
	if !s.to(stackStates(), how, reset) {
		return fmt.Errorf("grafana shows what the stack holds, grafana 42 shows one incident, and it can be: %s", names(stackStates()))
	}
	s.stackIs = how
	return s.follow(ctx, nil) // what waited may be done now
}

// trouble troubles Slack.
func (s *session) trouble(ctx context.Context, how string) error {
	reset := func() {
		s.slack.Heal()
		s.line.set(0)
	}
	if !s.to(slackStates(), strings.ToLower(how), reset) {
		return fmt.Errorf("slack can be: %s", names(slackStates()))
	}
	if s.scripted { // what is typed next is to find the bot connected again
		ctx, cancel := context.WithTimeout(ctx, startTime)
		defer cancel()
		_ = s.slack.WaitSocket(ctx, 1)
	}
	return ctx.Err()
}

var errWhichBot = errors.New("there is one bot: kill bot, restart bot")

// killBot kills the bot, as a crash of its machine does.
func (s *session) killBot(ctx context.Context, what string) error {
	if what != "bot" {
		return errWhichBot
	}
	if err := s.keeper.again(ctx, atOnce); err != nil {
		return err
	}
	s.revived()
	s.say("the bot was killed (SIGKILL) and started again")
	return s.follow(ctx, nil)
}

// restartBot stops the bot in order and starts it again, as a deploy does.
func (s *session) restartBot(ctx context.Context, what string) error {
	if what != "bot" {
		return errWhichBot
	}
	if err := s.keeper.again(ctx, inOrder); err != nil {
		return err
	}
	s.revived()
	s.say("the bot was stopped in order (SIGTERM) and started again")
	return s.follow(ctx, nil)
}

func (s *session) revived() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gone = false
}

// showLog shows the end of the bot's log.
func (s *session) showLog(_ context.Context, count string) error {
	n, err := strconv.Atoi(count)
	if err != nil || n < 1 {
		n = 12
	}
	s.say("the end of the bot's log; its figures are at http://%s/metrics\n%s", s.http, strings.Join(s.log.tail(n), "\n"))
	return nil
}

// wait waits until nothing happens any more. A slow stack answers in the end; for one that is down nobody waits.
func (s *session) wait(ctx context.Context, _ string) error {
	s.settle(ctx, nil, s.stackIs == stackWorks || s.stackIs == stackSlow)
	return ctx.Err()
}
