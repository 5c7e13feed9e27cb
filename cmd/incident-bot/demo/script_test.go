package demo

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseScript(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want []scriptLine
		err  string
	}{
		"nothing":         {"", nil, ""},
		"comments":        {"# a\n#\n\n  # b\n", nil, ""},
		"what one types":  {"/incident list\n@incident-bot list\n@incident-bot", []scriptLine{{1, "/incident list"}, {2, "@incident-bot list"}, {3, "@incident-bot"}}, ""},
		"controls":        {"click Resolve on 42\nThread\n  back  \nquit", []scriptLine{{1, "click Resolve on 42"}, {2, "Thread"}, {3, "back"}, {4, "quit"}}, ""},
		"fields":          {"title: checkout is down\nwhat is known: all of it: no", []scriptLine{{1, "title: checkout is down"}, {2, "what is known: all of it: no"}}, ""},
		"expectations":    {"? ✓ Declared\n?", []scriptLine{{1, "? ✓ Declared"}}, "line 2: ? wants the text"},
		"carriage return": {"look\r\nback\r\n", []scriptLine{{1, "look"}, {2, "back"}}, ""},
		"byte order mark": {"\ufefflook", []scriptLine{{1, "look"}}, ""},
		"no newline":      {"look", []scriptLine{{1, "look"}}, ""},
		"escapes":         {"say a\x1b[2Jb", []scriptLine{{1, "say a[2Jb"}}, ""},
		"numbers hold":    {"# a\n\nlook\nx", []scriptLine{{3, "look"}}, `line 4: there is no command "x"`},
		"unknown":         {"hello there", nil, `line 1: there is no command "hello" (a message is posted with say)`},
		"mistyped":        {"look\nsumbit", []scriptLine{{1, "look"}}, "line 2: there is no command \"sumbit\"; did you mean submit?"},
		"too long":        {"look\nsay " + strings.Repeat("x", maxLine), []scriptLine{{1, "look"}}, "line 2 is longer than"},
	} {
		got, err := parseScript(strings.NewReader(c.text))
		switch {
		case c.err == "" && err != nil, c.err != "" && (err == nil || !strings.Contains(err.Error(), c.err)):
			t.Errorf("%s: error %v, want %q", name, err, c.err)
		case err == nil && cmp.Diff(c.want, got, cmp.AllowUnexported(scriptLine{})) != "":
			t.Errorf("%s:\n%s", name, cmp.Diff(c.want, got, cmp.AllowUnexported(scriptLine{})))
		}
	}
}

func TestExpected(t *testing.T) {
	for text, want := range map[string]string{"? a b ": "a b", "?a": "", "look": "", "? ": ""} {
		got, ok := scriptLine{1, text}.expected()
		if !ok {
			got = ""
		}
		if got != want {
			t.Errorf("%q expects %q, want %q", text, got, want)
		}
	}
}

func TestNearControl(t *testing.T) {
	for word, want := range map[string]string{
		"clik": "click", "sumbit": "submit", "Looks": "look", "thraed": "thread", "hepl": "help", "wiat": "wait",
		"look": "", "hello": "", "is": "", "at": "", "thanks": "", "checkout": "", "": "",
	} {
		if got, _ := nearControl(word); got != want {
			t.Errorf("%q is near %q, want %q", word, got, want)
		}
	}
}

// FuzzScript reads anything without failing otherwise than by an error, and what it takes it takes again.
func FuzzScript(f *testing.F) {
	for _, seed := range []string{tour, "look\n? x", "title: x\n", "/\n@incident-bot", "?\n", "\x00\n", ":", "a b c d e: f"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		lines, err := parseScript(strings.NewReader(text))
		if err != nil {
			if !strings.HasPrefix(err.Error(), "line ") {
				t.Errorf("the error names no line: %v", err)
			}
			return
		}
		var again strings.Builder
		last := 0
		for _, l := range lines {
			if l.number <= last || l.text != strings.TrimSpace(l.text) || l.text == "" {
				t.Errorf("%+v after line %d", l, last)
			}
			last = l.number
			again.WriteString(l.text + "\n")
		}
		more, err := parseScript(strings.NewReader(again.String()))
		if err != nil || len(more) != len(lines) {
			t.Errorf("read again: %d lines, then %d, %v", len(lines), len(more), err)
		}
	})
}

func TestSteady(t *testing.T) {
	for text, want := range map[string]string{
		"please again. `ref 2abcd`":               "please again. `ref 7f3k2`",
		"a reference abcde":                       "a reference abcde",
		"declared Today at 09:14, open for 1 min": "declared Today at 14:32, open for less than a minute",
		"resolved Sep 25, 2026 at 23:01":          "resolved Today at 14:32",
		"for 25 min":                              "for 25 min",
		"for 29 min":                              "for 25 min",
		"for 5 h 03 min":                          "for 5 h 00 min",
		"for 12 h 59 min":                         "for 12 h 55 min",
		"back in 12 min":                          "back in 12 min",
		"at 09:14":                                "at 09:14",
		"http://127.0.0.1:54321/metrics":          "http://127.0.0.1:3000/metrics",
	} {
		if got := steady(text); got != want {
			t.Errorf("steady(%q) = %q, want %q", text, got, want)
		}
	}
}
