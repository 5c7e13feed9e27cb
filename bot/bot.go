package bot

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"
	"github.com/slack-go/slack"
)

// Options are what a Bot is made of.
type Options struct {
	// AppToken opens sockets: xapp-…, scope connections:write. Required.
	AppToken Secret
	// APIURL is where the Web API is; "" is Slack's own.
	APIURL string
	// Workspaces are the bot tokens, at least one.
	Workspaces []Credentials
	// Sockets is how many sockets are kept open, 1 to 10; 0 means 2. At a refresh there are twice as many for a moment,
	// and Slack allows 10 per app over all processes (docs: using-socket-mode).
	Sockets int
	// Routes gives all that can be said, given the Bot whose Labels and People the handlers use. Required.
	Routes func(b *Bot) Routes
	// Inbox keeps what was received until it is done; nil is the process's own memory, which a crash takes away.
	Inbox Inbox
	// Log takes the log; its zero value discards it.
	Log zerolog.Logger
	// Metrics registers the figures; nil shows them to nobody.
	Metrics prometheus.Registerer
	// HTTPClient makes all calls; nil is one of the bot's own, with timeouts.
	HTTPClient *http.Client
	// Drain is how long Run waits, once told to stop, for the handlers that run; 0 means 20 s.
	Drain time.Duration

	timing *timing // tests shorten it
}

// defaults of Options.
const (
	defaultSockets = 2
	maxSockets     = 10
	defaultDrain   = 20 * time.Second
)

// Bot is Slack's side of the bridge: it receives what people do, has it handled by the routes, and answers.
type Bot struct {
	log        zerolog.Logger
	drain      time.Duration
	timing     timing
	workspaces *Workspaces
	sender     *Sender
	router     *Router
	lanes      *lanes
	fast       *fast
	intake     *intake
	inbox      Inbox
	listener   *listener
}

// New makes a Bot without calling anybody. It panics when two routes collide, as that is a mistake in the program; its
// error is for whoever configured it.
func New(o Options) (*Bot, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	m, err := newMetrics(o.Metrics)
	if err != nil {
		return nil, fmt.Errorf("register metrics: %w", err)
	}
	if o.HTTPClient == nil {
		o.HTTPClient = newHTTPClient()
	}
	b := &Bot{log: o.Log, drain: o.Drain, timing: *o.timing}
	b.workspaces = NewWorkspaces(o.Workspaces, o.APIURL, o.HTTPClient, o.Log)
	b.sender = NewSender(b.workspaces, o.Log)
	b.router = NewRouter(o.Routes(b), b.workspaces, b.sender, o.Log)
	b.sender.observe, b.router.observe = m, m
	b.sender.labels.keeper = o.Inbox

	b.lanes = newLanes(b.router, o.Inbox, m, o.Log)
	b.fast = newFast(fastSlots, b.timing.fast, newSeen(time.Now, maxSeen))
	b.inbox = o.Inbox
	b.intake = &intake{inbox: o.Inbox, router: b.router, lanes: b.lanes, fast: b.fast, metrics: m, log: o.Log}
	api := slack.New("", slack.OptionAppLevelToken(o.AppToken.Reveal()), slack.OptionAPIURL(o.APIURL),
		slack.OptionHTTPClient(o.HTTPClient))
	b.listener = newListener(o.Sockets, api, b.intake.take, b.timing, m, o.Log)
	return b, nil
}

// check fills in defaults and names everything that is missing.
func (o *Options) check() error {
	var problems []error
	if o.AppToken.IsZero() {
		problems = append(problems, errors.New("no app token (xapp-…) is given"))
	}
	if len(o.Workspaces) == 0 {
		problems = append(problems, errors.New("no workspace is given"))
	}
	if o.Sockets < 0 || o.Sockets > maxSockets {
		problems = append(problems, fmt.Errorf("%d sockets: Slack allows 1 to %d", o.Sockets, maxSockets))
	}
	if o.Routes == nil {
		problems = append(problems, errors.New("no routes are given"))
	}
	if o.Sockets == 0 {
		o.Sockets = defaultSockets
	}
	if o.Drain == 0 {
		o.Drain = defaultDrain
	}
	if o.Inbox == nil {
		o.Inbox = newMemory(time.Now, maxWaiting)
	}
	if o.APIURL == "" {
		o.APIURL = slack.APIURL
	}
	o.APIURL = strings.TrimSuffix(o.APIURL, "/") + "/"
	if o.timing == nil {
		t := defaultTiming()
		o.timing = &t
	}
	return errors.Join(problems...)
}

// Run receives and handles until ctx is done; then it stops in order and returns nil. It returns an error, after the
// same ordered stop, when Slack will not have this bot whatever it tries: its text is for whoever runs the bot. A Bot
// runs once.
func (b *Bot) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if err := b.workspaces.Resolve(ctx); err != nil {
		if ctx.Err() != nil {
			return nil
		}
		return err
	}
	if err := b.inbox.Open(ctx, b.intake.restore); err != nil {
		return fmt.Errorf("read what waits from before: %w", err)
	}
	var watching sync.WaitGroup
	watching.Go(func() { b.workspaces.Watch(ctx) })
	err := b.listener.run(ctx)
	cancel()
	watching.Wait()
	return errors.Join(err, b.stop())
}

// Ready says why the bot cannot serve at present: no socket is open, a workspace's token is refused, or what is received
// cannot be kept. Nil means that it can.
func (b *Bot) Ready() error {
	return errors.Join(b.listener.Err(), b.workspaces.Err(), b.inbox.Err())
}

// Degraded says what does not work although the bot serves: fewer sockets are open than were asked for, because Slack
// has no room for more. Nil means that all is well.
func (b *Bot) Degraded() error { return b.listener.crowding() }

// People gives the persons of the workspaces, by their Slack ids.
func (b *Bot) People() *People { return b.workspaces.People() }

// Labels knows which message shows what.
func (b *Bot) Labels() *Labels { return b.sender.Labels() }

// stop ends receiving and then handling. What was acknowledged is handled before it returns, or named in the log.
func (b *Bot) stop() error {
	b.log.Info().Msg("stopping: no more is received")
	flush, cancel := context.WithTimeout(context.Background(), b.timing.stopFast)
	b.fast.close(flush)
	cancel()
	b.listener.stop()

	rest, cancel := context.WithTimeout(context.Background(), b.drain)
	defer cancel()
	b.fast.close(rest)
	b.lanes.close()
	left := b.lanes.drain(rest)
	b.router.Drain(rest)
	b.sender.Drain(rest)
	b.lanes.abandon()
	if left > 0 && !forgetful(b.inbox) {
		b.log.Warn().Int("deliveries", left).Msg("stopped: what is left is handled at the next start")
		return nil
	}
	if left > 0 {
		b.log.Error().Int("deliveries", left).Dur("waited", b.drain).Msg("stopped before everything was handled")
		return fmt.Errorf("stop: %d requests were not handled within %s", left, b.drain)
	}
	if forgetful(b.inbox) {
		b.log.Info().Msg("stopped: everything received was handled")
	} else {
		b.log.Info().Msg("stopped: nothing was interrupted; what waits is handled after the next start")
	}
	return nil
}
