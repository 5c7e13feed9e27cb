package demo

import (
	"context"
	"fmt"
	"os"
	"time"

	"incident-bot/bot/slacktest"
	"incident-bot/incident/incidenttest"
)

// world is the simulated Slack, the simulated stack and the bot between them.
type world struct {
	slack    *slacktest.Server
	team     *slacktest.Workspace
	people   map[string]*slacktest.User
	channels map[string]*slacktest.Channel
	grafana  *incidenttest.Server
	bot      *child
}

// startTime is how long the bot may take to open its first socket.
const startTime = 20 * time.Second

// newWorld starts everything.
func newWorld(ctx context.Context) (*world, error) {
	executable, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find this program's own file: %w", err)
	}
	w := &world{
		slack:   slacktest.New(slacktest.Options{SocketGrace: 200 * time.Millisecond}),
		grafana: incidenttest.New(incidenttest.Options{}),
	}
	w.grafana.Seed()
	w.team = w.slack.NewWorkspace("Acme")
	w.people = map[string]*slacktest.User{
		"ana": w.team.NewUser("ana", slacktest.RealName("Ana Ruiz"), slacktest.TZ("Europe/Berlin")),
		"ben": w.team.NewUser("ben", slacktest.RealName("Ben Cole"), slacktest.TZ("America/New_York")),
		"gus": w.team.NewUser("gus", slacktest.RealName("Gus Vane"), slacktest.Guest()),
	}
	w.channels = map[string]*slacktest.Channel{
		"ops":      w.team.NewChannel("ops"),
		"payments": w.team.NewChannel("payments"),
		"random":   w.team.NewChannel("random", slacktest.WithoutBot()),
	}
	w.bot = newChild(executable, []string{
		"SLACK_APP_TOKEN=" + w.slack.AppToken(),
		"SLACK_BOT_TOKEN=" + w.team.BotToken,
		"SLACK_API_URL=" + w.slack.APIURL(),
		"GRAFANA_URL=" + w.grafana.URL(),
		"GRAFANA_SERVICE_ACCOUNT_TOKEN=" + w.grafana.NewToken(incidenttest.Editor),
		"HTTP_ADDR=127.0.0.1:0",
		"LOG_LEVEL=info",
		"LOG_FORMAT=console",
	})
	if err := w.startBot(ctx); err != nil {
		w.close()
		return nil, err
	}
	return w, nil
}

// startBot starts the bot and waits until it listens.
func (w *world) startBot(ctx context.Context) error {
	if err := w.bot.start(); err != nil {
		return fmt.Errorf("start the bot: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	exited := w.bot.exited()
	go func() {
		select {
		case <-exited:
			cancel()
		case <-ctx.Done():
		}
	}()
	if err := w.slack.WaitSocket(ctx, 1); err != nil {
		w.bot.stop()
		return fmt.Errorf("the bot did not open a socket; the end of its log:\n%s", w.bot.tail(15))
	}
	return nil
}

// restartBot starts the bot again after it was stopped or killed.
func (w *world) restartBot(ctx context.Context, kill bool) error {
	if kill {
		w.bot.kill()
	} else {
		w.bot.stop()
	}
	ended, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	_ = w.slack.Await(ended, func() bool { return w.slack.Sockets() == 0 })
	return w.startBot(ctx)
}

func (w *world) close() {
	w.bot.stop()
	w.slack.Close()
	w.grafana.Close()
}
