package incidenttest

import (
	"strings"
	"testing"
)

// direct runs a method without HTTP and gives the answer's body and the refusal.
func direct(t *testing.T, s *Server, name, body string) (string, error) {
	t.Helper()
	m, ok := s.methods[name]
	if !ok {
		t.Fatalf("there is no %s", name)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	out, err := m.run(s, &account{role: Editor, user: UserPreview{UserID: "sa", Name: "sa"}}, []byte(body))
	if err != nil {
		return "", err
	}
	return string(encode(out)), nil
}

// TestUnknownIncident gives an unknown incident to every method that takes one.
func TestUnknownIncident(t *testing.T) {
	s := New(Options{})
	defer s.Close()
	bodies := map[string]string{
		"IncidentsService.CreateIncident": "", "IncidentsService.QueryIncidents": "", "IncidentsService.QueryIncidentPreviews": "",
		"FieldsService.GetFields": "", "FieldsService.GetField": "", "FieldsService.AddLabelKey": "", "FieldsService.AddLabelValue": "",
		"StatusService.GetStatusByID": "", "StatusService.QueryOrgStatuses": "", "UsersService.GetUser": "", "UsersService.QueryUsers": "",
		"RolesService.GetRoles": "", "SeveritiesService.GetOrgSeverities": "", "ConfigurationTrackerService.GetConfigurationTracker": "",
		"FieldsService.GetFieldValues":                  `{"targetKind":"incident","targetID":"9"}`,
		"FieldsService.RecordFieldValue":                `{"targetKind":"incident","targetID":"9"}`,
		"ActivityService.QueryActivity":                 `{"query":{"incidentID":"9"}}`,
		"KeyUpdatesService.QueryKeyUpdates":             `{"query":{"incidentID":"9"}}`,
		"IncidentContextService.QueryIncidentContext":   `{"query":{"incidentID":"9"}}`,
		"ActivityService.UpdateActivityBody":            `{"incidentID":"9","body":"x"}`,
		"ActivityService.UpdateActivityEventTime":       `{"incidentID":"9","eventTime":"2026-01-02T15:04:05Z"}`,
		"ActivityService.UpdateActivityRelevance":       `{"incidentID":"9","relevance":"low"}`,
		"IncidentsService.AssignLabelByUUID":            `{"incidentID":"9","keyUUID":"field-tags","valueUUID":"v"}`,
		"IncidentsService.UnassignLabelByUUID":          `{"incidentID":"9","keyUUID":"field-tags","valueUUID":"v"}`,
		"IntegrationService.CreateIncidentSlackChannel": `{"incidentID":"9","channelName":"x"}`,
	}
	s.org.fields[0].Options = []Option{{UUID: "v", Value: "urgent"}}
	for name := range s.methods {
		if _, setup := setupMethods()[name]; setup {
			continue
		}
		body, special := bodies[name]
		if special && body == "" {
			continue
		}
		if body == "" {
			body = `{"incidentID":"9"}`
		}
		if out, err := direct(t, s, name, body); err == nil || !strings.Contains(err.Error(), "incident not found") {
			t.Errorf("%s: %s, %v", name, out, err)
		}
	}
}

// TestReadsAndWrites holds the roles of all methods: those that only look are for a Viewer.
func TestReadsAndWrites(t *testing.T) {
	for name, m := range methods() {
		_, word, _ := strings.Cut(name, ".")
		looks := strings.HasPrefix(word, "Get") || strings.HasPrefix(word, "Query")
		if m.write == looks {
			t.Errorf("%s: write is %t", name, m.write)
		}
	}
}

// TestChecksum holds the vector of grafana's own tests; big-endian would read 9726585b.
func TestChecksum(t *testing.T) {
	if got, want := sealed("glsa_iNValIdinValiDinvalidinvalidinva"), "glsa_iNValIdinValiDinvalidinvalidinva_5b582697"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// TestSeverities holds the answer that no type of the official client describes (grafana/gcx).
func TestSeverities(t *testing.T) {
	s := New(Options{})
	defer s.Close()
	out, err := direct(t, s, "SeveritiesService.GetOrgSeverities", `{}`)
	for _, want := range []string{`{"severities":[{"severityID":"sev-1","orgID":"1","displayLabel":"Critical","level":1,`, `"displayLabel":"Pending","level":-1,`, `"archivedAt":""`} {
		if err != nil || !strings.Contains(out, want) {
			t.Errorf("%s (%v) lacks %s", out, err, want)
		}
	}
}

func TestFieldTakes(t *testing.T) {
	options := []Option{{UUID: "a"}, {UUID: "b"}}
	for _, c := range []struct {
		kind, value string
		ok          bool
	}{
		{"string", `"x"`, true}, {"string", `x`, false}, {"string", `1`, false}, {"string", ``, true},
		{"date", `"2026-01-02"`, true}, {"date", `2026`, false},
		{"bool", `true`, true}, {"bool", `"true"`, false},
		{"number", `-1.5`, true}, {"number", `"1"`, false},
		{"single-select", `a`, true}, {"single-select", `"a"`, false}, {"single-select", `c`, false}, {"single-select", ``, true},
		{"multi-select", `["a","b"]`, true}, {"multi-select", `[]`, true}, {"multi-select", `["c"]`, false}, {"multi-select", `a`, false},
	} {
		f := Field{Name: "f", Type: c.kind, Options: options}
		if err := f.takes(c.value); (err == nil) != c.ok {
			t.Errorf("%s %s: %v", c.kind, c.value, err)
		}
	}
}

// TestSortedKeepsTheOrderOfEquals holds that what is equal comes as it was, or turned round.
func TestSortedKeepsTheOrderOfEquals(t *testing.T) {
	same := func(string) sortKey { return sortKey{} }
	if got := sorted([]string{"a", "b", "c"}, same, true); strings.Join(got, "") != "abc" {
		t.Error(got)
	}
	if got := sorted([]string{"a", "b", "c"}, same, false); strings.Join(got, "") != "cba" {
		t.Error(got)
	}
}

func TestOrders(t *testing.T) {
	early, late := "2026-01-02T10:00:00Z", "2026-01-02T10:00:00.5Z"
	for field, second := range map[string]Incident{
		"":              {CreatedTime: late},
		"createdTime":   {CreatedTime: late},
		"modifiedTime":  {ModifiedTime: late},
		"incidentStart": {IncidentStart: late},
		"incidentEnd":   {IncidentEnd: late},
		"closedTime":    {ClosedTime: late},
		"title":         {Title: "b"},
		"status":        {Status: "resolved"},
		"severity":      {Severity: "Minor"},
		"isDrill":       {IsDrill: true},
	} {
		first := Incident{ID: "10", CreatedTime: early, ModifiedTime: early, IncidentStart: early, Title: "a", Status: "active", Severity: "Major"}
		second.ID = "9"
		all := []*Incident{&second, &first}
		if got, err := order(all, field, "ASC"); err != nil || got[0].ID != "10" {
			t.Errorf("%s up: %v %v", field, err, got)
		}
		if got, err := order(all, field, "DESC"); err != nil || got[0].ID != "9" {
			t.Errorf("%s down: %v %v", field, err, got)
		}
	}
	all := []*Incident{{ID: "10"}, {ID: "9"}}
	if got, err := order(all, "incidentID", "ASC"); err != nil || got[0].ID != "9" {
		t.Errorf("ids are no numbers: %v", got)
	}
}

func TestOrderUpdates(t *testing.T) {
	a, b := "a", "b"
	for _, c := range []struct{ field, direction, want string }{
		{"", "ASC", "12"}, {"", "", "21"}, {"createdTime", "DESC", "21"}, {"modifiedTime", "ASC", "21"}, {"title", "ASC", "21"}, {"title", "DESC", "12"},
		{"size", "ASC", ""}, {"", "up", ""},
	} {
		all := []KeyUpdate{{ID: "1", Title: &b, CreatedTime: "2026-01-02T10:00:00Z", ModifiedTime: "2026-01-02T12:00:00Z"},
			{ID: "2", Title: &a, CreatedTime: "2026-01-02T11:00:00Z", ModifiedTime: "2026-01-02T11:00:00Z"}}
		all, err := orderUpdates(all, c.field, c.direction)
		if (err != nil) != (c.want == "") || err == nil && all[0].ID+all[1].ID != c.want {
			t.Errorf("%+v: %s%s, %v", c, all[0].ID, all[1].ID, err)
		}
	}
}

func TestPageOf(t *testing.T) {
	all := []int{1, 2, 3}
	for _, c := range []struct {
		limit int
		at    string
		want  int
		next  string
		bad   bool
	}{
		{2, "", 2, "2", false}, {2, "2", 1, "", false}, {3, "", 3, "", false}, {2, "99", 0, "", false}, {0, "", 3, "", false},
		{-1, "", 0, "", true}, {101, "", 0, "", true}, {2, "x", 0, "", true}, {2, "-1", 0, "", true},
	} {
		got, next, err := pageOf(all, c.limit, cursor{NextValue: c.at})
		if len(got) != c.want || next.NextValue != c.next || next.HasMore != (c.next != "") || (err != nil) != c.bad {
			t.Errorf("%+v: %v %+v %v", c, got, next, err)
		}
	}
}

func TestContext(t *testing.T) {
	s := New(Options{})
	defer s.Close()
	s.Add(Incident{Context: []string{"https://example.com/a"}})
	out, err := direct(t, s, "IncidentContextService.QueryIncidentContext", `{"query":{"incidentID":"1"}}`)
	if err != nil || !strings.Contains(out, `"url":"https://example.com/a"`) {
		t.Errorf("%s %v", out, err)
	}
}

func TestAddAndSeedPanicOnWhatIsThere(t *testing.T) {
	s := New(Options{})
	defer s.Close()
	s.Add(Incident{ID: "7"})
	panics := func(f func()) (said any) {
		defer func() { said = recover() }()
		f()
		return nil
	}
	for _, f := range []func(){func() { s.Add(Incident{ID: "7"}) }, s.Seed} {
		if panics(f) == nil {
			t.Error("no panic")
		}
	}
	if id := s.Add(Incident{}); id != "8" {
		t.Errorf("the next id is %s", id)
	}
	if _, ok := s.Incident("none"); ok {
		t.Error("found what is not there")
	}
}

func TestSlug(t *testing.T) {
	for title, want := range map[string]string{"Checkout is down!": "checkout-is-down", "  ": "incident", "🔥": "incident", "Ärger №1": "ärger-1"} {
		if got := slug(title); got != want {
			t.Errorf("%q: %q, want %q", title, got, want)
		}
	}
}
