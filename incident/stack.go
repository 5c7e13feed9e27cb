package incident

import (
	"context"
	"errors"
)

// Stack is one Grafana stack, called with one service account's token.
type Stack struct{}

var errSoon = errors.New("not written yet")

func CheckURL(raw string) (stackURL, pluginID string, err error) { return "", "", errSoon }
func CheckToken(token string) error                              { return errSoon }
func New(c Config) (*Stack, error)                               { return nil, errSoon }

func (s *Stack) Declare(ctx context.Context, d Declaration) (Incident, error) {
	return Incident{}, errSoon
}
func (s *Stack) Incident(ctx context.Context, id string) (Incident, error) {
	return Incident{}, errSoon
}
func (s *Stack) Incidents(ctx context.Context, q Query, cursor string) (Page, error) {
	return Page{}, errSoon
}
func (s *Stack) AddNote(ctx context.Context, id string, n Note) error          { return errSoon }
func (s *Stack) AddUpdate(ctx context.Context, id string, mrkdwn string) error { return errSoon }
func (s *Stack) SetSeverity(ctx context.Context, id, label string) (Incident, error) {
	return Incident{}, errSoon
}
func (s *Stack) SetStatus(ctx context.Context, id, status string) (Incident, error) {
	return Incident{}, errSoon
}
func (s *Stack) Severities(ctx context.Context) ([]Severity, error) { return nil, errSoon }
func (s *Stack) KnownSeverities() []Severity                        { return nil }
func (s *Stack) Statuses(ctx context.Context) ([]Status, error)     { return nil, errSoon }
func (s *Stack) KnownStatuses() []Status                            { return nil }
func (s *Stack) Warm(ctx context.Context)                           {}
func (s *Stack) Check(ctx context.Context) error                    { return errSoon }
func (s *Stack) Refused() error                                     { return nil }
func (s *Stack) IncidentID(text string) (id string, ok bool)        { return "", false }
func (s *Stack) IncidentURL(id string) string                       { return "" }
