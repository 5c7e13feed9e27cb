package incident

import (
	"context"
	"errors"
	"fmt"
	"strings"

	api "github.com/grafana/incident-go"
)

// Incident gives one incident in full. One that does not exist is NotFound.
func (s *Stack) Incident(ctx context.Context, id string) (Incident, error) {
	op := "get incident " + id
	if err := checkID(op, id); err != nil {
		return Incident{}, err
	}
	out, err := look(ctx, s, op, api.NewIncidentsService(s.api).GetIncident, api.GetIncidentRequest{IncidentID: id})
	if err != nil {
		return Incident{}, err
	}
	if out.Incident.IncidentID == "" { // some versions say so instead of 404
		return Incident{}, &Error{Op: op, Code: NotFound, Status: 200}
	}
	i, err := s.same(op, id, out.Incident)
	if e, ok := err.(*Error); ok {
		e.Unchanged = true
	}
	return i, err
}

// same makes sure that an answer is about the incident that was meant.
func (s *Stack) same(op, id string, in api.Incident) (Incident, error) {
	if in.IncidentID != id {
		return Incident{}, &Error{Op: op, Code: Unreadable, Status: 200, Reason: ReasonNoID, Message: plain("the answer is about incident " + in.IncidentID)}
	}
	return s.fromIncident(in), nil
}

// changed is the incident that a change's answer holds. An answer without one does not prove the change, so the
// incident is read again: it is NotFound, or shows what it is like now.
func (s *Stack) changed(ctx context.Context, op, id string, in api.Incident) (Incident, error) {
	if in.IncidentID == "" {
		return s.reread(ctx, op, id)
	}
	return s.same(op, id, in)
}

// reread reads an incident after a change. If that fails, what the change did is not known.
func (s *Stack) reread(ctx context.Context, op, id string) (Incident, error) {
	now, err := s.Incident(ctx, id)
	if err != nil && !isCode(err, NotFound) {
		err = &Error{Op: op, Code: Lost, Err: err}
	}
	return now, err
}

func isCode(err error, code Code) bool {
	var e *Error
	return errors.As(err, &e) && e.Code == code
}

func checkID(op, id string) error {
	if !validID(id) {
		return &Error{Op: op, Code: Invalid, Reason: ReasonEmpty, Message: "the incident's id is empty or cannot be one"}
	}
	return nil
}

// maxText is the longest body of a timeline entry (docs: Activity body at most 65,536), counted in bytes.
const maxText = 65_536

// checkText refuses what the API would refuse, or cut.
func checkText(op, text string) error {
	switch {
	case strings.TrimSpace(text) == "":
		return &Error{Op: op, Code: Invalid, Reason: ReasonEmpty, Message: "the text is empty"}
	case len(text) > maxText:
		return &Error{Op: op, Code: Invalid, Reason: ReasonTooLong, Message: fmt.Sprintf("the text has %d bytes, and %d are the most", len(text), maxText)}
	}
	return nil
}
