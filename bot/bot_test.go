package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"incident-bot/bot/blocks"
	"incident-bot/bot/slacktest"
)

func TestNewNamesEverythingThatIsMissing(t *testing.T) {
	_, err := New(Options{Sockets: 11})
	for _, want := range []string{"app token", "workspace", "11 sockets", "routes"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in: %v", want, err)
		}
	}
}

func TestNewSaysWhenMetricsAreTaken(t *testing.T) {
	registry := prometheus.NewRegistry()
	options := Options{
		AppToken: NewSecret("xapp-1"), Workspaces: []Credentials{{TeamID: "T1", BotToken: NewSecret("xoxb-1")}},
		Routes:  func(*Bot) Routes { return (&bridge{}).routes(nil) },
		Metrics: registry,
	}
	if _, err := New(options); err != nil {
		t.Fatal(err)
	}
	if _, err := New(options); err == nil {
		t.Error("two bots count in one registry")
	}
}

// Each kind of delivery, from Slack's side to its handler.
func TestEveryKindArrives(t *testing.T) {
	arrived := make(chan *Request, 10)
	note := func(_ context.Context, r *Request) (Reply, error) {
		arrived <- r
		if r.Kind != Command {
			return Reply{}, nil
		}
		return Reply{Posts: []Post{{Message: blocks.NewMessage("a card", blocks.Actions("row", blocks.Button("press", "42", "Press")))}}}, nil
	}
	r := newBridge(t, bridgeOptions{routes: func(routes *Routes) {
		routes.Unknown = note
		routes.Buttons = []Button{{ID: "press", Run: note}}
	}})
	next := func() *Request {
		t.Helper()
		select {
		case got := <-arrived:
			return got
		case <-r.ctx.Done():
			t.Fatalf("nothing arrived\n%s", r.log.tail())
			return nil
		}
	}
	r.say("list &")
	if got := next(); got.Kind != Command || got.Text != "list &amp;" || got.CommandName != "/incident" || got.Actor.UserID != r.ana.ID ||
		got.Place.ChannelID != r.ops.ID || got.Trigger.ID.IsZero() || got.Response.URL.IsZero() || got.Workspace != r.ws.TeamID {
		t.Errorf("command: %+v", got)
	}
	r.until("the card", func() bool { return len(r.ana.Sees(r.ops)) == 1 })
	card := r.ana.Sees(r.ops)[0]
	if _, err := r.ana.Click(card, "Press").Acked(r.ctx); err != nil {
		t.Fatal(err)
	}
	if got := next(); got.Kind != Click || got.Action.ID != "press" || got.Action.Value != "42" || got.Place.MessageTS != card.TS {
		t.Errorf("click: %+v", got)
	}
	r.ana.Mention(r.ops, "", "status")
	if got := next(); got.Kind != Mention || !strings.HasSuffix(got.Text, "status") || got.Place.MessageTS == "" {
		t.Errorf("mention: %+v", got)
	}
	r.ana.Mention(r.ws.DM(r.ana), "", "help")
	if got := next(); got.Kind != Mention || !got.Place.Direct() {
		t.Errorf("direct message: %+v", got)
	}
}

func TestRedeliveryRunsOnce(t *testing.T) {
	r := newBridge(t, bridgeOptions{})
	event := r.ana.Mention(r.ops, "", "event")
	_, err := event.Acked(r.ctx)
	r.must(err)
	typed := r.say("command")
	for _, act := range []*slacktest.Act{event, typed} {
		r.Redeliver(act, false)
		r.Redeliver(act, true)
		r.Redeliver(act, true)
	}
	r.until("all to be acknowledged", func() bool { return r.Stats().Acked >= 8 })
	r.say("last")
	r.until("the last", func() bool { return slices.Contains(r.said(), "last") })
	if got := r.said(); len(got) != 3 {
		t.Errorf("ran %q", got)
	}
	if n := r.metric("deliveries_seen_total"); n != 6 {
		t.Errorf("%v counted as seen", n)
	}
}

func TestStrangeFramesHurtNobody(t *testing.T) {
	r := newBridge(t, bridgeOptions{bot: func(o *Options) { o.Sockets = 1 }})
	for _, f := range []string{"", "null", "[]", "{", `{"type":"hello"}`, `{"type":""}`, `{"type":"slash_commands","payload":{}}`} {
		r.DeliverFrame(f)
	}
	for kind, payload := range map[string]any{
		"carrier_pigeon": "coo", "events_api": map[string]any{"type": "app_rate_limited", "team_id": r.ws.TeamID},
		"interactive": map[string]any{"type": "mind_meld"}, "slash_commands": nil,
	} {
		if _, err := r.Deliver(kind, payload, false).Acked(r.ctx); err != nil {
			t.Errorf("%s: %v", kind, err)
		}
	}
	r.say("still here")
	r.untilSaid("still here")
	r.until("the one socket to be counted", func() bool { return r.metric("slack_socket_opens_total") > 0 })
	if opens := r.metric("slack_socket_opens_total"); opens != 1 {
		t.Errorf("%v sockets were opened", opens)
	}
	if n := r.metric("slack_frames_undecodable_total"); n != 6 {
		t.Errorf("%v frames counted as undecodable", n)
	}
	if v := r.Violations(); len(v) > 0 {
		t.Errorf("Slack minds: %q", v)
	}
}

// Telling the bot to stop: what was received is acknowledged and handled, and Slack is told goodbye.
func TestStopHandlesWhatWasReceived(t *testing.T) {
	release := make(chan struct{})
	r := newBridge(t, bridgeOptions{handle: func(*Request) error { <-release; return nil }})
	r.must(r.WaitSocket(r.ctx, 2))
	for i := range 40 { // more than run at once
		r.say(fmt.Sprint(i))
	}
	stopped := make(chan error, 1)
	go func() { stopped <- r.stop() }()
	r.until("the sockets to close", func() bool { return r.Sockets() == 0 })
	select {
	case err := <-stopped:
		t.Errorf("stopped with work in hand: %v", err)
	default:
	}
	close(release)
	r.must(<-stopped)
	if n := len(r.said()); n != 40 {
		t.Errorf("%d of 40 ran", n)
	}
	if n := r.metric("slack_socket_disconnects_total", "reason", "stop"); n != 2 {
		t.Errorf("%v sockets were closed in order", n)
	}
}

func TestStopSaysWhatItCutOff(t *testing.T) {
	r := newBridge(t, bridgeOptions{
		bot: func(o *Options) { o.Drain = 50 * time.Millisecond },
		routes: func(routes *Routes) {
			routes.Unknown = func(ctx context.Context, _ *Request) (Reply, error) { <-ctx.Done(); return Reply{}, nil }
		},
	})
	r.say("one that never ends")
	if err := r.stop(); err == nil || !strings.Contains(err.Error(), "1 requests were not handled") {
		t.Errorf("stop: %v", err)
	}
	r.stop = func() error { return nil } // the clean-up need not complain again
}

// A deploy in the middle of the day: commands come all the time, the old process stops, the new one is up. What may be
// lost is in flight when a socket closes, so a bound of that is one of the other.
func TestCommandsDuringAHandover(t *testing.T) {
	const inFlight = 6
	r := newBridge(t, bridgeOptions{slack: slacktest.Options{AckTimeout: 3 * time.Second}}) // then Slack says that it failed
	next := newBridgeOn(t, r)
	var acts []*slacktest.Act
	typed := time.NewTicker(500 * time.Microsecond)
	defer typed.Stop()
	for i := range 600 {
		<-typed.C
		if i >= inFlight {
			_, _ = acts[i-inFlight].Acked(r.ctx)
		}
		acts = append(acts, r.ana.Command(r.ops, "/incident", fmt.Sprint("note ", i)))
		if i == 200 {
			next.start()
			r.must(r.WaitSocket(r.ctx, 3))
		}
		if i == 300 {
			go func() { _ = r.stop() }()
		}
	}
	lost := 0
	for _, a := range acts {
		if _, err := a.Acked(r.ctx); err != nil {
			lost++ // a frame in flight when the socket closed
		}
	}
	r.must(r.stop())
	r.must(next.stop())
	times := map[string]int{}
	for _, words := range append(r.said(), next.said()...) {
		if times[words]++; times[words] > 1 {
			t.Errorf("%s ran twice", words)
		}
	}
	if len(times) < len(acts)-lost || lost > 2*inFlight { // the old process has two sockets
		t.Errorf("%d ran of %d, %d told to have failed", len(times), len(acts), lost)
	}
}

func TestReadySaysWhy(t *testing.T) {
	r := newBridge(t, bridgeOptions{idle: true})
	r.Fail("apps.connections.open", slacktest.Fault{Error: "internal_error", Times: 1000})
	if err := r.bot.Ready(); err == nil || !strings.Contains(err.Error(), "no socket") {
		t.Errorf("before the start: %v", err)
	}
	r.start()
	r.until("the reason", func() bool {
		err := r.bot.Ready()
		return err != nil && strings.Contains(err.Error(), "internal_error")
	})
	r.Heal()
	r.until("ready", func() bool { return r.bot.Ready() == nil })
}

// One workspace whose handlers hang, another that does not notice.
func TestSlowWorkspaceDelaysNoOtherEndToEnd(t *testing.T) {
	hang := func(r *Request) error {
		if strings.HasPrefix(r.Text, "slow") {
			time.Sleep(10 * time.Second)
		}
		return nil
	}
	bubble(t, bridgeOptions{handle: hang, second: true}, func(t *testing.T, r *bridge) {
		for i := range 100 {
			r.say(fmt.Sprint("slow ", i))
		}
		start := time.Now()
		bob, room := r.other.NewUser("bob"), r.other.NewChannel("room")
		_, err := bob.Command(room, "/incident", "quick").Acked(r.ctx)
		r.must(err)
		r.until("the quick one", func() bool { return slices.Contains(r.said(), "quick") })
		if took := time.Since(start); took > 100*time.Millisecond {
			t.Errorf("took %v", took)
		}
		time.Sleep(time.Hour) // until the slow ones are done
	})
}

func TestUnknownWorkspaceIsAnswered(t *testing.T) {
	r := newBridge(t, bridgeOptions{})
	stranger := r.NewWorkspace("Elsewhere")
	eve, room := stranger.NewUser("eve"), stranger.NewChannel("room")
	_, err := eve.Command(room, "/incident", "list").Acked(r.ctx)
	r.must(err)
	r.until("an answer", func() bool { return len(eve.Sees(room)) > 0 })
	if got := eve.Sees(room)[0].Text; !strings.Contains(got, "not connected") {
		t.Errorf("answer %q", got)
	}
	if n := r.metric("deliveries_unknown_workspace_total"); n != 1 {
		t.Errorf("%v counted", n)
	}
	if len(r.said()) != 0 {
		t.Error("a handler ran")
	}
}

func TestBusyIsSaid(t *testing.T) {
	release := make(chan struct{})
	r := newBridge(t, bridgeOptions{handle: func(*Request) error { <-release; return nil }})
	defer close(release)
	r.bot.intake.inbox.(*memory).limit = 3
	for i := range 3 {
		r.say(fmt.Sprint(i))
	}
	r.say("one too many")
	r.until("the answer", func() bool {
		seen := r.ana.Sees(r.ops)
		return len(seen) > 0 && strings.Contains(seen[0].Text, "too many requests are waiting")
	})
	if n := r.metric("deliveries_refused_total", "reason", "busy"); n != 1 {
		t.Errorf("%v counted as refused", n)
	}
}

func TestHandlerPanicsAreExplained(t *testing.T) {
	r := newBridge(t, bridgeOptions{handle: func(r *Request) error {
		if r.Text == "panic" {
			panic(errors.New("a bug"))
		}
		return nil
	}})
	r.say("panic")
	r.say("next")
	r.untilSaid("panic", "next")
	r.until("an explanation", func() bool { return len(r.ana.Sees(r.ops)) == 1 })
}

// An answer too long for an acknowledgement would take the bot down for minutes: the plain acknowledgement goes out.
func TestOversizedAcknowledgementIsNotSent(t *testing.T) {
	r := newBridge(t, bridgeOptions{})
	r.say("here")
	a := onSocket{r.bot.listener, r.bot.listener.newest(nil)}
	a.acknowledge("e", json.RawMessage(`"`+strings.Repeat("x", maxAck)+`"`), time.Now())
	r.say("still here")
	if !strings.Contains(r.log.String(), "dropped from an acknowledgement") {
		t.Errorf("not in the log:\n%s", r.log.tail())
	}
	if n := r.metric("slack_acknowledgements_lost_total", "reason", "payload"); n != 1 {
		t.Errorf("%v counted", n)
	}
}
