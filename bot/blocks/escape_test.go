package blocks

import (
	"strings"
	"testing"
)

func TestEscape(t *testing.T) {
	for in, want := range map[string]Mrkdwn{
		"":                    "",
		"plain *bold*":        "plain *bold*",
		"a & b":               "a &amp; b",
		"&amp;":               "&amp;amp;",
		"<!channel>":          "&lt;!channel&gt;",
		"<https://x|y> ]]>":   "&lt;https://x|y&gt; ]]&gt;",
		"\xff<":               "\xff&lt;",
		"\"quotes' and \\ ok": "\"quotes' and \\ ok",
	} {
		if got := Escape(in); got != want {
			t.Errorf("Escape(%q) = %q, want %q", in, got, want)
		}
		if got := Unescape(string(want)); got != in {
			t.Errorf("Unescape(%q) = %q, want %q", want, got, in)
		}
	}
}

func TestUnescapeOnce(t *testing.T) {
	for in, want := range map[string]string{
		"&amp;lt;":      "&lt;",
		"&lt;@U1&gt;":   "<@U1>",
		"<@U1> &amp; &": "<@U1> & &",
		"&quot;&#39;":   "&quot;&#39;", // Slack makes no such entities, so somebody typed them
	} {
		if got := Unescape(in); got != want {
			t.Errorf("Unescape(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestTyped(t *testing.T) {
	for in, want := range map[string]string{
		"declare a &lt;b&gt; &amp; c":                     "declare a <b> & c",
		"see <https://x.example/a?b=1&amp;c=2>":           "see https://x.example/a?b=1&c=2",
		"at <http://x.example|x.example> now":             "at x.example now",
		"ask <mailto:a@b.example|a@b.example>":            "ask a@b.example",
		"ask <mailto:a@b.example>":                        "ask a@b.example",
		"lead <@U1|ana> in <#C1|ops>, <!here>, <!date^1>": "lead <@U1|ana> in <#C1|ops>, <!here>, <!date^1>",
		"a < b":  "a < b",
		"<>":     "<>",
		"<x":     "<x",
		"&lt;x>": "<x>",
	} {
		if got := Typed(in); got != want {
			t.Errorf("Typed(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzEscape(f *testing.F) {
	for _, s := range hostile() {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		escaped := string(Escape(s))
		if strings.ContainsAny(escaped, "<>") {
			t.Errorf("Escape(%q) = %q holds a raw bracket", s, escaped)
		}
		if rest := entity.ReplaceAllString(escaped, ""); strings.Contains(rest, "&") {
			t.Errorf("Escape(%q) = %q holds a raw ampersand", s, escaped)
		}
		if back := Unescape(escaped); back != s {
			t.Errorf("Unescape(Escape(%q)) = %q", s, back)
		}
		if back := Plain(Mrkdwn(escaped)); back != s {
			t.Errorf("Plain(Escape(%q)) = %q", s, back)
		}
		if back := Typed(escaped); back != s {
			t.Errorf("Typed(Escape(%q)) = %q", s, back)
		}
		if again := Textf("%s", Escape(s)); string(again) != escaped {
			t.Errorf("markup was escaped twice: %q", again)
		}
		if foreign := Textf("%s", s); string(foreign) != escaped {
			t.Errorf("Textf escaped %q to %q", s, foreign)
		}
	})
}
