package bot

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
	"github.com/rs/zerolog"

	"incident-bot/bot/blocks"
	"incident-bot/bot/slacktest"
)

// patience is how long a test waits for something that should come at once. A busy machine may stand still for seconds,
// and nobody waits for it where all is well.
const patience = time.Minute

// bridge is a Bot that runs against a simulated Slack with one workspace, one person and one channel. Whatever is said is
// noted and, by default, not answered.
type bridge struct {
	*slacktest.Server
	t        *testing.T
	ctx      context.Context // ends after patience
	bot      *Bot
	ws       *slacktest.Workspace
	ana      *slacktest.User
	ops      *slacktest.Channel
	other    *slacktest.Workspace // nil unless asked for
	log      *syncBuffer
	registry *prometheus.Registry

	stop  func() error // stops the bot and gives Run's result
	ended chan error   // Run's result, when it ends by itself

	mu     sync.Mutex
	heard  []string // the words of each delivery that ran, in order
	handle func(r *Request) error
}

// bridgeOptions change what newBridge makes.
type bridgeOptions struct {
	slack  slacktest.Options
	bot    func(*Options)
	timing func(*timing)
	routes func(*Routes)
	handle func(r *Request) error // runs for each delivery after it was noted
	idle   bool                   // the bot is not started
	second bool                   // there is another workspace
	pipe   *slacktest.Pipe        // connections go through memory; see bubble
}

func newBridge(t *testing.T, o bridgeOptions) *bridge {
	t.Helper()
	if o.pipe == nil && o.slack.AckTimeout == 0 {
		o.slack.AckTimeout = patience // Slack's three seconds are for simulated time, which no busy machine uses up
	}
	r := &bridge{t: t, Server: slacktest.New(o.slack), handle: o.handle}
	t.Cleanup(r.Close)
	r.ws = r.NewWorkspace("Acme")
	r.ana, r.ops = r.ws.NewUser("ana"), r.ws.NewChannel("ops")
	if o.second {
		r.other = r.NewWorkspace("Other")
	}
	r.build(o)
	if !o.idle {
		r.start()
		r.must(r.WaitSocket(r.ctx, 1))
	}
	return r
}

// bubble runs a test on simulated time: what takes hours takes none.
func bubble(t *testing.T, o bridgeOptions, test func(t *testing.T, r *bridge)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		o.pipe = slacktest.NewPipe()
		o.slack.Listener = o.pipe
		test(t, newBridge(t, o))
	})
}

// newBridgeOn makes a second process for the same Slack. It is not started.
func newBridgeOn(t *testing.T, first *bridge) *bridge {
	t.Helper()
	r := &bridge{t: t, Server: first.Server, ws: first.ws, ana: first.ana, ops: first.ops}
	r.build(bridgeOptions{})
	return r
}

// build makes the bot.
func (r *bridge) build(o bridgeOptions) {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(r.t.Context(), patience)
	r.t.Cleanup(cancel)
	r.ctx, r.log, r.registry = ctx, &syncBuffer{}, prometheus.NewRegistry()
	timing := defaultTiming()
	timing.stagger = 20 * time.Millisecond
	if o.timing != nil {
		o.timing(&timing)
	}
	options := Options{
		AppToken: NewSecret(r.AppToken()), APIURL: r.APIURL(), Metrics: r.registry,
		Log:        zerolog.New(r.log).Level(zerolog.DebugLevel),
		Workspaces: []Credentials{{TeamID: r.ws.TeamID, BotToken: NewSecret(r.ws.BotToken)}},
		Routes:     func(*Bot) Routes { return r.routes(o.routes) },
		timing:     &timing,
	}
	if r.other != nil {
		options.Workspaces = append(options.Workspaces, Credentials{BotToken: NewSecret(r.other.BotToken)})
	}
	if o.pipe != nil {
		transport := &http.Transport{DialContext: o.pipe.DialContext}
		r.t.Cleanup(transport.CloseIdleConnections)
		options.HTTPClient = &http.Client{Transport: transport}
	}
	if o.bot != nil {
		o.bot(&options)
	}
	var err error
	if r.bot, err = New(options); err != nil {
		r.t.Fatal(err)
	}
	if o.pipe != nil {
		r.bot.listener.dialer.NetDialContext = o.pipe.DialContext
	}
}

// start runs the bot until the test ends or stop is called.
func (r *bridge) start() {
	ctx, cancel := context.WithCancel(context.Background())
	r.ended = make(chan error, 1)
	go func() { r.ended <- r.bot.Run(ctx) }()
	r.stop = sync.OnceValue(func() error {
		cancel()
		select {
		case err := <-r.ended:
			return err
		case <-time.After(patience):
			return errors.New("the bot did not stop")
		}
	})
	r.t.Cleanup(func() {
		if err := r.stop(); err != nil && !r.t.Failed() {
			r.t.Errorf("stop: %v", err)
		}
	})
}

func (r *bridge) routes(change func(*Routes)) Routes {
	routes := Routes{
		Unknown: r.note,
		Explain: func(req *Request, err error) Reply {
			return Reply{Answer: &Answer{Message: blocks.NewMessage(blocks.Textf("explained: %v", err))}}
		},
	}
	if change != nil {
		change(&routes)
	}
	return routes
}

// note is the handler of everything.
func (r *bridge) note(_ context.Context, req *Request) (Reply, error) {
	words := req.Text
	if _, said, ok := strings.Cut(words, "> "); ok {
		words = said // without the mention
	}
	r.mu.Lock()
	r.heard = append(r.heard, words)
	handle := r.handle
	r.mu.Unlock()
	if handle != nil {
		return Reply{}, handle(req)
	}
	return Reply{}, nil
}

// said gives the words that ran so far.
func (r *bridge) said() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]string(nil), r.heard...)
}

// until waits until ok.
func (r *bridge) until(what string, ok func() bool) {
	r.t.Helper()
	if err := r.Await(r.ctx, ok); err != nil {
		r.t.Fatalf("waiting for %s: %v\nsaid %q\n%s", what, err, r.said(), r.log.tail())
	}
}

// untilSaid waits until exactly the given words ran, in this order.
func (r *bridge) untilSaid(words ...string) {
	r.t.Helper()
	r.until(fmt.Sprintf("%q", words), func() bool { return fmt.Sprint(r.said()) == fmt.Sprint(words) })
}

// say types a command and waits for its acknowledgement.
func (r *bridge) say(words string) *slacktest.Act {
	r.t.Helper()
	a := r.ana.Command(r.ops, "/incident", words)
	if _, err := a.Acked(r.ctx); err != nil {
		r.t.Fatalf("%q: %v\n%s", words, err, r.log.tail())
	}
	return a
}

func (r *bridge) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatalf("%v\n%s", err, r.log.tail())
	}
}

// metric sums the values of a metric whose labels include the given pairs ("reason", "cut").
func (r *bridge) metric(name string, labels ...string) float64 {
	return sumOf(r.t, r.registry, name, labels...)
}

func sumOf(t *testing.T, g prometheus.Gatherer, name string, labels ...string) float64 {
	t.Helper()
	families, err := g.Gather()
	if err != nil {
		t.Fatal(err)
	}
	sum := 0.0
	for _, f := range families {
		if f.GetName() != namespace+"_"+name {
			continue
		}
		for _, m := range f.GetMetric() {
			if hasLabels(m, labels) {
				sum += m.GetCounter().GetValue() + m.GetGauge().GetValue() + float64(m.GetHistogram().GetSampleCount())
			}
		}
	}
	return sum
}

func hasLabels(m *dto.Metric, want []string) bool {
	for i := 0; i < len(want); i += 2 {
		found := false
		for _, l := range m.GetLabel() {
			found = found || l.GetName() == want[i] && l.GetValue() == want[i+1]
		}
		if !found {
			return false
		}
	}
	return true
}

// syncBuffer is a log that may be written and read at the same time.
type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// tail gives the last lines, for a failure.
func (s *syncBuffer) tail() string {
	lines := strings.Split(strings.TrimSpace(s.String()), "\n")
	return strings.Join(lines[max(0, len(lines)-15):], "\n")
}
