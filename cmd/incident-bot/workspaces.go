package main

import (
	"fmt"
	"os"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"
)

// A WORKSPACES_FILE:
//
//	workspaces:
//	  - team_id: T0123ABCD
//	    slack_bot_token: xoxb-…
//	    grafana_url: https://your-stack.grafana.net
//	    grafana_service_account_token_file: secrets/grafana-token
//
// It is read as nodes and not into a struct: each problem then has its line, all are told at once, and no message of
// the YAML library shows a value.

// workspacesFile is one file on its way to a list of workspaces.
type workspacesFile struct {
	path  string
	found *problems
	notes *[]string
}

func readWorkspaces(path string, found *problems, notes *[]string) []workspace {
	f := workspacesFile{path, found, notes}
	raw, err := os.ReadFile(path)
	if err != nil {
		found.add("WORKSPACES_FILE", "cannot be read: "+reason(path, err), "Give the path of a YAML file that this process may read (uid "+fmt.Sprint(os.Getuid())+").")
		return nil
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(raw, &doc); err != nil {
		f.add(0, "is no YAML: "+strings.TrimPrefix(err.Error(), "yaml: "), "Correct that line or the one after it; indent with spaces, not tabs.")
		return nil
	}
	if n := documents(raw); n > 1 {
		f.add(0, fmt.Sprintf("holds %d YAML documents.", n), "Put all workspaces into one list.")
	}
	list := f.list(&doc)
	workspaces := make([]workspace, len(list))
	for i, node := range list {
		workspaces[i] = f.workspace(node)
	}
	f.twins(list, workspaces)
	return workspaces
}

func (f workspacesFile) add(line int, wrong, fix string) {
	name := f.path
	if line > 0 {
		name = fmt.Sprintf("%s, line %d:", f.path, line)
	}
	f.found.add(name, wrong, fix)
}

// list finds the entries under workspaces.
func (f workspacesFile) list(doc *yaml.Node) []*yaml.Node {
	const shape = "Begin with\nworkspaces:\n  - team_id: T0123ABCD\n    slack_bot_token: xoxb-…\n    grafana_url: https://your-stack.grafana.net\n    grafana_service_account_token: glsa_…"
	if len(doc.Content) == 0 {
		f.add(0, "is empty.", shape)
		return nil
	}
	top := f.fields(doc.Content[0], []string{"workspaces"}, shape)
	list, ok := top["workspaces"]
	if !ok {
		if doc.Content[0].Kind == yaml.MappingNode {
			f.add(0, "has no list called workspaces.", shape)
		}
		return nil
	}
	if list.Kind != yaml.SequenceNode || len(list.Content) == 0 {
		f.add(list.Line, "workspaces is no list, or an empty one.", shape)
		return nil
	}
	return list.Content
}

func (f workspacesFile) workspace(node *yaml.Node) workspace {
	values := f.fields(node, []string{"team_id", "slack_bot_token", "slack_bot_token_file", "grafana_url",
		"grafana_service_account_token", "grafana_service_account_token_file", "announce_channel"},
		"Give each workspace as team_id, slack_bot_token, grafana_url and grafana_service_account_token.")
	if values == nil {
		return workspace{}
	}
	var w workspace
	var read problems
	inner := workspacesFile{f.path, &read, f.notes}
	w.teamID = inner.text(values["team_id"])
	w.grafanaURL = inner.text(values["grafana_url"])
	w.botToken = inner.secret(values, "slack_bot_token")
	w.grafanaToken = inner.secret(values, "grafana_service_account_token")
	*f.found = append(*f.found, read...)
	if len(read) == 0 {
		f.check(w, node, values)
	}
	if values["announce_channel"] != nil {
		*f.notes = append(*f.notes, fmt.Sprintf("announce_channel in line %d of %s is not used by this version", values["announce_channel"].Line, f.path))
	}
	return w
}

// check tells the problems of one entry, each at the line of its key where there is one.
func (f workspacesFile) check(w workspace, node *yaml.Node, values map[string]*yaml.Node) {
	if !regexp.MustCompile(`^[TE][A-Z0-9]{2,}$`).MatchString(w.teamID) {
		wrong := "team_id is not a workspace's id."
		if w.teamID == "" {
			wrong = "team_id " + notSet
		}
		f.add(line(node, values["team_id"]), wrong, "It begins with T (E for an org-wide installation); Slack shows it in the browser: app.slack.com/client/T0123ABCD")
	}
	for _, p := range w.check() {
		f.add(line(node, values[p.name], values[p.name+"_file"]), p.name+" "+p.wrong, p.fix)
	}
}

// twins tells entries that share a team id or a bot token: the second would take the place of the first, or answer in
// its name.
func (f workspacesFile) twins(nodes []*yaml.Node, list []workspace) {
	teams, tokens := map[string]int{}, map[string]int{}
	for i, w := range list {
		if first, ok := teams[w.teamID]; ok && w.teamID != "" {
			f.add(nodes[i].Line, fmt.Sprintf("team_id %s stands in line %d already.", w.teamID, first), "Each workspace has one entry.")
		} else if first, ok := tokens[w.botToken.Reveal()]; ok && !w.botToken.IsZero() {
			f.add(nodes[i].Line, fmt.Sprintf("slack_bot_token is the same as that of the workspace in line %d.", first), "Each workspace has its own bot token: install the app there and copy it.")
		}
		teams[w.teamID], tokens[w.botToken.Reveal()] = nodes[i].Line, nodes[i].Line
	}
}
