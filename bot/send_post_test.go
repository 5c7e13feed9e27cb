package bot

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"incident-bot/bot/blocks"
)

func contextWithin(t *testing.T, d time.Duration) (context.Context, context.CancelFunc) {
	return context.WithTimeout(t.Context(), d)
}

func card() Post {
	return Post{Message: blocks.NewMessage("the card", blocks.Section("the card")), Channel: "C2", Thread: "10.1", Label: "incident/42"}
}

func TestPostAsSent(t *testing.T) {
	g := newRig(t)
	if err := g.sender.Send(t.Context(), g.request(Command), Reply{Posts: []Post{card(), {Message: blocks.NewMessage("plain")}}}); err != nil {
		t.Fatal(err)
	}
	first, second := g.calls("chat.postMessage")[0], g.calls("chat.postMessage")[1]
	for _, name := range []string{"parse", "link_names", "mrkdwn", "as_user", "user", "ts"} {
		if _, ok := first.Args[name]; ok {
			t.Errorf("%s is sent", name)
		}
	}
	if first.Token != "xoxb-one" || first.arg("channel") != "C2" || first.arg("thread_ts") != "10.1" || first.Args["unfurl_links"] != false ||
		first.Args["unfurl_media"] != false {
		t.Errorf("sent %v", first.Args)
	}
	meta := first.Args["metadata"].(map[string]any)
	payload := meta["event_payload"].(map[string]any)
	if meta["event_type"] != "incident_bot" || payload["label"] != "incident/42" || len(payload["key"].(string)) != 16 {
		t.Errorf("metadata %v", meta)
	}
	if second.arg("channel") != "C1" || second.Args["blocks"] != nil {
		t.Errorf("a post without a channel went to %v", second.Args)
	}
	if other := second.Args["metadata"].(map[string]any)["event_payload"].(map[string]any)["key"]; other == payload["key"] {
		t.Error("two posts of a reply have one key")
	}
	if got := g.sender.Labels().find("T1", "incident/42"); len(got) != 1 || got[0] != (messageRef{"T1", "C2", "100.000001"}) {
		t.Errorf("remembered %v", got)
	}
}

// TestPostThatCannotBeMade is read privately, with the reason.
func TestPostThatCannotBeMade(t *testing.T) {
	for name, c := range map[string]struct {
		answer webAnswer
		want   string
	}{
		"not in channel": {slackError("not_in_channel"), "the card\nI am not in <#C2>, so only you see this. To have me there: /invite <@UBOT>"},
		"no channel":     {slackError("channel_not_found"), "the card\nI am not in <#C2>, so only you see this. To have me there: /invite <@UBOT>"},
		"archived":       {slackError("is_archived"), "the card\n<#C2> is archived, so only you see this."},
		"scope":          {missingScope("chat:write.public"), "Missing scope: chat:write.public."},
		"restricted":     {slackError("restricted_action"), "the card\nI could not post this in <#C2> (restricted_action), so only you see it."},
	} {
		g := newRig(t)
		g.on("chat.postMessage", c.answer)
		if err := g.sender.Send(t.Context(), g.request(Command), Reply{Posts: []Post{card()}}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		hook := g.calls("hook")
		if g.methods() != "chat.postMessage hook" || !strings.Contains(hook[0].arg("text"), c.want) || hook[0].Args["response_type"] != "ephemeral" {
			t.Errorf("%s: %s, %v", name, g.methods(), hook)
		}
		if shown := fmt.Sprint(hook[0].Args["blocks"]); !strings.Contains(shown, "the card") || !strings.Contains(shown, "only you see") {
			t.Errorf("%s: blocks %s", name, shown)
		}
	}
}

func TestPostWithoutAPlaceIsAnAnswer(t *testing.T) {
	g := newRig(t)
	r := g.request(Submission)
	r.Place = Place{}
	if err := g.sender.Send(t.Context(), r, Reply{Posts: []Post{{Message: blocks.NewMessage("hi")}}}); err != nil {
		t.Fatal(err)
	}
	if calls := g.calls("chat.postMessage"); len(calls) != 1 || calls[0].arg("channel") != "U1" {
		t.Errorf("calls %v", calls)
	}
}

// posted gives history in which the post of the first chat.postMessage stands, or does not.
func (g *rig) history(there bool) webAnswer {
	return func(*http.Request, webCall) (int, http.Header, string, error) {
		key := g.calls("chat.postMessage")[0].Args["metadata"].(map[string]any)["event_payload"].(map[string]any)["key"]
		if !there {
			key = "other"
		}
		return http.StatusOK, nil, fmt.Sprintf(`{"ok":true,"messages":[{"ts":"60.1","user":"U9"},{"ts":"61.1","user":"UBOT",`+
			`"metadata":{"event_type":"incident_bot","event_payload":{"label":"incident/42","key":%q}}}]}`, key), nil
	}
}

// TestPostIsNotDoubled: after a lost answer the channel is searched before anything is tried again.
func TestPostIsNotDoubled(t *testing.T) {
	for name, c := range map[string]struct {
		posts, looks func(g *rig) []webAnswer
		want         string
		remembered   string
	}{
		"it arrived": {
			func(*rig) []webAnswer { return []webAnswer{hangs()} }, func(g *rig) []webAnswer { return []webAnswer{g.history(true)} },
			"chat.postMessage conversations.replies", "61.1"},
		"it did not": {
			func(*rig) []webAnswer { return []webAnswer{breaks()} }, func(g *rig) []webAnswer { return []webAnswer{g.history(false)} },
			"chat.postMessage conversations.replies chat.postMessage", "100.000002"},
		"server error, twice, it arrived": {
			func(*rig) []webAnswer { return times(2, status(500)) }, func(g *rig) []webAnswer { return []webAnswer{g.history(false), g.history(true)} },
			"chat.postMessage conversations.replies chat.postMessage conversations.replies", "61.1"},
		"nobody may look": {
			func(*rig) []webAnswer { return []webAnswer{hangs()} }, func(*rig) []webAnswer { return []webAnswer{missingScope("channels:history")} },
			"chat.postMessage conversations.replies hook", ""},
		"it never arrives": {
			func(*rig) []webAnswer { return times(9, status(503)) }, func(g *rig) []webAnswer { return times(9, g.history(false)) },
			"chat.postMessage conversations.replies chat.postMessage conversations.replies hook", ""},
		"Slack cannot be reached": {
			func(*rig) []webAnswer { return times(2, refuses()) }, func(*rig) []webAnswer { return nil },
			"chat.postMessage chat.postMessage chat.postMessage", "100.000003"},
		"rate limit": {
			func(*rig) []webAnswer { return times(2, tooMany(5)) }, func(*rig) []webAnswer { return nil },
			"chat.postMessage chat.postMessage chat.postMessage", "100.000003"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				g := newRig(t)
				g.on("chat.postMessage", c.posts(g)...)
				g.on("conversations.replies", c.looks(g)...)
				if err := g.sender.Send(t.Context(), g.request(Command), Reply{Posts: []Post{card()}}); err != nil {
					t.Error(err)
				}
				if got := g.methods(); got != c.want {
					t.Errorf("tried %q, want %q", got, c.want)
				}
				ts := ""
				if refs := g.sender.Labels().find("T1", "incident/42"); len(refs) > 0 {
					ts = refs[0].ts
				}
				if ts != c.remembered {
					t.Errorf("remembered %q, want %q", ts, c.remembered)
				}
				if hooks := g.calls("hook"); len(hooks) > 0 && !strings.Contains(hooks[0].arg("text"), "did not confirm that this reached <#C2>") {
					t.Errorf("said %q", hooks[0].arg("text"))
				}
			})
		})
	}
}

func TestLostPostInAChannelIsSoughtInItsHistory(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newRig(t)
		g.on("chat.postMessage", hangs())
		g.on("conversations.history", g.history(true))
		p := card()
		p.Thread = ""
		if err := g.sender.Send(t.Context(), g.request(Command), Reply{Posts: []Post{p}}); err != nil {
			t.Error(err)
		}
		call := g.calls("conversations.history")[0]
		if call.arg("channel") != "C2" || call.arg("include_all_metadata") != "1" || call.arg("oldest") != fmt.Sprintf("%d.000000", time.Now().Add(-2*time.Minute-callTimeout).Unix()) {
			t.Errorf("asked %v", call.Args)
		}
	})
}

// TestEffectKeys name one message for ever, and no two by the same.
func TestEffectKeys(t *testing.T) {
	r := &Request{Delivery: Delivery{Key: "k"}, Word: "note"}
	key := effectKey(r, "post", 0)
	same := &Request{Delivery: Delivery{Key: "k", EnvelopeID: "another"}, Word: "note", Ref: "xyz"}
	if effectKey(same, "post", 0) != key {
		t.Error("the same act run again has another key")
	}
	for _, other := range []string{effectKey(r, "post", 1), effectKey(r, "answer", 0), effectKey(&Request{Delivery: Delivery{Key: "k"}, Word: "list"}, "post", 0)} {
		if other == key {
			t.Error("two messages have one key")
		}
	}
}
