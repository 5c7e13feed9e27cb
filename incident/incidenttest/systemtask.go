package incidenttest

import "strings"

// chooseSeverity is the id of the task that is done when an incident has another severity than new ones have. Those of
// roles are assignRole and the role's name. The ids are the real ones.
const (
	chooseSeverity = "must-choose-severity"
	assignRoleTo   = "assign-role-"
)

// systemTasks are the tasks a stack gives a new incident.
func (s *Server) systemTasks() []Task {
	one := func(id, text string) Task {
		return Task{TaskID: id, Text: text, Status: "todo", Immutable: true, CreatedTime: s.stamp(), ModifiedTime: s.stamp()}
	}
	all := []Task{one(chooseSeverity, "Choose a severity")}
	for _, role := range s.org.roles {
		if role.Mandatory && !role.Archived {
			all = append(all, one(assignRoleTo+role.Name, "Assign a "+role.Name))
		}
	}
	return all
}

// settle brings the system tasks of an incident up to date.
func (s *Server) settle(r *record) {
	for n := range r.Tasks {
		t := &r.Tasks[n]
		if !t.Immutable {
			continue
		}
		status := t.Status
		if role, ok := strings.CutPrefix(t.TaskID, assignRoleTo); ok {
			status = doneIf(r.holds(role))
		}
		if t.TaskID == chooseSeverity {
			status = doneIf(r.Severity != s.org.firstSeverity())
		}
		if status != t.Status {
			t.Status, t.ModifiedTime = status, s.stamp()
		}
	}
}

func doneIf(done bool) string {
	if done {
		return "done"
	}
	return "todo"
}

// holds says whether anybody has a role.
func (i *Incident) holds(role string) bool {
	for _, a := range i.Assignments {
		if a.Role.Name == role {
			return true
		}
	}
	return false
}

// firstSeverity is the label new incidents start with, the last of the list.
func (o *org) firstSeverity() string {
	if len(o.severities) == 0 {
		return ""
	}
	return o.severities[len(o.severities)-1].DisplayLabel
}
