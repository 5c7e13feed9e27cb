package incident

import (
	"strings"

	api "github.com/grafana/incident-go"
)

// fromIncident makes an Incident of the API's full shape.
func (s *Stack) fromIncident(in api.Incident) Incident {
	out := Incident{
		ID: in.IncidentID, Title: in.Title, Severity: in.Severity, Status: in.Status,
		Drill: in.IsDrill, Private: in.IncidentType == typePrivate, Labels: fromLabels(in.Labels),
		Declared: parseTime(in.CreatedTime), Modified: parseTime(in.ModifiedTime), Started: parseTime(in.IncidentStart),
		Ended: parseTime(in.IncidentEnd), Closed: parseTime(in.ClosedTime),
		Creator: in.CreatedByUser.Name, Summary: in.Summary,
		URL: s.at.overview(in.OverviewURL, in.IncidentID),
	}
	for _, a := range in.IncidentMembership.Assignments {
		out.Roles = append(out.Roles, Assignment{Role: a.Role.Name, UserID: a.User.UserID, Name: a.User.Name})
	}
	for _, t := range in.TaskList.Tasks {
		out.Tasks = append(out.Tasks, fromTask(t))
	}
	return out
}

func fromTask(t api.Task) Task {
	out := Task{ID: t.TaskID, Text: t.Text, Done: t.Status == "done", Immutable: t.Immutable}
	if t.AssignedUser != nil {
		out.Assignee = t.AssignedUser.Name
	}
	return out
}

// fromPreview makes an Incident of the API's shape for lists. It has no tasks, and of the roles only the important ones,
// named once the stack's roles are known.
func (s *Stack) fromPreview(in api.IncidentPreview) Incident {
	out := Incident{
		ID: in.IncidentID, Title: in.Title, Severity: in.SeverityLabel, Status: in.Status,
		Drill: in.IsDrill, Private: in.IncidentType == typePrivate, Labels: fromLabels(in.Labels),
		Declared: parseTime(in.CreatedTime), Modified: parseTime(in.ModifiedTime), Started: parseTime(in.IncidentStart),
		Ended: parseTime(in.IncidentEnd), Closed: parseTime(in.ClosedTime),
		Creator: in.CreatedByUser.Name, Summary: in.Summary, Version: in.Version,
		URL: s.at.page(in.IncidentID, in.Slug),
	}
	for _, a := range in.IncidentMembershipPreview.ImportantAssignments {
		out.Roles = append(out.Roles, Assignment{Role: s.roleName(a.RoleID), UserID: a.User.UserID, Name: a.User.Name})
	}
	return out
}

func fromLabels(in []api.IncidentLabel) []Label {
	var out []Label
	for _, l := range in {
		out = append(out, Label{Key: keyOr(l.Key), Value: l.Label})
	}
	return out
}

// toLabels makes the API's labels, never nil: a nil slice goes out as null.
func toLabels(in []Label) []api.IncidentLabel {
	out := []api.IncidentLabel{}
	for _, l := range in {
		if value := strings.TrimSpace(l.Value); value != "" {
			out = append(out, api.IncidentLabel{Key: keyOr(strings.TrimSpace(l.Key)), Label: value})
		}
	}
	return out
}

// defaultKey is the key of labels that were given none (docs).
const defaultKey = "tags"

func keyOr(key string) string {
	if key == "" {
		return defaultKey
	}
	return key
}
