package slacktest_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"

	"incident-bot/bot/slacktest"
)

// shows fails the test unless the payload has these strings at these paths.
func shows(t *testing.T, payload []byte, want map[string]string) {
	t.Helper()
	for path, w := range want {
		if got := field(t, payload, path); got != w {
			t.Errorf("%s is %q, want %q", path, got, w)
		}
	}
}

func TestCommandPayload(t *testing.T) {
	r := newRoom(t, slacktest.Options{})
	p := r.ana.Command(r.ops, "/incident", "list <b> & @ana, @nobody #ops (@ana). a@ana").Payload()
	shows(t, p, map[string]string{
		"command": "/incident", "team_id": r.w.TeamID, "team_domain": "acme", "channel_id": r.ops.ID, "channel_name": "ops",
		"user_id": r.ana.ID, "user_name": "ana", "api_app_id": r.AppID(), "is_enterprise_install": "false",
		"enterprise_id": "null",
		"text":          "list &lt;b&gt; &amp; <@" + r.ana.ID + "|ana>, @nobody <#" + r.ops.ID + "|ops> (<@" + r.ana.ID + "|ana>). a@ana",
	})
	if !strings.HasPrefix(field(t, p, "response_url"), "http") || strings.Count(field(t, p, "trigger_id"), ".") != 2 {
		t.Errorf("payload %s", p)
	}
	private := r.w.NewChannel("quiet", slacktest.Private())
	shows(t, r.ana.Command(private, "/x", "").Payload(), map[string]string{"channel_name": "privategroup", "text": ""})
	shows(t, r.ana.Command(r.w.DM(r.ana), "/x", "").Payload(), map[string]string{"channel_name": "directmessage"})
	var c slack.SlashCommand
	if err := json.Unmarshal(p, &c); err != nil || c.UserID != r.ana.ID {
		t.Errorf("slack-go reads %+v, %v", c, err)
	}

	r.w.SetScopes("chat:write")
	if _, err := r.ana.Command(r.ops, "/incident", "x").Acked(soon(t)); !errors.Is(err, slacktest.ErrNotSent) {
		t.Errorf("without the scope: %v", err)
	}
}

func TestWithoutEscape(t *testing.T) {
	r := newRoom(t, slacktest.Options{NoEscape: true})
	shows(t, r.ana.Command(r.ops, "/x", "a < b @ana").Payload(), map[string]string{"text": "a < b @ana"})
}

func TestMentionPayload(t *testing.T) {
	r := newRoom(t, slacktest.Options{})
	parent := r.ana.Say(r.ops, "", "it burns")
	a := r.ana.Mention(r.ops, parent.TS, "list a < b")
	p := a.Payload()
	shows(t, p, map[string]string{
		"type": "event_callback", "team_id": r.w.TeamID, "api_app_id": r.AppID(), "is_ext_shared_channel": "false",
		"event.type": "app_mention", "event.user": r.ana.ID, "event.channel": r.ops.ID, "event.thread_ts": parent.TS,
		"event.ts": a.Message().TS, "event.event_ts": a.Message().TS, "event.team": r.w.TeamID, "event.bot_id": "null",
		"event.text":                                "<@" + r.w.BotUserID + "> list a &lt; b",
		"event.blocks.0.type":                       "rich_text",
		"authorizations.0.team_id":                  r.w.TeamID,
		"authorizations.0.user_id":                  r.w.BotUserID,
		"authorizations.0.is_bot":                   "true",
		"event.parent_user_id":                      r.ana.ID,
		"context_enterprise_id":                     "null",
		"event.blocks.0.elements.0.elements.1.text": " list a < b",
	})
	if !strings.HasPrefix(field(t, p, "event_id"), "Ev") {
		t.Errorf("event_id %s", field(t, p, "event_id"))
	}
	sees(t, r.ana, r.ops, "it burns", "@incident-bot list a < b")
	ev, err := slackevents.ParseEvent(p, slackevents.OptionNoVerifyToken())
	if err != nil {
		t.Fatal(err)
	}
	if m, ok := ev.InnerEvent.Data.(*slackevents.AppMentionEvent); !ok || m.ThreadTimeStamp != parent.TS {
		t.Errorf("slack-go reads %+v", ev.InnerEvent.Data)
	}
}

func TestWhenNoEventIsSent(t *testing.T) {
	r := newRoom(t, slacktest.Options{Events: []string{"app_mention"}})
	out := r.w.NewChannel("out", slacktest.WithoutBot())
	for name, a := range map[string]*slacktest.Act{
		"a mention where the bot is not":        r.ana.Mention(out, "", "x"),
		"a direct message without message.im":   r.ana.Mention(r.w.DM(r.ana), "", "x"),
		"a reaction without subscription":       r.ana.React(r.ana.Say(r.ops, "", "x"), "robot_face"),
		"a Home tab without subscription":       r.ana.OpenHome(),
		"a button that is not there":            r.ana.Click(r.ana.Say(r.ops, "", "x"), "Go"),
		"a message that is not there":           r.ana.Click(slacktest.Message{}, "Go"),
		"a shortcut on a message not there":     r.ana.MessageShortcut(slacktest.Message{}, "x"),
		"a modal that is not open":              r.ana.Submit(nil),
		"a click into a modal that is not open": r.ana.ClickView("x"),
	} {
		if _, err := a.Acked(soon(t)); !errors.Is(err, slacktest.ErrNotSent) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got := r.Stats(); got.Delivered+got.Lost != 0 {
		t.Errorf("stats %+v", got)
	}
	r.w.SetScopes("chat:write")
	if _, err := r.ana.Mention(r.ops, "", "x").Acked(soon(t)); !errors.Is(err, slacktest.ErrNotSent) {
		t.Errorf("without app_mentions:read: %v", err)
	}
}

func TestDirectMessagesAndTheBotsOwn(t *testing.T) {
	r := newRoom(t, slacktest.Options{})
	c := r.dial(t)
	dm := r.w.DM(r.ana)
	f := c.acked(r.ana.Mention(dm, "", "list"), "")
	shows(t, f.Payload, map[string]string{
		"event.type": "message", "event.channel_type": "im", "event.channel": dm.ID, "event.user": r.ana.ID,
		"event.text": "<@" + r.w.BotUserID + "> list", "event.subtype": "null",
	})
	r.ana.Say(dm, "", "help")
	f = c.next()
	c.ack(f, "")
	shows(t, f.Payload, map[string]string{"event.text": "help"})
	// What the bot says there comes back to it, and so do its edits.
	out := r.call(t, "chat.postMessage", "channel", dm.ID, "text", "hello")
	f = c.next()
	c.ack(f, "")
	shows(t, f.Payload, map[string]string{"event.bot_id": r.w.BotID, "event.user": r.w.BotUserID, "event.app_id": r.AppID()})
	wantOK(t, r.call(t, "chat.update", "channel", dm.ID, "ts", out.str("ts"), "text", "hello again"))
	f = c.next()
	c.ack(f, "")
	shows(t, f.Payload, map[string]string{
		"event.subtype": "message_changed", "event.message.text": "hello again", "event.message.ts": out.str("ts"),
	})
}

func TestMessagesOfChannels(t *testing.T) {
	r := newRoom(t, slacktest.Options{Events: []string{"app_mention", "message.channels"}})
	c := r.dial(t)
	m := r.ana.Say(r.ops, "", "x")
	f := c.next()
	c.ack(f, "")
	shows(t, f.Payload, map[string]string{"event.type": "message", "event.channel_type": "channel", "event.text": "x"})
	r.ana.Edit(m, "y")
	f = c.next()
	c.ack(f, "")
	shows(t, f.Payload, map[string]string{"event.subtype": "message_changed", "event.message.text": "y"})
	r.ana.Delete(m)
	f = c.next()
	c.ack(f, "")
	shows(t, f.Payload, map[string]string{"event.subtype": "message_deleted", "event.deleted_ts": m.TS})
	sees(t, r.ana, r.ops)
	// A mention makes two events; the act is the app_mention.
	a := r.ana.Mention(r.ops, "", "x")
	if field(t, a.Payload(), "event.type") != "app_mention" {
		t.Errorf("act %s", a.Payload())
	}
	kinds := field(t, c.next().Payload, "event.type") + " " + field(t, c.next().Payload, "event.type")
	if kinds != "app_mention message" {
		t.Errorf("events %q", kinds)
	}
}

const buttons = `[{"type":"section","block_id":"s","text":{"type":"mrkdwn","text":"*Card*"},
"accessory":{"type":"static_select","action_id":"sev","options":[{"text":{"type":"plain_text","text":"Major"},"value":"major"}]}},
{"type":"actions","block_id":"b","elements":[{"type":"button","action_id":"go","text":{"type":"plain_text","text":"Resolve"},"value":"42"},
{"type":"button","text":{"type":"plain_text","text":"Open"},"url":"https://example.com"}]}]`

func TestClickPayload(t *testing.T) {
	r := newRoom(t, slacktest.Options{})
	c := r.dial(t)
	parent := r.ana.Say(r.ops, "", "x")
	out := r.call(t, "chat.postMessage", "channel", r.ops.ID, "text", "card", "blocks", buttons, "thread_ts", parent.TS,
		"metadata", `{"event_type":"incident_bot","event_payload":{"label":"incident/42"}}`)
	wantOK(t, out)
	m := r.ana.Last(r.ops)
	if got := strings.Join(m.Buttons(), ","); got != "Resolve,Open" {
		t.Errorf("buttons %q", got)
	}
	f := c.acked(r.ana.Click(m, "Resolve"), "")
	shows(t, f.Payload, map[string]string{
		"type": "block_actions", "user.id": r.ana.ID, "user.username": "ana", "user.team_id": r.w.TeamID,
		"team.id": r.w.TeamID, "team.domain": "acme", "enterprise": "null", "is_enterprise_install": "false",
		"channel.id": r.ops.ID, "channel.name": "ops", "container.type": "message", "container.message_ts": m.TS,
		"container.channel_id": r.ops.ID, "container.is_ephemeral": "false", "container.thread_ts": parent.TS,
		"message.ts": m.TS, "message.thread_ts": parent.TS, "message.bot_id": r.w.BotID, "message.text": "card",
		"message.metadata.event_payload.label": "incident/42", "message.blocks.1.block_id": "b",
		"actions.0.action_id": "go", "actions.0.block_id": "b", "actions.0.value": "42", "actions.0.type": "button",
		"actions.0.text.text": "Resolve", "api_app_id": r.AppID(), "view": "null",
	})
	if f.Accepts || f.Attempt != nil {
		t.Errorf("frame %+v", f)
	}
	f = c.acked(r.ana.Click(m, "go"), "")
	shows(t, f.Payload, map[string]string{"actions.0.action_id": "go"})
	f = c.acked(r.ana.Click(m, "Major"), "")
	shows(t, f.Payload, map[string]string{"actions.0.action_id": "sev", "actions.0.selected_option.value": "major", "actions.0.type": "static_select"})
	f = c.acked(r.ana.Click(m, "Open"), "") // a link button sends a click too; Slack gave it an action id
	if id := field(t, f.Payload, "actions.0.action_id"); id == "" || id == "null" {
		t.Errorf("payload %s", f.Payload)
	}
	var cb slack.InteractionCallback
	if err := json.Unmarshal(f.Payload, &cb); err != nil || cb.Type != slack.InteractionTypeBlockActions {
		t.Errorf("slack-go reads %+v, %v", cb, err)
	}
	wantOK(t, r.call(t, "chat.delete", "channel", r.ops.ID, "ts", out.str("ts")))
	if _, err := r.ana.Click(m, "Resolve").Acked(soon(t)); !errors.Is(err, slacktest.ErrNotSent) {
		t.Errorf("click on a deleted message: %v", err)
	}
}

func TestAnEphemeralMessageIsClickedByItsReader(t *testing.T) {
	r := newRoom(t, slacktest.Options{})
	bob := r.w.NewUser("bob")
	wantOK(t, r.call(t, "chat.postEphemeral", "channel", r.ops.ID, "user", r.ana.ID, "text", "x", "blocks", buttons))
	if _, err := bob.Click(r.ana.Last(r.ops), "go").Acked(soon(t)); !errors.Is(err, slacktest.ErrNotSent) {
		t.Errorf("bob clicks: %v", err)
	}
}

func TestShortcutsAndReactions(t *testing.T) {
	r := newRoom(t, slacktest.Options{Events: []string{"reaction_added", "reaction_removed"}})
	r.w.SetScopes(append(slacktest.DefaultScopes(), "reactions:read")...)
	c := r.dial(t)
	f := c.acked(r.ana.Shortcut("declare"), "")
	shows(t, f.Payload, map[string]string{"type": "shortcut", "callback_id": "declare", "channel": "null", "enterprise": "null", "response_url": "null"})
	m := r.ana.Say(r.ops, "", "it burns")
	f = c.acked(r.ana.MessageShortcut(m, "timeline"), "")
	shows(t, f.Payload, map[string]string{
		"type": "message_action", "callback_id": "timeline", "message_ts": m.TS, "message.text": "it burns", "channel.id": r.ops.ID,
	})
	f = c.acked(r.ana.React(m, "robot_face"), "")
	shows(t, f.Payload, map[string]string{
		"event.type": "reaction_added", "event.reaction": "robot_face", "event.item.ts": m.TS, "event.item.channel": r.ops.ID,
		"event.item_user": r.ana.ID, "event.user": r.ana.ID,
	})
	if got := r.ana.Last(r.ops).Reactions["robot_face"]; len(got) != 1 {
		t.Errorf("reactions %v", got)
	}
	if _, err := r.ana.React(m, "robot_face").Acked(soon(t)); !errors.Is(err, slacktest.ErrNotSent) {
		t.Errorf("a second time: %v", err)
	}
	f = c.acked(r.ana.Unreact(m, "robot_face"), "")
	shows(t, f.Payload, map[string]string{"event.type": "reaction_removed"})
}

func TestUninstallAndRateLimitedEvents(t *testing.T) {
	r := newRoom(t, slacktest.Options{})
	c := r.dial(t)
	f := c.acked(r.w.RateLimitEvents(), "")
	shows(t, f.Payload, map[string]string{"type": "app_rate_limited", "event": "null", "team_id": r.w.TeamID})
	a := r.w.Uninstall()
	f = c.next()
	c.ack(f, "")
	shows(t, f.Payload, map[string]string{"event.type": "tokens_revoked", "event.tokens.bot.0": r.w.BotUserID})
	f = c.acked(a, "")
	shows(t, f.Payload, map[string]string{"event.type": "app_uninstalled"})
	wantError(t, r.call(t, "auth.test"), "account_inactive")
}

func TestGrid(t *testing.T) {
	r := newRoom(t, slacktest.Options{})
	c := r.dial(t)
	g := r.NewGrid("Megacorp")
	one, two := g.NewWorkspace("One"), g.NewWorkspace("Two")
	if one.BotToken != two.BotToken || one.TeamID == two.TeamID || one.EnterpriseID != g.EnterpriseID {
		t.Errorf("workspaces %+v and %+v", one, two)
	}
	eve, ch := two.NewUser("eve"), two.NewChannel("two")
	out := r.callAs(t, g.BotToken, "auth.test")
	if out.str("team_id") != g.EnterpriseID || out["is_enterprise_install"] != true || out.str("enterprise_id") != g.EnterpriseID {
		t.Errorf("auth.test says %v", out)
	}
	f := c.acked(eve.Command(ch, "/incident", "x"), "")
	shows(t, f.Payload, map[string]string{
		"team_id": two.TeamID, "enterprise_id": g.EnterpriseID, "enterprise_name": "Megacorp", "is_enterprise_install": "true",
	})
	wantOK(t, r.callAs(t, g.BotToken, "views.open", "trigger_id", field(t, f.Payload, "trigger_id"), "view", form))
	f = c.acked(eve.Submit(map[string]string{"title": "x"}), "")
	shows(t, f.Payload, map[string]string{
		"team": "null", "enterprise.id": g.EnterpriseID, "is_enterprise_install": "true", "user.team_id": two.TeamID,
		"view.team_id": two.TeamID, "view.app_installed_team_id": g.EnterpriseID,
	})
	f = c.acked(eve.Mention(ch, "", "x"), "")
	shows(t, f.Payload, map[string]string{
		"team_id": two.TeamID, "authorizations.0.is_enterprise_install": "true",
		"authorizations.0.enterprise_id": g.EnterpriseID, "authorizations.0.team_id": two.TeamID,
	})
	wantOK(t, r.callAs(t, g.BotToken, "chat.postMessage", "channel", ch.ID, "text", "x"))
	wantOK(t, r.callAs(t, g.BotToken, "users.info", "user", eve.ID))
	wantError(t, r.call(t, "chat.postMessage", "channel", ch.ID, "text", "x"), "channel_not_found")
}

func TestSlackConnect(t *testing.T) {
	r := newRoom(t, slacktest.Options{})
	c := r.dial(t)
	other := r.NewWorkspace("Other")
	bob := other.NewUser("bob")
	ch := r.w.NewChannel("both", slacktest.SharedWith(other))
	ch.Invite(bob.ID)
	f := c.acked(bob.Mention(ch, "", "x"), "")
	// bob meant his own workspace's bot; the authorization is the owner's.
	shows(t, f.Payload, map[string]string{
		"team_id": other.TeamID, "is_ext_shared_channel": "true", "authorizations.0.team_id": r.w.TeamID,
		"event.text": "<@" + other.BotUserID + "> x", "event.team": other.TeamID,
	})
	wantOK(t, r.callAs(t, other.BotToken, "chat.postMessage", "channel", ch.ID, "text", "x"))
	out := r.call(t, "users.info", "user", bob.ID)
	if u, _ := out["user"].(map[string]any); u["is_stranger"] != true || u["team_id"] != other.TeamID {
		t.Errorf("users.info says %v", out)
	}
	// A stranger without an installation of their own.
	eve := r.w.NewUser("eve", slacktest.Stranger())
	f = c.acked(eve.Mention(r.ops, "", "x"), "")
	shows(t, f.Payload, map[string]string{
		"team_id": r.w.TeamID, "is_ext_shared_channel": "true", "event.user_team": eve.TeamID, "authorizations.0.team_id": r.w.TeamID,
	})
	f = c.acked(eve.Command(r.ops, "/incident", "x"), "")
	shows(t, f.Payload, map[string]string{"user_id": eve.ID, "team_id": r.w.TeamID})
}

func TestUsers(t *testing.T) {
	r := newRoom(t, slacktest.Options{})
	zoe := r.w.NewUser("zoe", slacktest.Guest(), slacktest.TZ("Europe/Berlin"), slacktest.RealName("Zoë Ü"), slacktest.DisplayName("Zoë"))
	solo := r.w.NewUser("solo", slacktest.SingleGuest())
	gone := r.w.NewUser("gone", slacktest.Deleted())
	info := func(u *slacktest.User) map[string]any {
		out := r.call(t, "users.info", "user", u.ID)
		wantOK(t, out)
		m, _ := out["user"].(map[string]any)
		return m
	}
	if u := info(zoe); u["is_restricted"] != true || u["tz"] != "Europe/Berlin" || u["real_name"] != "Zoë Ü" ||
		answer(u).str("profile.display_name") != "Zoë" || answer(u).str("profile.email") != "" {
		t.Errorf("zoe is %v", u)
	}
	if u := info(solo); u["is_ultra_restricted"] != true || u["is_restricted"] != true {
		t.Errorf("solo is %v", u)
	}
	if u := info(gone); u["deleted"] != true {
		t.Errorf("gone is %v", u)
	}
	wantError(t, r.call(t, "users.info", "user", "U0NOPE"), "user_not_found")
	wantError(t, r.call(t, "users.lookupByEmail", "email", "ana@example.com"), "missing_scope")
	r.w.SetScopes("users:read", "users:read.email")
	if out := r.call(t, "users.lookupByEmail", "email", "ana@example.com"); out.str("user.id") != r.ana.ID {
		t.Errorf("by e-mail %v", out)
	}
	wantError(t, r.call(t, "users.lookupByEmail", "email", "x@example.com"), "users_not_found")
	var names []string
	cursor := ""
	for {
		out := r.call(t, "users.list", "limit", "2", "cursor", cursor)
		wantOK(t, out)
		for _, m := range out["members"].([]any) {
			names = append(names, m.(map[string]any)["name"].(string))
		}
		if cursor = out.str("response_metadata.next_cursor"); cursor == "" {
			break
		}
	}
	if len(names) != 5 { // and the bot
		t.Errorf("members %q", names)
	}
}
