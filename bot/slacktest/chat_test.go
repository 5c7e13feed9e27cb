package slacktest_test

import (
	"strings"
	"testing"

	"incident-bot/bot/slacktest"
)

func TestWhereTheBotMayPost(t *testing.T) {
	r := newRoom(t, slacktest.Options{NoRateLimits: true})
	bob := r.w.NewUser("bob")
	public := r.w.NewChannel("public", slacktest.WithoutBot())
	private := r.w.NewChannel("private", slacktest.Private(), slacktest.WithoutBot())
	old := r.w.NewChannel("old", slacktest.Archived())
	between := r.w.DirectMessage(r.ana, bob)
	for _, c := range []struct{ name, channel, want string }{
		{"its channel", r.ops.ID, ""},
		{"a person", r.ana.ID, ""},
		{"a public channel without it", public.ID, "not_in_channel"},
		{"a private channel without it", private.ID, "channel_not_found"},
		{"an archived channel", old.ID, "is_archived"},
		{"a conversation of others", between.ID, "channel_not_found"},
		{"no such channel", "C0NOPE", "channel_not_found"},
		{"itself", r.w.BotUserID, "cannot_dm_bot"},
		{"nothing", "", "invalid_arguments"},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, method := range []string{"chat.postMessage", "chat.postEphemeral"} {
				if method == "chat.postEphemeral" && c.channel != r.ops.ID && c.want == "" {
					continue
				}
				out := r.call(t, method, "channel", c.channel, "text", "x", "user", r.ana.ID)
				if c.want == "" {
					wantOK(t, out)
				} else {
					wantError(t, out, c.want)
				}
			}
		})
	}
	r.w.SetScopes("chat:write", "chat:write.public")
	wantOK(t, r.call(t, "chat.postMessage", "channel", public.ID, "text", "x"))
	sees(t, r.ana, r.w.DM(r.ana), "x")

	carl := r.w.NewUser("carl")
	r.ops.Remove(carl.ID)
	wantError(t, r.call(t, "chat.postEphemeral", "channel", r.ops.ID, "text", "x", "user", carl.ID), "user_not_in_channel")
}

func TestEphemeralIsForOnePerson(t *testing.T) {
	r := newRoom(t, slacktest.Options{})
	bob := r.w.NewUser("bob")
	out := r.call(t, "chat.postEphemeral", "channel", r.ops.ID, "text", "only you", "user", r.ana.ID)
	wantOK(t, out)
	sees(t, r.ana, r.ops, "only you")
	sees(t, bob, r.ops)
	wantError(t, r.call(t, "chat.update", "channel", r.ops.ID, "ts", out.str("message_ts"), "text", "x"), "message_not_found")
	if h := r.call(t, "conversations.history", "channel", r.ops.ID); len(h["messages"].([]any)) != 0 {
		t.Errorf("history shows an ephemeral message: %v", h)
	}
}

func TestTextLimits(t *testing.T) {
	r := newRoom(t, slacktest.Options{NoRateLimits: true})
	post := func(args ...string) answer {
		return r.call(t, "chat.postMessage", append([]string{"channel", r.ops.ID}, args...)...)
	}
	wantError(t, post(), "no_text")
	wantOK(t, post("text", strings.Repeat("ä", 4000)))
	r.none(t)
	out := post("text", strings.Repeat("ä", 40_001))
	wantOK(t, out)
	if n := len([]rune(out.str("message.text"))); n != 40_000 || out.str("warning") != "message_truncated" {
		t.Errorf("%d characters kept, warning %q", n, out.str("warning"))
	}
	if v := r.Violations(); len(v) != 1 || !strings.Contains(v[0], "over 4000") {
		t.Errorf("violations %q", v)
	}
	ts := out.str("ts")
	update := func(args ...string) answer {
		return r.call(t, "chat.update", append([]string{"channel", r.ops.ID, "ts", ts}, args...)...)
	}
	wantOK(t, update("text", strings.Repeat("ä", 4000)))
	wantError(t, update("text", strings.Repeat("ä", 4001)), "msg_too_long")
	wantError(t, update(), "no_text")
	wantOK(t, post("markdown_text", strings.Repeat("x", 12_000)))
	wantError(t, post("markdown_text", strings.Repeat("x", 12_001)), "msg_too_long")
	wantError(t, post("markdown_text", "x", "text", "y"), "markdown_text_conflict")
	wantError(t, post("text", "x", "blocks", "{}"), "invalid_blocks_format")
	wantError(t, post("text", "x", "blocks", "nonsense"), "invalid_blocks_format")
	long := `{"type":"section","text":{"type":"plain_text","text":"` + strings.Repeat("x", 2640) + `"}}`
	wantOK(t, post("text", "x", "blocks", "["+strings.Repeat(long+",", 4)+long+"]"))
	wantError(t, post("text", "x", "blocks", "["+strings.Repeat(long+",", 5)+`{"type":"header","text":{"type":"plain_text","text":"x"}}]`), "msg_blocks_too_long")
	wantError(t, post("text", "x", "metadata", `{"event_type":"x"}`), "invalid_metadata_schema")
	wantError(t, post("text", "x", "metadata", `[]`), "invalid_metadata_format")
	wantOK(t, post("text", "x", "metadata", `{"event_type":"x","event_payload":{"k":"v"}}`))
}

func TestInvalidBlocksNamesThePlace(t *testing.T) {
	r := newRoom(t, slacktest.Options{})
	out := r.call(t, "chat.postMessage", "channel", r.ops.ID, "text", "x", "blocks",
		`[{"type":"divider"},{"type":"section","text":{"type":"mrkdwn","text":"`+strings.Repeat("x", 3001)+`"}}]`)
	wantError(t, out, "invalid_blocks")
	meta, _ := out["response_metadata"].(map[string]any)
	messages, _ := meta["messages"].([]any)
	if want := "[ERROR] must be less than 3001 characters [json-pointer:/blocks/1/text/text]"; len(messages) != 1 || messages[0] != want {
		t.Errorf("messages %v", messages)
	}
	if errs, _ := out["errors"].([]any); len(errs) != 1 {
		t.Errorf("errors %v", out["errors"])
	}
	sees(t, r.ana, r.ops)
}

func TestBlocksWithoutTextAreAViolation(t *testing.T) {
	r := newRoom(t, slacktest.Options{})
	wantOK(t, r.call(t, "chat.postMessage", "channel", r.ops.ID, "blocks", `[{"type":"divider"}]`))
	if v := r.Violations(); len(v) != 1 || !strings.Contains(v[0], "without text") {
		t.Errorf("violations %q", v)
	}
}

func TestUpdateAndDelete(t *testing.T) {
	r := newRoom(t, slacktest.Options{})
	out := r.call(t, "chat.postMessage", "channel", r.ops.ID, "text", "one", "blocks",
		`[{"type":"section","text":{"type":"plain_text","text":"one"}}]`, "metadata", `{"event_type":"e","event_payload":{}}`)
	ts := out.str("ts")
	at := []string{"channel", r.ops.ID, "ts", ts}
	// Without blocks the old ones stay.
	wantOK(t, r.call(t, "chat.update", append(at, "text", "two")...))
	sees(t, r.ana, r.ops, "one")
	if v := r.Violations(); len(v) != 1 || !strings.Contains(v[0], "old blocks stay") {
		t.Errorf("violations %q", v)
	}
	wantOK(t, r.call(t, "chat.update", append(at, "text", "three", "blocks", "[]")...))
	sees(t, r.ana, r.ops, "three")
	if m := r.ana.Last(r.ops); !m.Edited || string(m.Metadata) == "" {
		t.Errorf("message %+v", m)
	}
	mine := r.ana.Say(r.ops, "", "mine")
	wantError(t, r.call(t, "chat.update", "channel", r.ops.ID, "ts", mine.TS, "text", "x"), "cant_update_message")
	wantError(t, r.call(t, "chat.delete", "channel", r.ops.ID, "ts", mine.TS), "cant_delete_message")
	wantError(t, r.call(t, "chat.update", "channel", r.ops.ID, "ts", "1.2", "text", "x"), "message_not_found")
	wantOK(t, r.call(t, "chat.delete", at...))
	wantError(t, r.call(t, "chat.update", append(at, "text", "x")...), "message_not_found")
	wantError(t, r.call(t, "chat.delete", at...), "message_not_found")
	sees(t, r.ana, r.ops, "mine")
}

func TestThreads(t *testing.T) {
	r := newRoom(t, slacktest.Options{})
	parent := r.ana.Say(r.ops, "", "it burns")
	out := r.call(t, "chat.postMessage", "channel", r.ops.ID, "text", "on it", "thread_ts", parent.TS)
	wantOK(t, out)
	r.none(t)
	list := r.call(t, "conversations.replies", "channel", r.ops.ID, "ts", parent.TS)
	wantOK(t, list)
	if n := len(list["messages"].([]any)); n != 2 {
		t.Errorf("%d messages in the thread", n)
	}
	if h := r.call(t, "conversations.history", "channel", r.ops.ID); len(h["messages"].([]any)) != 1 {
		t.Errorf("history shows replies: %v", h)
	}
	wantError(t, r.call(t, "conversations.replies", "channel", r.ops.ID, "ts", "1.000001"), "thread_not_found")
	r.call(t, "chat.postMessage", "channel", r.ops.ID, "text", "x", "thread_ts", out.str("ts"))
	r.call(t, "chat.postMessage", "channel", r.ops.ID, "text", "x", "thread_ts", "1.000001")
	if v := r.Violations(); len(v) != 2 {
		t.Errorf("violations %q", v)
	}
}

func TestRepliesShowMetadataOnRequest(t *testing.T) {
	r := newRoom(t, slacktest.Options{})
	ts := r.call(t, "chat.postMessage", "channel", r.ops.ID, "text", "x", "metadata", `{"event_type":"incident_bot","event_payload":{"key":"k"}}`).str("ts")
	first := func(args ...string) map[string]any {
		out := r.call(t, "conversations.replies", append([]string{"channel", r.ops.ID, "ts", ts, "limit", "1"}, args...)...)
		wantOK(t, out)
		m, _ := out["messages"].([]any)[0].(map[string]any)
		return m
	}
	if m := first(); m["metadata"] != nil {
		t.Errorf("metadata without asking: %v", m)
	}
	m := first("include_all_metadata", "true")
	if answer(m).str("metadata.event_payload.key") != "k" || m["user"] != r.w.BotUserID || m["bot_id"] != r.w.BotID {
		t.Errorf("message %v", m)
	}
}

func TestHistoryPages(t *testing.T) {
	r := newRoom(t, slacktest.Options{})
	for _, text := range []string{"1", "2", "3", "4", "5"} {
		r.ana.Say(r.ops, "", text)
	}
	var got, cursor string
	for range 3 {
		out := r.call(t, "conversations.history", "channel", r.ops.ID, "limit", "2", "cursor", cursor)
		wantOK(t, out)
		for _, m := range out["messages"].([]any) {
			got += m.(map[string]any)["text"].(string)
		}
		cursor = out.str("response_metadata.next_cursor")
	}
	if got != "54321" || cursor != "" {
		t.Errorf("pages gave %q, cursor %q", got, cursor)
	}
	wantError(t, r.call(t, "conversations.history", "channel", r.ops.ID, "cursor", "!"), "invalid_cursor")
	wantError(t, r.call(t, "conversations.history", "channel", r.ops.ID, "limit", "0"), "invalid_limit")
}

func TestPermalink(t *testing.T) {
	r := newRoom(t, slacktest.Options{})
	m := r.ana.Say(r.ops, "", "x")
	out := r.call(t, "chat.getPermalink", "channel", r.ops.ID, "message_ts", m.TS)
	if want := "https://acme.slack.com/archives/" + r.ops.ID + "/p" + strings.Replace(m.TS, ".", "", 1); out.str("permalink") != want {
		t.Errorf("permalink %q, want %q", out.str("permalink"), want)
	}
}
