package incidenttest

import "time"

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

// shown is an incident as GetIncident answers it. It shares the incident's lists: an answer is encoded before the lock is
// let go.
func (s *Server) shown(r *record) incidentOut { return incidentOut{s.inFull(&r.Incident)} }

func (s *Server) inFull(of *Incident) full {
	i := *of
	i.Labels, i.Channels, i.Refs = list(i.Labels), list(i.Channels), list(i.Refs)
	if i.ClosedTime == "" {
		i.DurationSeconds = seconds(moment(i.IncidentStart), s.now()) // open so far
	}
	if s.o.SpacedTimes {
		i.IncidentStart, i.IncidentEnd = spaced(i.IncidentStart), spaced(i.IncidentEnd)
	}
	return full{Incident: i, TaskList: tasksOf(of), Membership: membersOf(of)}
}

// membersOf counts those who hold a role, and those who took part without one.
func membersOf(i *Incident) membership {
	people := map[string]bool{}
	for _, a := range i.Activity {
		people[a.User.UserID] = true
	}
	for _, a := range i.Assignments {
		delete(people, a.User.UserID)
	}
	return membership{Assignments: list(i.Assignments), TotalAssignments: len(i.Assignments), TotalParticipants: len(people)}
}

func tasksOf(i *Incident) taskList {
	l := taskList{Tasks: list(i.Tasks)}
	for _, t := range i.Tasks {
		if t.Status == "done" {
			l.DoneCount++
		} else {
			l.TodoCount++
		}
	}
	return l
}

// spaced writes a time as some samples of the official client have it: 2022-02-11 00:50:20.574137.
func spaced(text string) string {
	at := moment(text)
	if at.IsZero() {
		return text
	}
	return at.UTC().Format("2006-01-02 15:04:05.000000")
}

// seconds is a duration as the API counts it, never below 0.
func seconds(from, to time.Time) int { return max(int(to.Sub(from)/time.Second), 0) }

// list is never null in an answer.
func list[T any](all []T) []T {
	if all == nil {
		return []T{}
	}
	return all
}
