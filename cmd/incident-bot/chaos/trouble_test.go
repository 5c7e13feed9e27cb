package chaos

import (
	"math/rand/v2"
	"time"

	"incident-bot/bot/slacktest"
	"incident-bot/incident/incidenttest"
)

// resets cuts connections to Grafana: one in ten calls before anything is done, one in ten after it is.
func resets(w *world, seed uint64) {
	w.grafana.Fail("", incidenttest.Fault{ResetAfter: true, Times: -1, Chance: 0.1, Seed: seed})
	w.grafana.Fail("", incidenttest.Fault{ResetBefore: true, Times: -1, Chance: 0.1, Seed: seed})
}

// refusals makes one in ten calls to Grafana a 503 of a proxy, and one in ten a 429.
func refusals(w *world, seed uint64) {
	w.grafana.Fail("", incidenttest.Fault{Status: 503, HTML: true, Times: -1, Chance: 0.1, Seed: seed})
	w.grafana.Fail("", incidenttest.Fault{RetryAfter: time.Second, Times: -1, Chance: 0.1, Seed: seed})
}

// slackRefuses lets one of Slack's next calls fail with 503 or 429.
func slackRefuses(w *world, draw *rand.Rand) {
	f := slacktest.Fault{RetryAfter: time.Second}
	if draw.IntN(2) == 0 {
		f = slacktest.Fault{Status: 503, Body: "upstream connect error"}
	}
	w.slack.Fail(slackCall(draw), f)
}

// slackCuts loses the answer to one of Slack's next calls, before or after it was carried out.
func slackCuts(w *world, draw *rand.Rand) {
	w.slack.Fail(slackCall(draw), slacktest.Fault{Reset: true, AfterCommit: draw.IntN(2) == 0})
}

// slackCall draws what goes wrong: a post, an answer, its coming in the place of ⏳, or whatever comes first.
func slackCall(draw *rand.Rand) string {
	return []string{"chat.postMessage", "response_url", "chat.update", ""}[draw.IntN(4)]
}

// socketsDrop asks for refreshed sockets, or cuts them.
func socketsDrop(w *world, draw *rand.Rand) {
	switch draw.IntN(3) {
	case 0:
		w.slack.Cut()
	case 1:
		w.slack.Disconnect("warning")
	default:
		w.slack.Disconnect("refresh_requested")
	}
}

// slackTrouble is what goes wrong between the bot and Slack while sockets are only refreshed.
func slackTrouble(w *world, draw *rand.Rand) {
	[]func(*world, *rand.Rand){slackRefuses, slackCuts}[draw.IntN(2)](w, draw)
}

// everything is all of it.
func everything(w *world, draw *rand.Rand) {
	[]func(*world, *rand.Rand){socketsDrop, slackRefuses, slackCuts}[draw.IntN(3)](w, draw)
}

// resetsAndRefusals is half of both: with each of them one call in five fails.
func resetsAndRefusals(w *world, seed uint64) {
	for _, f := range []incidenttest.Fault{{ResetAfter: true}, {ResetBefore: true}, {Status: 503, HTML: true}, {RetryAfter: time.Second}} {
		f.Times, f.Chance, f.Seed = -1, 0.05, seed
		w.grafana.Fail("", f)
	}
}
