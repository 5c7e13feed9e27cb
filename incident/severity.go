package incident

import (
	"context"
	"strings"

	api "github.com/grafana/incident-go"
)

// SetSeverity changes an incident's severity, whatever the label's case, and gives the incident as it is then. A label
// that the stack does not have is refused before anything is called (Invalid, ReasonSeverityUnknown), unless the stack's
// list cannot be had.
func (s *Stack) SetSeverity(ctx context.Context, id, label string) (Incident, error) {
	op := opSeverity(id)
	if err := checkID(op, id); err != nil {
		return Incident{}, err
	}
	if err := checkText(op, label); err != nil {
		return Incident{}, err
	}
	label, err := s.severity(ctx, op, label)
	if err != nil {
		return Incident{}, err
	}
	return s.updateSeverity(ctx, id, label)
}

func opSeverity(id string) string { return "set severity of " + id }

// updateSeverity sends the label, which is what the API takes, and makes sure that it took.
func (s *Stack) updateSeverity(ctx context.Context, id, label string) (Incident, error) {
	op := opSeverity(id)
	out, err := call(ctx, s, op, api.NewIncidentsService(s.api).UpdateSeverity, api.UpdateSeverityRequest{IncidentID: id, Severity: label})
	if err != nil {
		return Incident{}, err
	}
	now, err := s.changed(ctx, op, id, out.Incident)
	if err == nil && !strings.EqualFold(now.Severity, label) {
		now, err = s.reread(ctx, op, id) // the answer may be older than the change
	}
	if err != nil {
		return Incident{}, err
	}
	if !strings.EqualFold(now.Severity, label) {
		return Incident{}, &Error{Op: op, Code: Failed, Status: 200, Reason: ReasonSeverityIgnored, Message: plain("it is still " + now.Severity)}
	}
	return now, nil
}
