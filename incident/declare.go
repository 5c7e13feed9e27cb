package incident

import (
	"context"
	"errors"
	"strings"

	api "github.com/grafana/incident-go"
)

// Declare makes an incident, and completes it as Complete does. Grafana has no idempotency key for it: after an Uncertain
// error, look for the incident with Attached before declaring again.
//
// A severity that the stack does not have is refused before anything is called (Invalid, ReasonSeverityUnknown), unless
// the stack's list cannot be had. If the completion fails, the incident is returned together with an error whose Partial
// is true and whose Op is "set severity of 42": the incident is there, with another severity. So it is with labels whose
// key was ignored.
func (s *Stack) Declare(ctx context.Context, d Declaration) (Incident, error) {
	const op = "declare an incident"
	title := strings.Join(strings.Fields(d.Title), " ")
	if err := checkText(op, title); err != nil {
		return Incident{}, err
	}
	if d.Severity = strings.TrimSpace(d.Severity); d.Severity != "" {
		label, err := s.severity(ctx, op, d.Severity)
		if err != nil {
			return Incident{}, err
		}
		d.Severity = label
	}
	out, err := call(ctx, s, op, api.NewIncidentsService(s.api).CreateIncident, api.CreateIncidentRequest{
		Title: title, Severity: d.Severity, Labels: toLabels(d.Labels), IsDrill: d.Drill, Status: statusActive,
		AttachURL: d.AttachURL, AttachCaption: d.AttachCaption,
	})
	if err != nil {
		return Incident{}, err
	}
	if out.Incident.IncidentID == "" {
		return Incident{}, &Error{Op: op, Code: Unreadable, Status: 200, Reason: ReasonNoID}
	}
	return s.complete(ctx, s.fromIncident(out.Incident), d)
}

// Complete puts right what Grafana may leave out of a declaration: the severity, which may be ignored at create
// (grafana/gcx), and labels, whose keys may be (incident-go). It is the second half of Declare, for an incident that was
// found again by Attached after its Declare was Uncertain, and does nothing twice: i is compared with d, and where all is
// right, nothing is called. i should be fresh, or what a person changed since is changed back.
//
// An error is Partial, since the incident is there, and names the part that is missing; the incident comes with it as far
// as it got.
func (s *Stack) Complete(ctx context.Context, i Incident, d Declaration) (Incident, error) {
	if err := checkID("complete an incident", i.ID); err != nil {
		return i, err
	}
	var unknown error
	if d.Severity = strings.TrimSpace(d.Severity); d.Severity != "" && !strings.EqualFold(i.Severity, d.Severity) {
		if d.Severity, unknown = s.severity(ctx, opSeverity(i.ID), d.Severity); unknown != nil {
			unknown = inPart(opSeverity(i.ID), unknown)
		}
	}
	i, err := s.complete(ctx, i, d)
	return i, errors.Join(unknown, err)
}

// complete is Complete for a severity in the stack's spelling.
func (s *Stack) complete(ctx context.Context, i Incident, d Declaration) (Incident, error) {
	i, severityErr := s.corrected(ctx, i, d.Severity)
	i, labelErr := s.labelled(ctx, i, d.Labels)
	return i, errors.Join(severityErr, labelErr)
}

// corrected sets the severity of an incident that has another one than it was declared with.
func (s *Stack) corrected(ctx context.Context, made Incident, label string) (Incident, error) {
	if label == "" || strings.EqualFold(made.Severity, label) {
		return made, nil
	}
	better, err := s.updateSeverity(ctx, made.ID, label)
	if err != nil {
		return made, inPart(opSeverity(made.ID), err)
	}
	return better, nil
}

// inPart is the failure of a part, when the incident itself was declared.
func inPart(op string, err error) error {
	partly := *failure(op, err)
	partly.Partial = true
	return &partly
}
