package incidenttest

import (
	"strings"
	"testing"
)

// tried is an incident to try queries on.
func tried() subject {
	o := newOrg("2026-01-01T00:00:00Z")
	o.users = people("2026-01-01T00:00:00Z")
	o.statuses = append(o.statuses, Status{StatusID: "own", IncidentType: "internal", Name: "Under watch", Slug: "under-watch", Category: "active"})
	o.fields = append(o.fields, Field{UUID: "f1", Slug: "team", DomainName: "incident", Options: []Option{{UUID: "o1", Value: "payments", Label: "Payments"}}},
		Field{UUID: "f2", Slug: "note", DomainName: "incident"})
	return subject{&Incident{Title: "It's the Checkout", Status: "Under watch", Severity: "Major", IncidentType: "internal", CreatedBy: o.users[0].preview(),
		CreatedTime: "2026-01-02T10:00:00Z", IncidentStart: "2026-01-02T09:00:00Z",
		Labels:      []Label{{Key: "tags", Label: "security"}, {Key: "team", Label: "web"}},
		FieldValues: []FieldValue{{"f1", "o1"}, {"f2", `"by hand"`}}, Context: []string{"https://example.com/a?b=c:d"},
		Assignments: []Assignment{{User: o.users[1].preview(), Role: o.roles[0]}}}, &o}
}

func TestQueryTerms(t *testing.T) {
	finds(t, map[string]bool{
		``:                                      true,
		`  `:                                    true,
		`title:checkout`:                        true,
		`title:"it's the"`:                      true,
		`title:payments`:                        false,
		`status:"under watch"`:                  true,
		`status:under-watch`:                    true,
		`status:active`:                         false, // the name, not the category
		`severity:"major"`:                      true,
		`severity:maj`:                          false,
		`isdrill:false`:                         true,
		`isdrill:true`:                          false,
		`label:"Security"`:                      true,
		`label:web`:                             false, // another key
		`label:"team:web"`:                      false,
		`context:"https://example.com/a?b=c:d"`: true,
		`context:https://example.com/a`:         false,
		`createdby:"ana@example.com"`:           true,
		`createdby:ben@example.com`:             false,
		`role:commander`:                        true,
		`role:observer`:                         false,
		`user.email:"ben@example.com"`:          true,
		`user.email:chen@example.com`:           false,
		`field:team:"payments"`:                 true,
		`field:team:web`:                        false,
		`field:note:"by hand"`:                  true,
		`field:none:"by hand"`:                  false,
	})
}

func TestQueryRangesAndGroups(t *testing.T) {
	finds(t, map[string]bool{
		`declared:2026-01-02T00:00:00Z,2026-01-03T00:00:00Z`: true,
		`declared:2026-01-03T00:00:00Z,2026-01-04T00:00:00Z`: false,
		`started:2026-01-02T09:00:00Z,2026-01-02T09:00:00Z`:  true,
		`ended:2020-01-01T00:00:00Z,2030-01-01T00:00:00Z`:    false,
		`resolved:2020-01-01T00:00:00Z,2030-01-01T00:00:00Z`: false,
		`severity:major isdrill:false`:                       true,
		`severity:major severity:minor`:                      false,
		`or(severity:major severity:minor)`:                  true,
		`or(severity:critical severity:minor)`:               false,
		`isdrill:false or(severity:minor or(title:it))`:      true,
		`or( severity:'major' )`:                             true,
	})
}

// finds tries queries on the one incident.
func finds(t *testing.T, all map[string]bool) {
	t.Helper()
	s := tried()
	for query, want := range all {
		match, err := parseQuery(query)
		if err != nil || match(s) != want {
			t.Errorf("%s: want %t (%v)", query, want, err)
		}
	}
}

func TestBadQueries(t *testing.T) {
	for _, query := range []string{`checkout`, `"checkout"`, `title:`, `title: x`, `:x`, `title:"x`, `title:'x`, `title:"x"y`, `title:x"y"`, `title:"a\"b"`, `title:'a"b'`,
		`any(title:x title:y)`, `or()`, `or(title:x`, `title:x)`, `or (title:x)`, `not(title:x)`, `isdrill:maybe`, `colour:red`, `field:team`, `field:team:`, `field::x`,
		`declared:yesterday`, `declared:2026-01-02T00:00:00Z`, `declared:2026-01-02T00:00:00Z,`, `title:x(`, `TITLE:x`, strings.Repeat("or(", 4000)} {
		if _, err := parseQuery(query); err == nil {
			t.Errorf("%.40s was read", query)
		}
	}
}

func FuzzQuery(f *testing.F) {
	for _, seed := range []string{``, `title:"it's" isdrill:false`, `or(a:b or(severity:'x'))`, `field:team:"payments"`, `declared:2026-01-02T00:00:00Z,2026-01-03T00:00:00Z`, `title:"ü`, `or(or(or(`, `)`} {
		f.Add(seed)
	}
	s := tried()
	f.Fuzz(func(t *testing.T, query string) {
		match, err := parseQuery(query)
		if err != nil {
			return
		}
		found := match(s)
		// Twice the same is the same, and so is the one of one.
		twice, err := parseQuery(query + " " + query)
		if len(query) < maxQuery/4 && (err != nil || twice(s) != found) {
			t.Fatalf("%q twice: %v", query, err)
		}
		if strings.TrimSpace(query) == "" || len(query) >= maxQuery/4 {
			return
		}
		group, err := parseQuery("or(" + query + ")")
		if err != nil || found && !group(s) {
			t.Fatalf("or(%q): %v", query, err)
		}
	})
}
