package chaos

import (
	"testing"
	"time"

	"incident-bot/bot/slacktest"
	"incident-bot/incident/incidenttest"
)

// TestReplicas has two bots on one PostgreSQL, and one of them killed at random, again and again: what one leaves the
// other takes over, and nobody who types finds no bot.
func TestReplicas(t *testing.T) {
	t.Parallel()
	for _, s := range []scenario{
		{name: "kills", seed: 41, acts: sized(160, 667), kills: sized(6, 20), replicas: 2},
		{
			name: "all at once", seed: 42, acts: sized(120, 667), kills: sized(4, 20), replicas: 2, doubled: 0.2,
			grafana: incidenttest.Options{SearchLag: 2 * time.Second}, ill: resetsAndRefusals, trouble: slackTrouble,
			slack: slacktest.Options{SocketLife: 4 * time.Second},
		},
	} {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			s.database = newPostgres(t).url()
			k := s.run(t)
			for _, a := range k.acts {
				if a.sent.Failed() == "dispatch_failed" {
					t.Errorf("%q found no bot", a.words())
				}
			}
		})
	}
}
