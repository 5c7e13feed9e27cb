package incident

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestDeclare(t *testing.T) {
	script := newScript(t).on("SeveritiesService.GetOrgSeverities", ok(someSeverities)).on("IncidentsService.CreateIncident", ok(oneIncident))
	i, err := script.stack().Declare(t.Context(), Declaration{
		Title: "  checkout\nreturns  500s ", Severity: "MAJOR", Labels: []Label{{"team", "payments"}, {"", "eu"}, {"empty", " "}}, Drill: true,
		AttachURL: "https://example.com/1", AttachCaption: "Slack",
	})
	if err != nil || i.ID != "42" || i.Severity != "Major" {
		t.Fatal(i, err)
	}
	want := map[string]any{
		"title": "checkout returns 500s", "severity": "Major", "isDrill": true, "status": "active", "roomPrefix": "",
		"labels": []any{
			map[string]any{"key": "team", "label": "payments", "description": "", "colorHex": ""},
			map[string]any{"key": "tags", "label": "eu", "description": "", "colorHex": ""},
		},
		"attachURL": "https://example.com/1", "attachCaption": "Slack", "initialStatusUpdate": "", "alertGroupID": nil,
	}
	if diff := cmp.Diff(want, script.calls("IncidentsService.CreateIncident")[0].body); diff != "" {
		t.Error(diff)
	}
	if got := script.methods(); got != "GetOrgSeverities CreateIncident" {
		t.Error(got)
	}
}

func TestDeclarePlainly(t *testing.T) {
	script := newScript(t).on("IncidentsService.CreateIncident", ok(oneIncident))
	if _, err := script.stack().Declare(t.Context(), Declaration{Title: "x"}); err != nil {
		t.Fatal(err)
	}
	body := script.calls("")[0].body
	if labels, isList := body["labels"].([]any); !isList || len(labels) != 0 || body["severity"] != "" {
		t.Errorf("sent %v", body)
	}
}

func TestDeclareRefusesBeforeCalling(t *testing.T) {
	for name, c := range map[string]struct {
		d      Declaration
		reason string
		calls  string
	}{
		"no title":         {Declaration{Title: " \n"}, ReasonEmpty, ""},
		"a novel":          {Declaration{Title: strings.Repeat("ü", maxText)}, ReasonTooLong, ""},
		"unknown severity": {Declaration{Title: "x", Severity: "sev1"}, ReasonSeverityUnknown, "GetOrgSeverities"},
	} {
		t.Run(name, func(t *testing.T) {
			script := newScript(t).on("SeveritiesService.GetOrgSeverities", ok(someSeverities))
			_, err := script.stack().Declare(t.Context(), c.d)
			if e := wantCode(t, err, Invalid); e.Reason != c.reason || e.Uncertain() || e.Temporary() {
				t.Errorf("%+v", e)
			}
			if got := script.methods(); got != c.calls {
				t.Errorf("called %s", got)
			}
		})
	}
}

// Where the list cannot be had, the label goes out as it was typed, and Grafana judges.
func TestDeclareWithoutTheList(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		script := newScript(t).on("SeveritiesService.GetOrgSeverities", answer(500, `{"error":"broke"}`)).
			on("IncidentsService.CreateIncident", answer(500, `{"error":"creating incident: Severity.FindOne: not found"}`))
		_, err := script.stack().Declare(t.Context(), Declaration{Title: "x", Severity: "sev1"})
		if e := wantCode(t, err, Invalid); e.Reason != ReasonSeverityUnknown || e.Uncertain() {
			t.Errorf("%+v", e)
		}
		if sent := script.calls("IncidentsService.CreateIncident"); len(sent) != 1 || sent[0].body["severity"] != "sev1" {
			t.Errorf("sent %v", sent)
		}
	})
}

// While the stack is down, the list is not asked for again by every declaration: the label passes as it is, at once.
func TestDeclareAgainWithoutTheList(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		script := newScript(t).on("SeveritiesService.GetOrgSeverities", answer(500, `{"error":"broke"}`)).
			on("IncidentsService.CreateIncident", ok(incidentWith("severity", "Pending"))).on("IncidentsService.UpdateSeverity", ok(oneIncident))
		s := script.stack()
		for n, step := range []struct {
			after time.Duration
			asked int
		}{{0, maxAttempts}, {0, maxAttempts}, {failurePause - 1, maxAttempts}, {1, 2 * maxAttempts}} {
			time.Sleep(step.after)
			began := time.Now()
			if i, err := s.Declare(t.Context(), Declaration{Title: "x", Severity: "Major"}); err != nil || i.Severity != "Major" {
				t.Fatal(i, err)
			}
			if asked := len(script.calls("SeveritiesService.GetOrgSeverities")); asked != step.asked || (time.Since(began) == 0) != (n == 1 || n == 2) {
				t.Errorf("declaration %d: asked %d times, took %v", n, asked, time.Since(began))
			}
		}
		for _, made := range script.calls("IncidentsService.CreateIncident") {
			if made.body["severity"] != "Major" {
				t.Errorf("sent %v", made.body)
			}
		}
	})
}

// gcx says that the severity is ignored at create.
func TestDeclareCorrectsTheSeverity(t *testing.T) {
	script := newScript(t).on("SeveritiesService.GetOrgSeverities", ok(someSeverities)).
		on("IncidentsService.CreateIncident", ok(incidentWith("severity", "Pending"))).
		on("IncidentsService.UpdateSeverity", ok(incidentWith("severity", "Critical")))
	i, err := script.stack().Declare(t.Context(), Declaration{Title: "x", Severity: "critical"})
	if err != nil || i.ID != "42" || i.Severity != "Critical" {
		t.Error(i, err)
	}
	if body := script.calls("IncidentsService.UpdateSeverity")[0].body; body["incidentID"] != "42" || body["severity"] != "Critical" {
		t.Errorf("sent %v", body)
	}
}

func TestDeclareInPart(t *testing.T) {
	for name, c := range map[string]struct {
		update reply
		code   Code
	}{
		"forbidden": {answer(403, `{"message":"Permission denied"}`), Forbidden},
		"lost":      {reply{err: &netError{errTruncated}, touched: true}, Lost},
		"ignored":   {ok(incidentWith("severity", "Pending")), Failed},
	} {
		t.Run(name, func(t *testing.T) {
			script := newScript(t).on("SeveritiesService.GetOrgSeverities", ok(someSeverities)).
				on("IncidentsService.CreateIncident", ok(incidentWith("severity", "Pending"))).
				on("IncidentsService.UpdateSeverity", c.update).on("IncidentsService.GetIncident", ok(incidentWith("severity", "Pending")))
			i, err := script.stack().Declare(t.Context(), Declaration{Title: "x", Severity: "critical"})
			e := wantCode(t, err, c.code)
			if !e.Partial || e.Op != "set severity of 42" || i.ID != "42" || i.Severity != "Pending" {
				t.Errorf("%+v with %+v", e, i)
			}
			if n := len(script.calls("IncidentsService.CreateIncident")); n != 1 {
				t.Errorf("declared %d times", n)
			}
		})
	}
}
