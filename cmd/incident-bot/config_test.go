package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"

	"incident-bot/bot"
)

// Tokens of the right shape. The Grafana one is the vector of Grafana's own tests.
const (
	goodApp     = "xapp-1-A0000000000-1234567890-abcdef"
	goodBot     = "xoxb-1234567890-abcdefghij"
	goodGrafana = "glsa_iNValIdinValiDinvalidinvalidinva_5b582697"
	goodURL     = "https://acme.grafana.net"
)

// setEnv makes the environment of the test: only what is given, of the variables that mean something here.
func setEnv(t *testing.T, env map[string]string) {
	t.Helper()
	for _, entry := range os.Environ() {
		key, value, _ := strings.Cut(entry, "=")
		if strings.HasPrefix(key, "SLACK") || strings.HasPrefix(key, "GRAFANA") || slices.Contains(later(), key) {
			t.Setenv(key, value) // restores it at the end
			_ = os.Unsetenv(key)
		}
	}
	for _, v := range variables() {
		t.Setenv(v.name, "")
	}
	for key, value := range env {
		t.Setenv(key, value)
	}
}

// good is a complete environment with changes.
func good(changes map[string]string) map[string]string {
	env := map[string]string{
		"SLACK_APP_TOKEN": goodApp, "SLACK_BOT_TOKEN": goodBot,
		"GRAFANA_URL": goodURL, "GRAFANA_SERVICE_ACCOUNT_TOKEN": goodGrafana,
	}
	for k, v := range changes {
		env[k] = v
	}
	return env
}

func TestConfigDefaults(t *testing.T) {
	setEnv(t, good(nil))
	c, found := loadConfig()
	if len(found) > 0 {
		t.Fatal(found)
	}
	want := config{
		appToken: bot.NewSecret(goodApp), database: "sqlite:incident-bot.db", sockets: 2, httpAddr: ":8080", command: "/incident", level: zerolog.InfoLevel,
		slackAPIURL: "https://slack.com/api/",
		workspaces:  []workspace{{"", bot.NewSecret(goodBot), goodURL, bot.NewSecret(goodGrafana)}},
	}
	if diff := cmp.Diff(want, c, cmp.AllowUnexported(config{}, workspace{}), cmp.Comparer(sameSecret)); diff != "" {
		t.Error(diff)
	}
}

func sameSecret(a, b bot.Secret) bool { return a.Reveal() == b.Reveal() }

func TestConfigMendsPastes(t *testing.T) {
	setEnv(t, good(map[string]string{
		"SLACK_APP_TOKEN": "  " + goodApp + "\n", "SLACK_BOT_TOKEN": `"` + goodBot + `"`,
		"GRAFANA_URL": " '" + goodURL + "/' ", "GRAFANA_SERVICE_ACCOUNT_TOKEN": "'" + goodGrafana + "\n'",
		"SLACK_SOCKETS": "10", "HTTP_ADDR": "127.0.0.1:9090", "SLACK_COMMAND": "/inc-2", "LOG_LEVEL": "DEBUG",
		"LOG_FORMAT": "console", "SLACK_API_URL": "http://localhost:1/api",
	}))
	c, found := loadConfig()
	if len(found) > 0 {
		t.Fatal(found)
	}
	w := c.workspaces[0]
	if c.appToken.Reveal() != goodApp || w.botToken.Reveal() != goodBot || w.grafanaToken.Reveal() != goodGrafana {
		t.Error("a pasted token was not mended")
	}
	if w.grafanaURL != goodURL+"/" || c.sockets != 10 || c.httpAddr != "127.0.0.1:9090" || c.command != "/inc-2" ||
		c.level != zerolog.DebugLevel || !c.console || c.slackAPIURL != "http://localhost:1/api/" {
		t.Errorf("%+v", c)
	}
}

// TestConfigProblems sets one thing wrong at a time and reads what a person would.
func TestConfigProblems(t *testing.T) {
	wrongSum := goodGrafana[:len(goodGrafana)-1] + "8"
	for name, c := range map[string]struct {
		env  map[string]string
		want []string
	}{
		"no app token":         {map[string]string{"SLACK_APP_TOKEN": ""}, []string{"SLACK_APP_TOKEN is not set.", "connections:write"}},
		"misspelt app token":   {map[string]string{"SLACK_APP_TOKEN": "", "SLACK_APPTOKEN": goodApp}, []string{"SLACK_APPTOKEN is set: did you mean SLACK_APP_TOKEN?"}},
		"mixed up app":         {map[string]string{"SLACK_APP_TOKEN": goodBot}, []string{"SLACK_APP_TOKEN holds a bot token (xoxb-…), and an app-level token (xapp-…) belongs here."}},
		"mixed up bot":         {map[string]string{"SLACK_BOT_TOKEN": goodApp}, []string{"SLACK_BOT_TOKEN holds an app-level token (xapp-…), and a bot token (xoxb-…) belongs here."}},
		"user token":           {map[string]string{"SLACK_BOT_TOKEN": "xoxp-1234567890"}, []string{"holds a user token (xoxp-…)"}},
		"some other token":     {map[string]string{"SLACK_BOT_TOKEN": "hello"}, []string{"does not begin with xoxb-"}},
		"cut token":            {map[string]string{"SLACK_BOT_TOKEN": "xoxb-12"}, []string{"too short"}},
		"two lines":            {map[string]string{"SLACK_BOT_TOKEN": goodBot + "\n" + goodBot}, []string{"white space"}},
		"no URL":               {map[string]string{"GRAFANA_URL": ""}, []string{"GRAFANA_URL is not set."}},
		"bad URL":              {map[string]string{"GRAFANA_URL": "not a url"}, []string{"GRAFANA_URL cannot be used"}},
		"no token":             {map[string]string{"GRAFANA_SERVICE_ACCOUNT_TOKEN": ""}, []string{"GRAFANA_SERVICE_ACCOUNT_TOKEN is not set.", "Editor"}},
		"access policy token":  {map[string]string{"GRAFANA_SERVICE_ACCOUNT_TOKEN": "glc_eyJvIjoiMSJ9"}, []string{"GRAFANA_SERVICE_ACCOUNT_TOKEN cannot be used", "glc_"}},
		"wrong checksum":       {map[string]string{"GRAFANA_SERVICE_ACCOUNT_TOKEN": wrongSum}, []string{"GRAFANA_SERVICE_ACCOUNT_TOKEN cannot be used", "checksum"}},
		"database in memory":   {map[string]string{"DATABASE_URL": "sqlite::memory:"}, []string{"DATABASE_URL cannot be used: a journal in memory would keep nothing"}},
		"database of another":  {map[string]string{"DATABASE_URL": "mysql://root:hunter2@db/x"}, []string{"DATABASE_URL cannot be used: it has to begin with sqlite: or postgres://"}},
		"sockets":              {map[string]string{"SLACK_SOCKETS": "11"}, []string{`SLACK_SOCKETS is "11".`}},
		"sockets in words":     {map[string]string{"SLACK_SOCKETS": "two"}, []string{`SLACK_SOCKETS is "two".`}},
		"address":              {map[string]string{"HTTP_ADDR": "8080"}, []string{`HTTP_ADDR is "8080"`, ":8080"}},
		"port":                 {map[string]string{"HTTP_ADDR": ":99999"}, []string{"HTTP_ADDR"}},
		"command":              {map[string]string{"SLACK_COMMAND": "incident"}, []string{`SLACK_COMMAND is "incident"`, "/incident"}},
		"command upper":        {map[string]string{"SLACK_COMMAND": "/Incident"}, []string{"SLACK_COMMAND"}},
		"command long":         {map[string]string{"SLACK_COMMAND": "/" + strings.Repeat("a", 32)}, []string{"SLACK_COMMAND"}},
		"level":                {map[string]string{"LOG_LEVEL": "loud"}, []string{`LOG_LEVEL is "loud".`}},
		"silence":              {map[string]string{"LOG_LEVEL": "disabled"}, []string{"LOG_LEVEL"}},
		"format":               {map[string]string{"LOG_FORMAT": "xml"}, []string{`LOG_FORMAT is "xml".`}},
		"API URL":              {map[string]string{"SLACK_API_URL": "slack.com/api"}, []string{"SLACK_API_URL"}},
		"file and single":      {map[string]string{"WORKSPACES_FILE": "x.yaml"}, []string{"WORKSPACES_FILE is set together with"}},
		"token in wrong place": {map[string]string{"SLACK_COMMAND": goodBot}, []string{`SLACK_COMMAND is "[a token]"`}},
	} {
		t.Run(name, func(t *testing.T) {
			setEnv(t, good(c.env))
			_, found := loadConfig()
			text := found.text()
			if len(found) != 1 {
				t.Errorf("%d problems, want 1", len(found))
			}
			for _, want := range c.want {
				if !strings.Contains(text, want) {
					t.Errorf("want %q in\n%s", want, text)
				}
			}
			noSecrets(t, text)
		})
	}
}

func (p problems) text() string {
	var b strings.Builder
	p.print(&b)
	return b.String()
}

// noSecrets looks for the tokens and the password of these tests, and for their ends.
func noSecrets(t *testing.T, text string) {
	t.Helper()
	for _, secret := range []string{goodApp, goodBot, goodGrafana, "hunter2"} {
		if strings.Contains(text, secret[len(secret)-6:]) {
			t.Errorf("%s… is shown in\n%s", secret[:5], text)
		}
	}
}

func TestConfigTellsEverythingAtOnce(t *testing.T) {
	setEnv(t, map[string]string{"SLACK_SOCKETS": "0", "LOG_LEVEL": "x", "LOG_FORMAT": "y", "HTTP_ADDR": "z"})
	_, found := loadConfig()
	text := found.text()
	for _, want := range []string{"6 problems", "SLACK_APP_TOKEN", "SLACK_SOCKETS", "LOG_LEVEL", "LOG_FORMAT", "HTTP_ADDR",
		"No workspace is configured", "SLACK_BOT_TOKEN=xoxb-…", "GRAFANA_URL=https://your-stack.grafana.net", "GRAFANA_SERVICE_ACCOUNT_TOKEN=glsa_…"} {
		if !strings.Contains(text, want) {
			t.Errorf("want %q in\n%s", want, text)
		}
	}
}

func TestConfigNotesWhatChangesNothing(t *testing.T) {
	setEnv(t, good(map[string]string{"POLL_INTERVAL": "15s", "SLACK_SOCKET": "3"}))
	c, found := loadConfig()
	if len(found) > 0 {
		t.Fatal(found)
	}
	want := []string{"POLL_INTERVAL is set and not used by this version", "SLACK_SOCKET is set and unknown: did you mean SLACK_SOCKETS?"}
	if diff := cmp.Diff(want, c.notes); diff != "" {
		t.Error(diff)
	}
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"", "ab", 2}, {"SLACKBOTTOKEN", "SLACKBOTTOKEN", 0}, {"SLACKSOCKET", "SLACKSOCKETS", 1}, {"kitten", "sitting", 3}} {
		if got := distance(c.a, c.b); got != c.want {
			t.Errorf("distance(%q, %q) = %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

func TestSecretFilesAreReadBesideTheFile(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "secrets/slack", goodBot+"\n")
	write(t, dir, "secrets/grafana", "\""+goodGrafana+"\"\n")
	path := write(t, dir, "w.yaml", `
workspaces:
  - team_id: T0PAYMENTS
    slack_bot_token_file: secrets/slack
    grafana_url: `+goodURL+`
    grafana_service_account_token_file: `+filepath.Join(dir, "secrets/grafana")+`
    announce_channel: C0123
`)
	setEnv(t, map[string]string{"SLACK_APP_TOKEN": goodApp, "WORKSPACES_FILE": path})
	c, found := loadConfig()
	if len(found) > 0 {
		t.Fatal(found.text())
	}
	want := []workspace{{"T0PAYMENTS", bot.NewSecret(goodBot), goodURL, bot.NewSecret(goodGrafana)}}
	if diff := cmp.Diff(want, c.workspaces, cmp.AllowUnexported(workspace{}), cmp.Comparer(sameSecret)); diff != "" {
		t.Error(diff)
	}
	if len(c.notes) != 1 || !strings.Contains(c.notes[0], "announce_channel in line 7") {
		t.Errorf("notes: %q", c.notes)
	}
}

func write(t *testing.T, dir, name, text string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const goodEntry = `team_id: T0ONE
    slack_bot_token: ` + goodBot + `
    grafana_url: ` + goodURL + `
    grafana_service_account_token: ` + goodGrafana

func TestWorkspacesFileProblems(t *testing.T) {
	second := strings.NewReplacer("T0ONE", "T0TWO", goodBot, goodBot+"2").Replace(goodEntry)
	for name, c := range map[string]struct {
		yaml string
		want []string // one problem each
	}{
		"empty":           {"", []string{"is empty."}},
		"syntax":          {"workspaces:\n  - team_id: T1\n\tslack: x\n", []string{"is no YAML: line 2"}},
		"no list":         {"workspace:\n  - a: b\n", []string{"line 1: workspace is not known here.", "has no list called workspaces."}},
		"list is a text":  {"workspaces: " + goodBot + "\n", []string{"line 1: workspaces is no list"}},
		"list is empty":   {"workspaces: []\n", []string{"workspaces is no list, or an empty one"}},
		"top is a list":   {"- a\n", []string{`line 1: is not made of "key: value" lines.`}},
		"entry is a text": {"workspaces:\n  - " + goodBot + "\n", []string{"line 2: is not made of"}},
		"unknown key":     {"workspaces:\n  - " + goodEntry + "\n    colour: red\n", []string{"line 6: colour is not known here."}},
		"token as key":    {"workspaces:\n  - " + goodEntry + "\n    " + goodBot + ": red\n", []string{"line 6: a key is not known here."}},
		"key twice":       {"workspaces:\n  - " + goodEntry + "\n    team_id: T0\n", []string{"line 6: team_id is given twice"}},
		"value is a list": {"workspaces:\n  - " + strings.Replace(goodEntry, goodURL, "[a]", 1) + "\n", []string{"line 4: is not a text."}},
		"nothing in it":   {"workspaces:\n  - team_id:\n", []string{"line 2: team_id is not set.", "line 2: slack_bot_token is not set.", "line 2: grafana_url is not set.", "line 2: grafana_service_account_token is not set."}},
		"bad team":        {"workspaces:\n  - " + strings.Replace(goodEntry, "T0ONE", "acme", 1) + "\n", []string{"line 2: team_id is not a workspace's id."}},
		"mixed up":        {"workspaces:\n  - " + strings.Replace(goodEntry, goodBot, goodApp, 1) + "\n", []string{"line 3: slack_bot_token holds an app-level token"}},
		"both":            {"workspaces:\n  - " + goodEntry + "\n    slack_bot_token_file: x\n", []string{"line 6: slack_bot_token and slack_bot_token_file are both given."}},
		"no such file":    {"workspaces:\n  - " + strings.Replace(goodEntry, "slack_bot_token: "+goodBot, "slack_bot_token_file: nowhere", 1) + "\n", []string{"nowhere: no such file or directory."}},
		"no file named":   {"workspaces:\n  - " + strings.Replace(goodEntry, "slack_bot_token: "+goodBot, "slack_bot_token_file:", 1) + "\n", []string{"slack_bot_token_file is not set."}},
		"twin team":       {"workspaces:\n  - " + goodEntry + "\n  - " + strings.Replace(second, "T0TWO", "T0ONE", 1) + "\n", []string{"line 6: team_id T0ONE stands in line 2 already."}},
		"twin token":      {"workspaces:\n  - " + goodEntry + "\n  - " + strings.Replace(second, goodBot+"2", goodBot, 1) + "\n", []string{"line 6: slack_bot_token is the same as that of the workspace in line 2."}},
		"two documents":   {"workspaces:\n  - " + goodEntry + "\n---\nworkspaces: []\n", []string{"holds 2 YAML documents."}},
	} {
		t.Run(name, func(t *testing.T) {
			path := write(t, t.TempDir(), "w.yaml", c.yaml)
			setEnv(t, map[string]string{"SLACK_APP_TOKEN": goodApp, "WORKSPACES_FILE": path})
			_, found := loadConfig()
			text := found.text()
			if len(found) != len(c.want) {
				t.Errorf("%d problems, want %d:\n%s", len(found), len(c.want), text)
			}
			for _, want := range c.want {
				if !strings.Contains(text, want) {
					t.Errorf("want %q in\n%s", want, text)
				}
			}
			noSecrets(t, text)
		})
	}
}

func TestWorkspacesFileIsMissing(t *testing.T) {
	setEnv(t, map[string]string{"SLACK_APP_TOKEN": goodApp, "WORKSPACES_FILE": filepath.Join(t.TempDir(), "none.yaml")})
	_, found := loadConfig()
	if len(found) != 1 || !strings.Contains(found.text(), "none.yaml: no such file or directory.") {
		t.Error(found.text())
	}
}

func TestSecretFileOfAnySize(t *testing.T) {
	if _, err := readSecret("/dev/zero"); err != nil {
		t.Errorf("reading stops at a bound: %v", err)
	}
	if _, err := readSecret(write(t, t.TempDir(), "empty", " \n")); err == nil {
		t.Error("an empty file is no token")
	}
}
