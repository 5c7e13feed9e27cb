package chaos

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"incident-bot/bot/slacktest"
	"incident-bot/incident/incidenttest"
)

// The people and the channels of a world. One person types in one channel at most once, so that what the person reads
// there is about that act; hence there are at most people × channels acts.
const (
	people   = 12
	channels = 60
)

// latency is how long Grafana takes for every call: there is always something under way.
const latency = 200 * time.Millisecond

// world is both fakes, and where acts can happen.
type world struct {
	slack   *slacktest.Server
	team    *slacktest.Workspace
	users   []*slacktest.User
	places  []*slacktest.Channel
	grafana *incidenttest.Server
	env     map[string]string
	old     []string // incidents from before, which notes are about
}

// newWorld makes a world with a database in a folder of its own.
func newWorld(t *testing.T, slack slacktest.Options, grafana incidenttest.Options) *world {
	t.Helper()
	slack.KeepCalls = 1000
	slack.EventRetries = []time.Duration{0, 2 * time.Second, 5 * time.Second} // Slack's own, with minutes made seconds
	grafana.Latency, grafana.KeepCalls = latency, 1000
	w := &world{slack: slacktest.New(slack), grafana: incidenttest.New(grafana)}
	t.Cleanup(w.slack.Close)
	t.Cleanup(w.grafana.Close)
	w.team = w.slack.NewWorkspace("Acme")
	for i := range people {
		w.users = append(w.users, w.team.NewUser(fmt.Sprintf("person%d", i)))
	}
	for i := range channels {
		w.places = append(w.places, w.team.NewChannel(fmt.Sprintf("room%d", i)))
	}
	for i := range 8 {
		w.old = append(w.old, w.grafana.Add(incidenttest.Incident{Title: fmt.Sprintf("from before %d", i)}))
	}
	w.env = map[string]string{
		"SLACK_APP_TOKEN": w.slack.AppToken(), "SLACK_BOT_TOKEN": w.team.BotToken, "SLACK_API_URL": w.slack.APIURL(),
		"GRAFANA_URL": w.grafana.URL(), "GRAFANA_SERVICE_ACCOUNT_TOKEN": w.grafana.NewToken(incidenttest.Editor),
		"HTTP_ADDR": "127.0.0.1:0", "LOG_LEVEL": "info",
		"DATABASE_URL": "sqlite:" + filepath.Join(t.TempDir(), "incident-bot.db"),
	}
	return w
}

// spot gives the n-th pair of a person and a channel: neighbours differ in both.
func (w *world) spot(n int) (*slacktest.User, *slacktest.Channel) {
	return w.users[n%people], w.places[(n+n/channels)%channels]
}

// until asks for a condition again and again, and says whether it came true in time.
func until(limit, every time.Duration, ok func() bool) bool {
	end := time.After(limit)
	again := time.NewTicker(every)
	defer again.Stop()
	for !ok() {
		select {
		case <-end:
			return false
		case <-again.C:
		}
	}
	return true
}

// pause is the time between two things that people do.
func pause(d time.Duration) { <-time.After(d) }

// dice makes draws that are the same for the same seed, apart from those for another purpose.
func dice(seed uint64, purpose uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, purpose)) }
