package blocks

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"
)

func TestNewMessageText(t *testing.T) {
	for name, c := range map[string]struct {
		got  Message
		want Mrkdwn
	}{
		"given":       {NewMessage("hello", Section("other")), "hello"},
		"from blocks": {NewMessage("", Header("a <b>"), Section("*c* <@U1>"), Fields("d", "e"), Divider(), Context("f")), "a &lt;b&gt;\n*c* <@U1>\nd\ne\nf"},
		"none":        {NewMessage(""), "—"},
		"blank":       {NewMessage(" \n\x00", Divider()), "—"},
		"long":        {NewMessage(Mrkdwn(strings.Repeat("x", 40_000))), Mrkdwn(strings.Repeat("x", 3999) + "…")},
		"tidied":      {NewMessage("a\x00b\r\nc"), "ab\nc"},
	} {
		if c.got.Text != c.want {
			t.Errorf("%s: %q", name, c.got.Text)
		}
	}
}

func TestNewMessageBlocks(t *testing.T) {
	m := NewMessage("x", repeat(1000, Section("x"))...)
	if wrong := problems(t, m); len(wrong) > 0 {
		t.Error(wrong)
	}
	if got := asJSON(t, m.Blocks[49]); !strings.Contains(got, "… and 951 more") {
		t.Errorf("the last block: %s", got)
	}
	if got := NewMessage("x", nil, Section("a"), nil); len(got.Blocks) != 1 {
		t.Errorf("nil blocks: %d", len(got.Blocks))
	}
}

func TestNewMessageTwice(t *testing.T) {
	for _, s := range hostile() {
		once := NewMessage(Escape(s), append(repeat(60, Section(Escape(s))), Actions("x", Button("a", s, s)), Actions("x", Button("a", s, s)))...)
		twice := NewMessage(once.Text, once.Blocks...)
		if diff := cmp.Diff(asJSON(t, once.Blocks), asJSON(t, twice.Blocks)); diff != "" || once.Text != twice.Text {
			t.Errorf("made again of %.40q: %q %q %s", s, once.Text, twice.Text, diff)
		}
	}
}

func TestHostileText(t *testing.T) {
	for _, s := range hostile() {
		for _, wrong := range problems(t, everyBlock(s)) {
			t.Errorf("%.40q: %s", s, wrong)
		}
		for _, wrong := range viewProblems(t, everyInput(s)) {
			t.Errorf("%.40q: %s", s, wrong)
		}
	}
}

// everyBlock puts foreign text everywhere in a message.
func everyBlock(s string) Message {
	m := Textf("*%s* %v", s, []string{s})
	return NewMessage(m, Header(s), Section(m), SectionWith(Quote(s), Button(s, s, s)), Fields(m, Escape(s), Link(s, s), Link("https://x.example", s)),
		Context(User(s), Channel(s), Escape(Plain(m)), Escape(Cut(s, 20)), CutMrkdwn(m, 30)), Divider(),
		Actions(s, PrimaryButton(s, s, s), DangerButton(s, s, s), LinkButton(s, s, s), Confirm(Button(s, s, s), s, s, s, s)),
		Actions(s, LinkButton(s, s, "https://x.example/")), nil)
}

// everyInput puts foreign text everywhere in a modal.
func everyInput(s string) slack.ModalViewRequest {
	options := []Option{{s, s}, {s, s + "2"}, {s, ""}, {"", s + "3"}}
	return Modal(s, s, s, s, TextInput(s, s, s, s, s, InputOpts{Max: len(s)}), TextInput(s, s, s, s, s, InputOpts{Multiline: true}),
		SelectInput(s, s, options, s, true), CheckInput(s, s, options, []string{s, s + "2"}), Section(Textf("%s", s)), Header(s))
}

func FuzzMessage(f *testing.F) {
	for _, s := range hostile() {
		f.Add(s, s, 3)
	}
	f.Add("run", "<!channel>", 60)
	f.Fuzz(func(t *testing.T, a, b string, n int) {
		n = max(0, min(n, 120))
		mixed := everyBlock(a)
		blocks := append(mixed.Blocks, everyBlock(b).Blocks...)
		blocks = append(blocks, repeat(n, Section(Escape(a)))...)
		for _, wrong := range problems(t, NewMessage(mixed.Text, blocks...)) {
			t.Error(wrong)
		}
		for _, wrong := range problems(t, NewMessage("", blocks...)) {
			t.Error(wrong)
		}
		form := append(everyInput(a).Blocks.BlockSet, everyInput(b).Blocks.BlockSet...)
		for _, wrong := range viewProblems(t, Modal(a, b, a, b, append(form, repeat(n, Section(Escape(b)))...)...)) {
			t.Error(wrong)
		}
	})
}
