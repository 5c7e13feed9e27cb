package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"

	"incident-bot/bot"
	"incident-bot/bot/journal"
	"incident-bot/handlers"
)

// drain is how long a stop waits for what is being done. Container platforms kill after 30 s unless told otherwise
// (deploy/kubernetes says 40).
const drain = 20 * time.Second

// runBot runs the bot until ctx ends, then lets it finish.
func runBot(ctx context.Context, p process, args []string) int {
	if !noArguments(p, "bot", args) {
		return exitUsage
	}
	c, found := loadConfig()
	if len(found) > 0 {
		found.print(p.stderr)
		return exitUsage
	}
	log := newLogger(p.stdout, c)
	if err := serve(ctx, c, log); err != nil {
		log.Error().Err(err).Msg("stopped")
		for line := range strings.Lines(err.Error()) { // joined errors are lines
			fmt.Fprintf(p.stderr, "incident-bot: %s\n", strings.TrimSpace(line))
		}
		return exitFailed
	}
	log.Info().Msg("stopped in order")
	return exitOK
}

// serve starts in this order: HTTP, so that probes are answered from the first moment; the journal, which may wait for
// another process to let go of it; the checks of the stacks, which delay nothing; the sockets, once what waits from
// before is in its lanes. It stops the other way round: first nothing new comes in, and HTTP ends last, so that a stop
// can be watched.
func serve(ctx context.Context, c config, log zerolog.Logger) error {
	registry, observe := newMetrics()
	grafana, err := newStacks(c, observe, log)
	if err != nil {
		return err
	}
	listener, err := listen(c.httpAddr)
	if err != nil {
		return err
	}
	announce(c, listener.Addr(), log)
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var state progress
	server := newHTTP(func() readiness { return ready(ctx, &state, grafana) }, registry, log)
	served := serveHTTP(server, listener, stop)
	err = bridge(ctx, c, grafana, registry, log, &state)
	stop()
	closeHTTP(server)
	return errors.Join(err, <-served)
}

// progress is how far a start has come, for /readyz.
type progress struct {
	slack   atomic.Pointer[bot.Bot] // nil until the journal is open
	delayed atomic.Pointer[error]   // why it is not, if that takes long
}

// bridge opens the journal and runs the bot on it until ctx ends.
func bridge(ctx context.Context, c config, grafana *stacks, registry *prometheus.Registry, log zerolog.Logger, state *progress) error {
	inbox, err := journal.Open(ctx, c.database, journal.Options{
		Log: log, Metrics: registry, Delayed: func(why error) { state.delayed.Store(&why) },
	})
	if ctx.Err() != nil {
		return nil
	}
	if err != nil {
		return fmt.Errorf("DATABASE_URL: %w", err)
	}
	defer closeJournal(inbox, log)
	slack, err := newBot(c, inbox, grafana, registry, log)
	if err != nil {
		return err
	}
	state.slack.Store(slack)
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	watched := make(chan struct{})
	go func() { defer close(watched); grafana.watch(ctx) }()
	err = slack.Run(ctx)
	stop()
	<-watched
	return err
}

// closeJournal writes down what is still to be written.
func closeJournal(inbox journal.Journal, log zerolog.Logger) {
	if err := inbox.Close(); err != nil {
		log.Error().Err(err).Msg("the journal did not close in order")
	}
}

// announce is the first line of the log, and the oddities of the configuration.
func announce(c config, http net.Addr, log zerolog.Logger) {
	log.Info().Str("version", currentVersion()).Int("workspaces", len(c.workspaces)).Int("sockets", c.sockets).
		Str("command", c.command).Str("http", http.String()).Msg("starting")
	for _, note := range c.notes {
		log.Warn().Str("note", note).Msg("odd configuration")
	}
}

// newBot wires what people can say to both sides.
func newBot(c config, inbox bot.Inbox, grafana *stacks, registry *prometheus.Registry, log zerolog.Logger) (*bot.Bot, error) {
	credentials := make([]bot.Credentials, len(c.workspaces))
	for i, w := range c.workspaces {
		credentials[i] = bot.Credentials{TeamID: w.teamID, BotToken: w.botToken}
	}
	return bot.New(bot.Options{
		AppToken:   c.appToken,
		APIURL:     c.slackAPIURL,
		Workspaces: credentials,
		Sockets:    c.sockets,
		Drain:      drain,
		Inbox:      inbox,
		Log:        log,
		Metrics:    registry,
		Routes: func(b *bot.Bot) bot.Routes {
			return handlers.New(handlers.Config{
				Stack:   grafana.handlers,
				Labels:  b.Labels(),
				People:  b.People(),
				Command: c.command,
				Version: currentVersion(),
				Waiting: b,
			})
		},
	})
}

// handlers is of for the handlers, which see less of a stack.
func (s *stacks) handlers(workspace string) (handlers.Stack, bool) {
	one, ok := s.of(workspace)
	if !ok {
		return nil, false
	}
	return one, true
}

// ready gathers what /readyz shows.
func ready(ctx context.Context, state *progress, grafana *stacks) readiness {
	var r readiness
	if ctx.Err() != nil {
		r.reasons = append(r.reasons, "incident-bot is stopping: what is under way is given 20 s, and the rest is done after the next start")
		return r
	}
	slack := state.slack.Load()
	if slack == nil {
		r.reasons = append(r.reasons, unopened(state.delayed.Load()))
		return r
	}
	if err := slack.Ready(); err != nil {
		r.reasons = append(r.reasons, strings.Split(err.Error(), "\n")...)
	}
	if err := slack.Degraded(); err != nil {
		r.notes = append(r.notes, err.Error())
	}
	grafana.readiness(&r)
	return r
}

// unopened says why the database is not open, if that is known.
func unopened(why *error) string {
	if why == nil {
		return "the database is not open yet"
	}
	return "the database is not open yet: " + (*why).Error()
}

// serveHTTP serves until the server is closed, and gives the error of any other end, which also stops the process.
func serveHTTP(server *http.Server, listener net.Listener, stop context.CancelFunc) <-chan error {
	ended := make(chan error, 1)
	go func() {
		defer stop()
		err := server.Serve(listener)
		if errors.Is(err, http.ErrServerClosed) {
			err = nil
		}
		ended <- err
	}()
	return ended
}

// closeHTTP lets requests end for a moment and closes the rest.
func closeHTTP(server *http.Server) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	if server.Shutdown(ctx) != nil {
		_ = server.Close()
	}
}
