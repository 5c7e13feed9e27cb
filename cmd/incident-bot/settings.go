package main

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/kelseyhightower/envconfig"

	"incident-bot/bot"
)

// settings is the environment as it was found: envconfig names the variables and their defaults, and config judges
// the values. They are text here because envconfig stops at the first value that it cannot convert, and a person is
// told all problems at once. The tag desc is the README's description.
type settings struct {
	SlackAppToken bot.Secret `envconfig:"SLACK_APP_TOKEN" desc:"app-level token, xapp-…, with the scope connections:write; required"`
	SlackBotToken bot.Secret `envconfig:"SLACK_BOT_TOKEN" desc:"bot token, xoxb-…, of the one workspace"`
	GrafanaURL    string     `envconfig:"GRAFANA_URL" desc:"its stack, https://your-stack.grafana.net; a full API URL is accepted too"`
	GrafanaToken  bot.Secret `envconfig:"GRAFANA_SERVICE_ACCOUNT_TOKEN" desc:"token, glsa_…, of a service account of that stack with the basic role Editor"`
	Workspaces    string     `envconfig:"WORKSPACES_FILE" desc:"a YAML file with several workspaces, in place of the three above"`
	Database      string     `envconfig:"DATABASE_URL" default:"sqlite:incident-bot.db" desc:"where what was received is kept until it is done: sqlite:relative.db, sqlite:///absolute/path.db or postgres://…; a file belongs to one process, a PostgreSQL database may be shared by several"`
	Sockets       string     `envconfig:"SLACK_SOCKETS" default:"2" desc:"sockets this process keeps open to Slack, 1 to 10; Slack allows an app 10 in all, and each is doubled for a moment when it is renewed"`
	HTTPAddr      string     `envconfig:"HTTP_ADDR" default:":8080" desc:"where /healthz, /readyz and /metrics listen"`
	Command       string     `envconfig:"SLACK_COMMAND" default:"/incident" desc:"the slash command's name, as the Slack app has it"`
	LogLevel      string     `envconfig:"LOG_LEVEL" default:"info" desc:"trace, debug, info, warn or error"`
	LogFormat     string     `envconfig:"LOG_FORMAT" default:"json" desc:"json or console"`
	SlackAPIURL   string     `envconfig:"SLACK_API_URL" default:"https://slack.com/api/" desc:"another address of Slack's Web API, for tests and proxies"`
}

// later names variables that belong to what this version does not do yet. They may be set; a line of the log says that
// they change nothing.
func later() []string {
	return []string{"POLL_INTERVAL", "ENCRYPTION_KEY", "CREATE_CHANNEL", "CHANNEL_PREFIX", "ANNOUNCE_CHANNEL"}
}

// readSettings reads the process's environment. A variable that is set to nothing is a variable that is not set, since
// compose files and charts pass empty ones on.
func readSettings() (settings, error) {
	var s settings
	if err := envconfig.Process("", &s); err != nil {
		// No field can refuse a value; envconfig's own text would show it.
		return settings{}, fmt.Errorf("read the environment: %T", err)
	}
	v := reflect.ValueOf(&s).Elem()
	for i := range v.NumField() {
		if f := v.Field(i); f.Kind() == reflect.String {
			f.SetString(mend(f.String()))
			if f.String() == "" {
				f.SetString(v.Type().Field(i).Tag.Get("default"))
			}
		}
	}
	return s, nil
}

// mend drops what a paste or a quoted line of an env file leaves around a value.
func mend(value string) string { return bot.NewSecret(value).Reveal() }

// A variable is one row of the README's table.
type variable struct{ name, meaning, standard string }

// variables lists what settings reads, in its order.
func variables() []variable {
	t := reflect.TypeFor[settings]()
	list := make([]variable, t.NumField())
	for i := range list {
		tag := t.Field(i).Tag
		list[i] = variable{tag.Get("envconfig"), tag.Get("desc"), tag.Get("default")}
	}
	return list
}

// lookAlike finds a variable of the environment that somebody may have meant to be name: the same letters but for
// underscores, or up to two letters wrong. It gives "" when there is none.
func lookAlike(name string, environ []string) string {
	known := map[string]bool{}
	for _, v := range variables() {
		known[v.name] = true
	}
	for _, v := range later() {
		known[v] = true
	}
	for _, entry := range environ {
		key, value, _ := strings.Cut(entry, "=")
		if value == "" || known[key] {
			continue
		}
		if distance(plainName(key), plainName(name)) <= 2 {
			return key
		}
	}
	return ""
}

func plainName(name string) string { return strings.ToUpper(strings.ReplaceAll(name, "_", "")) }

// distance counts the letters to insert, drop or change to turn a into b.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		left := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := left
			if a[i] != b[j] {
				cost = 1 + min(left, row[j], row[j+1])
			}
			left, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}
