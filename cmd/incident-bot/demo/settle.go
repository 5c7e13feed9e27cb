package demo

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	answerTime = 30 * time.Second        // for a line of a script to be answered
	quietTime  = 200 * time.Millisecond  // without any call, after which all that came of a line is there
	silentTime = 2 * time.Second         // in which an idle bot has not answered, after which no answer is expected
	editTime   = 2500 * time.Millisecond // in which a card that was edited is edited again: the bot spaces edits by 2 s
	lookEvery  = 20 * time.Millisecond
)

// settle waits until all that comes of what was done is there, and shows it. answered says when the first answer is
// there; nil is for what has none. patient waits for what people were told to wait for, too. It gives false when nothing
// came.
func (s *session) settle(ctx context.Context, answered func() bool, patient bool) bool {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	came := answered == nil
	last, since := s.pulse(), time.Now()
	for {
		came = came || answered()
		if p := s.pulse(); p != last || s.busy(ctx, patient) || s.editDue() {
			last, since = p, time.Now()
		}
		idle := time.Since(since)
		if came && idle >= quietTime || idle >= silentTime {
			break
		}
		select {
		case <-look.C:
			continue
		case <-ctx.Done():
		}
		break
	}
	return s.refresh() || came
}

// pulse changes with every call that reaches one of the two sides.
type pulse struct{ slack, grafana int }

func (s *session) pulse() pulse { return pulse{len(s.slack.Calls("")), len(s.grafana.Calls(""))} }

// editDue says whether a card is still to be edited: something was written after the last edit, and the bot does not
// edit a message twice in two seconds.
func (s *session) editDue() bool {
	edits := s.slack.Calls("chat.update")
	if len(edits) == 0 {
		return false
	}
	last := edits[len(edits)-1].At
	for _, c := range s.grafana.Calls("") {
		if c.Committed && c.At.After(last) {
			return time.Since(last) < editTime
		}
	}
	return false
}

// busy says whether the bot has something to do, beyond what people were told to wait for unless patient. A bot that does
// not answer is not busy.
func (s *session) busy(ctx context.Context, patient bool) bool {
	waits := 0
	if !patient {
		waits = s.told()
	}
	return s.accepted(ctx) > waits
}

// told counts the messages that tell somebody to wait.
func (w *world) told() int {
	found := map[string]bool{}
	for _, p := range w.people {
		for _, ch := range append(w.team.Channels(), w.team.DM(p.User)) {
			for _, m := range p.Sees(ch) {
				if strings.Contains(m.Plain(), hourglass) {
					found[id(m)] = true
				}
			}
		}
	}
	return len(found)
}

// hourglass is in every message that tells somebody to wait.
const hourglass = "⏳"

// accepted is how much the bot has accepted and not done, by its own figures; 0 when it does not answer.
func (w *world) accepted(ctx context.Context) int {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+w.http+"/metrics", nil)
	if err != nil {
		return 0
	}
	resp, err := w.probe.Do(req)
	if err != nil {
		return 0
	}
	defer func() { _ = resp.Body.Close() }()
	return deliveries(resp.Body)
}

// deliveries adds up what waits and what runs, as the metrics have it.
func deliveries(metrics io.Reader) int {
	n := 0
	lines := bufio.NewScanner(metrics)
	for lines.Scan() {
		if value, ok := strings.CutPrefix(lines.Text(), "incident_bot_inbox_deliveries{"); ok {
			_, value, _ = strings.Cut(value, "} ")
			one, _ := strconv.Atoi(value)
			n += one
		}
	}
	return n
}
