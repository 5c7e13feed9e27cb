package main

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"incident-bot/bot"
	"incident-bot/incident/incidenttest"
)

// watched starts the checks of one stack, often.
func watched(t *testing.T, server *incidenttest.Server, token string) *stacks {
	t.Helper()
	_, observe := newMetrics()
	s, err := newStacks(config{workspaces: []workspace{{grafanaURL: server.URL(), grafanaToken: bot.NewSecret(token)}}}, observe, zerolog.Nop())
	if err != nil {
		t.Fatal(err)
	}
	s.every = 10 * time.Millisecond
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { defer close(ended); s.watch(ctx) }()
	t.Cleanup(func() { cancel(); <-ended })
	return s
}

func (s *stacks) state() readiness {
	var r readiness
	s.readiness(&r)
	return r
}

func TestStackIsCheckedUntilItAnswers(t *testing.T) {
	server := incidenttest.New(incidenttest.Options{})
	t.Cleanup(server.Close)
	s := watched(t, server, server.NewToken(incidenttest.None))
	eventually(t, "the refusal is known", func() bool { return len(s.state().reasons) == 1 })
	text := s.state().text()
	for _, want := range []string{"- " + server.URL() + " refuses its service account token", "give the service account the basic role Editor"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in %s", want, text)
		}
	}
}

func TestStackThatIsDownIsANote(t *testing.T) {
	server := incidenttest.New(incidenttest.Options{})
	t.Cleanup(server.Close)
	server.Sleep(true)
	s := watched(t, server, server.NewToken(incidenttest.Editor))
	eventually(t, "the failure is known", func() bool { return len(s.state().notes) == 1 })
	if text := s.state().text(); len(s.state().reasons) > 0 || !strings.Contains(text, "open the stack in a browser") {
		t.Error(text)
	}
	server.Sleep(false)
	eventually(t, "it is well again", func() bool { return s.state().text() == "ready\n" })
}

func TestStackIsLeftInPeaceWhileItAnswers(t *testing.T) {
	server := incidenttest.New(incidenttest.Options{})
	t.Cleanup(server.Close)
	s := watched(t, server, server.NewToken(incidenttest.Editor))
	eventually(t, "it was checked", func() bool { return !s.list[0].doubtful() })
	s.list[0].mu.Lock()
	defer s.list[0].mu.Unlock()
	if s.list[0].failing != nil {
		t.Error(s.list[0].failing)
	}
}

func TestEachWorkspaceFindsItsOwnStack(t *testing.T) {
	_, observe := newMetrics()
	entry := func(team, url string) workspace {
		return workspace{teamID: team, grafanaURL: url, grafanaToken: bot.NewSecret(goodGrafana)}
	}
	s, err := newStacks(config{workspaces: []workspace{entry("T1", "https://one.grafana.net"), entry("T2", "https://two.grafana.net")}}, observe, zerolog.Nop())
	if err != nil {
		t.Fatal(err)
	}
	for team, want := range map[string]string{"T1": "https://one.", "T2": "https://two.", "T3": "", "": ""} {
		one, ok := s.of(team)
		if ok != (want != "") || ok && !strings.HasPrefix(one.IncidentURL("1"), want) {
			t.Errorf("%q: %v", team, ok)
		}
	}
	single, err := newStacks(config{workspaces: []workspace{entry("", "https://one.grafana.net")}}, observe, zerolog.Nop())
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := single.of("T9"); !ok {
		t.Error("the single workspace finds no stack")
	}
}
