package demo

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"incident-bot/bot/slacktest"
	"incident-bot/incident/incidenttest"
)

// stack shows what Grafana holds, or troubles it.
func (s *session) stack(_ context.Context, how string) error {
	if how == "" {
		s.holds()
		return nil
	}
	troubles := map[string]struct {
		said string
		do   func()
	}{
		"down":   {"the stack refuses connections", func() { s.grafana.Down(true) }},
		"slow":   {"each call to the stack takes 6 seconds", func() { s.grafana.Fail("", incidenttest.Fault{Delay: 6 * time.Second, Times: -1}) }},
		"asleep": {"the stack is asleep, as free ones fall", func() { s.grafana.Sleep(true) }},
		"401": {"the stack does not accept the token", func() {
			s.grafana.Fail("", incidenttest.Fault{Status: 401, Body: `{"message":"Expired API key","messageId":"api-key.expired","statusCode":401,"traceID":""}`, ContentType: "application/json", Times: -1})
		}},
		"429": {"the stack has had too many requests", func() { s.grafana.Fail("", incidenttest.Fault{Status: 429, RetryAfter: 30 * time.Second, Times: -1}) }},
		"up":  {"the stack works", func() {}},
	}
	one, ok := troubles[how]
	if !ok {
		return fmt.Errorf("grafana can be down, slow, asleep, 401, 429 or up, not %q", how)
	}
	s.grafana.Down(false)
	s.grafana.Sleep(false)
	s.grafana.Heal()
	one.do()
	s.say("(%s now)", one.said)
	return nil
}

// holds lists the stack's incidents, the latest first.
func (s *session) holds() {
	all := s.grafana.Incidents()
	slices.Reverse(all)
	for _, i := range all[:min(len(all), 6)] {
		s.say("#%s %s: %s, severity %s", i.ID, i.Title, i.Status, i.Severity)
		for _, a := range i.Activity {
			if a.ActivityKind == "userNote" {
				s.say("    note: %s", strings.ReplaceAll(a.Body, "\n", " "))
			}
		}
		for _, u := range i.KeyUpdates {
			s.say("    update: %s", strings.ReplaceAll(u.Content, "\n", " "))
		}
	}
}

// trouble troubles Slack.
func (s *session) trouble(_ context.Context, how string) error {
	switch how {
	case "drop":
		s.slack.Cut()
		s.say("(all sockets were cut)")
	case "refresh":
		s.slack.Disconnect("refresh_requested")
		s.say("(Slack asked the bot to renew its sockets)")
	case "limit":
		s.slack.Fail("chat.postMessage", slacktest.Fault{RetryAfter: 2 * time.Second})
		s.say("(Slack refuses the next message for 2 seconds)")
	case "up":
		s.slack.Heal()
		s.say("(Slack works)")
	default:
		return fmt.Errorf("slack can drop, refresh, limit or be up, not %q", how)
	}
	return nil
}

func (s *session) killBot(ctx context.Context, what string) error {
	if what != "bot" {
		return fmt.Errorf("say: kill bot")
	}
	s.say("(the bot is killed and started again)")
	return s.restartBot(ctx, true)
}

func (s *session) stopBot(ctx context.Context, what string) error {
	if what != "bot" {
		return fmt.Errorf("say: restart bot")
	}
	s.say("(the bot is stopped in order and started again)")
	return s.restartBot(ctx, false)
}

func (s *session) showLog(context.Context, string) error {
	s.say("%s", strings.ReplaceAll(s.bot.tail(20), "\n", "\n  "))
	return nil
}

func (s *session) wait(ctx context.Context, _ string) error {
	s.settle(ctx, false, longQuiet)
	return nil
}

// expectTime is how long a text that is expected may take.
const expectTime = 10 * time.Second

// expect fails unless a text appears.
func (s *session) expect(ctx context.Context, text string) error {
	ctx, cancel := context.WithTimeout(ctx, expectTime)
	defer cancel()
	if s.slack.Await(ctx, func() bool { s.refresh(); return strings.Contains(s.shown(), text) }) != nil {
		return unmet{text}
	}
	return nil
}

func (s *session) help(context.Context, string) error {
	s.say("As in Slack: /incident WORDS, @incident-bot WORDS (/incident help lists the words). And:")
	for _, c := range commands() {
		s.say("  %-40s %s", c.usage, c.summary)
	}
	return nil
}
