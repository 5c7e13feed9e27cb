package demo

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"incident-bot/bot/slacktest"
	"incident-bot/incident/incidenttest"
)

// world is the simulated Slack, the simulated stack, and the bot between them.
type world struct {
	slack    *slacktest.Server
	line     *slowness // of the simulated Slack
	team     *slacktest.Workspace
	people   []person
	channels []*slacktest.Channel
	grafana  *incidenttest.Server
	seeded   map[string]int // the stack's incidents as they were at the start: id to version
	keeper   *keeper
	log      *tailLog

	dir  string // the bot's folder
	http string // where the bot answers probes, host:port
	// probe asks there; it goes through no proxy.
	probe *http.Client
	stop  context.CancelFunc
}

// person is somebody whom one can be.
type person struct {
	*slacktest.User
	full, about string
	zone        *time.Location
}

// newWorld starts everything. What happens to the bot by itself is given to tell.
func newWorld(ctx context.Context, o Options, tell func(string, bool)) (*world, error) {
	if strings.HasSuffix(strings.TrimSuffix(filepath.Base(o.Executable), ".exe"), ".test") {
		return nil, errors.New("the program that runs is a test, which is no bot") // it would start itself for ever
	}
	w := &world{line: &slowness{}, log: &tailLog{}, probe: &http.Client{Transport: &http.Transport{}, Timeout: time.Second}}
	listener, err := listenSlowly(w.line)
	if err != nil {
		return nil, fmt.Errorf("listen on this machine: %w", err)
	}
	w.slack = slacktest.New(slacktest.Options{Listener: listener, SocketGrace: 300 * time.Millisecond, HookReplaces: true})
	w.grafana = incidenttest.New(incidenttest.Options{})
	w.grafana.Seed()
	w.seeded = map[string]int{}
	for _, i := range w.grafana.Incidents() {
		w.seeded[i.ID] = i.Version
	}
	w.populate()
	if err := w.start(ctx, o, tell); err != nil {
		w.close()
		return nil, err
	}
	return w, nil
}

// populate fills the workspace. Names are those that the stack knows too.
func (w *world) populate() {
	w.team = w.slack.NewWorkspace("Acme")
	add := func(name, full, about, zone string, o ...slacktest.UserOption) *slacktest.User {
		where, err := time.LoadLocation(zone)
		if err != nil { // a program without time zones
			where, zone = time.UTC, "UTC"
		}
		u := w.team.NewUser(name, append(o, slacktest.RealName(full), slacktest.TZ(zone))...)
		w.people = append(w.people, person{u, full, about, where})
		return u
	}
	ana := add("ana", "Ana Ruiz", "on call, in Berlin", "Europe/Berlin")
	ben := add("ben", "Ben Cole", "a developer, in New York", "America/New_York")
	add("gus", "Gus Vane", "a guest of the workspace", "Europe/London", slacktest.Guest())
	add("kim", "Kim Sato", "of another company, by Slack Connect", "Asia/Tokyo", slacktest.Stranger())
	ops, payments, random := w.team.NewChannel("ops"), w.team.NewChannel("payments"), w.team.NewChannel("random", slacktest.WithoutBot())
	w.channels = []*slacktest.Channel{ops, payments, random}
	ben.Say(ops, "", "is checkout slow for anybody else? 🐢")
	ana.Say(ops, "", "looking")
	ben.Say(payments, "", "the new release is out")
	ben.Say(random, "", "cake in the kitchen 🍰")
}

// start starts the bot.
func (w *world) start(ctx context.Context, o Options, tell func(string, bool)) error {
	var err error
	if w.dir, err = os.MkdirTemp("", "incident-bot-demo-"); err != nil {
		return fmt.Errorf("make a folder for the bot: %w", err)
	}
	if w.http, err = freeAddress(); err != nil {
		return fmt.Errorf("find a free port: %w", err)
	}
	ctx, w.stop = context.WithCancel(ctx)
	opened := 0
	w.keeper = &keeper{
		program: program{o.Executable, childEnv(w.settings(), o.Getenv), w.dir, w.log},
		reset:   func() { opened = w.slack.Stats().Opened },
		ready: func(ctx context.Context) error {
			return w.slack.Await(ctx, func() bool { return w.slack.Stats().Opened > opened })
		},
		tell: tell,
	}
	return startKeeper(ctx, w.keeper)
}

// freeAddress is an address of this machine that nobody listens on.
func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// settings are the bot's documented variables.
func (w *world) settings() []string {
	return []string{
		"SLACK_APP_TOKEN=" + w.slack.AppToken(),
		"SLACK_BOT_TOKEN=" + w.team.BotToken,
		"SLACK_API_URL=" + w.slack.APIURL(),
		"GRAFANA_URL=" + w.grafana.URL(),
		"GRAFANA_SERVICE_ACCOUNT_TOKEN=" + w.grafana.NewToken(incidenttest.Editor),
		"DATABASE_URL=sqlite:incident-bot.db", // in the bot's folder
		"HTTP_ADDR=" + w.http,
		"LOG_LEVEL=info",
		"LOG_FORMAT=console",
	}
}

// close ends the bot, then what it talks to, and removes its folder.
func (w *world) close() {
	if w.stop != nil {
		w.stop()
		if w.keeper.done != nil {
			<-w.keeper.done
		}
	}
	w.probe.CloseIdleConnections()
	w.slack.Close()
	w.grafana.Close()
	if w.dir != "" {
		_ = os.RemoveAll(w.dir)
	}
}
