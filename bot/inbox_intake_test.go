package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"
)

// diary notes what happens to envelopes, in order.
type diary struct {
	mu    sync.Mutex
	lines []string
	event chan struct{} // one token per line
}

func newDiary() *diary { return &diary{event: make(chan struct{}, 10_000)} }

func (d *diary) note(format string, args ...any) {
	d.mu.Lock()
	d.lines = append(d.lines, fmt.Sprintf(format, args...))
	d.mu.Unlock()
	d.event <- struct{}{}
}

// wait waits until there are n lines, and gives them.
func (d *diary) wait(t *testing.T, n int) []string {
	t.Helper()
	late := time.After(patience)
	for {
		if all := d.all(); len(all) >= n {
			return all
		}
		select {
		case <-d.event:
		case <-late:
			t.Fatalf("only %q", d.all())
		}
	}
}

func (d *diary) all() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]string(nil), d.lines...)
}

func (d *diary) acknowledge(id string, payload any, _ time.Time) {
	if payload == nil {
		d.note("ack %s", id)
		return
	}
	b, _ := json.Marshal(payload)
	d.note("ack %s %s", id, b)
}

// inboxOf is an Inbox that notes what it is given and does what it is told.
type inboxOf struct {
	*memory
	*diary
	seen bool
	err  error
}

func (i *inboxOf) Put(ctx context.Context, e *Entry) (bool, error) {
	d, err := restored(e.Body)
	if err != nil {
		return false, err
	}
	i.note("put %s", d.Kind)
	if i.seen || i.err != nil {
		return i.seen, i.err
	}
	return i.memory.Put(ctx, e)
}

func (i *inboxOf) End(id int64, dead bool, why string) {
	i.note("end %v", dead)
	i.memory.End(id, dead, why)
}

// routerOf is a dispatcher that notes what it is asked.
type routerOf struct {
	*diary
	needs func(Delivery) bool
	quick func(context.Context, Delivery) (any, bool)
	lane  func(Delivery) string
	run   func(Delivery)
}

func (r *routerOf) NeedsFast(d Delivery) bool { return r.needs != nil && r.needs(d) }

func (r *routerOf) Fast(ctx context.Context, d Delivery) (any, bool) {
	r.note("fast %s", d.Kind)
	return r.quick(ctx, d)
}

func (r *routerOf) Lane(d Delivery) string {
	if r.lane != nil {
		return r.lane(d)
	}
	return "T1/C1"
}

func (r *routerOf) Run(_ context.Context, a *act) outcome {
	if a.suspect {
		r.note("give up %s", a.Kind)
		return outcome{dead: true}
	}
	r.note("run %s", a.Kind)
	if r.run != nil {
		r.run(a.Delivery)
	}
	return outcome{}
}

func (r *routerOf) Wait(context.Context, *act, Wait) {}

func (r *routerOf) Refusal(d Delivery, why error) any { return map[string]string{"why": why.Error()} }

func (r *routerOf) Refuse(_ context.Context, d Delivery, why error) {
	r.note("tell %s: %v", d.Kind, why)
}

// intakeRig is an intake whose every neighbour notes what it is asked.
type intakeRig struct {
	*intake
	*diary
	box *inboxOf
	way *routerOf
	log *syncBuffer
}

func newIntake(t *testing.T) *intakeRig {
	d := newDiary()
	r := &intakeRig{diary: d, box: &inboxOf{memory: newMemory(time.Now, 100), diary: d}, way: &routerOf{diary: d}, log: &syncBuffer{}}
	log := zerolog.New(r.log).Level(zerolog.DebugLevel)
	m := unmeasured(t)
	l := newLanes(r.way, r.box, m, log)
	t.Cleanup(l.abandon)
	r.intake = &intake{
		inbox: r.box, router: r.way, lanes: l, metrics: m, log: log,
		fast: newFast(2, fastBudget, newSeen(time.Now, 100)),
	}
	return r
}

// sends gives the intake a sample frame.
func (r *intakeRig) sends(t *testing.T, file string) { r.sendsRaw(t, envelopeFile(t, file)) }

func (r *intakeRig) sendsRaw(t *testing.T, raw []byte) {
	t.Helper()
	f, err := parseFrame(raw)
	if err != nil {
		t.Fatal(err)
	}
	r.take(r.diary, f, time.Now())
}

// expect waits for as many lines as want has and compares all there are.
func (r *intakeRig) expect(t *testing.T, want ...string) {
	t.Helper()
	got := r.wait(t, len(want))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s%s", diff, r.log)
	}
}

func TestPersistThenAcknowledgeThenHandOver(t *testing.T) {
	for file, kind := range map[string]string{"command": "command", "mention": "mention", "click": "click", "submission": "submission"} {
		t.Run(file, func(t *testing.T) {
			r := newIntake(t)
			r.sends(t, file)
			d, _, _ := decode(envelopeFile(t, file), at())
			r.expect(t, "put "+kind, "ack "+d.EnvelopeID, "run "+kind, "end false")
		})
	}
}

func TestSeenIsAcknowledgedAndNotRun(t *testing.T) {
	r := newIntake(t)
	r.box.seen = true
	r.sends(t, "command")
	r.expect(t, "put command", "ack e1-1b2c")
	mustDrain(t, r.lanes)
}

func TestWhatNobodyActsUponIsAcknowledged(t *testing.T) {
	for file, ack := range map[string]string{
		"reaction": "ack e20", "event_unknown": "ack e23", "rate_limited": "ack e24", "interaction_unknown": "ack e43",
		"unknown_type": "ack e45", "payload_is_text": "ack e46", "command_no_user": "ack e4", "mention_by_bot": "ack e12",
		"suggestion": `ack e40 {"options":[]}`,
	} {
		t.Run(file, func(t *testing.T) {
			r := newIntake(t)
			r.sends(t, file)
			r.expect(t, ack)
			mustDrain(t, r.lanes)
		})
	}
}

func TestOddEnvelopesAreLoggedByTypeAlone(t *testing.T) {
	r := newIntake(t)
	r.sends(t, "event_unknown")
	r.sendsRaw(t, []byte(`{"envelope_id":"e","type":"events_api","payload":{"event":{"type":"a b\nc","text":"hush"}}}`))
	log := r.log.String()
	if !strings.Contains(log, `"level":"warn"`) || !strings.Contains(log, "telepathy_received") || !strings.Contains(log, "unprintable") {
		t.Errorf("log: %s", log)
	}
	if strings.Contains(log, "hush") || strings.Contains(log, "U0ANA001") {
		t.Errorf("the log says too much: %s", log)
	}
}

func TestNoLogLineShowsTextOrSecrets(t *testing.T) {
	r := newIntake(t)
	r.box.err = errors.New("disk full")
	for _, file := range []string{"command", "click", "submission", "mention"} {
		r.sends(t, file)
	}
	for _, hush := range []string{"checkout", "hooks.slack.com", "8088930838d88f008e0", "gIku", "7001.11.22", "bad deploy"} {
		if strings.Contains(strings.ToLower(r.log.String()), strings.ToLower(hush)) {
			t.Errorf("%q is in the log: %s", hush, r.log)
		}
	}
}

// What the inbox does not take: the person hears of it at once; a form stays open with what was typed, and says why.
func TestRefusals(t *testing.T) {
	for file, want := range map[string][]string{
		"command":    {"put command", "ack e1-1b2c", "tell command: too many requests are waiting"},
		"click":      {"put click", "ack e30", "tell click: too many requests are waiting"},
		"mention":    {"put mention", "ack e5", "tell mention: too many requests are waiting"},
		"submission": {"put submission", `ack e35 {"why":"too many requests are waiting"}`},
	} {
		t.Run(file, func(t *testing.T) {
			r := newIntake(t)
			r.box.err = ErrBusy
			r.sends(t, file)
			r.expect(t, want...)
			mustDrain(t, r.lanes)
		})
	}
}

func TestPanicsEndOneEnvelope(t *testing.T) {
	r := newIntake(t)
	r.way.lane = func(Delivery) string { panic("lane") }
	r.way.needs = func(Delivery) bool { panic("needs") }
	r.way.run = func(Delivery) { panic("run") }
	r.sends(t, "command")
	r.expect(t, "put command", "ack e1-1b2c", "run command", "end true")
	if n := strings.Count(r.log.String(), `"level":"error"`); n != 3 {
		t.Errorf("%d panics in the log: %s", n, r.log)
	}
	r.intake.inbox = nil // the worst: a panic before anything is persisted
	r.sends(t, "mention")
	r.sends(t, "reaction")
	if got := r.wait(t, 5); got[4] != "ack e20" {
		t.Errorf("got %q", got)
	}
}

func TestRateLimitIsCounted(t *testing.T) {
	r := newIntake(t)
	registry := prometheus.NewRegistry()
	registry.MustRegister(r.intake.metrics.envelopes)
	r.sends(t, "rate_limited")
	r.expect(t, "ack e24")
	if n := sumOf(t, registry, "slack_envelopes_total", "kind", "rate_limited"); n != 1 {
		t.Errorf("%v counted", n)
	}
	if !strings.Contains(r.log.String(), "Slack dropped events") {
		t.Errorf("log: %s", r.log)
	}
}
