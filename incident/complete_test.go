package incident

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// found is an incident as Attached gives it.
func found() Incident {
	return Incident{ID: "42", Severity: "Major", Labels: []Label{{"team", "payments"}, {defaultKey, "eu"}}}
}

// What is right already costs no call, however it is written.
func TestCompleteOfWhatIsRight(t *testing.T) {
	s := newScript(t).stack() // which fails on any call
	for _, d := range []Declaration{
		{}, {Title: "x", Drill: true}, {Severity: " major "}, {Severity: "MAJOR", Labels: []Label{{"Team", "Payments"}, {"", " eu "}, {"", " "}}},
	} {
		if got, err := s.Complete(t.Context(), found(), d); err != nil || !cmp.Equal(got, found()) {
			t.Errorf("%+v: %+v, %v", d, got, err)
		}
	}
}

func TestComplete(t *testing.T) {
	for name, c := range map[string]struct {
		d     Declaration
		calls string
	}{
		"a severity":         {Declaration{Severity: "critical"}, "GetOrgSeverities UpdateSeverity"},
		"the severity by id": {Declaration{Severity: "s-2"}, "GetOrgSeverities"},
		"a label":            {Declaration{Severity: "Major", Labels: []Label{{"team", "payments"}, {"env", "prod"}}}, "AssignLabel"},
		"both":               {Declaration{Severity: "critical", Labels: []Label{{"env", "prod"}}}, "GetOrgSeverities UpdateSeverity AssignLabel"},
	} {
		t.Run(name, func(t *testing.T) {
			script := newScript(t).on("SeveritiesService.GetOrgSeverities", ok(someSeverities)).
				on("IncidentsService.UpdateSeverity", ok(incidentWith("severity", "Critical"))).on("IncidentsService.AssignLabel", ok(`{"error":""}`))
			i, err := script.stack().Complete(t.Context(), found(), c.d)
			if err != nil || script.methods() != c.calls {
				t.Errorf("called %s: %v", script.methods(), err)
			}
			if again, err := script.stack().Complete(t.Context(), i, c.d); err != nil || !cmp.Equal(again, i) {
				t.Errorf("once more: %+v, %v", again, err)
			}
		})
	}
}

// The labels of whoever asks are not written to.
func TestCompleteLeavesTheCallersLabels(t *testing.T) {
	script := newScript(t).on("IncidentsService.AssignLabel", ok(`{"error":""}`))
	room := append(make([]Label, 0, 8), found().Labels...)
	i := Incident{ID: "42", Labels: room}
	got, err := script.stack().Complete(t.Context(), i, Declaration{Labels: []Label{{"env", "prod"}}})
	if err != nil || len(got.Labels) != 3 || len(i.Labels) != 2 || room[:3][2] != (Label{}) {
		t.Errorf("%+v, %+v, %v", got, room[:3], err)
	}
}

// A part that fails keeps no other from being completed, and the error says of each that it is a part.
func TestCompleteInPart(t *testing.T) {
	for name, severity := range map[string]string{"not to be set": "Critical", "unknown by now": "gone"} {
		t.Run(name, func(t *testing.T) {
			script := newScript(t).on("SeveritiesService.GetOrgSeverities", ok(someSeverities)).
				on("IncidentsService.UpdateSeverity", answer(403, `{"message":"Permission denied"}`)).on("IncidentsService.AssignLabel", ok(`{"error":""}`))
			i, err := script.stack().Complete(t.Context(), found(), Declaration{Severity: severity, Labels: []Label{{"env", "prod"}}})
			var e *Error
			if !errors.As(err, &e) || !e.Partial || e.Op != "set severity of 42" || i.ID != "42" || i.Severity != "Major" || len(i.Labels) != 3 {
				t.Errorf("%+v, %+v", i, err)
			}
		})
	}
	if i, err := newScript(t).stack().Complete(t.Context(), Incident{}, Declaration{Severity: "Major"}); i.ID != "" || wantCode(t, err, Invalid).Reason != ReasonEmpty {
		t.Errorf("%+v, %v", i, err)
	}
}
