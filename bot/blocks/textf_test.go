package blocks

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

// named prints itself with markup.
type named struct{ name string }

func (n named) String() string { return "<" + n.name + ">" }

type loud struct{}

func (loud) Format(f fmt.State, verb rune) { _, _ = fmt.Fprintf(f, "<!here> %c &", verb) }

type panics struct{}

func (panics) String() string { panic("<!channel>") }

type text string

type inner struct {
	Title string
	tags  []string
}

func TestTextf(t *testing.T) {
	m := Mrkdwn("*<@U1>*")
	var none *inner
	for _, c := range []struct {
		got  Mrkdwn
		want string
	}{
		{Textf("plain"), "plain"},
		{Textf("*%s*", "a <b> & c"), "*a &lt;b&gt; &amp; c*"},
		{Textf("%s says %s", m, m), "*<@U1>* says *<@U1>*"},
		{Textf("%v", m), "*<@U1>*"},
		{Textf("%s", text("<x>")), "&lt;x&gt;"},
		{Textf("%q", "<x>"), `"&lt;x&gt;"`},
		{Textf("%v", []string{"<a>", "&"}), "[&lt;a&gt; &amp;]"},
		{Textf("%v", []Mrkdwn{"<a>"}), "[&lt;a&gt;]"}, // markup inside another value counts as foreign
		{Textf("%v", []any{m, "<b>"}), "[*&lt;@U1&gt;* &lt;b&gt;]"},
		{Textf("%v", map[string]string{"<k>": "<v>"}), "map[&lt;k&gt;:&lt;v&gt;]"},
		{Textf("%v %+v", inner{"<t>", []string{"<u>"}}, &inner{"<t>", nil}), "{&lt;t&gt; [&lt;u&gt;]} &amp;{Title:&lt;t&gt; tags:[]}"},
		{Textf("%s", named{"x"}), "&lt;x&gt;"},
		{Textf("%s", loud{}), "&lt;!here&gt; s &amp;"},
		{Textf("%v", errors.New("<oops>")), "&lt;oops&gt;"},
		{Textf("%s", error(nil)), "%!s(&lt;nil&gt;)"},
		{Textf("%v", none), "&lt;nil&gt;"},
		{Textf("%d of %d, %5.1f %%, %t, %c, %x", 3, 4, 2.55, true, '<', "<>"), "3 of 4,   2.5 %, true, &lt;, 3c3e"},
		{Textf("%02d:%02d", 3, 5), "03:05"},
		{Textf("%-6s|%6s|%.2s", "<a>", "b", "<!channel>"), "&lt;a&gt;   |     b|&lt;!"},
		{Textf("%[2]s %[1]s", "<1>", "<2>"), "&lt;2&gt; &lt;1&gt;"},
		{Textf("%s", time.Minute), "1m0s"},
		{Textf("%#v", "<x>"), `"&lt;x&gt;"`},
	} {
		if string(c.got) != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
	if got := Textf("%s", panics{}); strings.ContainsAny(string(got), "<>") {
		t.Errorf("a String method that panics got through: %q", got)
	}
}

func TestJoin(t *testing.T) {
	if got := Join(" · ", "a", "", "<@U1>", ""); got != "a · <@U1>" {
		t.Errorf("got %q", got)
	}
	if got := Join(", "); got != "" {
		t.Errorf("got %q", got)
	}
}

func FuzzTextf(f *testing.F) {
	for _, s := range hostile() {
		f.Add("%s and %v, %q", s, 7)
		f.Add(s, s, 0)
	}
	f.Add("%w %p %T %!d %z %[3]s %[9]d %*d", "<!channel>", -1)
	f.Add("%+#[1]w%.1000000w%-w", "<!channel>", 1)
	f.Fuzz(func(t *testing.T, format, s string, n int) {
		if strings.ContainsAny(format, "<>&*") || strings.Count(format, "%") > 20 || hasWidth(format) {
			return // the format is ours: the token must come from the arguments
		}
		got := string(Textf(format, s, n, []string{s}, named{s}, inner{Title: s}, map[string]any{s: &s}, errors.New(s)))
		if strings.ContainsAny(got, "<>") {
			t.Errorf("Textf(%q, %q) = %q holds a raw bracket", format, s, got)
		}
		if strings.Contains(entity.ReplaceAllString(got, ""), "&") {
			t.Errorf("Textf(%q, %q) = %q holds a raw ampersand", format, s, got)
		}
	})
}

// hasWidth says whether a format asks for so wide a field that the test would only measure fmt.
func hasWidth(format string) bool {
	digits := 0
	for _, r := range format {
		if r >= '0' && r <= '9' {
			digits++
		}
	}
	return digits > 4
}

func BenchmarkTextf(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		_ = Textf("*%s* %s is %s since %d min", "checkout returns <500s>", Mrkdwn("<@U1>"), "active", 12)
	}
}
