package incident

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestStatuses(t *testing.T) {
	script := newScript(t).on("StatusService.QueryOrgStatuses", ok(someStatuses))
	s := script.stack()
	want := []Status{
		{ID: "st-1", Name: "Active", Slug: "active", Category: "active"},
		{ID: "st-2", Name: "Mitigated", Slug: "mitigated-1", Category: "active"},
		{ID: "st-3", Name: "Resolved", Slug: "resolved", Category: "resolved"},
	}
	got, err := s.Statuses(t.Context())
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Fatal(diff, err)
	}
	if diff := cmp.Diff(want, s.KnownStatuses()); diff != "" {
		t.Error(diff)
	}
}

// words are the statuses that were sent, in order.
func words(s *script) string {
	var out []string
	for _, c := range s.calls("IncidentsService.UpdateStatus") {
		out = append(out, c.body["status"].(string))
	}
	return strings.Join(out, " ")
}

func TestSetStatus(t *testing.T) {
	is := func(status string) reply { return ok(incidentWith("status", status)) }
	no := answer(400, `{"error":"invalid status"}`)
	noStatus := answer(500, `{"error":"Status.FindOne: not found"}`)
	gone := answer(404, `{"error":"not found"}`)
	for _, c := range []struct {
		name, status   string
		updates, reads []reply
		sent           string
		code           Code
		reason         string
	}{
		{"resolved is sure", "Resolved", []reply{is("resolved")}, nil, "resolved", "", ""},
		{"active is sure", "active", []reply{is("active")}, nil, "active", "", ""},
		{"resolved, and one of the stack's own comes back", "resolved", []reply{is("Closed for good")}, nil, "resolved", "", ""},
		{"resolved is ignored", "resolved", []reply{is("active")}, []reply{is("active")}, "resolved", Failed, ReasonStatusIgnored},
		{"by name", "mitigated", []reply{is("Mitigated")}, nil, "Mitigated", "", ""},
		{"by name, answered with the slug", "Mitigated", []reply{is("mitigated-1")}, nil, "Mitigated", "", ""},
		{"by name, an old answer", "mitigated", []reply{is("active")}, []reply{is("Mitigated")}, "Mitigated", "", ""},
		{"by slug", "mitigated", []reply{no, is("Mitigated")}, nil, "Mitigated mitigated-1", "", ""},
		{"by slug after silence", "mitigated", []reply{is("active"), is("Mitigated")}, []reply{is("active")}, "Mitigated mitigated-1", "", ""},
		{"by id", "mitigated-1", []reply{noStatus, noStatus, is("Mitigated")}, nil, "Mitigated mitigated-1 st-2", "", ""},
		{"by the id of private incidents", "st-2", []reply{no, no, no, is("Mitigated")}, nil, "Mitigated mitigated-1 st-2 pst-2", "", ""},
		{"a 404 that means the word", "mitigated", []reply{gone, is("Mitigated")}, []reply{is("active")}, "Mitigated mitigated-1", "", ""},
		{"a 404 that means the incident", "mitigated", []reply{gone}, []reply{gone}, "Mitigated", NotFound, ""},
		{"by one that seemed to fail", "mitigated", []reply{answer(500, `{"error":"status hook failed"}`), no, no, no}, []reply{is("Mitigated")}, "Mitigated mitigated-1 st-2 pst-2", "", ""},
		{"by none after doubt", "mitigated", []reply{answer(500, `{"error":"status hook failed"}`), no, no, no}, []reply{is("active")}, "Mitigated mitigated-1 st-2 pst-2", Invalid, ""},
		{"by none", "mitigated", []reply{no}, nil, "Mitigated mitigated-1 st-2 pst-2", Invalid, ""},
		{"of private incidents only", "sealed", []reply{is("Sealed")}, nil, "Sealed", "", ""},
		{"unknown", "on holiday", nil, nil, "", Invalid, ReasonStatusUnknown},
		{"archived", "gone", nil, nil, "", Invalid, ReasonStatusUnknown},
		{"empty", "", nil, nil, "", Invalid, ReasonEmpty},
		{"forbidden", "mitigated", []reply{answer(403, `{"message":"Permission denied"}`)}, nil, "Mitigated", Forbidden, ReasonRole},
		{"lost", "mitigated", []reply{{err: &netError{errTruncated}, touched: true}}, nil, "Mitigated", Lost, ""},
		{"the plugin broke", "mitigated", []reply{answer(500, `{"error":"database is locked"}`)}, nil, "Mitigated", Failed, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			script := newScript(t).on("StatusService.QueryOrgStatuses", ok(someStatuses)).
				on("IncidentsService.UpdateStatus", c.updates...).on("IncidentsService.GetIncident", c.reads...)
			i, err := script.stack().SetStatus(t.Context(), "42", c.status)
			if c.code == "" {
				if err != nil || i.ID != "42" {
					t.Errorf("%+v, %v", i, err)
				}
			} else if e := wantCode(t, err, c.code); e.Reason != c.reason {
				t.Errorf("%+v", e)
			}
			if got := words(script); got != c.sent {
				t.Errorf("sent %q, want %q", got, c.sent)
			}
		})
	}
}

func TestSetStatusRemembersTheForm(t *testing.T) {
	mitigated, no := ok(incidentWith("status", "Mitigated")), answer(400, `{"error":"invalid status"}`)
	script := newScript(t).on("StatusService.QueryOrgStatuses", ok(someStatuses)).
		on("IncidentsService.UpdateStatus", no, mitigated, mitigated, ok(incidentWith("status", "resolved")), mitigated, no, mitigated)
	s := script.stack()
	for _, status := range []string{"mitigated", "mitigated", "resolved", "mitigated", "mitigated"} {
		if _, err := s.SetStatus(t.Context(), "42", status); err != nil {
			t.Fatal(err)
		}
	}
	if got := words(script); got != "Mitigated mitigated-1 mitigated-1 resolved mitigated-1 mitigated-1 Mitigated" {
		t.Error(got)
	}
}

func TestSetStatusWithoutTheList(t *testing.T) {
	script := newScript(t).on("StatusService.QueryOrgStatuses", answer(403, `{"message":"Permission denied"}`)).
		on("IncidentsService.UpdateStatus", ok(incidentWith("status", "Mitigated")))
	if _, err := script.stack().SetStatus(t.Context(), "42", "mitigated"); err != nil || words(script) != "mitigated" {
		t.Error(words(script), err)
	}
}
