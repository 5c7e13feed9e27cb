package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"incident-bot/bot"
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

// maxSecretFile is far above any token and keeps a wrong path from filling the memory.
const maxSecretFile = 64 << 10

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

// fields gives the values of a mapping by key. Unknown and repeated keys are problems.
func (f workspacesFile) fields(node *yaml.Node, known []string, fix string) map[string]*yaml.Node {
	if node.Kind == yaml.AliasNode {
		node = node.Alias
	}
	if node.Kind != yaml.MappingNode {
		f.add(node.Line, "is not made of \"key: value\" lines.", fix)
		return nil
	}
	values := make(map[string]*yaml.Node)
	for i := 0; i+1 < len(node.Content); i += 2 {
		key := node.Content[i]
		switch {
		case !slices.Contains(known, key.Value):
			f.add(key.Line, keyName(key.Value)+" is not known here.", "Known are: "+strings.Join(known, ", ")+".")
		case values[key.Value] != nil:
			f.add(key.Line, key.Value+" is given twice in one entry.", "Keep one of the two.")
		default:
			values[key.Value] = node.Content[i+1]
		}
	}
	return values
}

// keyName repeats a key only if it looks like one: it might be a token in the wrong place.
func keyName(key string) string {
	if regexp.MustCompile(`^[A-Za-z_]{1,48}$`).MatchString(key) {
		return key
	}
	return "a key"
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

// line is where the first of the values stands, or the entry itself.
func line(node *yaml.Node, values ...*yaml.Node) int {
	for _, v := range values {
		if v != nil {
			return v.Line
		}
	}
	return node.Line
}

func (f workspacesFile) text(node *yaml.Node) string {
	if node == nil {
		return ""
	}
	if node.Kind == yaml.AliasNode {
		node = node.Alias
	}
	if node.Kind != yaml.ScalarNode {
		f.add(node.Line, "is not a text.", "Give one value on the line of its key.")
		return ""
	}
	if node.Tag == "!!null" {
		return ""
	}
	return mend(node.Value)
}

// secret takes the token under key, or from the file named under key_file, relative to the YAML file.
func (f workspacesFile) secret(values map[string]*yaml.Node, key string) bot.Secret {
	inline, file := values[key], values[key+"_file"]
	if inline != nil && file != nil {
		f.add(file.Line, key+" and "+key+"_file are both given.", "Keep one of the two.")
		return bot.Secret{}
	}
	if file == nil {
		return bot.NewSecret(f.text(inline))
	}
	path := f.text(file)
	if path == "" {
		f.add(file.Line, key+"_file "+notSet, "Give the path of a file that holds nothing but the token.")
		return bot.Secret{}
	}
	if !filepath.IsAbs(path) {
		path = filepath.Join(filepath.Dir(f.path), path)
	}
	secret, err := readSecret(path)
	if err != nil {
		f.add(file.Line, key+"_file cannot be used: "+reason(path, err), "Give the path, absolute or relative to "+filepath.Base(f.path)+", of a file that holds nothing but the token.")
	}
	return secret
}

func readSecret(path string) (bot.Secret, error) {
	file, err := os.Open(path)
	if err != nil {
		return bot.Secret{}, err
	}
	defer func() { _ = file.Close() }()
	raw, err := io.ReadAll(io.LimitReader(file, maxSecretFile))
	if err != nil {
		return bot.Secret{}, err
	}
	secret := bot.NewSecret(string(raw))
	if secret.IsZero() {
		return bot.Secret{}, errors.New("the file is empty")
	}
	return secret, nil
}

// reason is an error of the file system for people: the path, and what the system said.
func reason(path string, err error) string {
	var at *fs.PathError
	if errors.As(err, &at) {
		err = at.Err
	}
	return path + ": " + err.Error() + "."
}

func documents(raw []byte) int {
	d := yaml.NewDecoder(bytes.NewReader(raw))
	for n := 0; ; n++ {
		var node yaml.Node
		if err := d.Decode(&node); err != nil {
			return n
		}
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
