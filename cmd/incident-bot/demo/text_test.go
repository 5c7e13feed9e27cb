package demo

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestWidth(t *testing.T) {
	for text, want := range map[string]int{
		"":                           0,
		"abc":                        3,
		"é":                          1,
		"e\u0301":                    1, // with a combining accent
		"漢字":                         4,
		"ｱ":                          1, // half width
		"Ａ":                          2, // full width
		"한글":                         4,
		"\u1112\u1161":               2, // the same in parts
		"🔥":                          2,
		"👩‍👩‍👧":                      2, // joined
		"👍🏽":                         2, // with a skin tone
		"🇩🇪🇯🇵":                       4, // flags are pairs
		"❤️":                         2, // wide by its variant
		"❤":                          1,
		"שירות":                      5,
		"שָׁלוֹם":                    4, // with vowel points
		"┌─ │ └ ✓ ✗ ↳":               12,
		"☐ ☑ … · ~":                  9,
		"a\u200bb":                   2, // zero width space
		"\u202eabc":                  3, // direction marks
		"1️⃣":                        2, // keycap
		"⌚ 12":                       5,
		"\x07":                       0,
		"\xff":                       1,
		"\U0001F9D1\u200d\U0001F680": 2,
	} {
		if got := width(text); got != want {
			t.Errorf("width(%q) = %d, want %d", text, got, want)
		}
	}
}

func TestFits(t *testing.T) {
	for _, c := range []struct {
		text    string
		columns int
		want    string
	}{
		{"abc", 5, "abc"},
		{"abc", 2, "ab"},
		{"abc", 0, ""},
		{"漢字", 3, "漢"},
		{"👩‍👩‍👧x", 2, "👩‍👩‍👧"},
		{"👩‍👩‍👧x", 1, ""},
		{"e\u0301x", 1, "e\u0301"},
	} {
		if got := fits(c.text, c.columns); got != c.want {
			t.Errorf("fits(%q, %d) = %q, want %q", c.text, c.columns, got, c.want)
		}
	}
}

func TestClean(t *testing.T) {
	for text, want := range map[string]string{
		"a\x1b[2Jb":     "a[2Jb",
		"a\r\nb":        "a\nb",
		"a\tb\x00\x7f":  "a b",
		"a\u009b31mb":   "a31mb", // CSI in one character
		"ok \xff":       "ok \ufffd",
		"👩‍👩‍👧 \u202eא": "👩‍👩‍👧 \u202eא",
	} {
		if got := clean(text); got != want {
			t.Errorf("clean(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestRows(t *testing.T) {
	hang := textLine(2, plain, "")
	hang.hang = "      "
	buttons := buttonRow(4, []string{"[Update]", "[Open in Grafana]", "[Resolve]"})
	with := func(l line, text string) line {
		l.pieces = []piece{{text: text}}
		return l
	}
	for name, c := range map[string]struct {
		line    line
		columns int
		want    []string
	}{
		"short":            {textLine(2, plain, "a b"), 20, []string{"  a b"}},
		"empty":            {line{}, 20, []string{""}},
		"words":            {textLine(2, plain, "one two three four five"), 20, []string{"  one two three four", "  five"}},
		"exactly":          {textLine(0, plain, "12345678901234567890 x"), 20, []string{"12345678901234567890", "x"}},
		"hang":             {with(hang, "one two three four five"), 20, []string{"  one two three four", "      five"}},
		"long word":        {textLine(2, plain, "a "+strings.Repeat("x", 40)), 20, []string{"  a " + strings.Repeat("x", 16), "  " + strings.Repeat("x", 18), "  xxxxxx"}},
		"long first word":  {textLine(2, plain, strings.Repeat("x", 20)), 20, []string{"  " + strings.Repeat("x", 18), "  xx"}},
		"wide":             {textLine(0, plain, "漢字漢字漢字 漢字漢字漢字"), 20, []string{"漢字漢字漢字", "漢字漢字漢字"}},
		"joined":           {textLine(0, plain, strings.Repeat("👩‍👩‍👧", 11)), 20, []string{strings.Repeat("👩‍👩‍👧", 10), "👩‍👩‍👧"}},
		"inner spaces":     {textLine(0, plain, "State active   Severity"), 30, []string{"State active   Severity"}},
		"spaces at break":  {textLine(0, plain, "State is active   Severity"), 20, []string{"State is active", "Severity"}},
		"buttons stay":     {buttons, 24, []string{"    [Update]", "    [Open in Grafana]", "    [Resolve]"}},
		"narrower than is": {textLine(0, plain, "one two three four five"), 3, []string{"one two three four", "five"}},
		"right to left":    {textLine(2, plain, "שירות התשלומים נפל עכשיו"), 20, []string{"  שירות התשלומים נפל", "  עכשיו"}},
	} {
		if diff := cmp.Diff(c.want, c.line.rows(c.columns, false)); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
	}
}

// TestRowsColoured breaks coloured lines where plain ones break, and ends each colour with its row.
func TestRowsColoured(t *testing.T) {
	l := textLine(2, plain, "")
	l.pieces = []piece{{text: "one two three", style: bold}, {text: " four five", style: faint}}
	want := []string{"  \x1b[1mone two three\x1b[0m\x1b[2m four\x1b[0m", "  \x1b[2mfive\x1b[0m"}
	if diff := cmp.Diff(want, l.rows(20, true)); diff != "" {
		t.Error(diff)
	}
}

func FuzzRows(f *testing.F) {
	for _, seed := range []string{"", "one two three", "a  b   c", "漢字 👩‍👩‍👧 שלום", strings.Repeat("x", 99), "e\u0301\u0301", "\u200d\u200d"} {
		f.Add(seed, 24, 2)
	}
	f.Fuzz(func(t *testing.T, text string, columns, indent int) {
		if columns < minWidth || columns > 200 || indent < 0 || indent > 8 {
			t.Skip()
		}
		text = strings.ReplaceAll(clean(text), "\n", " ")
		rows := textLine(indent, plain, text).rows(columns, false)
		for _, row := range rows {
			if width(row) > columns {
				t.Errorf("%q is wider than %d", row, columns)
			}
			if !utf8.ValidString(row) {
				t.Errorf("%q is cut inside a character", row)
			}
		}
		if bare(strings.Join(rows, "")) != bare(text) {
			t.Errorf("%q became %q", text, rows)
		}
	})
}

// bare is a text without spaces.
func bare(text string) string { return strings.ReplaceAll(text, " ", "") }
