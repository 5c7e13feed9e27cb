package blocks

import (
	"strings"
	"testing"
)

func TestLink(t *testing.T) {
	for _, c := range []struct {
		url, label string
		want       Mrkdwn
	}{
		{"https://x.example/a?b=1&c=2", "the <card>", "<https://x.example/a?b=1&amp;c=2|the &lt;card&gt;>"},
		{"http://x.example", "", "<http://x.example>"},
		{"https://x.example", "line\nbreak", "<https://x.example|line break>"},
		{"https://evil.example", "https://bank.example/login", "<https://evil.example|https://bank.example/login (evil.example)>"},
		{"https://x.example/long", "https://x.example", "<https://x.example/long|https://x.example>"},
		{"javascript:alert(1)", "click", "click"},
		{"data:text/html,x", "click", "click"},
		{"//x.example", "click", "click"},
		{"/path", "click", "click"},
		{"https://", "click", "click"},
		{"https://user:pass@x.example", "click", "click"},
		{"https://x.example/|<!channel>", "click", "click"},
		{"https://x.example/>", "click", "click"},
		{"https://x.example/ y", "click", "click"},
		{"https://x.example/\ny", "click", "click"},
		{"https://x.example/\x00", "click", "click"},
		{"https://x.example/" + strings.Repeat("a", 3000), "click", "click"},
		{"ftp://x.example", "<!here>", "&lt;!here&gt;"},
		{"", "", ""},
	} {
		if got := Link(c.url, c.label); got != c.want {
			t.Errorf("Link(%q, %q) = %q, want %q", c.url, c.label, got, c.want)
		}
	}
}

func TestMentions(t *testing.T) {
	for id, want := range map[string]Mrkdwn{
		"U0123ABC": "<@U0123ABC>", "W1": "<@W1>", "C1": "C1", "U": "U", "u1": "u1", "": "", "U1>": "U1&gt;",
		"U1|x": "U1|x", "<!channel>": "&lt;!channel&gt;", "U" + strings.Repeat("1", 40): Mrkdwn("U" + strings.Repeat("1", 40)),
	} {
		if got := User(id); got != want {
			t.Errorf("User(%q) = %q, want %q", id, got, want)
		}
	}
	for id, want := range map[string]Mrkdwn{"C0123": "<#C0123>", "G1": "<#G1>", "D1": "<#D1>", "U1": "U1", "#x": "#x"} {
		if got := Channel(id); got != want {
			t.Errorf("Channel(%q) = %q, want %q", id, got, want)
		}
	}
}
