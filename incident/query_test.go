package incident

import (
	"strings"
	"testing"
)

func TestQueryString(t *testing.T) {
	yes, no := true, false
	for _, c := range []struct {
		q    Query
		want string
	}{
		{Query{}, ""},
		{Query{Status: "active", Drills: &no}, `isdrill:false status:"active"`},
		{Query{Drills: &yes}, "isdrill:true"},
		{Query{Severity: " Major ", Title: "  "}, `severity:"Major"`},
		{Query{Title: "it's (down) or: not"}, `title:"it's (down) or: not"`},
		{Query{Context: "https://example.com/?a=b&c=%22"}, `context:"https://example.com/?a=b&c=%22"`},
		{Query{Label: Label{Value: "security"}}, `label:"security"`},
		{Query{Label: Label{Key: "team", Value: "payments"}}, ""},
		{Query{Title: `C:\x`}, `title:"C:\x"`},
	} {
		if got, err := c.q.queryString(nil); got != c.want || err != nil {
			t.Errorf("%+v: %s, %v; want %s", c.q, got, err, c.want)
		}
	}
}

// An incident that is mitigated is active too.
func TestStatusOfACategory(t *testing.T) {
	for status, want := range map[string]string{
		"Active":    `or(status:"active" status:"Mitigated" status:"Sealed") title:"x"`,
		"resolved":  `status:"resolved" title:"x"`,
		"Mitigated": `status:"Mitigated" title:"x"`,
		"":          `title:"x"`,
	} {
		script := newScript(t).on("StatusService.QueryOrgStatuses", ok(someStatuses)).on(previews, pageOf(1, 2, "")).on("RolesService.GetRoles", ok(`{}`))
		if _, err := script.stack().Incidents(t.Context(), Query{Status: status, Title: "x"}, ""); err != nil {
			t.Error(err)
		}
		if got := script.calls(previews)[0].body["query"].(map[string]any)["queryString"]; got != want {
			t.Errorf("%q: %s, want %s", status, got, want)
		}
	}
	// Where the list cannot be had, or a name cannot be searched for, the rest is.
	for list, want := range map[string]string{
		`{"error":"no"}`: `status:"active"`,
		`{"configurations":[{"statuses":[{"name":"a\"b","category":"active"},{"name":"on hold","category":"active"}]}]}`: `or(status:"active" status:"on hold")`,
	} {
		script := newScript(t).on("StatusService.QueryOrgStatuses", ok(list)).on(previews, pageOf(1, 2, "")).on("RolesService.GetRoles", ok(`{}`))
		if _, err := script.stack().Incidents(t.Context(), Query{Status: "active"}, ""); err != nil {
			t.Error(err)
		}
		if got := script.calls(previews)[0].body["query"].(map[string]any)["queryString"]; got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

// Whatever is searched for stays inside its quotes: the terms are the ones that were meant, and no value ends early.
func FuzzQuery(f *testing.F) {
	for _, seed := range []string{"", "checkout", `x" severity:"y`, `\`, `a'b`, "“smart”", "line\nbreak", "isdrill:true", `or(a b)`, "\x00", " "} {
		f.Add(seed, seed, seed, seed, true)
	}
	f.Fuzz(func(t *testing.T, status, severity, title, context string, drill bool) {
		q := Query{Status: status, Severity: severity, Title: title, Context: context, Drills: &drill}
		got, err := q.queryString(nil)
		if err != nil {
			wantCode(t, err, Invalid)
			return
		}
		rest := got
		for _, term := range []struct{ name, value string }{{"isdrill", ""}, {"status", status}, {"severity", severity}, {"title", title}, {"context", context}} {
			value := strings.TrimSpace(term.value)
			if value == "" && term.name != "isdrill" {
				continue
			}
			after, ok := strings.CutPrefix(strings.TrimPrefix(rest, " "), term.name+":")
			if !ok {
				t.Fatalf("%q: no %s in %q", got, term.name, rest)
			}
			if term.name == "isdrill" {
				_, rest, _ = strings.Cut(after, " ")
				continue
			}
			inside, end, closed := strings.Cut(strings.TrimPrefix(after, `"`), `"`)
			if !strings.HasPrefix(after, `"`) || !closed || inside != value || end != "" && end[0] != ' ' || strings.HasSuffix(inside, `\`) {
				t.Fatalf("%q: %s holds %q, want %q", got, term.name, inside, value)
			}
			rest = end
		}
		if strings.TrimSpace(rest) != "" {
			t.Fatalf("%q: %q is left over", got, rest)
		}
	})
}
