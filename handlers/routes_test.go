package handlers

import (
	"strings"
	"testing"

	"github.com/rs/zerolog"

	"incident-bot/bot"
	"incident-bot/bot/blocks"
)

// TestWordsExplainThemselves: the help, the README's table and the manifest are made of these.
func TestWordsExplainThemselves(t *testing.T) {
	d := newDesk(newStack())
	help := blocks.Plain(d.helpAll(typing("", "")).Text)
	for _, w := range d.words {
		if first, _, _ := strings.Cut(w.Usage, " "); first != w.Name || w.Summary == "" || strings.HasSuffix(w.Summary, ".") || len(w.Examples) == 0 || w.Run == nil {
			t.Errorf("%s: %q, %q, %q", w.Name, w.Usage, w.Summary, w.Examples)
		}
		for _, example := range w.Examples {
			if first, _, _ := strings.Cut(example, " "); first != w.Name {
				t.Errorf("%s: the example is %q", w.Name, example)
			}
		}
		if !strings.Contains(help, "`"+w.Usage+"` — "+w.Summary) {
			t.Errorf("help lacks %s", w.Name)
		}
		one := blocks.Plain(d.helpWord(typing("help", w.Name), w).Text)
		for _, part := range append(append([]string{w.Usage, w.Summary}, w.Aliases...), w.Examples...) {
			if !strings.Contains(one, part) {
				t.Errorf("help %s lacks %q", w.Name, part)
			}
		}
		if w.Access == bot.Act == !strings.Contains(one, "Guests and people of other workspaces cannot use it.") {
			t.Errorf("help %s does not say who may", w.Name)
		}
	}
}

// TestRoutes can be registered, and whatever changes something is for members alone.
func TestRoutes(t *testing.T) {
	routes := New(Config{Command: "/incident"})
	ws := bot.NewWorkspaces(nil, "", nil, zerolog.Nop())
	bot.NewRouter(routes, ws, bot.NewSender(ws, zerolog.Nop()), zerolog.Nop())
	reads := map[string]bool{
		"list": true, "show": true, "help": true, buttonShow: true, buttonPage: true, buttonList: true, buttonHelp: true, "waiting": true, buttonDrop: true, // one's own alone
		buttonOffer: true, // the words it runs are asked again
	}
	for _, w := range routes.Words {
		if (w.Access == bot.Read) != reads[w.Name] {
			t.Errorf("%s has access %d", w.Name, w.Access)
		}
	}
	for _, b := range routes.Buttons {
		if (b.Access == bot.Read) != reads[b.ID] {
			t.Errorf("%s has access %d", b.ID, b.Access)
		}
	}
	for _, s := range routes.Submits {
		if s.Access != bot.Act {
			t.Errorf("%s has access %d", s.CallbackID, s.Access)
		}
	}
}

func TestLanes(t *testing.T) {
	d := newDesk(newStack())
	for _, test := range []struct{ word, args, want string }{
		{"note", "#42 x", "incident/42"}, {"note", "x", ""}, {"note", "42 x", "incident/42"}, {"note", "x 42", ""},
		{"note", "x #42", "incident/42"}, {"severity", "major 42", "incident/42"}, {"resolve", "https://acme.grafana.net/a/grafana-irm-app/incidents/42 done", "incident/42"},
		{"reopen", "42", "incident/42"}, {"status", "", "read/C1/U1"}, {"severity", "42", "read/C1/U1"},
	} {
		if got := d.lane(typing(test.word, test.args)); got != test.want {
			t.Errorf("%s %s: %q", test.word, test.args, got)
		}
	}
	foreign := typing("note", "#42 x")
	foreign.Workspace = "T9"
	for name, got := range map[string]string{
		"of no stack": d.lane(foreign), "of a button": clickedLane(clicking(buttonReopen, "42")), "of a form": formLane(sending(formNote, "42", nil)),
	} {
		if got != "incident/42" {
			t.Errorf("%s: %q", name, got)
		}
	}
	for _, name := range []string{"waiting", "help"} {
		if w, ok := d.word(name); !ok || w.Lane == nil || w.Lane(typing(name, "")) != "own/U1" {
			t.Errorf("%s waits for what Grafana is asked", name)
		}
	}
	typed, form := typing("declare", "Checkout  is\ndown"), sending(formDeclare, "", map[string]string{fieldTitle: " checkout is DOWN"})
	if a, b := d.titleLane(typed), d.titleLane(form); a != "declare/checkout is down" || a != b {
		t.Errorf("%q, %q", a, b)
	}
}

func TestUnknown(t *testing.T) {
	d := newDesk(newStack())
	unknown := func(said string) bot.Reply { return d.run(t, typing("", said), d.unknown) }
	for said, want := range map[string]string{
		"42": "show #42", "#42": "show #42", " #42, ": "show #42", "<https://acme.grafana.net/a/grafana-irm-app/incidents/42>": "show #42",
	} {
		if got := unknown(said); got.Run != want || got.Answer != nil {
			t.Errorf("%q runs %q", said, got.Run)
		}
	}
	wants(t, unknown(""), "What you can say")
	wants(t, unknown("#41 #42"), "I do not know *#41*", "[Help]")
	wants(t, unknown("xyzzy"), "I do not know *xyzzy*, so nothing was done. `/incident help` says what can be said.\n[Help]")
	wants(t, unknown("reslove #42 &lt;all&gt; good"), "Did you mean *resolve*?", "[Run it: resolve #42 <all> good]", "[Declare “reslove #42 <all> good”]")
	wants(t, unknown("reslove #42"), "Did you mean *resolve*?\n[Run it: resolve #42]")
	wants(t, unknown("ressolve"), "Did you mean *resolve*?\n[Run it: resolve]")
	wants(t, unknown("delcare x is down now"), "Did you mean *declare*?\n[Run it: declare x is down now]")
	wants(t, unknown(strings.Repeat("x", 500)), strings.Repeat("x", 49)+"…")
	reply := unknown("checkout is &lt;down&gt; sev:major")
	wants(t, reply, "Is this an incident to declare?\n[Declare “checkout is <down> sev:major”] [Help]")
	value := buttonValue(t, reply, "Declare “checkout is <down> sev:major”")
	if words, _ := d.offers.peek(clicking(buttonOffer, value)); words != "declare checkout is &lt;down&gt; sev:major" {
		t.Errorf("the button runs %q", words)
	}
}

func TestHelp(t *testing.T) {
	d := newDesk(newStack())
	help := func(about string) bot.Reply { return d.run(t, typing("help", about), d.help) }
	wants(t, help("note"), "`/incident note [#ID] [at TIME] TEXT`", "The same: log.")
	wants(t, help("LOG please"), "`/incident note [#ID] [at TIME] TEXT`")
	wants(t, help("nte"), `There is no word "nte". Did you mean *note*?`, "[Help: note]")
	wants(t, help("xyzzy"), "What you can say")
	wants(t, d.run(t, inThread("1.0", "help", "note"), d.help), "`@incident-bot note [#ID] [at TIME] TEXT`")
	r := clicking(buttonHelp, "")
	r.Args = "note"
	wants(t, d.run(t, r, d.help), "What you can say")
}
