package demo

import (
	"bytes"
	"context"
	"io"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// keyboard is a demo at a terminal: the test types and reads the screen.
type keyboard struct {
	t     *testing.T
	s     *session
	vt    *vt
	typed *io.PipeWriter
	ended chan int
}

// atKeyboard starts a demo at a terminal of the given size.
func atKeyboard(t *testing.T, columns, rows int) *keyboard {
	t.Helper()
	in, typed := io.Pipe()
	k := &keyboard{t: t, vt: newVT(columns, rows), typed: typed, ended: make(chan int, 1)}
	c := &ttyConsole{editor: editor{out: k.vt, size: func() int { return columns }}, in: in, restore: func() {}}
	k.s = newSession(c)
	k.s.clock = true
	w := realWorld(t, k.s)
	c.complete = k.s.complete
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		code := k.s.listen(ctx, c)
		c.leave()
		k.ended <- code
	}()
	t.Cleanup(func() {
		cancel()
		_ = typed.Close()
		w.close()
	})
	return k
}

// realWorld puts a session between both fakes and the real bot.
func realWorld(t *testing.T, s *session) *world {
	t.Helper()
	w, err := newWorld(t.Context(), Options{Executable: *botProgram, Getenv: func(string) string { return "" }}, s.tell)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.close)
	s.enter(w)
	return w
}

func (k *keyboard) types(text string) {
	k.t.Helper()
	if _, err := io.WriteString(k.typed, text); err != nil {
		k.t.Fatal(err)
	}
}

func (k *keyboard) sees(text string) {
	k.t.Helper()
	eventually(k.t, "the screen shows "+text, func() bool { return strings.Contains(k.vt.text(), text) })
}

// TestTerminal types while things happen: they appear above the line, which stays as it is.
func TestTerminal(t *testing.T) {
	k := atKeyboard(t, 80, 60)
	k.sees("ana #ops> ▮")
	k.types("/incident decl\t checkout returns 500s\r")
	k.sees("[Resolve]")
	k.types("half a 🔥 sentence\x1b[D\x1b[D")
	k.sees("half a 🔥 senten▮ce")
	k.s.people[1].Command(k.s.channels[0], "/incident", "severity 42 minor") // ben, elsewhere
	k.sees("~ card of #42 now: Severity Minor")
	k.sees("\nana #ops> half a 🔥 senten▮ce")
	k.types("\x15\x0bclick Severity\r")
	k.sees("ana #ops form> ▮")
	k.types("severity: cr\t\rsubmit\r")
	k.sees("is now Critical (was Minor)")
	k.types("\x1b[A\x1b[A\x1b[A")
	k.sees("ana #ops> click Severity▮")
	k.types("\x03")
	if code := <-k.ended; code != exitOK {
		t.Errorf("it ended with %d", code)
	}
}

// TestTerminalEnds ends by each of its ways, and takes the bot and its folder along.
func TestTerminalEnds(t *testing.T) {
	for name, typed := range map[string]string{"quit": "quit\r", "exit": "exit\r", "control D": "\x04", "control C in a line": "/incident de\x03"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := atKeyboard(t, 80, 24)
			k.types(typed)
			if code := <-k.ended; code != exitOK {
				t.Errorf("it ended with %d", code)
			}
			k.s.close()
			if _, err := os.Stat(k.s.dir); !os.IsNotExist(err) {
				t.Errorf("the bot's folder is still there: %v", err)
			}
			if n := k.s.slack.Sockets(); n != 0 {
				t.Errorf("%d sockets are open", n)
			}
		})
	}
}

// TestTerminalMishaps says what cannot be done, what was probably meant, and that the bot died.
func TestTerminalMishaps(t *testing.T) {
	k := atKeyboard(t, 80, 60)
	for _, c := range []struct{ typed, want string }{
		{"clik Resolve", "did you mean click?"},
		{"click Resolve", "there is nothing to click here"},
		{"as mallory", "you can be: ana (on call, in Berlin)"},
		{"/poll", "Slack knows no command /poll here"},
		{"submit", "no form is open"},
		{"say", "say what?"},
		{"grafana on fire", "grafana 42 shows one incident"},
		{"help", "clicks a button of the newest message"},
		{"?", "kills the bot without a word"},
		{"log 1", "the end of the bot's log"},
		{"grafana", "the stack holds"},
		{"in #payments", "the new release is out"},
		{"thread 1", "thread of “the new release…”> ▮"},
		{"/incident list", "slash commands do not work in threads, as in Slack"},
		{"@incident-bot wat", "I do not know wat"},
		{"back", "ana #payments> ▮"},
	} {
		k.types("\x0c" + c.typed + "\r") // on a clear screen
		k.sees(c.want)
	}
}

// TestLineConsole talks without moving the cursor.
func TestLineConsole(t *testing.T) {
	in, typed := io.Pipe()
	var out lockedBuffer
	c := &lineConsole{in: in, out: &out, size: func() int { return 30 }}
	said := make(chan string)
	go c.read(t.Context(), said)
	c.ask("ana> ")
	c.show([]line{textLine(2, plain, "news that are longer than a row")})
	c.ask("ana> ")
	go func() { _, _ = io.WriteString(typed, "look\n") }()
	if got := <-said; got != "look" {
		t.Errorf("said %q", got)
	}
	c.ask("ben> ")
	c.leave()
	if diff := cmp.Diff("ana> \n  news that are longer than a\n  row\nana> ana> \nben> \n", out.String()); diff != "" {
		t.Error(diff)
	}
}

// TestLineConsoleSession is a whole conversation at a terminal that cannot move its cursor.
func TestLineConsoleSession(t *testing.T) {
	in, typed := io.Pipe()
	var out lockedBuffer
	c := &lineConsole{in: in, out: &out, size: func() int { return 30 }}
	s := newSession(c)
	realWorld(t, s)
	ended := make(chan int)
	go func() { ended <- s.listen(t.Context(), c) }()
	_, _ = io.WriteString(typed, "/incident show 41\n")
	eventually(t, "the card is shown", func() bool { return strings.Contains(out.String(), "[Resolve]") })
	_ = typed.Close()
	if code := <-ended; code != exitOK {
		t.Errorf("it ended with %d", code)
	}
	if strings.Contains(out.String(), "\x1b") {
		t.Errorf("a sequence is in %q", out.String())
	}
}

// lockedBuffer is a buffer that may be read while it is written.
type lockedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

func TestComplete(t *testing.T) {
	s := newSession(&transcript{out: io.Discard})
	s.scripted = true
	realWorld(t, s)
	for before, want := range map[string][]string{
		"":                          {"/incident ", "@incident-bot ", "click ", "submit", "cancel"},
		"/in":                       {"/incident "},
		"/incident res":             {"/incident resolve "},
		"/incident re":              {"/incident resolve ", "/incident reopen "},
		"@incident-bot se":          {"@incident-bot severity "},
		"GRAFANA SL":                {"GRAFANA slow", "GRAFANA sleep"},
		"grafana s":                 {"grafana slow", "grafana sleep"},
		"slack r":                   {"slack refresh"},
		"as ":                       {"as ana", "as ben", "as gus", "as kim"},
		"in #p":                     {"in #payments"},
		"kill ":                     {"kill bot"},
		"click ":                    nil,
		"look ":                     nil,
		"something else altogether": nil,
	} {
		got := s.complete(before)
		if before == "" {
			got = got[:min(len(got), len(want))]
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q:\n%s", before, diff)
		}
	}
	if err := s.do(t.Context(), "/incident declare"); err != nil {
		t.Fatal(err)
	}
	for before, want := range map[string][]string{
		"ti":           {"title: "},
		"severity: ma": {"severity: Major"},
		"severity: x":  nil,
	} {
		if diff := cmp.Diff(want, s.complete(before)); diff != "" {
			t.Errorf("in a form, %q:\n%s", before, diff)
		}
	}
	for _, typed := range []string{"title: x is down", "submit"} {
		if err := s.do(t.Context(), typed); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff([]string{"click Resolve"}, s.complete("click res")); diff != "" {
		t.Errorf("labels:\n%s", diff)
	}
}
