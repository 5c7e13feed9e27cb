package blocks

import "testing"

func TestPlain(t *testing.T) {
	for in, want := range map[Mrkdwn]string{
		"":                                "",
		"*bold* stays":                    "*bold* stays",
		"a &amp; &lt;b&gt;":               "a & <b>",
		"<https://x.example|the card>":    "the card",
		"<https://x.example/?a=1&amp;b>":  "https://x.example/?a=1&b",
		"<mailto:a@b.example>":            "a@b.example",
		"ask <@U1> or <@U2|bob>":          "ask @U1 or @bob",
		"in <#C1|ops>, <#C2|>":            "in #ops, #C2",
		"<!channel> <!here|here>":         "@channel here",
		"<!subteam^S1|@oncall> <!x^1>":    "@oncall @x",
		"<!date^1^{date}|on Monday> <> <": "on Monday <> <",
		"&lt;!channel&gt;":                "<!channel>",
	} {
		if got := Plain(in); got != want {
			t.Errorf("Plain(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestQuote(t *testing.T) {
	for in, want := range map[string]Mrkdwn{
		"": "", " \n": "", "one": "> one", "a\nb\r\nc\n": "> a\n> b\n> c", "a\n\nb": "> a\n> \n> b",
		"> a <b>": "> &gt; a &lt;b&gt;", "x\x00y": "> xy",
	} {
		if got := Quote(in); got != want {
			t.Errorf("Quote(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestTidy(t *testing.T) {
	for in, want := range map[string]string{
		"plain": "plain", "tab\tand\nline": "tab\tand\nline", "a\x00b\x1bc\x7fd": "abcd", "a\r\nb\rc": "a\nb\nc",
		"\xffx": "\uFFFDx", "a\u2028b\u2029c\u0085d": "a\nb\nc\nd", "\u202eevil\u202d": "evil", "\ufeffbom": "bom",
		"עברית": "עברית", "ok\u200djoin": "ok\u200djoin",
	} {
		if got := tidy(in); got != want {
			t.Errorf("tidy(%q) = %q, want %q", in, got, want)
		}
		if again := tidy(tidy(in)); again != want {
			t.Errorf("tidy twice of %q = %q", in, again)
		}
	}
	if got := line(" a\n\tb "); got != "a  b" {
		t.Errorf("line: %q", got)
	}
}
