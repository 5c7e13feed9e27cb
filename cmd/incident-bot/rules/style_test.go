package rules

import (
	"fmt"
	"go/ast"
	"go/token"
	"path"
	"slices"
	"strings"
	"testing"
)

// TestStyle reads every file for what the house does not have.
func TestStyle(t *testing.T) {
	for _, s := range sources(t) {
		for _, wrong := range badStyle(s) {
			t.Error(wrong)
		}
	}
}

// TestPackageComments asks each package for the essay that says its rule.
func TestPackageComments(t *testing.T) {
	documented := map[string]bool{}
	for _, s := range sources(t) {
		if s.test {
			continue
		}
		documented[s.dir()] = documented[s.dir()] || s.file.Doc != nil
	}
	for dir, ok := range documented {
		if !ok {
			t.Errorf("package %s has no package comment", dir)
		}
	}
}

// badStyle names everything in a file that is not done here.
func badStyle(s source) []string {
	var wrong []string
	say := func(n ast.Node, what string) { wrong = append(wrong, s.at(n)+": "+what) }
	for _, d := range s.file.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil && d.Name.Name == "init" {
				say(d, "init runs unseen: call it where it is needed")
			}
			if !s.test && exportedFunc(d) && d.Doc == nil {
				say(d, d.Name.Name+" is exported and has no comment")
			}
		case *ast.GenDecl:
			badDecl(s, d, say)
		}
	}
	ast.Inspect(s.file, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			if what := badCall(s, call); what != "" {
				say(call, what)
			}
		}
		return true
	})
	return wrong
}

// badDecl refuses package variables that code could change, and exported names without a comment. Allowed are the
// version, which the linker sets, errors to compare with, compile-time assertions, embedded files, regular expressions
// and replacers.
func badDecl(s source, d *ast.GenDecl, say func(ast.Node, string)) {
	for _, spec := range d.Specs {
		switch spec := spec.(type) {
		case *ast.ValueSpec:
			if d.Tok == token.VAR && !constantVar(s, d, spec) {
				say(spec, spec.Names[0].Name+" is state of the package: pass it, or make it a function or a constant")
			}
			if !s.test && d.Doc == nil && spec.Doc == nil && spec.Comment == nil && slices.ContainsFunc(spec.Names, (*ast.Ident).IsExported) {
				say(spec, spec.Names[0].Name+" is exported and has no comment")
			}
		case *ast.TypeSpec:
			if !s.test && spec.Name.IsExported() && d.Doc == nil && spec.Doc == nil && spec.Comment == nil {
				say(spec, spec.Name.Name+" is exported and has no comment")
			}
		}
	}
}

func constantVar(s source, d *ast.GenDecl, v *ast.ValueSpec) bool {
	name := v.Names[0].Name
	switch {
	case name == "_":
		return true
	case d.Doc != nil && strings.Contains(docText(d.Doc), "//go:embed"), v.Doc != nil && strings.Contains(docText(v.Doc), "//go:embed"):
		return true
	case s.dir() == "cmd/incident-bot" && name == "version":
		return true
	case s.test && len(v.Values) == 1 && calls(v.Values[0], "flag"):
		return true // -update and the like
	case strings.HasPrefix(strings.ToLower(name), "err") && len(v.Values) == 1 && calls(v.Values[0], "errors"):
		return true
	case len(v.Values) == 1 && (calls(v.Values[0], "regexp") || calledAs(v.Values[0], "", "lazy") || calledAs(v.Values[0], "strings", "NewReplacer")):
		return true // never changes once it is made; lazy is an expression compiled on first use
	}
	return false
}

// docText is a comment with its directives, which ast's Text leaves out.
func docText(g *ast.CommentGroup) string {
	var b strings.Builder
	for _, c := range g.List {
		b.WriteString(c.Text + "\n")
	}
	return b.String()
}

// calls says whether an expression is a call of the package's function.
func calls(e ast.Expr, pkg string) bool {
	call, ok := e.(*ast.CallExpr)
	if !ok {
		return false
	}
	p, _ := callee(call)
	return p == pkg
}

func calledAs(e ast.Expr, pkg, name string) bool {
	call, ok := e.(*ast.CallExpr)
	if !ok {
		return false
	}
	p, n := callee(call)
	return p == pkg && n == name
}

// callee gives the name before and after the dot of a call, as written.
func callee(call *ast.CallExpr) (before, name string) {
	if id, ok := call.Fun.(*ast.Ident); ok {
		return "", id.Name
	}
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return "", ""
	}
	if id, ok := sel.X.(*ast.Ident); ok {
		before = id.Name
	}
	return before, sel.Sel.Name
}

// exportedFunc says whether a reader of the package's documentation meets the function. A method of an unexported type
// is met only through interfaces, which say what it does.
func exportedFunc(d *ast.FuncDecl) bool {
	if !d.Name.IsExported() {
		return false
	}
	if d.Recv == nil {
		return true
	}
	t := d.Recv.List[0].Type
	if star, ok := t.(*ast.StarExpr); ok {
		t = star.X
	}
	if generic, ok := t.(*ast.IndexExpr); ok {
		t = generic.X
	}
	id, ok := t.(*ast.Ident)
	return ok && id.IsExported()
}

// badCall says why a call is not made here.
func badCall(s source, call *ast.CallExpr) string {
	pkg, name := callee(call)
	bubble := slices.Contains(s.imports(), "testing/synctest") || s.test && s.mentions("bubble") // a helper that begins one
	switch {
	case name == "Msgf":
		return "a log message is constant: put what changes into fields"
	case name == "Msg" && len(call.Args) == 1 && !literal(call.Args[0]):
		return "a log message is constant: put what changes into fields"
	case pkg == "fmt" && name == "Errorf" && len(call.Args) == 1 && !literal(call.Args[0]):
		return "an error as a format: wrap it with %w"
	case pkg == "errors" && name == "New" && len(call.Args) == 1 && calls(call.Args[0], "fmt"):
		return "fmt.Errorf says this"
	case pkg == "time" && name == "Sleep" && s.test && !bubble:
		return "a test waits for what it expects, with a deadline, and does not sleep"
	case pkg == "log" && (strings.HasPrefix(name, "Fatal") || strings.HasPrefix(name, "Print")) && slices.Contains(s.imports(), "log") && !s.test:
		return "logging goes through zerolog, and only main ends the process"
	case pkg == "os" && name == "Exit" && !s.test && path.Base(s.path) != "main.go":
		return "only main ends the process"
	case pkg == "os" && (name == "Getenv" || name == "LookupEnv") && !s.test && s.room() != "cmd":
		return "the environment is read in cmd"
	case pkg == "prometheus" && strings.HasPrefix(name, "MustRegister"), pkg == "prometheus" && name == "Register":
		return "metrics are registered where the process says, not in a registry of the package"
	case pkg == "http" && slices.Contains([]string{"Get", "Post", "PostForm", "Head"}, name) && !s.test:
		return "net/http's own client has no time-out"
	}
	return ""
}

// literal says whether an expression is made of string constants as written.
func literal(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.BasicLit:
		return true
	case *ast.BinaryExpr:
		return literal(e.X) && literal(e.Y)
	}
	return false
}

// TestStyleRule shows each refusal, and its nearest neighbour that is fine.
func TestStyleRule(t *testing.T) {
	for _, c := range []struct{ name, body, want string }{
		{"bot/a.go", `func init() {}`, "init runs unseen"},
		{"bot/a.go", `func (x T) init() {}`, ""},
		{"bot/a.go", `var cache = map[string]int{}`, "cache is state"},
		{"bot/a.go", `var ErrGone = errors.New("gone") // Gone.`, ""},
		{"bot/a.go", `var errGone error`, "errGone is state"},
		{"bot/a.go", `var _ = T(0)`, ""},
		{"bot/a.go", "//go:embed x\nvar tour string", ""},
		{"cmd/incident-bot/version.go", `var version string`, ""},
		{"bot/version.go", `var version string`, "version is state"},
		{"bot/a_test.go", `var update = flag.Bool("update", false, "")`, ""},
		{"bot/a.go", `var word = regexp.MustCompile("a")`, ""},
		{"bot/a.go", `var escaper = strings.NewReplacer("a", "b")`, ""},
		{"bot/a.go", `func f() { prometheus.MustRegister(c) }`, "where the process says"},
		{"bot/a.go", `func f() { http.Get("x") }`, "no time-out"},
		{"bot/a.go", `func F() {}`, "F is exported"},
		{"bot/a.go", `func (t *hidden) F() {}`, ""},
		{"bot/a.go", `func (t *Shown) F() {}`, "F is exported"},
		{"bot/a.go", `type T int`, "T is exported"},
		{"bot/a.go", `const C = 1`, "C is exported"},
		{"bot/a_test.go", `func F() {}`, ""},
		{"bot/a.go", `func f() { l.Info().Msgf("%d", 1) }`, "message is constant"},
		{"bot/a.go", `func f() { l.Info().Msg("x" + y) }`, "message is constant"},
		{"bot/a.go", `func f() { l.Info().Msg("x" + "y") }`, ""},
		{"bot/a.go", `func f() { fmt.Errorf(err.Error()) }`, "wrap it"},
		{"bot/a.go", `func f() { errors.New(fmt.Sprint(1)) }`, "fmt.Errorf says this"},
		{"bot/a_test.go", `func f() { time.Sleep(1) }`, "does not sleep"},
		{"bot/a.go", `func f() { os.Exit(1) }`, "only main ends"},
		{"cmd/incident-bot/main.go", `func f() { os.Exit(1) }`, ""},
		{"bot/a.go", `func f() { os.Getenv("X") }`, "read in cmd"},
	} {
		got := strings.Join(badStyle(parse(t, c.name, "package a\n\n"+c.body+"\n")), "; ")
		if c.want == "" && got != "" || !strings.Contains(got, c.want) {
			t.Errorf("%s: %s\n got %q\nwant %q", c.name, c.body, got, c.want)
		}
	}
	asleep := fmt.Sprintf("package a\nimport %q\nfunc f() { time.Sleep(1) }\n", "testing/synctest")
	if got := badStyle(parse(t, "bot/a_test.go", asleep)); got != nil {
		t.Errorf("a sleep in simulated time: %q", got)
	}
}
