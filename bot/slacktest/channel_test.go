package slacktest_test

import (
	"strings"
	"testing"

	"incident-bot/bot/slacktest"
)

func TestChannelsOfTheBot(t *testing.T) {
	r := newRoom(t, slacktest.Options{NoRateLimits: true})
	r.w.SetScopes(append(slacktest.DefaultScopes(), "channels:manage", "groups:write", "channels:read", "groups:read",
		"im:read", "pins:write", "bookmarks:write", "channels:join", "reactions:write", "team:read")...)
	bob, gone := r.w.NewUser("bob"), r.w.NewUser("gone", slacktest.Deleted())
	for name, want := range map[string]string{
		"": "invalid_name_required", strings.Repeat("x", 81): "invalid_name_maxlength", "Big": "invalid_name_specials",
		"a b": "invalid_name_specials", "--": "invalid_name_punctuation", "ops": "name_taken",
	} {
		wantError(t, r.call(t, "conversations.create", "name", name), want)
	}
	out := r.call(t, "conversations.create", "name", "inc-42-überlast")
	wantOK(t, out)
	id := out.str("channel.id")
	at := func(more ...string) []string { return append([]string{"channel", id}, more...) }

	wantOK(t, r.call(t, "conversations.invite", at("users", r.ana.ID)...))
	wantError(t, r.call(t, "conversations.invite", at("users", r.ana.ID)...), "already_in_channel")
	wantError(t, r.call(t, "conversations.invite", at("users", bob.ID+","+gone.ID)...), "cant_invite")
	wantError(t, r.call(t, "conversations.invite", at("users", strings.TrimSuffix(strings.Repeat("U,", 101), ","))...), "too_many_users")
	wantOK(t, r.call(t, "conversations.invite", at("users", bob.ID+","+gone.ID, "force", "true")...))
	if m := r.call(t, "conversations.members", at()...); len(m["members"].([]any)) != 3 {
		t.Errorf("members %v", m)
	}
	wantOK(t, r.call(t, "conversations.setTopic", at("topic", strings.Repeat("ü", 250))...))
	wantError(t, r.call(t, "conversations.setTopic", at("topic", strings.Repeat("ü", 251))...), "too_long")
	wantOK(t, r.call(t, "conversations.setPurpose", at("purpose", "p")...))
	info := r.call(t, "conversations.info", at("include_num_members", "true")...)
	wantOK(t, info)
	if ch, _ := info["channel"].(map[string]any); ch["num_members"] != 3.0 || answer(ch).str("purpose.value") != "p" || ch["is_member"] != true {
		t.Errorf("info %v", info)
	}
	ts := r.call(t, "chat.postMessage", at("text", "card")...).str("ts")
	wantOK(t, r.call(t, "pins.add", at("timestamp", ts)...))
	wantError(t, r.call(t, "pins.add", at("timestamp", ts)...), "already_pinned")
	wantOK(t, r.call(t, "reactions.add", at("timestamp", ts, "name", "eyes")...))
	wantError(t, r.call(t, "reactions.add", at("timestamp", ts, "name", "eyes")...), "already_reacted")
	wantOK(t, r.call(t, "reactions.remove", at("timestamp", ts, "name", "eyes")...))
	wantError(t, r.call(t, "reactions.remove", at("timestamp", ts, "name", "eyes")...), "no_reaction")
	wantOK(t, r.call(t, "bookmarks.add", "channel_id", id, "title", "Grafana", "type", "link", "link", "https://example.com"))
	var made *slacktest.Channel
	for _, ch := range r.w.Channels() {
		if ch.ID == id {
			made = ch
		}
	}
	if made == nil || made.Bookmarks()["Grafana"] != "https://example.com" || made.Pins()[0] != ts || made.Purpose() != "p" {
		t.Errorf("channel %+v", made)
	}
	wantOK(t, r.call(t, "conversations.rename", at("name", "inc-42-renamed")...))
	wantOK(t, r.call(t, "conversations.archive", at()...))
	wantError(t, r.call(t, "conversations.archive", at()...), "already_archived")
	wantError(t, r.call(t, "chat.postMessage", at("text", "x")...), "is_archived")

	out1 := r.w.NewChannel("out", slacktest.WithoutBot())
	wantError(t, r.call(t, "conversations.history", "channel", out1.ID), "not_in_channel")
	wantOK(t, r.call(t, "conversations.join", "channel", out1.ID))
	if out := r.call(t, "conversations.join", "channel", out1.ID); out.str("warning") != "already_in_channel" {
		t.Errorf("joined twice: %v", out)
	}
	wantOK(t, r.call(t, "conversations.history", "channel", out1.ID))
	list := r.call(t, "conversations.list", "types", "public_channel,private_channel", "exclude_archived", "true")
	if n := len(list["channels"].([]any)); n != 2 {
		t.Errorf("%d channels: %v", n, compact(list))
	}
	wantError(t, r.call(t, "conversations.list", "types", "song"), "invalid_types")
	if out := r.call(t, "team.info"); out.str("team.domain") != "acme" {
		t.Errorf("team.info says %v", out)
	}
}

func TestOpeningADirectMessage(t *testing.T) {
	r := newRoom(t, slacktest.Options{})
	gone := r.w.NewUser("gone", slacktest.Deleted())
	out := r.call(t, "conversations.open", "users", r.ana.ID)
	wantOK(t, out)
	if out.str("channel.id") != r.w.DM(r.ana).ID {
		t.Errorf("opened %v", out)
	}
	wantError(t, r.call(t, "conversations.open", "users", "U0NOPE"), "user_not_found")
	wantError(t, r.call(t, "conversations.open", "users", r.w.BotUserID), "cannot_dm_bot")
	wantError(t, r.call(t, "conversations.open", "users", gone.ID), "user_disabled")
	wantError(t, r.call(t, "conversations.open"), "invalid_arguments")
	r.w.SetScopes("channels:manage")
	if out := r.call(t, "conversations.open", "users", r.ana.ID); out.str("needed") != "im:write" {
		t.Errorf("answer %v", out)
	}
}

func TestOrgTokensSayWhichTeam(t *testing.T) {
	r := newRoom(t, slacktest.Options{})
	g := r.NewGrid("Megacorp", slacktest.WithScopes("channels:manage"))
	w := g.NewWorkspace("One")
	wantError(t, r.callAs(t, g.BotToken, "conversations.create", "name", "x"), "invalid_arguments")
	out := r.callAs(t, g.BotToken, "conversations.create", "name", "x", "team_id", w.TeamID)
	wantOK(t, out)
	if out.str("channel.context_team_id") != w.TeamID {
		t.Errorf("created %v", out)
	}
}

func TestUnfurl(t *testing.T) {
	r := newRoom(t, slacktest.Options{})
	r.w.SetScopes("links:write")
	m := r.ana.Say(r.ops, "", "see https://example.com/a")
	at := []string{"channel", r.ops.ID, "ts", m.TS}
	card := `{"https://example.com/a":{"blocks":[{"type":"section","text":{"type":"mrkdwn","text":"*Card*"}}]}}`
	wantOK(t, r.call(t, "chat.unfurl", append(at, "unfurls", card)...))
	sees(t, r.ana, r.ops, "see https://example.com/a\n┃ Card")
	wantError(t, r.call(t, "chat.unfurl", append(at, "unfurls", strings.Replace(card, "/a", "/b", 1))...), "cannot_unfurl_url")
	wantError(t, r.call(t, "chat.unfurl", append(at, "unfurls", "x")...), "invalid_unfurls_format")
	wantOK(t, r.call(t, "chat.unfurl", "unfurl_id", "u", "source", "composer", "unfurls", card))
}

func TestBlocksValidate(t *testing.T) {
	r := newRoom(t, slacktest.Options{})
	wantOK(t, r.callAs(t, "", "blocks.validate", "blocks", `[{"type":"divider"}]`))
	wantError(t, r.callAs(t, "", "blocks.validate", "blocks", `[{"type":"sing"}]`), "invalid_blocks")
	wantOK(t, r.callAs(t, "", "blocks.validate", "view", form))
	wantOK(t, r.callAs(t, "", "blocks.validate", "message", `{"blocks":[{"type":"divider"}]}`))
	wantError(t, r.callAs(t, "", "blocks.validate", "view", `{"type":"modal"}`), "invalid_blocks")
	wantError(t, r.callAs(t, "", "blocks.validate"), "invalid_arguments")
	wantError(t, r.callAs(t, "", "blocks.validate", "blocks", "[]", "view", form), "invalid_arguments")
}

func TestSharedLinks(t *testing.T) {
	r := newRoom(t, slacktest.Options{Events: []string{"link_shared"}, UnfurlDomains: []string{"acme.grafana.net"}})
	c := r.dial(t)
	r.ana.Say(r.ops, "", "see https://acme.grafana.net/a?b=1&c=2 now")
	if n := r.Stats().Delivered; n != 0 {
		t.Errorf("%d deliveries without links:read", n)
	}
	r.w.SetScopes("links:read", "chat:write")
	m := r.ana.Say(r.ops, "", "see https://acme.grafana.net/a?b=1&c=2 and https://example.com")
	f := c.next()
	c.ack(f, "")
	shows(t, f.Payload, map[string]string{
		"event.type": "link_shared", "event.links.0.url": "https://acme.grafana.net/a?b=1&c=2", "event.links.1": "null",
		"event.links.0.domain": "acme.grafana.net", "event.message_ts": m.TS, "event.channel": r.ops.ID,
		"event.source": "conversations_history", "event.is_bot_user_member": "true",
	})
	wantOK(t, r.call(t, "chat.postMessage", "channel", r.ops.ID, "text", "https://acme.grafana.net/mine"))
	if n := r.Stats().Delivered; n != 1 {
		t.Errorf("%d deliveries after the app's own message", n)
	}
}
