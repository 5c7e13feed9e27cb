package incidenttest

import "time"

// Options say how the stack behaves. The zero Options are a stack as grafana/gcx found it.
type Options struct {
	// Now is the stack's clock; nil means time.Now.
	Now func() time.Time
	// SearchLag is how long a change stays unseen by QueryIncidentPreviews and QueryIncidents.
	SearchLag time.Duration
	// Latency is waited before every answer.
	Latency time.Duration
	// PluginID is the plugin that is installed; "" means "grafana-irm-app".
	PluginID string
	// HonourSeverityOnCreate makes CreateIncident take the severity it is sent, as grafana/oncall expects, and answer an
	// unknown one with 500. Without it the severity is ignored and every incident starts as Pending, as gcx found.
	HonourSeverityOnCreate bool
	// IgnoreLabelKeyOnCreate makes CreateIncident put every label under the key "tags", as the comment in incident-go
	// says ("only the Label string is processed"). Without it a key is kept.
	IgnoreLabelKeyOnCreate bool
	// FreeLabels makes AssignLabel make a key or value that is not known. Without it AddLabelKey and AddLabelValue have to
	// come first.
	FreeLabels bool
	// StatusBySlug makes UpdateStatus take slugs alone for statuses of the stack's own; StatusByID, ids alone. Names are
	// taken otherwise. "active" and "resolved" always work.
	StatusBySlug, StatusByID bool
	// TimelineByCreation makes QueryActivity order a timeline by when its items were written. Without it, by when they
	// happened: which of the two the API does is not documented.
	TimelineByCreation bool
	// TrimTexts keeps notes and status updates without the white space at their ends. Without it they are kept as they came.
	TrimTexts bool
	// BadQueryInBand answers a bad query string with an error in a 200 instead of a 400.
	BadQueryInBand bool
	// UnknownInBand answers for an unknown incident with a 200 that holds no incident instead of a 404, where the answer
	// is an incident.
	UnknownInBand bool
	// OldForbidden refuses a role that is too low with Grafana's older body, {"message":"Permission denied"};
	// PluginForbidden with a plugin's own, {"error":"forbidden"}.
	OldForbidden, PluginForbidden bool
	// NoSeverities leaves SeveritiesService out, on both bases.
	NoSeverities bool
	// NoSlackApp is a stack without Grafana's own Slack app: CreateIncidentSlackChannel is refused.
	NoSlackApp bool
	// SystemTasks gives every new incident the tasks the real stack makes itself and nobody may change: to fill the
	// mandatory roles and to choose a severity. They are done when that is done.
	SystemTasks bool
	// SpacedTimes writes incidentStart and incidentEnd as some of the official client's samples have them,
	// "2022-02-11 00:50:20.574137", instead of RFC 3339.
	SpacedTimes bool
	// KeepCalls bounds what Calls remembers to the last so many: 0 is all, below 0 none. Benchmarks want a bound.
	KeepCalls int
}
