package slacktest_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"incident-bot/bot/slacktest"
)

func TestPlain(t *testing.T) {
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	r := newRoom(t, slacktest.Options{NoRateLimits: true, Now: func() time.Time { return now }})
	zoe := r.w.NewUser("zoe", slacktest.TZ("Europe/Berlin"))
	for _, c := range []struct{ text, want string }{
		{"*bold* _it_ ~no~ and 2*3*4 a_b_c", "bold it no and 2*3*4 a_b_c"},
		{"*_both_*, (*x*) *a* *b* *c*", "both, (x) a b c"},
		{"a &lt;b&gt; &amp;amp; c", "a <b> &amp; c"},
		{"<@" + zoe.ID + "> in <#" + r.ops.ID + "|old name>", "@zoe in #ops"},
		{"<@U0GONE|gone> <#C0GONE>", "@gone #C0GONE"},
		{"<!channel> <!here|here> <!subteam^S1|@oncall>", "@channel @here @oncall"},
		{"<https://example.com/a?b=1&amp;c=2> <https://example.com|the &amp; site>", "https://example.com/a?b=1&c=2 the & site"},
		{"<!date^1795530600^{date_short_pretty} at {time}|2026-11-24 14:30 UTC>", "Today at 15:30"},
		{"<!date^1795444200^{date_pretty}|x> <!date^1795616999^{date_pretty}|x>", "Yesterday Tomorrow"},
		{"<!date^1795530600^{date_num} {time_secs} {song}|fallback>", "fallback"},
		{"<!date^x^{time}|fallback>", "fallback"},
		{"<!date^1795514400^{ago}|x>", "2 hours ago"},
	} {
		wantOK(t, r.call(t, "chat.postMessage", "channel", r.ops.ID, "text", c.text))
		if got := zoe.Last(r.ops).Plain(); got != c.want {
			t.Errorf("%q shows %q, want %q", c.text, got, c.want)
		}
	}
}

func TestPlainBlocks(t *testing.T) {
	r := newRoom(t, slacktest.Options{})
	blocks := `[
	{"type":"header","text":{"type":"plain_text","text":"#42 & *more*"}},
	{"type":"section","text":{"type":"mrkdwn","text":"*Critical*"},"accessory":{"type":"button","text":{"type":"plain_text","text":"Show"}}},
	{"type":"section","fields":[{"type":"mrkdwn","text":"a"},{"type":"plain_text","text":"b"}]},
	{"type":"context","elements":[{"type":"mrkdwn","text":"by <@` + r.ana.ID + `>"},{"type":"image","image_url":"https://a","alt_text":"a cat"}]},
	{"type":"divider"},
	{"type":"actions","elements":[{"type":"button","text":{"type":"plain_text","text":"Go"}},
	 {"type":"static_select","placeholder":{"type":"plain_text","text":"Severity"},"options":[{"text":{"type":"plain_text","text":"Major"},"value":"m"}]}]},
	{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"hi "},{"type":"user","user_id":"` + r.ana.ID + `"}]},
	 {"type":"rich_text_list","style":"bullet","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"one"}]}]}]},
	{"type":"table","rows":[[{"type":"raw_text","text":"x"},{"type":"raw_text","text":"y"}]]}]`
	wantOK(t, r.call(t, "chat.postMessage", "channel", r.ops.ID, "text", "in short", "blocks", blocks))
	want := "#42 & *more*\nCritical\n[Show]\na\nb\nby @ana (a cat)\n───\n[Go] [Severity ▾]\nhi @ana\n• one\nx | y"
	m := r.ana.Last(r.ops)
	if got := m.Plain(); got != want {
		t.Errorf("shows\n%s\nwant\n%s", got, want)
	}
	if m.TextPlain() != "in short" || !slices.Equal(m.Buttons(), []string{"Show", "Go"}) || !slices.Equal(m.Choices(), []string{"Major"}) {
		t.Errorf("text %q, buttons %q, choices %q", m.TextPlain(), m.Buttons(), m.Choices())
	}
}

// TestWhoIsAlerted is what lets other tests assert that foreign text stays inert.
func TestWhoIsAlerted(t *testing.T) {
	r := newRoom(t, slacktest.Options{NoRateLimits: true})
	for _, c := range []struct {
		name string
		args []string
		want []string
	}{
		{"text", []string{"text", "<!channel> <!here|x> <@U0ABC> <!subteam^S0ABC>"}, []string{"channel", "here", "U0ABC", "S0ABC"}},
		{"escaped", []string{"text", "&lt;!channel&gt; @everyone"}, nil},
		{"mrkdwn block", []string{"text", "x", "blocks", `[{"type":"section","text":{"type":"mrkdwn","text":"<!everyone>"}}]`}, []string{"everyone"}},
		{"plain_text block", []string{"text", "x", "blocks", `[{"type":"section","text":{"type":"plain_text","text":"<!everyone>"}}]`}, nil},
		{"markdown block", []string{"text", "x", "blocks", `[{"type":"markdown","text":"<!here>"}]`}, []string{"here"}},
		{"rich text", []string{"text", "x", "blocks", `[{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"broadcast","range":"channel"}]}]}]`}, []string{"channel"}},
		{"parse=full", []string{"text", "hi @channel", "parse", "full"}, []string{"channel"}},
		{"link_names", []string{"text", "hi @here", "link_names", "1"}, []string{"here"}},
	} {
		wantOK(t, r.call(t, "chat.postMessage", append([]string{"channel", r.ops.ID}, c.args...)...))
		if got := r.ana.Last(r.ops).Notifies; !slices.Equal(got, c.want) {
			t.Errorf("%s alerts %q, want %q", c.name, got, c.want)
		}
	}
}

func TestPlainOfTheRest(t *testing.T) {
	r := newRoom(t, slacktest.Options{NoRateLimits: true})
	text := func(kind, s string) string { return `{"type":"` + kind + `","text":"` + s + `"}` }
	opt := func(s string) string { return `{"text":` + text("plain_text", s) + `,"value":"` + s + `"}` }
	for _, c := range []struct{ blocks, want string }{
		{`{"type":"image","image_url":"https://a","alt_text":"a graph"}`, "(a graph)"},
		{`{"type":"markdown","text":"**as it is**"}`, "**as it is**"},
		{`{"type":"card","title":` + text("mrkdwn", "*T*") + `,"body":` + text("mrkdwn", "B") + `,"actions":[{"type":"button","text":` + text("plain_text", "Go") + `}]}`, "T\nB\n[Go]"},
		{`{"type":"carousel","elements":[{"type":"card","body":` + text("mrkdwn", "B") + `}]}`, "B"},
		{`{"type":"container","title":` + text("plain_text", "T") + `,"child_blocks":[{"type":"section","text":` + text("mrkdwn", "in") + `}]}`, "T\nin"},
		{`{"type":"plan","title":"The plan"}`, "The plan"},
		{`{"type":"data_table","caption":"c","rows":[[{"type":"raw_text","text":"n"}],[{"type":"raw_number","value":4}],[{"type":"action_cell","element":{"type":"button","text":` + text("plain_text", "Go") + `}}]]}`, "n\n4\n[Go]"},
		{`{"type":"actions","elements":[{"type":"overflow","options":[` + opt("x") + `]},{"type":"datepicker","initial_date":"2026-11-24"},{"type":"radio_buttons","options":[` + opt("a") + `,` + opt("b") + `]}]}`, "[…] [2026-11-24 ▾] ☐ a ☐ b"},
		{`{"type":"actions","elements":[{"type":"static_select","options":[` + opt("a") + `],"initial_option":` + opt("a") + `}]}`, "[a ▾]"},
		{`{"type":"context_actions","elements":[{"type":"feedback_buttons","positive_button":{"text":` + text("plain_text", "+") + `,"value":"1"},"negative_button":{"text":` + text("plain_text", "-") + `,"value":"0"}}]}`, "[+] [-]"},
		{`{"type":"input","label":` + text("plain_text", "L") + `,"hint":` + text("plain_text", "H") + `,"element":{"type":"plain_text_input","placeholder":` + text("plain_text", "P") + `}}`, "L: [P]\n  H"},
		{`{"type":"rich_text","elements":[{"type":"rich_text_quote","elements":[{"type":"link","url":"https://a","text":"l"},{"type":"link","url":"https://b"}]},
		 {"type":"rich_text_section","elements":[{"type":"emoji","name":"wave"},{"type":"channel","channel_id":"` + r.ops.ID + `"},{"type":"broadcast","range":"here"},{"type":"usergroup","usergroup_id":"S1"},{"type":"date","timestamp":1795530600,"format":" {date_num}"}]}]}`, "> lhttps://b\n:wave:#ops@here@S1 2026-11-24"},
	} {
		wantOK(t, r.call(t, "chat.postMessage", "channel", r.ops.ID, "text", "x", "blocks", "["+c.blocks+"]"))
		if got := r.ana.Last(r.ops).Plain(); got != c.want {
			t.Errorf("%s shows\n%s\nwant\n%s", c.blocks, got, c.want)
		}
	}
	if got := r.ana.Last(r.ops).PlainIn(time.FixedZone("", 14*3600)); !strings.Contains(got, "2026-11-25") {
		t.Errorf("elsewhere it shows %q", got)
	}
}
