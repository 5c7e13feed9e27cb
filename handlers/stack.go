package handlers

import (
	"context"
	"time"

	"incident-bot/incident"
)

// Stack is one workspace's Grafana stack as the words use it; *incident.Stack is one.
type Stack interface {
	reader
	finder
	writer
	levels
	pages
}

// finder finds out whether a change whose answer was lost happened.
type finder interface {
	Attached(ctx context.Context, url string) (incident.Incident, bool, error)
	Noted(ctx context.Context, id string, n incident.Note) (bool, error)
	Updated(ctx context.Context, id, mrkdwn string, since time.Time) (bool, error)
}

type reader interface {
	Incident(ctx context.Context, id string) (incident.Incident, error)
	Incidents(ctx context.Context, q incident.Query, cursor string) (incident.Page, error)
}

type writer interface {
	declarer
	recorder
	changer
}

type declarer interface {
	Declare(ctx context.Context, d incident.Declaration) (incident.Incident, error)
	Complete(ctx context.Context, i incident.Incident, d incident.Declaration) (incident.Incident, error)
}

type recorder interface {
	AddNote(ctx context.Context, id string, n incident.Note) error
	AddUpdate(ctx context.Context, id, mrkdwn string) error
}

type changer interface {
	SetSeverity(ctx context.Context, id, label string) (incident.Incident, error)
	SetStatus(ctx context.Context, id, status string) (incident.Incident, error)
}

// levels are the stack's own lists. The Known ones never wait and may be empty.
type levels interface {
	Severities(ctx context.Context) ([]incident.Severity, error)
	KnownSeverities() []incident.Severity
	Statuses(ctx context.Context) ([]incident.Status, error)
}

// pages are an incident's addresses in Grafana.
type pages interface {
	IncidentID(address string) (id string, ok bool)
	IncidentURL(id string) string
}

// labels knows what a message shows; *bot.Labels does.
type labels interface {
	At(ctx context.Context, workspace, channel, ts string) (label string, ok bool)
}
