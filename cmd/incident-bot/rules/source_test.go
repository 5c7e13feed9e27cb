package rules

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"strings"
	"testing"
)

// root is the module's folder, seen from this package.
const root = "../../.."

// module is the module's path, as go.mod has it.
const module = "incident-bot"

// source is one parsed file of the module.
type source struct {
	path string // slashed, from the module's root: "bot/route.go"
	test bool
	set  *token.FileSet
	file *ast.File
}

// room is the first folder of the file's path: "bot", "cmd", "handlers", "incident".
func (s source) room() string {
	room, _, _ := strings.Cut(s.path, "/")
	return room
}

// mentions says whether the file uses a name of its package.
func (s source) mentions(name string) bool {
	found := false
	ast.Inspect(s.file, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		found = found || ok && id.Name == name
		return !found
	})
	return found
}

func (s source) dir() string { return path.Dir(s.path) }

// at is a position as an editor takes it.
func (s source) at(n ast.Node) string {
	p := s.set.Position(n.Pos())
	return strings.TrimPrefix(filepath.ToSlash(p.String()), root+"/")
}

// imports gives the paths that the file imports.
func (s source) imports() []string {
	var list []string
	for _, i := range s.file.Imports {
		list = append(list, strings.Trim(i.Path.Value, `"`))
	}
	return list
}

// sources parses every Go file of the module.
func sources(t *testing.T) []source {
	t.Helper()
	var list []source
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		base := d.Name()
		if d.IsDir() && name != root && (strings.HasPrefix(base, ".") || base == "testdata" || base == "node_modules" || base == "dist") {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(base, ".go") {
			return nil
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, name, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, name)
		list = append(list, source{filepath.ToSlash(rel), strings.HasSuffix(base, "_test.go"), set, file})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// parse makes a source of text, for the tests of the rules themselves.
func parse(t *testing.T, name, text string) source {
	t.Helper()
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, name, text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	return source{name, strings.HasSuffix(name, "_test.go"), set, file}
}
