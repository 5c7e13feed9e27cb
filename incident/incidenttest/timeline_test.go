package incidenttest_test

import (
	"strings"
	"testing"

	"incident-bot/incident/incidenttest"
)

// TestTimelineOfEveryChange holds which items each method writes on the timeline, whose they are, and that nobody may
// change them but notes. Changes that have no kind of their own in the API (status updates, edits of notes) write none.
func TestTimelineOfEveryChange(t *testing.T) {
	for _, c := range []struct{ method, body, want string }{
		{"IncidentsService.UpdateStatus", `"status":"resolved"`, "incidentStatusChanged: changed the status from active to resolved"},
		{"IncidentsService.UpdateSeverity", `"severity":"minor"`, "incidentSeverityChanged: changed the severity from Critical to Minor"},
		{"IncidentsService.UpdateTitle", `"title":"Checkout"`, "incidentTitleChanged: changed the title to Checkout"},
		{"IncidentsService.UpdateIncidentIsDrill", `"isDrill":true`, "incidentIsDrillChanged: changed whether this is a drill"},
		{"IncidentsService.UpdateIncidentEventTime", `"eventName":"incidentStart","eventTime":"2026-01-02T14:00:00Z"`, "incidentStart: changed the time to 2026-01-02T14:00:00Z"},
		{"IncidentsService.UpdateIncidentEventTime", `"activityItemKind":"incidentEnd","eventTime":"2026-01-02T15:00:00+01:00"`, "incidentEnd: changed the time to 2026-01-02T14:00:00Z"},
		{"IncidentsService.AssignRole", `"userID":"grafana-incident:3","role":"observer"`, "roleAssigned: assigned Chen Li as observer"},
		{"IncidentsService.AssignRole", `"userID":"grafana-incident:1","role":"commander"`, ""}, // holds it
		{"IncidentsService.UnassignRole", `"userID":"grafana-incident:1","role":"commander"`, "roleUnassigned: unassigned Ana Ruiz as commander"},
		{"IncidentsService.UnassignRole", `"userID":"grafana-incident:3","role":"observer"`, ""}, // does not hold it
		{"IncidentsService.AddLabel", `"label":{"label":"new"}`, "labelAdded: added the label tags:new"},
		{"IncidentsService.AddLabel", `"label":{"label":"customer-facing"}`, ""}, // is there
		{"IncidentsService.RemoveLabel", `"label":"customer-facing"`, "labelRemoved: removed the label tags:customer-facing"},
		{"IncidentsService.RemoveLabel", `"label":"new"`, ""},
		{"IncidentsService.AssignLabel", `"key":"team","value":"web"`, "labelAdded: added the label team:web"},
		{"IncidentsService.UnassignLabel", `"key":"team","value":"payments"`, "labelRemoved: removed the label team:payments"},
		{"IncidentsService.AssignLabelByUUID", `"keyUUID":"field-team","valueUUID":"option-team-web"`, "labelAdded: added the label team:web"},
		{"IncidentsService.UnassignLabelByUUID", `"keyUUID":"field-team","valueUUID":"option-team-payments"`, "labelRemoved: removed the label team:payments"},
		{"ActivityService.AddActivity", `"activityKind":"userNote","body":"rolled back"`, "userNote: rolled back"},
		{"TasksService.AddTask", `"text":"call"`, "taskAdded: call"},
		{"TasksService.UpdateTaskText", `"taskID":"TASK","text":"write"`, "taskUpdated: write"},
		{"TasksService.UpdateTaskUser", `"taskID":"TASK","userID":"grafana-incident:2"`, "taskUpdated: Roll back checkout"},
		{"TasksService.UpdateTaskStatus", `"taskID":"TASK","status":"progress"`, "taskUpdated: Roll back checkout"},
		{"TasksService.UpdateTaskStatus", `"taskID":"TASK","status":"done"`, "taskCompleted: Roll back checkout"},
		{"TasksService.DeleteTask", `"taskID":"TASK"`, "taskDeleted: Roll back checkout"},
		{"IntegrationService.CreateIncidentSlackChannel", `"channelName":"inc"`, "actionRun: created a Slack channel"},
		{"KeyUpdatesService.CreateKeyUpdate", `"content":"x","contentType":"text/plain","statusID":"status-internal-active","severityID":"sev-1"`, ""},
	} {
		s := start(t, incidenttest.Options{Now: newClock().Now})
		s.Seed()
		before, _ := s.Incident("41")
		body := `{"incidentID":"41",` + strings.ReplaceAll(c.body, "TASK", before.Tasks[0].TaskID) + `}`
		if got := call(t, s, c.method, s.NewToken(incidenttest.Editor), body); got.status != 200 {
			t.Errorf("%s: %d %s", c.method, got.status, got.body)
		}
		after, _ := s.Incident("41")
		if got := written(after.Activity[len(before.Activity):]); got != c.want {
			t.Errorf("%s %s: wrote %q, want %q", c.method, c.body, got, c.want)
		}
		for _, a := range after.Activity[len(before.Activity):] {
			if a.Immutable != (a.ActivityKind != "userNote") || !strings.HasPrefix(a.User.Name, "Service Account") || a.ActivityItemID == "" ||
				a.IncidentID != "41" || a.CreatedTime != "2026-01-02T15:04:05Z" || a.Relevance != "automatic" {
				t.Errorf("%s: %+v", c.method, a)
			}
		}
		if (c.want == "" && c.method != "KeyUpdatesService.CreateKeyUpdate") != (after.Version == before.Version) {
			t.Errorf("%s %s: version %d, then %d", c.method, c.body, before.Version, after.Version)
		}
	}
}

// written is a timeline in short.
func written(items []incidenttest.Activity) string {
	var all []string
	for _, a := range items {
		all = append(all, a.ActivityKind+": "+a.Body)
	}
	return strings.Join(all, "; ")
}

// TestTimelineCannotBeForged holds that only notes can be added, changed and removed.
func TestTimelineCannotBeForged(t *testing.T) {
	s := start(t, incidenttest.Options{})
	s.Seed()
	one, _ := s.Incident("41")
	token, made := s.NewToken(incidenttest.Admin), one.Activity[0].ActivityItemID
	for method, body := range map[string]string{
		"RemoveActivity":          ``,
		"UpdateActivityBody":      `,"body":"never happened"`,
		"UpdateActivityEventTime": `,"eventTime":"2026-01-02T14:00:00Z"`,
		"UpdateActivityRelevance": `,"relevance":"archive"`,
	} {
		got := call(t, s, "ActivityService."+method, token, `{"incidentID":"41","activityItemID":"`+made+`"`+body+`}`)
		if got.status != 400 || !strings.Contains(got.body, "immutable") {
			t.Errorf("%s: %d %s", method, got.status, got.body)
		}
	}
	for _, kind := range []string{"incidentCreated", "roleAssigned", "hookRunMetadata", "", "UserNote"} {
		got := call(t, s, "ActivityService.AddActivity", token, `{"incidentID":"41","activityKind":"`+kind+`","body":"x"}`)
		if got.status != 400 || !strings.Contains(got.body, "must be userNote") {
			t.Errorf("%q: %d %s", kind, got.status, got.body)
		}
	}
	if after, _ := s.Incident("41"); canonical(t, after.Activity) != canonical(t, one.Activity) {
		t.Error("the timeline changed")
	}
}

// TestTimelineIsOrderedByWhenThingsHappened holds that a back-dated note stands where it happened.
func TestTimelineIsOrderedByWhenThingsHappened(t *testing.T) {
	s := start(t, incidenttest.Options{Now: newClock().Now})
	id, token := s.Add(incidenttest.Incident{Title: "x"}), s.NewToken(incidenttest.Editor)
	for _, at := range []string{"2026-01-02T14:30:00Z", "", "2026-01-02T16:00:00+02:00", "2026-01-02T14:30:00.5Z"} {
		call(t, s, "ActivityService.AddActivity", token, `{"incidentID":"`+id+`","activityKind":"userNote","body":"at `+at+`","eventTime":"`+at+`"}`)
	}
	got := call(t, s, "ActivityService.QueryActivity", token, `{"query":{"incidentID":"`+id+`","limit":100,"orderDirection":"ASC"}}`).object(t)
	var bodies []string
	for _, item := range got["activityItems"].([]any) {
		bodies = append(bodies, item.(map[string]any)["body"].(string))
	}
	if want := "at 2026-01-02T16:00:00+02:00|at 2026-01-02T14:30:00Z|at 2026-01-02T14:30:00.5Z|at "; strings.Join(bodies, "|") != want {
		t.Errorf("%q", bodies)
	}
}
