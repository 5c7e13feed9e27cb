package chaos

import (
	"testing"
	"time"

	"incident-bot/bot/slacktest"
	"incident-bot/incident/incidenttest"
)

// scenarios are what can happen to a bot, one thing at a time and then all at once.
func scenarios() []scenario {
	return []scenario{
		{name: "kills", seed: 1, acts: sized(160, 667), kills: sized(6, 20)},
		{name: "doubled deliveries", seed: 2, acts: sized(120, 667), doubled: 0.2},
		{
			name: "resets around the commit", seed: 3, acts: sized(100, 667),
			grafana: incidenttest.Options{SearchLag: 2 * time.Second}, ill: resets, trouble: slackCuts,
		},
		{name: "503 and 429", seed: 4, acts: sized(100, 667), ill: refusals, trouble: slackRefuses},
		{
			name: "dropped and refreshed sockets", seed: 5, acts: sized(120, 667),
			slack: slacktest.Options{SocketLife: 2 * time.Second}, trouble: socketsDrop,
		},
		{
			name: "all at once", seed: 6, acts: sized(160, 667), kills: sized(6, 20), doubled: 0.2,
			slack:   slacktest.Options{SocketLife: 4 * time.Second},
			grafana: incidenttest.Options{SearchLag: 2 * time.Second}, ill: resetsAndRefusals, trouble: everything,
		},
	}
}

// TestChaos plays every scenario. Three of four acts declare, so that 667 acts are 500 declares.
func TestChaos(t *testing.T) {
	t.Parallel()
	for _, s := range scenarios() {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			s.run(t)
		})
	}
}
