package slacktest_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"incident-bot/bot/slacktest"
)

// nodeBot is the folder of the bot on Slack's own Node clients.
const nodeBot = "node"

// needNode skips the test where Node or its modules are missing, or fails it where REQUIRE_NODE=1 says that they must
// be there.
func needNode(t *testing.T) string {
	t.Helper()
	node, err := exec.LookPath("node")
	var why string
	switch _, missing := os.Stat(filepath.Join(nodeBot, "node_modules", "@slack", "socket-mode")); {
	case err != nil:
		why = "node is not installed"
	case missing != nil:
		why = "Slack's Node clients are not installed: run `npm ci --prefix bot/slacktest/node`"
	default:
		return node
	}
	if os.Getenv("REQUIRE_NODE") == "1" {
		t.Fatal(why)
	}
	t.Skip(why)
	return ""
}

// startNode runs the bot until the test ends.
func startNode(t *testing.T, r room) {
	t.Helper()
	cmd := exec.Command(needNode(t), "bot.mjs")
	cmd.Dir = nodeBot
	cmd.Env = append(os.Environ(), "SLACK_API_URL="+r.APIURL(), "SLACK_APP_TOKEN="+r.AppToken(), "SLACK_BOT_TOKEN="+r.w.BotToken)
	var log strings.Builder
	cmd.Stdout, cmd.Stderr = &log, &log
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = in.Close()
		stop := time.AfterFunc(patience, func() { _ = cmd.Process.Kill() })
		defer stop.Stop()
		if err := cmd.Wait(); err != nil {
			t.Errorf("the Node bot: %v", err)
		}
		if t.Failed() {
			t.Logf("the Node bot says:\n%s", log.String())
		}
	})
}

// TestNodeClients runs Slack's own Node clients against the fake: what they take from Slack they must take from here.
func TestNodeClients(t *testing.T) {
	r := newRoom(t, slacktest.Options{PingEvery: time.Second, SocketGrace: 200 * time.Millisecond})
	startNode(t, r)
	ctx, cancel := context.WithTimeout(t.Context(), 2*patience)
	defer cancel()
	if err := r.WaitSocket(ctx, 1); err != nil {
		t.Fatal("the Node bot opens no socket")
	}
	acked := func(a *slacktest.Act) {
		t.Helper()
		if _, err := a.Acked(ctx); err != nil {
			t.Fatal(err)
		}
	}
	shown := func(want string) {
		t.Helper()
		if err := r.Await(ctx, func() bool { return r.ana.Last(r.ops).Plain() == want }); err != nil {
			t.Fatalf("the last message is %q, want %q", r.ana.Last(r.ops).Plain(), want)
		}
	}

	acked(r.ana.Command(r.ops, "/incident", "list")) // an acknowledgement with a payload
	shown("you said list")
	acked(r.ana.Mention(r.ops, "", "hello")) // an event
	shown("heard, attempt 0")
	acked(r.ana.Command(r.ops, "/incident", "who"))
	shown("incident-bot for ana")
	acked(r.ana.Command(r.ops, "/incident", "post")) // chat.postMessage and chat.update
	shown("Card\n[Go]")
	acked(r.ana.Click(r.ana.Last(r.ops), "Go")) // an interaction and its response URL
	shown("pressed 42")
	acked(r.ana.Command(r.ops, "/incident", "invalid"))
	shown("invalid_blocks [ERROR] must be less than 151 characters [json-pointer:/blocks/0/text/text]")

	acked(r.ana.Command(r.ops, "/incident", "form")) // a modal, and errors in a submission's acknowledgement
	if err := r.Await(ctx, func() bool { return r.ana.View() != nil }); err != nil {
		t.Fatal("no modal")
	}
	acked(r.ana.Submit(map[string]string{"Title": "x"}))
	if v := r.ana.View(); v == nil || v.Errors["title"] != "longer, please" {
		t.Errorf("the modal shows %+v", v)
	}

	r.Disconnect("refresh_requested") // a refresh
	if err := r.Await(ctx, func() bool { return r.Stats().Opened == 2 && r.Sockets() == 1 }); err != nil {
		t.Fatalf("no second socket: %+v", r.Stats())
	}
	acked(r.ana.Command(r.ops, "/incident", "again"))
	shown("you said again")

	r.Cut() // and a dead connection
	if err := r.Await(ctx, func() bool { return r.Stats().Opened == 3 && r.Sockets() == 1 }); err != nil {
		t.Fatalf("no third socket: %+v", r.Stats())
	}
	acked(r.ana.Command(r.ops, "/incident", "still there"))
	shown("you said still there")
	r.none(t)
}
