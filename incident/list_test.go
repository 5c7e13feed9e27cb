package incident

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// preview is one entry of a list, with a team's label on each that is divisible by three.
func preview(n int) string {
	label := ""
	if n%3 == 0 {
		label = `{"key":"team","label":"payments"}`
	}
	return fmt.Sprintf(`{"incidentID":"%d","title":"t%d","slug":"s-%d","severityLabel":"Major","status":"active","isDrill":%v,"labels":[%s],"version":%d}`, n, n, n, n%5 == 0, label, n)
}

func pageOf(from, to int, next string) reply {
	var all []string
	for n := from; n < to; n++ {
		all = append(all, preview(n))
	}
	return ok(fmt.Sprintf(`{"incidentPreviews":[%s],"cursor":{"hasMore":%v,"nextValue":%q},"error":""}`, strings.Join(all, ","), next != "", next))
}

func ids(p Page) string {
	var out []string
	for _, i := range p.Incidents {
		out = append(out, i.ID)
	}
	return strings.Join(out, " ")
}

const previews = "IncidentsService.QueryIncidentPreviews"

func TestIncidents(t *testing.T) {
	no := false
	script := newScript(t).on(previews, pageOf(1, 4, "c2"), pageOf(4, 6, "")).on("RolesService.GetRoles", ok(`{"roles":[]}`)).
		on("StatusService.QueryOrgStatuses", ok(`{"configurations":[]}`))
	s := script.stack()
	q := Query{Status: "active", Severity: "Major", Title: "it's down", Drills: &no, Limit: 3}
	page, err := s.Incidents(t.Context(), q, "")
	if err != nil || ids(page) != "1 2 3" || page.Next != "c2" {
		t.Fatal(page, err)
	}
	if page, err = s.Incidents(t.Context(), q, page.Next); err != nil || ids(page) != "4" || page.Next != "" {
		t.Fatal(page, err) // 5 is a drill
	}
	query := map[string]any{"limit": 3., "orderDirection": "DESC", "orderField": "createdTime",
		"queryString": `isdrill:false status:"active" severity:"Major" title:"it's down"`}
	calls := script.calls(previews)
	for i, cursor := range []map[string]any{{"nextValue": "", "hasMore": false}, {"nextValue": "c2", "hasMore": true}} {
		want := map[string]any{"query": query, "cursor": cursor, "includeCustomFieldValues": false, "includeMembershipPreview": true, "includeIncidentChannels": false}
		if diff := cmp.Diff(want, calls[i].body); diff != "" {
			t.Errorf("call %d: %s", i, diff)
		}
	}
}

func TestListEnds(t *testing.T) {
	for name, answer := range map[string]reply{
		"no more":                 ok(`{"incidentPreviews":[{"incidentID":"1"}],"cursor":{"hasMore":false,"nextValue":"c2"}}`),
		"no cursor":               ok(`{"incidentPreviews":[{"incidentID":"1"}],"cursor":{"hasMore":true,"nextValue":""}}`),
		"an empty page":           ok(`{"incidentPreviews":[],"cursor":{"hasMore":true,"nextValue":"c2"}}`),
		"the same page once more": ok(`{"incidentPreviews":[{"incidentID":"1"}],"cursor":{"hasMore":true,"nextValue":"c1"}}`),
		"nothing but the object":  ok(`{}`),
	} {
		script := newScript(t).on(previews, answer).on("RolesService.GetRoles", ok(`{"roles":[]}`))
		if page, err := script.stack().Incidents(t.Context(), Query{}, "c1"); err != nil || page.Next != "" {
			t.Errorf("%s: %+v, %v", name, page, err)
		}
	}
}

// The API does not find labels with a key: pages are read and filtered on our side, and cut in the middle where they
// hold more than was asked for.
func TestIncidentsByLabel(t *testing.T) {
	var walk []string
	q, cursor := Query{Label: Label{Key: "Team", Value: "Payments"}, Limit: 2}, ""
	for range 5 {
		script := newScript(t)
		switch parseCursor(cursor).next {
		case "":
			script.on(previews, pageOf(1, 11, "c2"), pageOf(11, 14, "c3"), pageOf(14, 20, ""))
		case "c2":
			script.on(previews, pageOf(11, 14, "c3"), pageOf(14, 20, ""))
		case "c3":
			script.on(previews, pageOf(14, 20, ""))
		}
		page, err := script.stack().Incidents(t.Context(), q, cursor)
		if err != nil {
			t.Fatal(err)
		}
		if body := script.calls("")[0].body["query"].(map[string]any); body["limit"] != 100. || body["queryString"] != "" {
			t.Errorf("asked %v", body)
		}
		walk = append(walk, ids(page)+" →"+page.Next)
		if cursor = page.Next; cursor == "" {
			break
		}
	}
	if diff := cmp.Diff([]string{"3 6 →skip:2:", "9 12 →c3", "15 18 →"}, walk); diff != "" {
		t.Error(diff)
	}
}

func TestRareLabel(t *testing.T) {
	script := newScript(t)
	var answers []reply
	for n := range 20 {
		answers = append(answers, pageOf(1, 2, fmt.Sprintf("c%d", n)))
	}
	page, err := script.on(previews, answers...).stack().Incidents(t.Context(), Query{Label: Label{Key: "nobody", Value: "x"}}, "")
	if err != nil || len(page.Incidents) != 0 || page.Next != "c9" || len(script.calls("")) != maxPages {
		t.Errorf("%+v, %v after %d calls", page, err, len(script.calls("")))
	}
}

func TestLimitIsAlwaysSent(t *testing.T) {
	for limit, want := range map[int]int{0: 100, -1: 100, 1: 1, 100: 100, 1000: 100} {
		if got := (Query{Limit: limit}).limit(); got != want {
			t.Errorf("%d: %d", limit, got)
		}
	}
}

func TestBadQuery(t *testing.T) {
	s := newScript(t).stack() // which fails on any call
	for _, q := range []Query{{Title: `x" severity:"y`, Status: "active"}, {Severity: "a\nb"}, {Context: `\`}, {Label: Label{Value: `"`}}} {
		_, err := s.Incidents(t.Context(), q, "")
		if e := wantCode(t, err, Invalid); e.Reason != ReasonQuery {
			t.Errorf("%+v: %v", q, e)
		}
	}
	for _, a := range []reply{answer(400, `{"error":"bad"}`), ok(`{"incidentPreviews":[],"cursor":{},"error":"Invalid query string"}`)} {
		_, err := newScript(t).on(previews, a).stack().Incidents(t.Context(), Query{Title: "x"}, "")
		wantCode(t, err, Invalid)
	}
}

func TestPreview(t *testing.T) {
	script := newScript(t).on("RolesService.GetRoles", ok(`{"roles":[{"roleID":1,"name":"commander","important":true}],"error":""}`)).
		on(previews, ok(`{"incidentPreviews":[{"incidentID":"42","severityID":"s-2","severityLabel":"Major","incidentType":"private","labels":[{"key":"tags","label":"eu"}],"isDrill":true,
		"createdTime":"2026-11-24T14:32:00Z","modifiedTime":"2026-11-24T14:33:00Z","closedTime":"","createdByUser":{"name":"bot"},"title":"t","summary":"s","status":"active","slug":"a b/c",
		"incidentStart":"2026-11-24 14:30:20.574137","incidentEnd":"nonsense","incidentMembershipPreview":{"importantAssignments":[{"user":{"userID":"u1","name":"Ana"},"roleID":1}]},"version":7}],"cursor":{}}`))
	s := script.stack()
	if _, err := s.Roles(t.Context()); err != nil {
		t.Fatal(err)
	}
	page, err := s.Incidents(t.Context(), Query{}, "")
	if err != nil {
		t.Fatal(err)
	}
	want := Incident{ID: "42", Title: "t", Severity: "Major", Status: "active", Drill: true, Private: true, Labels: []Label{{"tags", "eu"}},
		Declared: time.Date(2026, 11, 24, 14, 32, 0, 0, time.UTC), Modified: time.Date(2026, 11, 24, 14, 33, 0, 0, time.UTC),
		Started: time.Date(2026, 11, 24, 14, 30, 20, 574137000, time.UTC), Creator: "bot", Summary: "s", Version: 7,
		Roles: []Assignment{{"commander", "u1", "Ana"}},
		URL:   "https://my-stack.grafana.net/a/grafana-irm-app/incidents/42/a%20b%2Fc"}
	if diff := cmp.Diff(Page{Incidents: []Incident{want}}, page); diff != "" {
		t.Error(diff)
	}
}
