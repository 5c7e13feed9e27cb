package main

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"regexp"
	"strconv"
	"strings"

	"github.com/rs/zerolog"

	"incident-bot/bot"
	"incident-bot/bot/journal"
	"incident-bot/incident"
)

// config is what the bot runs with: checked, complete, and with nothing left to convert.
type config struct {
	appToken    bot.Secret
	workspaces  []workspace
	database    string // a URL, which may hold a password
	sockets     int
	httpAddr    string
	command     string
	level       zerolog.Level
	console     bool
	slackAPIURL string
	notes       []string // harmless oddities, to be logged
}

// workspace is one Slack workspace and the stack that its incidents live in. teamID is "" in the single workspace of
// the environment: Slack says it when the token is first used.
type workspace struct {
	teamID       string
	botToken     bot.Secret
	grafanaURL   string
	grafanaToken bot.Secret
}

// maxSockets is Slack's own limit of open sockets for one app (docs: Using Socket Mode).
const maxSockets = 10

// maxCommand is Slack's limit for a slash command's name, its slash included (manifest schema 2.0.0).
const maxCommand = 32

// loadConfig reads and judges the whole environment. A config is good only when there are no problems.
func loadConfig() (config, problems) {
	var found problems
	s, err := readSettings()
	if err != nil {
		found.add("The environment", "could not be read: "+err.Error(), "Report this as a fault of incident-bot.")
		return config{}, found
	}
	if wrong := appToken().check(s.SlackAppToken); wrong != "" {
		found.add("SLACK_APP_TOKEN", wrong+hint("SLACK_APP_TOKEN", s.SlackAppToken.IsZero()), appToken().where)
	}
	notes := oddities(os.Environ())
	c := config{
		appToken:    s.SlackAppToken,
		workspaces:  s.workspaces(&found, &notes),
		database:    checkDatabase(s.Database, &found),
		sockets:     checkSockets(s.Sockets, &found),
		httpAddr:    checkAddr(s.HTTPAddr, &found),
		command:     checkCommand(s.Command, &found),
		level:       checkLevel(s.LogLevel, &found),
		console:     checkFormat(s.LogFormat, &found),
		slackAPIURL: checkAPIURL(s.SlackAPIURL, &found),
	}
	c.notes = notes
	return c, found
}

// workspaces takes the one workspace of the environment, or those of the file.
func (s settings) workspaces(found *problems, notes *[]string) []workspace {
	single := !s.SlackBotToken.IsZero() || s.GrafanaURL != "" || !s.GrafanaToken.IsZero()
	switch {
	case single && s.Workspaces != "":
		found.add("WORKSPACES_FILE", "is set together with SLACK_BOT_TOKEN, GRAFANA_URL or GRAFANA_SERVICE_ACCOUNT_TOKEN, so it is not clear which workspaces are meant.",
			"For one workspace unset WORKSPACES_FILE; for several move that workspace into the file and unset the three.")
		return nil
	case s.Workspaces != "":
		return readWorkspaces(s.Workspaces, found, notes)
	case single || lookAlike("SLACK_BOT_TOKEN", os.Environ()) != "":
		return s.single(found)
	}
	found.add("No workspace", "is configured.", `Set these three:
SLACK_BOT_TOKEN=xoxb-…
GRAFANA_URL=https://your-stack.grafana.net
GRAFANA_SERVICE_ACCOUNT_TOKEN=glsa_…
or, for several workspaces, WORKSPACES_FILE. To see the bot without any account: incident-bot demo`)
	return nil
}

func (s settings) single(found *problems) []workspace {
	w := workspace{botToken: s.SlackBotToken, grafanaURL: s.GrafanaURL, grafanaToken: s.GrafanaToken}
	for _, p := range w.check() {
		name := map[string]string{"slack_bot_token": "SLACK_BOT_TOKEN", "grafana_url": "GRAFANA_URL", "grafana_service_account_token": "GRAFANA_SERVICE_ACCOUNT_TOKEN"}[p.name]
		found.add(name, p.wrong+hint(name, p.wrong == notSet), p.fix)
	}
	return []workspace{w}
}

const notSet = "is not set."

// check names what is wrong with a workspace by the keys of the file.
func (w workspace) check() problems {
	var found problems
	if wrong := botToken().check(w.botToken); wrong != "" {
		found.add("slack_bot_token", wrong, botToken().where)
	}
	if w.grafanaURL == "" {
		found.add("grafana_url", notSet, "Give the address of your stack as the browser shows it: https://your-stack.grafana.net")
	} else if _, _, err := incident.CheckURL(w.grafanaURL); err != nil {
		found.add("grafana_url", "cannot be used: "+err.Error(), "Give the address of your stack as the browser shows it: https://your-stack.grafana.net")
	}
	if w.grafanaToken.IsZero() {
		found.add("grafana_service_account_token", notSet, grafanaTokenWhere)
	} else if err := incident.CheckToken(w.grafanaToken.Reveal()); err != nil {
		found.add("grafana_service_account_token", "cannot be used: "+err.Error(), grafanaTokenWhere)
	}
	return found
}

const grafanaTokenWhere = "In Grafana: Administration → Users and access → Service accounts → one with the basic role Editor → Add token.\nIt begins with glsa_."

func checkDatabase(text string, found *problems) string {
	if err := journal.CheckURL(text); err != nil {
		found.add("DATABASE_URL", "cannot be used: "+err.Error(), "Give sqlite:incident-bot.db, sqlite:///absolute/path.db or postgres://user:password@host/database.")
	}
	return text
}

func checkSockets(text string, found *problems) int {
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > maxSockets {
		found.add("SLACK_SOCKETS", fmt.Sprintf("is %q.", text), "Give a number from 1 to 10; 2 is right for one process.")
	}
	return n
}

func checkAddr(text string, found *problems) string {
	_, port, err := net.SplitHostPort(text)
	if err == nil {
		_, err = strconv.ParseUint(port, 10, 16)
	}
	if err != nil {
		found.add("HTTP_ADDR", fmt.Sprintf("is %q, which is no address to listen on.", text), "Give host:port or :port, for example :8080 or 127.0.0.1:8080.")
	}
	return text
}

func checkCommand(text string, found *problems) string {
	if len(text) > maxCommand || !regexp.MustCompile(`^/[^\s/A-Z]+$`).MatchString(text) {
		found.add("SLACK_COMMAND", fmt.Sprintf("is %q, which Slack does not take as a command.", text),
			"Give a slash and lower-case letters, digits, - or _, 32 characters at most, as the Slack app has it: /incident")
	}
	return text
}

func checkLevel(text string, found *problems) zerolog.Level {
	level, err := zerolog.ParseLevel(strings.ToLower(text))
	if err != nil || level < zerolog.TraceLevel || level > zerolog.ErrorLevel {
		found.add("LOG_LEVEL", fmt.Sprintf("is %q.", text), "Give trace, debug, info, warn or error.")
		return zerolog.InfoLevel
	}
	return level
}

func checkFormat(text string, found *problems) (console bool) {
	if text != "json" && text != "console" {
		found.add("LOG_FORMAT", fmt.Sprintf("is %q.", text), "Give json or console.")
	}
	return text == "console"
}

func checkAPIURL(text string, found *problems) string {
	u, err := url.Parse(text)
	if err == nil && (u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil || u.RawQuery != "") {
		err = errors.New("no http URL")
	}
	if err != nil {
		found.add("SLACK_API_URL", "is not an http or https URL without user and query.", "Leave it unset, or give the address of your proxy: https://slack-proxy.example.com/api/")
		return ""
	}
	return strings.TrimSuffix(text, "/") + "/"
}

// hint adds a look-alike to the message about a variable that is missing.
func hint(name string, missing bool) string {
	if missing {
		if other := lookAlike(name, os.Environ()); other != "" {
			return " " + other + " is set: did you mean " + name + "?"
		}
	}
	return ""
}

// oddities are variables that are set and change nothing.
func oddities(environ []string) []string {
	var list []string
	for _, name := range later() {
		if os.Getenv(name) != "" {
			list = append(list, name+" is set and not used by this version")
		}
	}
	for _, v := range variables() {
		if other := lookAlike(v.name, environ); other != "" && os.Getenv(v.name) == "" {
			list = append(list, other+" is set and unknown: did you mean "+v.name+"?")
		}
	}
	return list
}
