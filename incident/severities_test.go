package incident

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestSeverities(t *testing.T) {
	script := newScript(t).on("SeveritiesService.GetOrgSeverities", ok(someSeverities))
	s := script.stack()
	want := []Severity{{"s-1", "Critical", 1}, {"s-2", "Major", 2}, {"s-p", "Pending", -1}}
	for range 3 {
		got, err := s.Severities(t.Context())
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Fatal(diff, err)
		}
		got[0].Label = "changed by the caller"
	}
	if diff := cmp.Diff(want, s.KnownSeverities()); diff != "" {
		t.Error(diff)
	}
	if n := len(script.calls("")); n != 1 {
		t.Errorf("asked %d times", n)
	}
}

// A stack without the undocumented method gives what its incidents show.
func TestSeveritiesSeenOnIncidents(t *testing.T) {
	script := newScript(t).on("SeveritiesService.GetOrgSeverities", answer(404, "")).
		on("IncidentsService.QueryIncidentPreviews", ok(`{"incidentPreviews":[
			{"incidentID":"1","severityID":"a","severityLabel":"Pending"},{"incidentID":"2","severityID":"b","severityLabel":"House on fire"},
			{"incidentID":"3","severityID":"c","severityLabel":"Critical"},{"incidentID":"4","severityID":"c","severityLabel":"Critical"},{"incidentID":"5","severityLabel":""}],
			"cursor":{"hasMore":true,"nextValue":"n"},"error":""}`)).
		on("IncidentsService.UpdateSeverity", ok(incidentWith("severity", "SEV-9")), ok(incidentWith("severity", "House on fire")))
	s := script.stack()
	got, err := s.Severities(t.Context())
	if diff := cmp.Diff([]Severity{{"c", "Critical", 1}, {"b", "House on fire", 4}, {"a", "Pending", -1}}, got); diff != "" || err != nil {
		t.Fatal(diff, err)
	}
	if got := paths(script); got != "SeveritiesService.GetOrgSeverities v1/SeveritiesService.GetOrgSeverities v1/IncidentsService.QueryIncidentPreviews" {
		t.Error(got)
	}
	// What was not seen may exist: it is sent as it was typed. What was seen has its spelling.
	for _, label := range []string{"SEV-9", "house on fire"} {
		if _, err := s.SetSeverity(t.Context(), "42", label); err != nil {
			t.Error(err)
		}
	}
	sent := script.calls("IncidentsService.UpdateSeverity")
	if sent[0].body["severity"] != "SEV-9" || sent[1].body["severity"] != "House on fire" {
		t.Errorf("sent %v and %v", sent[0].body, sent[1].body)
	}
}

func TestSetSeverity(t *testing.T) {
	for _, c := range []struct {
		name, label string
		updates     []reply
		reads       []reply
		code        Code
		reason      string
		calls       string
	}{
		{"whatever the case", " mAjOr ", []reply{ok(oneIncident)}, nil, "", "", "GetOrgSeverities UpdateSeverity"},
		{"by id", "s-2", []reply{ok(oneIncident)}, nil, "", "", "GetOrgSeverities UpdateSeverity"},
		{"unknown", "sev1", nil, nil, Invalid, ReasonSeverityUnknown, "GetOrgSeverities"},
		{"archived", "old", nil, nil, Invalid, ReasonSeverityUnknown, "GetOrgSeverities"},
		{"empty", " ", nil, nil, Invalid, ReasonEmpty, ""},
		{"Grafana does not know it", "major", []reply{answer(500, `{"error":"Severity.FindOne: not found"}`)}, nil, Invalid, ReasonSeverityUnknown, "GetOrgSeverities UpdateSeverity"},
		{"an old answer", "major", []reply{ok(incidentWith("severity", "Minor"))}, []reply{ok(oneIncident)}, "", "", "GetOrgSeverities UpdateSeverity GetIncident"},
		{"an empty answer", "major", []reply{ok(`{"incident":{},"error":""}`)}, []reply{ok(oneIncident)}, "", "", "GetOrgSeverities UpdateSeverity GetIncident"},
		{"ignored", "major", []reply{ok(incidentWith("severity", "Minor"))}, []reply{ok(incidentWith("severity", "Minor"))}, Failed, ReasonSeverityIgnored, "GetOrgSeverities UpdateSeverity GetIncident"},
		{"no such incident", "major", []reply{answer(404, "")}, nil, NotFound, "", "GetOrgSeverities UpdateSeverity UpdateSeverity"},
		{"no such incident, 200", "major", []reply{ok(`{"incident":{},"error":""}`)}, []reply{ok(`{"incident":{"incidentID":""}}`)}, NotFound, "", "GetOrgSeverities UpdateSeverity GetIncident"},
		{"another incident", "major", []reply{ok(incidentWith("incidentID", "43"))}, nil, Unreadable, ReasonNoID, "GetOrgSeverities UpdateSeverity"},
		{"the look afterwards fails", "major", []reply{ok(`{}`)}, []reply{answer(403, `{"message":"Permission denied"}`)}, Lost, "", "GetOrgSeverities UpdateSeverity GetIncident"},
	} {
		t.Run(c.name, func(t *testing.T) {
			script := newScript(t).on("SeveritiesService.GetOrgSeverities", ok(someSeverities)).
				on("IncidentsService.UpdateSeverity", c.updates...).on("IncidentsService.GetIncident", c.reads...)
			i, err := script.stack().SetSeverity(t.Context(), "42", c.label)
			if c.code == "" {
				if err != nil || i.Severity != "Major" || script.calls("IncidentsService.UpdateSeverity")[0].body["severity"] != "Major" {
					t.Errorf("%+v, %v", i, err)
				}
			} else if e := wantCode(t, err, c.code); e.Reason != c.reason || e.Op == "" {
				t.Errorf("%+v", e)
			}
			if got := script.methods(); got != c.calls {
				t.Errorf("called %s, want %s", got, c.calls)
			}
		})
	}
}

// A label that an older list lacks may be new: the list is fetched again before the label is refused.
func TestNewSeverity(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		script := newScript(t).on("SeveritiesService.GetOrgSeverities", ok(`{"severities":[{"severityID":"s-1","displayLabel":"Critical","level":1}]}`), ok(someSeverities)).
			on("IncidentsService.UpdateSeverity", ok(oneIncident))
		s := script.stack()
		if _, err := s.Severities(t.Context()); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		if _, err := s.SetSeverity(t.Context(), "42", "major"); err != nil {
			t.Error(err)
		}
		_, err := s.SetSeverity(t.Context(), "42", "sev1")
		if e := wantCode(t, err, Invalid); e.Message != "this stack has Critical, Major, Pending" || e.Status != 0 {
			t.Errorf("%+v", e)
		}
		if n := len(script.calls("SeveritiesService.GetOrgSeverities")); n != 2 {
			t.Errorf("asked %d times", n)
		}
	})
}

func TestWarm(t *testing.T) {
	script := newScript(t).on("SeveritiesService.GetOrgSeverities", ok(someSeverities)).
		on("StatusService.QueryOrgStatuses", ok(someStatuses)).on("RolesService.GetRoles", answer(400, `{"error":"no"}`))
	s := script.stack()
	s.Warm(t.Context())
	if len(s.KnownSeverities()) != 3 || len(s.KnownStatuses()) != 3 || len(script.calls("")) != 3 {
		t.Errorf("%v %v, called %s", s.KnownSeverities(), s.KnownStatuses(), script.methods())
	}
}
