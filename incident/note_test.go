package incident

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

const (
	madeNote   = `{"activityItem":{"activityItemID":"a1","incidentID":"42"},"error":""}`
	madeUpdate = `{"keyUpdate":{"id":"k1","incidentID":"42"},"error":""}`
)

func TestAddNote(t *testing.T) {
	berlin := time.FixedZone("CET", 3600)
	script := newScript(t).on("ActivityService.AddActivity", ok(madeNote))
	s := script.stack()
	for at, want := range map[time.Time]string{
		{}: "",
		time.Date(2026, 11, 24, 15, 32, 0, 0, berlin):           "2026-11-24T14:32:00Z",
		time.Date(2026, 11, 24, 14, 32, 0, 123456789, time.UTC): "2026-11-24T14:32:00.123Z",
	} {
		if err := s.AddNote(t.Context(), "42", Note{Text: "CPU \"back\"\nto normal ü", At: at}); err != nil {
			t.Fatal(err)
		}
		calls := script.calls("")
		got := calls[len(calls)-1].body
		if diff := cmp.Diff(map[string]any{"incidentID": "42", "activityKind": "userNote", "body": "CPU \"back\"\nto normal ü",
			"eventTime": want, "fieldValues": map[string]any{}}, got); diff != "" {
			t.Error(diff)
		}
	}
}

func TestAddUpdate(t *testing.T) {
	for name, c := range map[string]struct {
		incident                 string
		severities, statuses     reply
		wantSeverity, wantStatus string
	}{
		"ordinary":            {oneIncident, ok(someSeverities), ok(someStatuses), "s-2", "st-1"},
		"custom status":       {incidentWith("status", "Mitigated"), ok(someSeverities), ok(someStatuses), "s-2", "st-2"},
		"private":             {incidentWith("status", "Mitigated", "incidentType", "private"), ok(someSeverities), ok(someStatuses), "s-2", "pst-2"},
		"no severity":         {incidentWith("severity", ""), ok(someSeverities), ok(someStatuses), "", "st-1"},
		"lists not to be had": {oneIncident, answer(403, `{"message":"Permission denied"}`), answer(403, `{}`), "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			script := newScript(t).on("IncidentsService.GetIncident", ok(c.incident)).on("KeyUpdatesService.CreateKeyUpdate", ok(madeUpdate)).
				on("SeveritiesService.GetOrgSeverities", c.severities).on("StatusService.QueryOrgStatuses", c.statuses)
			if err := script.stack().AddUpdate(t.Context(), "42", "*rolled back* <https://x|y>"); err != nil {
				t.Fatal(err)
			}
			want := map[string]any{"incidentID": "42", "title": nil, "content": "*rolled back* <https://x|y>", "contentType": "text/markdown+slack",
				"statusID": c.wantStatus, "severityID": c.wantSeverity, "scope": "internal", "color": nil}
			if diff := cmp.Diff(want, script.calls("KeyUpdatesService.CreateKeyUpdate")[0].body); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestTextsThatAreRefused(t *testing.T) {
	for _, c := range []struct{ id, text, reason string }{
		{"42", "", ReasonEmpty},
		{"42", " \n\t", ReasonEmpty},
		{"42", strings.Repeat("ü", maxText/2) + "x", ReasonTooLong},
		{"", "x", ReasonEmpty},
		{"4 2", "x", ReasonEmpty},
		{"../42", "x", ReasonEmpty},
	} {
		s := newScript(t).stack() // which fails on any call
		err := s.AddNote(t.Context(), c.id, Note{Text: c.text})
		if e := wantCode(t, err, Invalid); e.Reason != c.reason || !strings.HasPrefix(err.Error(), "add a note to "+c.id) {
			t.Errorf("%q: %v", c.text[:min(len(c.text), 9)], err)
		}
		if e := wantCode(t, s.AddUpdate(t.Context(), c.id, c.text), Invalid); e.Reason != c.reason {
			t.Errorf("%+v", e)
		}
	}
	script := newScript(t).on("ActivityService.AddActivity", ok(madeNote))
	longest := strings.Repeat("ü", maxText/2)
	if err := script.stack().AddNote(t.Context(), "42", Note{Text: longest}); err != nil || script.calls("")[0].body["body"] != longest {
		t.Error("the longest text did not go out whole", err)
	}
}

// An answer that does not name what it made proves nothing, unless the incident turns out to be missing.
func TestNothingMade(t *testing.T) {
	for name, c := range map[string]struct {
		answer, read reply
		code         Code
	}{
		"the incident is there":     {ok(`{"activityItem":{},"error":""}`), ok(oneIncident), Unreadable},
		"the incident is not there": {ok(`{}`), answer(404, `{"error":"incident not found"}`), NotFound},
		"nobody knows":              {ok(`{}`), answer(401, `{}`), Unreadable},
		"404":                       {answer(404, ""), ok(oneIncident), NotFound},
		"400":                       {answer(400, `{"error":"no"}`), ok(oneIncident), Invalid},
	} {
		t.Run(name, func(t *testing.T) {
			script := newScript(t).on("ActivityService.AddActivity", c.answer).on("IncidentsService.GetIncident", c.read)
			err := script.stack().AddNote(t.Context(), "42", Note{Text: "x"})
			if e := wantCode(t, err, c.code); e.Uncertain() != (c.code == Unreadable) {
				t.Errorf("%+v", e)
			}
		})
	}
}

// The update's reading comes before its writing: if that fails, nothing happened.
func TestUpdateThatCouldNotRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		script := newScript(t).on("IncidentsService.GetIncident", reply{err: &netError{errTruncated}, touched: true})
		err := script.stack().AddUpdate(t.Context(), "42", "x")
		if e := wantCode(t, err, Lost); e.Uncertain() || !e.Temporary() {
			t.Errorf("%+v", e)
		}
	})
}
