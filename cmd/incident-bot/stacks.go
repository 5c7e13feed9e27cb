package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"incident-bot/incident"
)

// A stack that refuses its token or does not answer is asked again this often.
const recheckEvery = 30 * time.Second

// stacks holds the Grafana stack of each workspace. A workspace finds its own and no other.
type stacks struct {
	log   zerolog.Logger
	every time.Duration // recheckEvery, but in tests
	list  []*stack
}

// stack is one workspace's Grafana, and what its last check said.
type stack struct {
	*incident.Stack
	teamID string // "" in the single workspace of the environment
	url    string

	mu      sync.Mutex
	failing error // why the last check failed, nil when it did not
	checked bool
}

// newStacks makes the clients; nothing is called yet. They share one transport, so that a process with many workspaces
// keeps few idle connections.
func newStacks(c config, observe observer, log zerolog.Logger) (*stacks, error) {
	client := incident.NewHTTP()
	s := &stacks{log: log, every: recheckEvery}
	for _, w := range c.workspaces {
		url, _, err := incident.CheckURL(w.grafanaURL)
		if err != nil {
			return nil, err
		}
		one, err := incident.New(incident.Config{
			URL: w.grafanaURL, Token: w.grafanaToken, HTTP: client,
			Observe: observe.grafana, Log: log.With().Str("stack", url).Logger(),
			UserAgent: "incident-bot/" + currentVersion(),
		})
		if err != nil {
			return nil, fmt.Errorf("stack %s: %w", url, err)
		}
		s.list = append(s.list, &stack{Stack: one, teamID: w.teamID, url: url})
	}
	return s, nil
}

// of gives the stack of a workspace. The single workspace's id is known only once Slack has accepted its token; it is
// the only one that deliveries can come from.
func (s *stacks) of(workspace string) (*incident.Stack, bool) {
	for _, one := range s.list {
		if one.teamID == workspace || one.teamID == "" {
			return one.Stack, true
		}
	}
	return nil, false
}

// watch checks each stack at once, and again while it refuses its token or fails, until ctx ends.
func (s *stacks) watch(ctx context.Context) {
	var all sync.WaitGroup
	for _, one := range s.list {
		all.Go(func() {
			one.watch(ctx, s.every, s.log.With().Str("stack", one.url).Str("workspace", one.teamID).Logger())
		})
	}
	all.Wait()
}

func (s *stack) watch(ctx context.Context, every time.Duration, log zerolog.Logger) {
	again := time.NewTicker(every)
	defer again.Stop()
	for {
		if s.doubtful() {
			s.check(ctx, log)
		}
		select {
		case <-ctx.Done():
			return
		case <-again.C:
		}
	}
}

// doubtful says whether the stack is worth a check: not asked yet, failing, or refusing since the last one.
func (s *stack) doubtful() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return !s.checked || s.failing != nil || s.Refused() != nil
}

// check asks once, and logs when the answer is another than before.
func (s *stack) check(ctx context.Context, log zerolog.Logger) {
	err := s.Check(ctx)
	if ctx.Err() != nil {
		return
	}
	s.mu.Lock()
	before, first := s.failing, !s.checked
	s.failing, s.checked = err, true
	s.mu.Unlock()
	switch {
	case err != nil && (before == nil || code(err) != code(before)):
		log.Warn().Err(err).Str("code", string(code(err))).Msg("stack check failed")
	case err == nil && (first || before != nil):
		log.Info().Msg("stack answers")
		s.Warm(ctx)
	}
}

// code is the reason of an incident.Error, "" of any other.
func code(err error) incident.Code {
	var e *incident.Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// readiness adds what stands in the way of the stacks' work. A stack that is down, asleep or without the plugin is told
// and fails nothing: restarting this process would not mend it, and other workspaces work on.
func (s *stacks) readiness(r *readiness) {
	for _, one := range s.list {
		one.mu.Lock()
		failing := one.failing
		one.mu.Unlock()
		if refused := one.Refused(); refused != nil {
			r.reasons = append(r.reasons, fmt.Sprintf("%s refuses its service account token: %s%s", one.name(), answered(refused), remedy(refused)))
		} else if failing != nil {
			r.notes = append(r.notes, fmt.Sprintf("%s does not answer as it should: %s%s", one.name(), answered(failing), remedy(failing)))
		}
	}
}

// answered is an error without what was being done: "check the stack" would read as if somebody were told to.
func answered(err error) string {
	var e *incident.Error
	if errors.As(err, &e) {
		return strings.TrimPrefix(err.Error(), e.Op+": ")
	}
	return err.Error()
}

// remedy says what to do about what a stack answered, "" when waiting is all there is.
func remedy(err error) string {
	switch code(err) {
	case incident.Unauthorized:
		return "; make a new token for a service account of this stack and start the bot with it"
	case incident.Forbidden:
		return "; give the service account the basic role Editor"
	case incident.StackUnknown:
		return "; check the address, or open the stack in a browser if it sleeps"
	case incident.PluginMissing:
		return "; enable IRM in Grafana"
	}
	return ""
}

// name is the stack as a person knows it.
func (s *stack) name() string {
	if s.teamID == "" {
		return s.url
	}
	return s.url + " (workspace " + s.teamID + ")"
}
