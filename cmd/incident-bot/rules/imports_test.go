package rules

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// TestImports holds the direction of imports: cmd → handlers, bot, incident; handlers → bot, incident; bot and
// incident import nothing of the other rooms.
func TestImports(t *testing.T) {
	for _, s := range sources(t) {
		for _, wrong := range badImports(s) {
			t.Error(wrong)
		}
	}
}

// badImports names the imports of a file that its room may not have. Fakes may be imported by tests and by the demo.
func badImports(s source) []string {
	allowed := map[string][]string{
		"cmd":      {"cmd", "handlers", "bot", "incident"},
		"handlers": {"handlers", "bot", "incident"},
		"bot":      {"bot"},
		"incident": {"incident"},
	}
	var wrong []string
	say := func(path, why string) { wrong = append(wrong, fmt.Sprintf("%s imports %s: %s", s.path, path, why)) }
	for _, path := range s.imports() {
		inside, ours := strings.CutPrefix(path, module+"/")
		room, _, _ := strings.Cut(inside, "/")
		switch {
		case ours && s.test: // tests may bring the rooms together
		case ours && !slices.Contains(allowed[s.room()], room):
			say(path, s.room()+" may not know "+room)
		case ours && strings.HasSuffix(inside, "test") && !fake(s.dir()):
			say(path, "a fake belongs into tests and the demo")
		}
		if why := badOutside(s, path); why != "" {
			say(path, why)
		}
	}
	return wrong
}

// fake says whether the folder is a fake, or the demo, which runs on them.
func fake(dir string) bool {
	return strings.HasSuffix(dir, "test") || dir == "cmd/incident-bot/demo"
}

// badOutside says why a file may not import a package that is not ours.
func badOutside(s source, path string) string {
	switch {
	case path == "github.com/kelseyhightower/envconfig" && s.dir() != "cmd/incident-bot":
		return "the environment is read in cmd/incident-bot alone"
	case path == "github.com/gorilla/websocket" && s.room() != "bot" && !s.test:
		return "websockets are bot's"
	case path == "net/http" && s.room() == "handlers" && !s.test:
		return "handlers know no transport"
	case strings.HasPrefix(path, "github.com/slack-go/slack/") && s.room() != "bot" && !s.test:
		return "of slack-go only the block types are used outside bot"
	case strings.HasPrefix(path, "github.com/slack-go/slack") && s.room() == "incident":
		return "incident knows no Slack"
	case strings.HasPrefix(path, "github.com/grafana/incident-go") && s.room() != "incident" && !s.test:
		return "the Incident API's client is incident's"
	case path == "github.com/rs/zerolog/log" || path == "github.com/prometheus/client_golang/prometheus/promauto":
		return "it is state of a package"
	case path == "net/http/pprof" || path == "expvar":
		return "it opens the process on every HTTP server"
	case path == "C" || path == "unsafe" && !s.test:
		return "the binary is plain Go"
	}
	return ""
}

// TestImportRule shows each refusal once.
func TestImportRule(t *testing.T) {
	for _, c := range []struct{ name, path, want string }{
		{"bot/a.go", "incident-bot/incident", "bot may not know incident"},
		{"bot/a.go", "incident-bot/handlers", "bot may not know handlers"},
		{"bot/a.go", "incident-bot/bot/blocks", ""},
		{"bot/a_test.go", "incident-bot/bot/slacktest", ""},
		{"bot/a.go", "incident-bot/bot/slacktest", "a fake belongs"},
		{"incident/a.go", "incident-bot/bot", "incident may not know bot"},
		{"incident/a.go", "github.com/slack-go/slack", "knows no Slack"},
		{"handlers/a.go", "incident-bot/bot", ""},
		{"handlers/a.go", "incident-bot/cmd/x", "handlers may not know cmd"},
		{"handlers/a.go", "net/http", "no transport"},
		{"handlers/a.go", "github.com/slack-go/slack", ""},
		{"handlers/a.go", "github.com/slack-go/slack/socketmode", "only the block types"},
		{"handlers/a.go", "github.com/kelseyhightower/envconfig", "cmd/incident-bot alone"},
		{"handlers/a.go", "github.com/grafana/incident-go", "is incident's"},
		{"cmd/incident-bot/demo/a.go", "incident-bot/bot/slacktest", ""},
		{"cmd/incident-bot/a.go", "incident-bot/bot/slacktest", "a fake belongs"},
		{"cmd/incident-bot/a.go", "github.com/gorilla/websocket", "websockets are bot's"},
		{"cmd/incident-bot/a.go", "github.com/kelseyhightower/envconfig", ""},
		{"bot/a.go", "unsafe", "plain Go"},
		{"bot/a_test.go", "unsafe", ""},
	} {
		got := strings.Join(badImports(parse(t, c.name, "package a\nimport _ \""+c.path+"\"\n")), "; ")
		if c.want == "" && got != "" || !strings.Contains(got, c.want) {
			t.Errorf("%s importing %s: got %q, want %q", c.name, c.path, got, c.want)
		}
	}
}
