package demo

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"incident-bot/incident/incidenttest"
)

// held is how many incidents are listed.
const held = 6

// holds lists the stack's incidents, newest first, and the timelines of those that were declared or changed here.
func (s *session) holds() {
	all := s.grafana.Incidents()
	slices.Reverse(all)
	s.mu.Lock()
	defer s.mu.Unlock()
	lines := aside(fmt.Sprintf("the stack holds %d incidents; the newest:", len(all)))
	for _, i := range all[:min(len(all), held)] {
		lines = append(lines, drawIncident(i))
		if s.seeded[i.ID] != i.Version {
			lines = append(lines, s.timeline(i)...)
		}
	}
	s.print(lines...)
}

// tellsOf shows one incident with its timeline.
func (s *session) tellsOf(id string) {
	i, _ := s.grafana.Incident(id)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.print(append([]line{drawIncident(i)}, s.timeline(i)...)...)
}

// drawIncident is one incident in a line, as the stack holds it.
func drawIncident(i incidenttest.Incident) line {
	l := textLine(bodyMargin, plain, "")
	l.hang += "    "
	facts := ": " + i.Status + ", severity " + i.Severity
	if i.IsDrill {
		facts += ", a drill"
	}
	if i.IncidentType == "private" {
		facts += ", private"
	}
	for _, one := range i.Labels {
		facts += ", " + strings.TrimPrefix(one.Key+"="+one.Label, "tags=")
	}
	l.pieces = []piece{{text: clean("#" + i.ID + " " + i.Title), style: bold}, {text: clean(facts)}}
	return l
}

// event is something on an incident's timeline.
type event struct{ at, what string }

// timeline lists notes and status updates by their time.
func (s *session) timeline(i incidenttest.Incident) []line {
	var all []event
	for _, a := range i.Activity {
		if a.ActivityKind == "userNote" {
			all = append(all, event{a.EventTime, "note: " + a.Body})
		}
	}
	for _, u := range i.KeyUpdates {
		all = append(all, event{u.CreatedTime, "update: " + u.Content})
	}
	slices.SortStableFunc(all, func(a, b event) int { return parsed(a.at).Compare(parsed(b.at)) })
	var lines []line
	for _, e := range all {
		l := textLine(bodyMargin+2, plain, strings.ReplaceAll(clean(e.what), "\n", " "))
		l.hang += "  "
		if s.clock {
			l.pieces = append([]piece{{text: parsed(e.at).In(s.who.zone).Format("15:04") + " ", style: faint}}, l.pieces...)
		}
		lines = append(lines, l)
	}
	return lines
}

// parsed reads a time as the API writes it; what cannot be read is the zero time.
func parsed(text string) time.Time {
	t, _ := time.Parse(time.RFC3339Nano, text)
	return t
}
