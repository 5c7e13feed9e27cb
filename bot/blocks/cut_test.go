package blocks

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestCut(t *testing.T) {
	family := "\U0001F468\u200d\U0001F469\u200d\U0001F467"
	for _, c := range []struct {
		in   string
		n    int
		want string
	}{
		{"", 5, ""},
		{"abc", 3, "abc"},
		{"abcd", 3, "ab…"},
		{"abcd", 1, "…"},
		{"abcd", 0, ""},
		{"abcd", -1, ""},
		{"日本語です", 4, "日本語…"},
		{"ab" + family + "cd", 4, "ab…"}, // not between the joined people
		{"ab" + family + "cd", 8, "ab" + family + "…"},
		{"cafe\u0301s are open", 5, "caf…"},                  // not between e and its accent
		{"ok\U0001F44D\U0001F3FD!!", 4, "ok…"},               // not between thumb and skin tone
		{"\U0001F1E9\U0001F1EA\U0001F1EB\U0001F1F7", 2, "…"}, // not inside a flag
		{"\U0001F1E9\U0001F1EA\U0001F1EB\U0001F1F7\U0001F1EF\U0001F1F5", 4, "\U0001F1E9\U0001F1EA…"},
		{"שלום עולם", 5, "שלום…"},
		{strings.Repeat("\u0301", 30), 20, strings.Repeat("\u0301", 19) + "…"}, // accents alone are cut anyway
	} {
		if got := Cut(c.in, c.n); got != c.want {
			t.Errorf("Cut(%q, %d) = %q, want %q", c.in, c.n, got, c.want)
		}
	}
}

func TestCutMrkdwn(t *testing.T) {
	for _, c := range []struct {
		in   Mrkdwn
		n    int
		want Mrkdwn
	}{
		{"a &amp; b", 9, "a &amp; b"},
		{"a &amp; b", 8, "a &amp;…"},
		{"a &amp; b", 6, "a…"},
		{"a &amp; b", 3, "a…"},
		{"see <https://x.example|label> now", 30, "see <https://x.example|label>…"},
		{"see <https://x.example|label> now", 29, "see…"},
		{"<https://x.example|label> now", 10, "…"},
		{"<@U1> <@U2> <@U3>", 12, "<@U1> <@U2>…"},
		{"line\nline\nline", 11, "line\nline…"},
		{"never closed <https://x.example", 20, "never closed…"},
		{"& raw", 3, "&…"},
		{"x", 0, ""},
	} {
		if got := CutMrkdwn(c.in, c.n); got != c.want {
			t.Errorf("CutMrkdwn(%q, %d) = %q, want %q", c.in, c.n, got, c.want)
		}
	}
}

func FuzzCut(f *testing.F) {
	for _, s := range hostile() {
		f.Add(s, 10)
		f.Add(s, 3000)
	}
	f.Add("<https://x.example|l> &amp; é", 4)
	f.Fuzz(func(t *testing.T, s string, n int) {
		n = n % 5000
		cut := Cut(s, n)
		checkCut(t, s, cut, n)
		m := Escape(s) + "<https://x.example/?a=1&amp;b=2|" + Escape(s) + ">" + Escape(s)
		short := CutMrkdwn(m, n)
		checkCut(t, string(m), string(short), n)
		c := &checker{}
		c.markup("cut", string(short))
		for _, wrong := range c.wrong {
			t.Errorf("CutMrkdwn(%q, %d): %s", m, n, wrong)
		}
	})
}

func checkCut(t *testing.T, s, cut string, n int) {
	t.Helper()
	if got := utf8.RuneCountInString(cut); got > max(n, 0) {
		t.Errorf("cut to %d of %q has %d characters", n, s, got)
	}
	if utf8.RuneCountInString(s) <= n && cut != s {
		t.Errorf("cut to %d of %q is %q", n, s, cut)
	}
	if utf8.ValidString(s) && !utf8.ValidString(cut) {
		t.Errorf("cut to %d of %q broke a character: %q", n, s, cut)
	}
	if kept := strings.TrimSuffix(cut, ellipsis); !strings.HasPrefix(s, kept) {
		t.Errorf("cut to %d of %q is no beginning of it: %q", n, s, cut)
	}
}
