package demo

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// typing is an editor on a screen of the given columns and 12 rows.
func typing(columns int) (*editor, *vt) {
	v := newVT(columns, 12)
	e := &editor{out: v, size: func() int { return v.columns }}
	e.ask("ana> ")
	e.start()
	return e, v
}

// types sends keys; the named ones are written as {left}.
func (e *editor) types(text string) (said []string) {
	names := map[string]string{"{left}": "\x1b[D", "{right}": "\x1b[C", "{up}": "\x1b[A", "{down}": "\x1b[B", "{home}": "\x1b[H", "{end}": "\x1b[F",
		"{enter}": "\r", "{tab}": "\t", "{back}": "\x7f", "{delete}": "\x1b[3~", "{kill}": "\x15", "{killend}": "\x0b", "{killword}": "\x17",
		"{wordleft}": "\x1bb", "{wordright}": "\x1bf", "{clear}": "\x0c"}
	for name, sequence := range names {
		text = strings.ReplaceAll(text, name, sequence)
	}
	var k keys
	for _, one := range k.feed([]byte(text)) {
		if line, ended, _ := e.press(one); ended {
			said = append(said, line)
		}
	}
	return said
}

func shows(t *testing.T, v *vt, want string) {
	t.Helper()
	if diff := cmp.Diff(strings.Trim(want, "\n"), v.text()); diff != "" {
		t.Errorf("the screen:\n%s", diff)
	}
	if v.strange != nil {
		t.Errorf("sequences that not every terminal knows: %q", v.strange)
	}
}

func TestEditing(t *testing.T) {
	for name, c := range map[string]struct{ keys, want string }{
		"nothing":             {"", "ana> ▮"},
		"letters":             {"abc", "ana> abc▮"},
		"insert":              {"abc{left}{left}X", "ana> aX▮bc"},
		"backspace":           {"abc{left}{back}", "ana> a▮c"},
		"backspace at start":  {"{back}{left}a", "ana> a▮"},
		"delete":              {"abc{home}{delete}", "ana> ▮bc"},
		"delete at end":       {"abc{delete}{right}", "ana> abc▮"},
		"home and end":        {"abc{home}x{end}y", "ana> xabcy▮"},
		"kill":                {"abc def{left}{kill}", "ana> ▮f"},
		"kill to the end":     {"abc def{home}{right}{killend}", "ana> a▮"},
		"kill a word":         {"abc def {killword}x", "ana> abc x▮"},
		"by words":            {"abc def{wordleft}x{wordleft}{wordleft}y{wordright}z", "ana> yabcz▮ xdef"},
		"wide":                {"漢字{left}x", "ana> 漢x▮字"},
		"joined":              {"a👩‍👩‍👧b{left}{left}x{right}{back}", "ana> ax▮b"},
		"accents":             {"e\u0301x{left}{back}", "ana> ▮x"},
		"right to left":       {"שלום{left}{left}", "ana> של▮ום"},
		"colours do not live": {"a\x1b[31mb", "ana> ab▮"},
	} {
		e, v := typing(40)
		e.types(c.keys)
		if diff := cmp.Diff(c.want, v.text()); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
	}
}

func TestLongLines(t *testing.T) {
	e, v := typing(24)
	e.types("0123456789abcdefgh0123456789abcdefgh!")
	shows(t, v, "ana> 0123456789abcdefgh\n0123456789abcdefgh!▮")
	e.types("{left}{left}{left}{left}{left}{left}{left}{left}{left}{left}{left}{left}{left}{left}{left}{left}{left}{left}{left}{left}X")
	shows(t, v, "ana> 0123456789abcdefgX\n▮h0123456789abcdefgh!")
	e.types("{back}{end}")
	shows(t, v, "ana> 0123456789abcdefgh\n0123456789abcdefgh!▮")
	e.types("{kill}")
	shows(t, v, "ana> ▮")
}

// TestFullRow stands behind a row that is full to the last column.
func TestFullRow(t *testing.T) {
	e, v := typing(24) // rows of 23
	e.types("0123456789abcdefgh")
	shows(t, v, "ana> 0123456789abcdefgh▮")
	e.types("x{left}")
	shows(t, v, "ana> 0123456789abcdefgh\n▮x")
	e.types("{delete}")
	shows(t, v, "ana> 0123456789abcdefgh▮")
	e.types("漢{left}{left}字")
	shows(t, v, "ana> 0123456789abcdefg\n字▮h漢")
}

// TestShowWhileTyping shows what happens above the line, wherever the cursor is in it.
func TestShowWhileTyping(t *testing.T) {
	e, v := typing(24)
	e.types("🔥 fire at the gate, and a long line{home}{right}")
	shows(t, v, "ana> 🔥▮ fire at the gat\ne, and a long line")
	e.show([]line{textLine(2, plain, "something happened elsewhere")})
	shows(t, v, "  something happened\n  elsewhere\nana> 🔥▮ fire at the gat\ne, and a long line")
}

// TestScroll types at the bottom of a full screen.
func TestScroll(t *testing.T) {
	e, v := typing(24)
	for range 12 {
		e.show([]line{textLine(0, plain, "news")})
	}
	e.types("0123456789abcdefgh0123456789abcdefgh!{home}")
	e.show([]line{textLine(0, plain, "more")})
	e.types("X")
	want := strings.Repeat("news\n", 9) + "more\nana> X▮0123456789abcdefg\nh0123456789abcdefgh!"
	shows(t, v, want)
	if len(v.past) != 3 {
		t.Errorf("scrolled off: %q", v.past)
	}
}

func TestEnterAndHistory(t *testing.T) {
	e, v := typing(40)
	said := e.types("one{left}{enter}two{enter}{enter}dra{up}{up}{up}")
	if diff := cmp.Diff([]string{"one", "two", ""}, said); diff != "" {
		t.Error(diff)
	}
	shows(t, v, "ana> one\nana> two\nana>\nana> one▮")
	e.types("{down}{down}")
	shows(t, v, "ana> one\nana> two\nana>\nana> dra▮")
	e.types("{down}{up}!")
	if diff := cmp.Diff([]string{"two!"}, e.types("{enter}")); diff != "" {
		t.Error(diff)
	}
}

func TestHistoryIsBounded(t *testing.T) {
	e, _ := typing(40)
	for i := range historyKept + 10 {
		e.types(itoa(i) + "{enter}")
	}
	if n := len(e.line.history); n != historyKept {
		t.Errorf("%d lines are kept", n)
	}
}

func TestLeave(t *testing.T) {
	for _, c := range []struct {
		before string
		key    key
		want   bool
	}{{"", keyInterrupt, true}, {"abc", keyInterrupt, true}, {"", keyEOF, true}, {"abc", keyEOF, false}} {
		e, _ := typing(40)
		e.types(c.before)
		if _, _, leave := e.press(c.key); leave != c.want {
			t.Errorf("%d after %q leaves: %v", c.key, c.before, leave)
		}
	}
}

func TestCompletion(t *testing.T) {
	e, v := typing(40)
	e.complete = func(before string) []string {
		return starting([]string{"grafana ", "grafana down", "grafana slow", "grafana sleep", "look", "漢字", "漢語"}, before)
	}
	e.types("lo{tab}")
	shows(t, v, "ana> look▮")
	e.types("{kill}gr{tab}")
	shows(t, v, "ana> grafana ▮")
	e.types("s{tab}")
	shows(t, v, "ana> grafana sl▮")
	e.types("{tab}")
	shows(t, v, "  slow  sleep\nana> grafana sl▮")
	e.types("zz{tab}")
	shows(t, v, "  slow  sleep\nana> grafana slzz▮")
	e.types("{kill}漢{tab}")
	shows(t, v, "  slow  sleep\n  漢字  漢語\nana> 漢▮")
}

func TestPromptChanges(t *testing.T) {
	e, v := typing(40)
	e.types("abc{left}")
	e.ask("ben #ops form> ")
	shows(t, v, "ben #ops form> ab▮c")
	e.colours = true
	e.types("x")
	shows(t, v, "ben #ops form> abx▮c")
}

// TestResize goes on in a window that has become wider.
func TestResize(t *testing.T) {
	e, v := typing(24)
	e.types("0123456789")
	e.size = func() int { return 40 }
	e.types("abc")
	shows(t, v, "ana> 0123456789abc▮")
}

func TestClearAndStop(t *testing.T) {
	e, v := typing(40)
	e.show([]line{textLine(0, plain, "news")})
	e.types("abc{clear}")
	shows(t, v, "ana> abc▮")
	e.stop()
	e.show([]line{textLine(0, plain, "later")})
	shows(t, v, "later\n▮")
}
