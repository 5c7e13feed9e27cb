package bot

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"incident-bot/bot/blocks"
)

func greeting() Answer {
	return Answer{Message: blocks.NewMessage("hello *you*", blocks.Section("hello *you*"))}
}

// gone is an answer of a response URL that cannot be used any more.
func gone() webAnswer { return status(404) }

// TestWaysOfAnAnswer walks down the ways: what is tried, in order, when the first ones fail.
func TestWaysOfAnAnswer(t *testing.T) {
	for name, c := range map[string]struct {
		kind    Kind
		change  func(*Request)
		answer  func(*Answer)
		answers map[string][]webAnswer
		want    string // methods, in order
		fails   bool
	}{
		"command":                {kind: Command, want: "hook"},
		"command, URL over":      {kind: Command, change: func(r *Request) { r.Response.Expires = time.Now() }, want: "chat.postEphemeral"},
		"command, no URL":        {kind: Command, change: func(r *Request) { r.Response = Response{} }, want: "chat.postEphemeral"},
		"command, URL gone":      {kind: Command, answers: map[string][]webAnswer{"hook": {gone()}}, want: "hook chat.postEphemeral"},
		"command, URL forbidden": {kind: Command, answers: map[string][]webAnswer{"hook": {status(403)}}, want: "hook chat.postEphemeral"},
		"command, URL used": {kind: Command, answers: map[string][]webAnswer{"hook": {slackError("used_url")}},
			want: "hook chat.postEphemeral"},
		"command, not a member": {kind: Command, answers: map[string][]webAnswer{"hook": {gone()}, "chat.postEphemeral": {slackError("not_in_channel")}},
			want: "hook chat.postEphemeral chat.postMessage"},
		"command, scope missing": {kind: Command, answers: map[string][]webAnswer{"hook": {gone()}, "chat.postEphemeral": {missingScope("chat:write")}},
			want: "hook chat.postEphemeral chat.postMessage"},
		"command, nothing works": {kind: Command, answers: map[string][]webAnswer{"hook": {gone()},
			"chat.postEphemeral": {slackError("user_not_in_channel")}, "chat.postMessage": {slackError("cannot_dm_bot")}},
			want: "hook chat.postEphemeral chat.postMessage", fails: true},
		"mention":                {kind: Mention, want: "chat.postMessage"},
		"mention, not a member":  {kind: Mention, answers: map[string][]webAnswer{"chat.postMessage": {slackError("not_in_channel")}}, want: "chat.postMessage chat.postMessage"},
		"click":                  {kind: Click, want: "hook"},
		"click, replace":         {kind: Click, answer: func(a *Answer) { a.Replace = true }, want: "hook"},
		"click, replace, no URL": {kind: Click, answer: func(a *Answer) { a.Replace = true }, answers: map[string][]webAnswer{"hook": {gone()}}, want: "hook chat.update"},
		"click, replace, no URL, gone": {kind: Click, answer: func(a *Answer) { a.Replace = true },
			answers: map[string][]webAnswer{"hook": {gone()}, "chat.update": {slackError("message_not_found")}}, want: "hook chat.update chat.postEphemeral"},
		"click, replace, ephemeral": {kind: Click, answer: func(a *Answer) { a.Replace = true }, change: func(r *Request) { r.Place.Ephemeral = true },
			answers: map[string][]webAnswer{"hook": {gone()}}, want: "hook chat.postEphemeral"},
		"submission":              {kind: Submission, want: "chat.postEphemeral"},
		"submission, no place":    {kind: Submission, change: func(r *Request) { r.Place = Place{} }, want: "chat.postMessage"},
		"submission, no member":   {kind: Submission, answers: map[string][]webAnswer{"chat.postEphemeral": {slackError("channel_not_found")}}, want: "chat.postEphemeral chat.postMessage"},
		"unknown workspace":       {kind: Command, change: func(r *Request) { r.Workspace = "T9" }, want: "hook"},
		"unknown workspace, gone": {kind: Command, change: func(r *Request) { r.Workspace = "T9" }, answers: map[string][]webAnswer{"hook": {gone()}}, want: "hook", fails: true},
		"nobody to answer":        {kind: Submission, change: func(r *Request) { r.Place, r.Actor = Place{}, Actor{} }, want: "", fails: true},
	} {
		t.Run(name, func(t *testing.T) {
			g := newRig(t)
			for method, answers := range c.answers {
				g.on(method, answers...)
			}
			r, a := g.request(c.kind), greeting()
			if c.change != nil {
				c.change(r)
			}
			if c.answer != nil {
				c.answer(&a)
			}
			err := g.sender.Send(t.Context(), r, Reply{Answer: &a})
			if got := g.methods(); got != c.want {
				t.Errorf("tried %q, want %q", got, c.want)
			}
			if (err != nil) != c.fails {
				t.Errorf("error %v", err)
			}
		})
	}
}

func TestHookBody(t *testing.T) {
	g := newRig(t)
	a := greeting()
	for _, replace := range []bool{false, true} {
		r := g.request(Click)
		r.Place.ThreadTS = "40.1"
		a.Replace = replace
		if err := g.sender.Send(t.Context(), r, Reply{Answer: &a}); err != nil {
			t.Fatal(err)
		}
	}
	private, replaced := g.calls("hook")[0].Args, g.calls("hook")[1].Args
	if private["response_type"] != "ephemeral" || private["replace_original"] != false || private["thread_ts"] != "40.1" ||
		private["unfurl_links"] != false || private["unfurl_media"] != false || private["text"] != "hello *you*" {
		t.Errorf("private: %v", private)
	}
	if replaced["replace_original"] != true || replaced["response_type"] != nil || replaced["thread_ts"] != nil {
		t.Errorf("replaced: %v", replaced)
	}
	if token := g.calls("hook")[0].Token; token != "" {
		t.Error("a response URL was given a token")
	}
}

func TestMentionsAreAnsweredInTheirThread(t *testing.T) {
	for name, c := range map[string]struct {
		place Place
		want  any
	}{
		"channel":           {Place{ChannelID: "C1", MessageTS: "50.1"}, "50.1"},
		"thread":            {Place{ChannelID: "C1", MessageTS: "50.1", ThreadTS: "40.1"}, "40.1"},
		"direct message":    {Place{ChannelID: "D1", MessageTS: "50.1"}, nil},
		"thread of a DM":    {Place{ChannelID: "D1", MessageTS: "50.1", ThreadTS: "40.1"}, "40.1"},
		"no message's time": {Place{ChannelID: "C1"}, nil},
	} {
		g := newRig(t)
		r, a := g.request(Mention), greeting()
		r.Place, a.Label = c.place, "incident/42"
		if err := g.sender.Send(t.Context(), r, Reply{Answer: &a}); err != nil {
			t.Fatal(err)
		}
		call := g.calls("chat.postMessage")[0]
		if call.Args["thread_ts"] != c.want || call.arg("channel") != c.place.ChannelID {
			t.Errorf("%s: sent %v", name, call.Args)
		}
		if got := g.sender.Labels().find("T1", "incident/42"); len(got) != 1 || got[0].ts != "100.000001" {
			t.Errorf("%s: remembered %v", name, got)
		}
	}
}

func TestDirectMessageSaysWhatItAnswers(t *testing.T) {
	for name, c := range map[string]struct {
		kind   Kind
		change func(*Request)
		want   string
	}{
		"command": {Command, nil, "You wrote in <#C1>:\n> /incident note it &lt;works&gt;\nhello *you*"},
		"command with people": {Command, func(r *Request) { r.Text = "lead <@U2|bob> <!channel>" },
			"You wrote in <#C1>:\n> /incident lead @bob @channel\nhello *you*"},
		"command in a DM": {Command, func(r *Request) { r.Place.ChannelID = "D1" }, "You wrote:\n> /incident note it &lt;works&gt;\nhello *you*"},
		"long command":    {Command, func(r *Request) { r.Text = strings.Repeat("x", 5000) }, "You wrote in <#C1>:\n> /incident " + strings.Repeat("x", 489) + "…\nhello *you*"},
		"mention":         {Mention, nil, "You wrote in <#C1>:\n> note it &lt;works&gt;\nhello *you*"},
		"mention in a DM": {Mention, func(r *Request) { r.Place.ChannelID = "D1" }, "hello *you*"},
		"click":           {Click, nil, "You clicked a button in <#C1>.\nhello *you*"},
		"submission":      {Submission, nil, "You sent a form in <#C1>.\nhello *you*"},
	} {
		g := newRig(t)
		g.on("hook", gone())
		g.on("chat.postEphemeral", slackError("not_in_channel"))
		r, a := g.request(c.kind), greeting()
		if c.kind == Mention {
			g.on("chat.postMessage", slackError("not_in_channel"))
		}
		if c.change != nil {
			c.change(r)
		}
		if err := g.sender.Send(t.Context(), r, Reply{Answer: &a}); err != nil {
			t.Fatal(err)
		}
		calls := g.calls("chat.postMessage")
		last := calls[len(calls)-1]
		if last.arg("channel") != "U1" || last.arg("text") != c.want || len(last.Args["blocks"].([]any)) == 0 {
			t.Errorf("%s: sent to %s: %q", name, last.arg("channel"), last.arg("text"))
		}
	}
}

// TestAnswersAreTriedAgain: what may work the next time is tried again, in the same way, and then in the next.
func TestAnswersAreTriedAgain(t *testing.T) {
	for name, c := range map[string]struct {
		answers []webAnswer
		want    string
		waits   time.Duration // at least
	}{
		"server error once":     {[]webAnswer{status(503)}, "hook hook", 0},
		"server error for ever": {times(9, status(500)), "hook hook hook chat.postEphemeral", 0},
		"not reachable":         {times(2, refuses()), "hook hook hook", 0},
		"reset":                 {[]webAnswer{breaks()}, "hook hook", 0},
		"answer lost":           {[]webAnswer{hangs()}, "hook hook", callTimeout},
		"answers lost":          {times(9, hangs()), "hook hook chat.postEphemeral", 2 * callTimeout},
		"rate limit":            {[]webAnswer{tooMany(3)}, "hook hook", 3 * time.Second},
		"html":                  {[]webAnswer{says("<html>")}, "hook hook", 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				g := newRig(t)
				g.on("hook", c.answers...)
				a, start := greeting(), time.Now()
				if err := g.sender.Send(t.Context(), g.request(Command), Reply{Answer: &a}); err != nil {
					t.Error(err)
				}
				if got := g.methods(); got != c.want {
					t.Errorf("tried %q, want %q", got, c.want)
				}
				if took := time.Since(start); took < c.waits || took > c.waits+5*time.Second {
					t.Errorf("took %s", took)
				}
			})
		})
	}
}

func TestRateLimitBeyondTheDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t)
		g.on("hook", tooMany(3600))
		a, start := greeting(), time.Now()
		ctx, cancel := contextWithin(t, 30*time.Second)
		defer cancel()
		if err := g.sender.Send(ctx, g.request(Command), Reply{Answer: &a}); err != nil || g.methods() != "hook chat.postEphemeral" {
			t.Errorf("%v after %q", err, g.methods())
		}
		if took := time.Since(start); took > time.Second {
			t.Errorf("waited %s for what cannot come", took)
		}
	})
}

func TestRefusedBlocksBecomeText(t *testing.T) {
	for _, code := range []string{"invalid_blocks", "msg_blocks_too_long"} {
		g := newRig(t)
		g.on("chat.postMessage", says(`{"ok":false,"error":"`+code+`","response_metadata":{"messages":["bad [json-pointer:/blocks/0]"]}}`))
		a := greeting()
		if err := g.sender.Send(t.Context(), g.request(Mention), Reply{Answer: &a}); err != nil {
			t.Fatal(err)
		}
		calls := g.calls("chat.postMessage")
		if len(calls) != 2 || calls[1].Args["blocks"] != nil || calls[1].arg("text") != "hello *you*" || calls[1].arg("channel") != "C1" {
			t.Errorf("%s: %+v", code, calls)
		}
		line := g.log.lines("Slack did not take a message this way")
		if len(line) != 1 || line[0]["code"] != code || line[0]["ref"] != "abcde" || fmt.Sprint(line[0]["detail"]) != "[bad [json-pointer:/blocks/0]]" {
			t.Errorf("%s: logged %v", code, line)
		}
	}
}

// TestResponseURLsAreCounted: five uses, then the other ways, whoever asks.
func TestResponseURLsAreCounted(t *testing.T) {
	g := newRig(t)
	for range 7 {
		a := greeting()
		if err := g.sender.Send(t.Context(), g.request(Command), Reply{Answer: &a}); err != nil {
			t.Fatal(err)
		}
	}
	if got := g.methods(); got != "hook hook hook hook hook chat.postEphemeral chat.postEphemeral" {
		t.Errorf("tried %s", got)
	}
	other := g.request(Command)
	other.Response.URL = NewSecret("https://slack.test/hook/2")
	a := greeting()
	if err := g.sender.Send(t.Context(), other, Reply{Answer: &a}); err != nil || len(g.calls("hook")) != 6 {
		t.Errorf("another URL has its own count: %v", err)
	}
	if log := g.log.String(); strings.Contains(log, "did not take") {
		t.Errorf("a URL that is used up is no incident: %s", log)
	}
}

func TestReplacedMessageIsRemembered(t *testing.T) {
	g := newRig(t)
	a := greeting()
	a.Replace, a.Label = true, "incident/42"
	if err := g.sender.Send(t.Context(), g.request(Click), Reply{Answer: &a}); err != nil {
		t.Fatal(err)
	}
	if got := g.sender.Labels().find("T1", "incident/42"); len(got) != 1 || got[0] != (messageRef{"T1", "C1", "50.000001"}) {
		t.Errorf("remembered %v", got)
	}
}

func TestNothingSecretIsLogged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t)
		g.on("hook", times(3, breaks())...)
		g.on("chat.postEphemeral", missingScope("chat:write"))
		g.on("chat.postMessage", times(3, status(500))...)
		a := greeting()
		err := g.sender.Send(t.Context(), g.request(Command), Reply{Answer: &a})
		said := g.log.String() + fmt.Sprint(err)
		for _, secret := range []string{"xoxb", "slack.test/hook", "hello", "note it"} {
			if strings.Contains(said, secret) {
				t.Errorf("%q is said in %s", secret, said)
			}
		}
		if lines := g.log.lines("Slack did not take a message this way"); len(lines) != 3 || lines[1]["needed"] != "chat:write" {
			t.Errorf("logged %v", lines)
		}
		if err == nil || !strings.Contains(err.Error(), "answer U1: ") {
			t.Errorf("error %v", err)
		}
	})
}
