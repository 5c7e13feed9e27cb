package incident

import (
	"context"

	api "github.com/grafana/incident-go"
)

const (
	kindNote   = "userNote"            // the one kind of timeline entry that can be added
	typeMrkdwn = "text/markdown+slack" // Slack's own markup, taken and given back
)

// AddNote puts an entry on an incident's timeline, back-dated when the note has a time. Grafana writes it as the service
// account: who said it has to stand in the text. URLs in the text become context of the incident. The time is kept to the
// millisecond. A text over 65,536 bytes is refused and not cut (Invalid, ReasonTooLong). After an Uncertain error, Noted
// says whether it is there, if it had a time.
func (s *Stack) AddNote(ctx context.Context, id string, n Note) error {
	op := "add a note to " + id
	if err := checkID(op, id); err != nil {
		return err
	}
	if err := checkText(op, n.Text); err != nil {
		return err
	}
	out, err := call(ctx, s, op, api.NewActivityService(s.api).AddActivity, api.AddActivityRequest{
		IncidentID: id, ActivityKind: kindNote, Body: n.Text, EventTime: formatTime(n.At), FieldValues: map[string]any{},
	})
	if err != nil {
		return err
	}
	return s.made(ctx, op, id, out.ActivityItem.ActivityItemID)
}

// AddUpdate posts a status update (the API's key update), written in Slack's markup, with the incident's present status
// and severity. Its scope is internal. A text over 65,536 bytes is refused and not cut (Invalid, ReasonTooLong). After an
// Uncertain error, Updated says whether it is there.
func (s *Stack) AddUpdate(ctx context.Context, id string, mrkdwn string) error {
	op := "add an update to " + id
	if err := checkText(op, mrkdwn); err != nil {
		return err
	}
	now, err := s.Incident(ctx, id)
	if err != nil {
		return err
	}
	out, err := call(ctx, s, op, api.NewKeyUpdatesService(s.api).CreateKeyUpdate, api.CreateKeyUpdateRequest{
		IncidentID: id, Content: mrkdwn, ContentType: typeMrkdwn, Scope: "internal",
		StatusID: s.statusID(ctx, now), SeverityID: s.severityID(ctx, now),
	})
	if err != nil {
		return err
	}
	return s.made(ctx, op, id, out.KeyUpdate.ID)
}

// made makes sure that an answer names what was made. Where it does not, a missing incident may be why.
func (s *Stack) made(ctx context.Context, op, id, newID string) error {
	if newID != "" {
		return nil
	}
	if _, err := s.Incident(ctx, id); isCode(err, NotFound) {
		return err
	}
	return &Error{Op: op, Code: Unreadable, Status: 200, Reason: ReasonNoID}
}

// statusID is the id of an incident's status, "" when the stack's list cannot be had or lacks it.
func (s *Stack) statusID(ctx context.Context, i Incident) string {
	all, _ := s.statuses.get(ctx)
	if st, ok := findStatus(all, i.Status, i.Private); ok {
		return st.ID
	}
	return ""
}

// severityID is the id of an incident's severity, "" when the stack's list cannot be had or lacks it.
func (s *Stack) severityID(ctx context.Context, i Incident) string {
	list, _ := s.severities.get(ctx)
	one, _ := list.find(i.Severity)
	return one.ID
}
