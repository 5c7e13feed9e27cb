package incidenttest

import "slices"

// incidentOut is the answer of every method that gives one incident.
type incidentOut struct {
	Incident full `json:"incident"`
}

// full is an incident in the API's larger shape.
type full struct {
	Incident
	Membership membership `json:"incidentMembership"`
	TaskList   taskList   `json:"taskList"`
}

type membership struct {
	Assignments       []Assignment `json:"assignments"`
	TotalAssignments  int          `json:"totalAssignments"`
	TotalParticipants int          `json:"totalParticipants"`
}

type taskList struct {
	Tasks     []Task `json:"tasks"`
	TodoCount int    `json:"todoCount"`
	DoneCount int    `json:"doneCount"`
}

// shown is an incident as GetIncident answers it.
func (s *Server) shown(r *record) incidentOut { return incidentOut{s.inFull(r.Incident)} }

func (s *Server) inFull(i Incident) full {
	i = i.copy()
	i.Labels, i.Channels, i.Refs = list(i.Labels), list(i.Channels), list(i.Refs)
	return full{Incident: i, TaskList: tasksOf(i), Membership: membersOf(i)}
}

func membersOf(i Incident) membership {
	people := map[string]bool{}
	for _, a := range i.Assignments {
		people[a.User.UserID] = true
	}
	for _, a := range i.Activity {
		people[a.User.UserID] = true
	}
	return membership{Assignments: list(i.Assignments), TotalAssignments: len(i.Assignments), TotalParticipants: len(people)}
}

func tasksOf(i Incident) taskList {
	l := taskList{Tasks: list(slices.Clone(i.Tasks))}
	for _, t := range i.Tasks {
		if t.Status == "done" {
			l.DoneCount++
		} else {
			l.TodoCount++
		}
	}
	return l
}

// list is never null in an answer.
func list[T any](all []T) []T {
	if all == nil {
		return []T{}
	}
	return all
}
