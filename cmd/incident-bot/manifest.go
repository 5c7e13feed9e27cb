package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"incident-bot/bot"
	"incident-bot/handlers"
)

// need is something the bot does in Slack, with what the app must be granted for it.
type need struct {
	what   string
	scopes []string
	events []string
}

// needs lists everything the bot does with Slack. A feature that brings a scope or an event brings its line here, and
// nothing is asked for that has none.
func needs() []need {
	return []need{
		{"slash commands, and answers to them", []string{"commands"}, nil},
		{"mentions", []string{"app_mentions:read"}, []string{"app_mention"}},
		{"direct messages to the bot", []string{"im:history"}, []string{"message.im"}},
		{"cards, and private answers where a response URL is over", []string{"chat:write"}, nil},
		{"posting in public channels it was not invited to", []string{"chat:write.public"}, nil},
		{"knowing guests and people of other workspaces from members, and each reader's time zone", []string{"users:read"}, nil},
		{"finding the incident whose card began a thread, after a restart", []string{"channels:history", "groups:history", "mpim:history"}, nil},
	}
}

// manifest is the part of Slack's app manifest that the bot uses (manifest schema 2.0.0). slack-go's own type leaves
// false values out, and messages_tab_read_only_enabled has to be said to be false.
type manifest struct {
	Display struct {
		Name        string `json:"name" yaml:"name"`
		Description string `json:"description" yaml:"description"`
		Color       string `json:"background_color" yaml:"background_color"`
	} `json:"display_information" yaml:"display_information"`
	Features struct {
		Home struct {
			Home     bool `json:"home_tab_enabled" yaml:"home_tab_enabled"`
			Messages bool `json:"messages_tab_enabled" yaml:"messages_tab_enabled"`
			ReadOnly bool `json:"messages_tab_read_only_enabled" yaml:"messages_tab_read_only_enabled"`
		} `json:"app_home" yaml:"app_home"`
		Bot struct {
			Name   string `json:"display_name" yaml:"display_name"`
			Online bool   `json:"always_online" yaml:"always_online"`
		} `json:"bot_user" yaml:"bot_user"`
		Commands []slashCommand `json:"slash_commands" yaml:"slash_commands"`
	} `json:"features" yaml:"features"`
	OAuth struct {
		Scopes struct {
			Bot []string `json:"bot" yaml:"bot"`
		} `json:"scopes" yaml:"scopes"`
	} `json:"oauth_config" yaml:"oauth_config"`
	Settings struct {
		Events struct {
			Bot []string `json:"bot_events" yaml:"bot_events"`
		} `json:"event_subscriptions" yaml:"event_subscriptions"`
		Interactivity struct {
			Enabled bool `json:"is_enabled" yaml:"is_enabled"`
		} `json:"interactivity" yaml:"interactivity"`
		Org      bool `json:"org_deploy_enabled" yaml:"org_deploy_enabled"`
		Socket   bool `json:"socket_mode_enabled" yaml:"socket_mode_enabled"`
		Rotation bool `json:"token_rotation_enabled" yaml:"token_rotation_enabled"`
	} `json:"settings" yaml:"settings"`
}

// slashCommand is one command of the manifest. ShouldEscape makes Slack send people and channels as <@U…|name>, which
// the grammar expects.
type slashCommand struct {
	Command      string `json:"command" yaml:"command"`
	Description  string `json:"description" yaml:"description"`
	UsageHint    string `json:"usage_hint" yaml:"usage_hint"`
	ShouldEscape bool   `json:"should_escape" yaml:"should_escape"`
}

// Slack's limits for a manifest, in characters (manifest schema 2.0.0).
const (
	maxAppName   = 35
	maxUsageHint = 1000
)

// newManifest makes the manifest of an app called name, from what the bot is told to listen to.
func newManifest(name, command string, routes bot.Routes) manifest {
	var m manifest
	m.Display.Name = name
	m.Display.Description = "Runs Grafana incidents from Slack."
	m.Display.Color = "#1f2937"
	m.Features.Home.Messages = true
	m.Features.Bot.Name = name
	m.Features.Bot.Online = true
	m.Features.Commands = []slashCommand{{command, "Declare, follow and resolve Grafana incidents", usageHint(routes), true}}
	for _, n := range needs() {
		m.OAuth.Scopes.Bot = append(m.OAuth.Scopes.Bot, n.scopes...)
		m.Settings.Events.Bot = append(m.Settings.Events.Bot, n.events...)
	}
	slices.Sort(m.OAuth.Scopes.Bot)
	slices.Sort(m.Settings.Events.Bot)
	m.Settings.Interactivity.Enabled = true
	m.Settings.Org = true
	m.Settings.Socket = true
	return m
}

// usageHint names as many words as Slack has room for.
func usageHint(routes bot.Routes) string {
	var names []string
	size := 0
	for _, w := range routes.Words {
		size += utf8.RuneCountInString(w.Name) + 3
		if size > maxUsageHint {
			break
		}
		names = append(names, w.Name)
	}
	return strings.Join(names, " | ")
}

// runManifest prints the manifest as YAML, or as JSON.
func runManifest(_ context.Context, p process, args []string) int {
	flags := flag.NewFlagSet("incident-bot manifest", flag.ContinueOnError)
	flags.SetOutput(p.stderr)
	asJSON := flags.Bool("json", false, "print JSON")
	flags.Bool("yaml", true, "print YAML")
	name := flags.String("name", "incident-bot", "the app's `name` in Slack, 35 characters at most")
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return exitOK
	} else if err != nil {
		return exitUsage
	}
	command, wrong := manifestCommand(*name, flags.NArg())
	if len(wrong) > 0 {
		wrong.print(p.stderr)
		return exitUsage
	}
	m := newManifest(*name, command, handlers.New(handlers.Config{Command: command}))
	if err := m.write(p.stdout, *asJSON); err != nil {
		fmt.Fprintf(p.stderr, "incident-bot manifest: %v\n", err)
		return exitFailed
	}
	return exitOK
}

// manifestCommand checks what the manifest is made from and gives the command's name.
func manifestCommand(name string, more int) (string, problems) {
	var found problems
	if n := utf8.RuneCountInString(name); n == 0 || n > maxAppName {
		found.add("--name", fmt.Sprintf("has %d characters.", n), "Give 1 to 35.")
	}
	if more > 0 {
		found.add("manifest", "takes no words, only --json, --yaml and --name.", "Leave them out.")
	}
	s, err := readSettings()
	if err != nil {
		found.add("The environment", "could not be read: "+err.Error(), "Report this as a fault of incident-bot.")
	}
	return checkCommand(s.Command, &found), found
}

func (m manifest) write(w io.Writer, asJSON bool) error {
	if asJSON {
		e := json.NewEncoder(w)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		return e.Encode(m)
	}
	e := yaml.NewEncoder(w)
	e.SetIndent(2)
	return errors.Join(e.Encode(m), e.Close())
}
