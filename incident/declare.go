package incident

import (
	"context"
	"errors"
	"strings"

	api "github.com/grafana/incident-go"
)

// Declare makes an incident. Grafana has no idempotency key for it: after an Uncertain error, look for the incident
// before declaring again.
//
// A severity that the stack does not have is refused before anything is called (Invalid, ReasonSeverityUnknown), unless
// the stack's list cannot be had. The severity may be ignored at create (grafana/gcx): what came back is compared, and
// corrected. If the correction fails, the incident is returned together with an error whose Partial is true and whose Op
// is "set severity of 42": the incident is there, with another severity. So it is with labels whose key was ignored.
func (s *Stack) Declare(ctx context.Context, d Declaration) (Incident, error) {
	const op = "declare an incident"
	title := strings.Join(strings.Fields(d.Title), " ")
	if err := checkText(op, title); err != nil {
		return Incident{}, err
	}
	if strings.TrimSpace(d.Severity) != "" {
		label, err := s.severity(ctx, op, d.Severity)
		if err != nil {
			return Incident{}, err
		}
		d.Severity = label
	}
	out, err := call(ctx, s, op, api.NewIncidentsService(s.api).CreateIncident, api.CreateIncidentRequest{
		Title: title, Severity: strings.TrimSpace(d.Severity), Labels: toLabels(d.Labels), IsDrill: d.Drill, Status: statusActive,
		AttachURL: d.AttachURL, AttachCaption: d.AttachCaption,
	})
	if err != nil {
		return Incident{}, err
	}
	if out.Incident.IncidentID == "" {
		return Incident{}, &Error{Op: op, Code: Unreadable, Status: 200, Reason: ReasonNoID}
	}
	made, severityErr := s.corrected(ctx, s.fromIncident(out.Incident), d.Severity)
	made, labelErr := s.labelled(ctx, made, d.Labels)
	return made, errors.Join(severityErr, labelErr)
}

// corrected sets the severity of a new incident that came back with another one.
func (s *Stack) corrected(ctx context.Context, made Incident, label string) (Incident, error) {
	if strings.TrimSpace(label) == "" || strings.EqualFold(made.Severity, label) {
		return made, nil
	}
	better, err := s.updateSeverity(ctx, made.ID, label)
	if err != nil {
		partly := *failure(opSeverity(made.ID), err)
		partly.Partial = true
		return made, &partly
	}
	return better, nil
}
