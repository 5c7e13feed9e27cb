package main

import (
	"bytes"
	"errors"
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

// maxSecretFile is far above any token and keeps a wrong path from filling the memory.
const maxSecretFile = 64 << 10

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

// line is where the first of the values stands, or the entry itself.
func line(node *yaml.Node, values ...*yaml.Node) int {
	for _, v := range values {
		if v != nil {
			return v.Line
		}
	}
	return node.Line
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
