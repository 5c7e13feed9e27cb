package incidenttest

import "strings"

type statusIn struct {
	IncidentID string `json:"incidentID"`
	Status     string `json:"status"`
}

func updateStatus(s *Server, who *account, in statusIn) (incidentOut, error) {
	return s.update(who, in.IncidentID, func(r *record) (Activity, error) {
		to, ok := s.org.statusGiven(s.o, r.IncidentType, in.Status)
		if !ok {
			return Activity{}, invalid("status: unknown status %q", in.Status)
		}
		a := Activity{ActivityKind: "incidentStatusChanged", Body: "changed the status from " + r.Status + " to " + to.Name}
		r.Status = to.Name
		s.close(r, to.Category == "resolved")
		return a, nil
	})
}

// statusGiven finds the status that UpdateStatus is given: active and resolved by name, the stack's own as the Options
// say.
func (o *org) statusGiven(how Options, kind, word string) (Status, bool) {
	for _, st := range o.statuses {
		if st.IncidentType != kind || st.ArchivedTime != "" {
			continue
		}
		given := st.Name
		switch {
		case st.Immutable:
		case how.StatusBySlug:
			given = st.Slug
		case how.StatusByID:
			given = st.StatusID
		}
		if given == word {
			return st, true
		}
	}
	return Status{}, false
}

// close sets or clears the times of the end.
func (s *Server) close(r *record, closed bool) {
	if !closed {
		r.ClosedTime, r.IncidentEnd, r.DurationSeconds = "", "", 0
		return
	}
	if r.ClosedTime == "" {
		r.ClosedTime = s.stamp()
	}
	if r.IncidentEnd == "" {
		r.IncidentEnd = r.ClosedTime
	}
	r.DurationSeconds = seconds(moment(r.IncidentStart), moment(r.IncidentEnd))
}

type severityIn struct {
	IncidentID string `json:"incidentID"`
	Severity   string `json:"severity"`
}

func updateSeverity(s *Server, who *account, in severityIn) (incidentOut, error) {
	return s.update(who, in.IncidentID, func(r *record) (Activity, error) {
		to, ok := s.org.severity(in.Severity)
		if !ok {
			return Activity{}, pluginError(500, "UpdateSeverity: Severity.FindOne: not found")
		}
		a := Activity{ActivityKind: "incidentSeverityChanged", Body: "changed the severity from " + r.Severity + " to " + to.DisplayLabel}
		r.Severity = to.DisplayLabel
		return a, nil
	})
}

type titleIn struct {
	IncidentID string `json:"incidentID"`
	Title      string `json:"title"`
}

func updateTitle(s *Server, who *account, in titleIn) (incidentOut, error) {
	return s.update(who, in.IncidentID, func(r *record) (Activity, error) {
		if strings.TrimSpace(in.Title) == "" || len([]rune(in.Title)) > maxTitle {
			return Activity{}, invalid("title: must hold 1 to %d characters", maxTitle)
		}
		r.Title = in.Title
		return Activity{ActivityKind: "incidentTitleChanged", Body: "changed the title to " + in.Title}, nil
	})
}

type isDrillIn struct {
	IncidentID string `json:"incidentID"`
	IsDrill    bool   `json:"isDrill"`
}

func updateIsDrill(s *Server, who *account, in isDrillIn) (incidentOut, error) {
	return s.update(who, in.IncidentID, func(r *record) (Activity, error) {
		r.IsDrill = in.IsDrill
		return Activity{ActivityKind: "incidentIsDrillChanged", Body: "changed whether this is a drill"}, nil
	})
}

type eventTimeIn struct {
	IncidentID       string `json:"incidentID"`
	EventTime        string `json:"eventTime"`
	ActivityItemKind string `json:"activityItemKind"` // deprecated
	EventName        string `json:"eventName"`
}

// updateEventTime sets the start or the end of an incident.
func updateEventTime(s *Server, who *account, in eventTimeIn) (empty, error) {
	name := in.EventName
	if name == "" {
		name = in.ActivityItemKind
	}
	_, err := s.update(who, in.IncidentID, func(r *record) (Activity, error) {
		at, err := eventTime(in.EventTime)
		switch {
		case err != nil:
			return Activity{}, err
		case at == "":
			return Activity{}, invalid("eventTime: must not be empty")
		case name == "incidentStart":
			r.IncidentStart = at
		case name == "incidentEnd":
			r.IncidentEnd = at
		default:
			return Activity{}, invalid("eventName: must be incidentStart or incidentEnd, not %q", name)
		}
		if r.ClosedTime != "" {
			r.DurationSeconds = seconds(moment(r.IncidentStart), moment(r.IncidentEnd))
		}
		return Activity{ActivityKind: name, Body: "changed the time to " + at, EventTime: at}, nil
	})
	return empty{}, err
}
