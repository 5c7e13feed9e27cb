package handlers_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"incident-bot/bot"
	"incident-bot/bot/slacktest"
	"incident-bot/handlers"
	"incident-bot/incident"
	"incident-bot/incident/incidenttest"
)

// patience is how long something that is expected may take; it is only used up when a conversation fails.
const patience = 30 * time.Second

// stage is one workspace, one stack and the bot between them.
type stage struct {
	t        *testing.T
	slack    *slacktest.Server
	team     *slacktest.Workspace
	grafana  *incidenttest.Server
	people   map[string]*slacktest.User
	channels map[string]*slacktest.Channel
	before   map[string]bool // what was there before the last act, by person, message and content
	line     int
	log      *logged
	idle     func() // ends the connections to the stack that wait for work
	secrets  []string
	inbox    bot.Inbox // nil is the process's own memory
}

func newStage(t *testing.T) *stage {
	t.Helper()
	s := setStage(t)
	s.run()
	return s
}

// setStage is newStage without the bot.
func setStage(t *testing.T) *stage {
	t.Helper()
	s := &stage{t: t, slack: slacktest.New(slacktest.Options{AckTimeout: patience}), grafana: incidenttest.New(incidenttest.Options{}), log: &logged{}}
	t.Cleanup(s.slack.Close)
	t.Cleanup(s.grafana.Close)
	s.grafana.Seed()
	s.team = s.slack.NewWorkspace("Acme")
	other := s.slack.NewWorkspace("Partner")
	s.people = map[string]*slacktest.User{
		"ana": s.team.NewUser("ana", slacktest.TZ("Europe/Berlin")),
		"ben": s.team.NewUser("ben", slacktest.TZ("America/New_York")),
		"gus": s.team.NewUser("gus", slacktest.Guest()),
		"eve": s.team.NewUser("eve", slacktest.Stranger()),
	}
	s.channels = map[string]*slacktest.Channel{
		"#ops":    s.team.NewChannel("ops"),
		"#random": s.team.NewChannel("random", slacktest.WithoutBot()),
		"#secret": s.team.NewChannel("secret", slacktest.Private(), slacktest.WithoutBot()),
		"#shared": s.team.NewChannel("shared", slacktest.SharedWith(other)),
	}
	s.channels["dm-ben"] = s.team.DirectMessage(s.people["ana"], s.people["ben"])
	s.channels["#secret"].Invite(s.people["ana"].ID)
	return s
}

// run runs the bot until the test ends.
func (s *stage) run() {
	s.t.Helper()
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.ResponseHeaderTimeout = 4 * time.Second // so that a stack that hangs does not take ten seconds
	s.idle = transport.CloseIdleConnections
	s.t.Cleanup(s.idle)
	token := s.grafana.NewToken(incidenttest.Editor)
	s.secrets = []string{token, s.team.BotToken, s.slack.AppToken()}
	log := zerolog.New(s.log)
	stack, err := incident.New(incident.Config{URL: s.grafana.URL(), Token: bot.NewSecret(token), HTTP: &http.Client{Transport: transport}, Log: log})
	if err != nil {
		s.t.Fatal(err)
	}
	stack.Warm(s.t.Context())
	one, err := bot.New(bot.Options{
		AppToken: bot.NewSecret(s.slack.AppToken()), APIURL: s.slack.APIURL(), Sockets: 1, Log: log, Inbox: s.inbox,
		Workspaces: []bot.Credentials{{BotToken: bot.NewSecret(s.team.BotToken)}},
		Routes: func(b *bot.Bot) bot.Routes {
			return handlers.New(handlers.Config{
				Stack:  func(workspace string) (handlers.Stack, bool) { return stack, workspace == s.team.TeamID },
				Labels: b.Labels(), People: b.People(), Command: "/incident", Version: "test",
				Waiting: b, Searchable: 400 * time.Millisecond,
			})
		},
	})
	if err != nil {
		s.t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- one.Run(ctx) }()
	s.t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			s.t.Errorf("the bot ended with: %v", err)
		}
		s.inOrder()
	})
	wait, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := s.slack.WaitSocket(wait, 1); err != nil {
		s.t.Fatal(err)
	}
}

// inOrder looks back when a conversation is over.
func (s *stage) inOrder() {
	for _, v := range s.slack.Violations() {
		s.t.Errorf("Slack would frown: %s", v)
	}
	for _, secret := range s.secrets {
		if strings.Contains(s.log.String(), secret) {
			s.t.Errorf("the log has the secret that begins with %s", secret[:5])
		}
	}
}

// logged keeps what is logged.
type logged struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func (s *stage) fatalf(format string, args ...any) {
	s.t.Helper()
	s.t.Fatalf("line %d: %s\n%s", s.line, fmt.Sprintf(format, args...), s.everything())
}

// everything is what ana sees and what is logged, for whoever has to find out why.
func (s *stage) everything() string {
	var b strings.Builder
	for name, ch := range s.channels {
		for _, m := range s.people["ana"].Sees(ch) {
			fmt.Fprintf(&b, "--- %s %s\n%s\n", name, m.TS, m.Plain())
		}
	}
	b.WriteString("--- log\n" + s.log.String())
	return b.String()
}
