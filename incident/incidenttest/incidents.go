package incidenttest

import (
	"slices"
	"strings"
	"time"
	"unicode"
)

// maxTitle is the longest title: grafana/oncall cuts at it.
const maxTitle = 2000

type createIn struct {
	Title               string       `json:"title"`
	Severity            string       `json:"severity"`
	SeverityID          string       `json:"severityID"`
	Labels              []Label      `json:"labels"`
	RoomPrefix          string       `json:"roomPrefix"`
	IsDrill             bool         `json:"isDrill"`
	Status              string       `json:"status"`
	AttachCaption       string       `json:"attachCaption"`
	AttachURL           string       `json:"attachURL"`
	InitialStatusUpdate string       `json:"initialStatusUpdate"`
	AlertGroupID        *string      `json:"alertGroupID"`
	IncidentType        string       `json:"incidentType"`
	FieldGroupUUID      string       `json:"fieldGroupUUID"`
	FieldValues         []FieldValue `json:"fieldValues"`
}

// create declares an incident. It is no idempotent call: a second one declares a second incident.
func create(s *Server, who *account, in createIn) (incidentOut, error) {
	if strings.TrimSpace(in.Title) == "" || len([]rune(in.Title)) > maxTitle {
		return incidentOut{}, invalid("title: must hold 1 to %d characters", maxTitle)
	}
	i := Incident{Title: in.Title, IsDrill: in.IsDrill, IncidentType: in.IncidentType, Labels: slices.Clone(in.Labels),
		Status: "active", CreatedBy: who.user, FieldValues: slices.Clone(in.FieldValues)}
	if i.IncidentType != "" && i.IncidentType != "internal" && i.IncidentType != "private" {
		return incidentOut{}, invalid("incidentType: unknown type %q", in.IncidentType)
	}
	switch in.Status {
	case "", "active":
	case "resolved": // a retrospective incident
		i.Status, i.ClosedTime = "resolved", s.stamp()
	default:
		return incidentOut{}, invalid("status: unknown status %q", in.Status)
	}
	if s.o.HonourSeverityOnCreate && in.Severity != "" {
		found, ok := s.org.severity(in.Severity)
		if !ok {
			return incidentOut{}, pluginError(500, "CreateIncident: Severity.FindOne: not found")
		}
		i.Severity = found.DisplayLabel
	}
	if in.AttachURL != "" {
		i.Context = []string{in.AttachURL}
	}
	r := s.add(i)
	s.log(r, who, Activity{ActivityKind: "incidentCreated", Body: "declared the incident", Immutable: true})
	if in.AttachURL != "" {
		s.log(r, who, Activity{ActivityKind: "contextAttached", Body: in.AttachCaption, URL: in.AttachURL, Immutable: true})
	}
	if in.InitialStatusUpdate != "" {
		s.post(r, who, KeyUpdate{Content: in.InitialStatusUpdate})
	}
	s.remember(r)
	return s.shown(r), nil
}

type idIn struct {
	IncidentID string `json:"incidentID"`
}

func get(s *Server, who *account, in idIn) (incidentOut, error) {
	r, err := s.visible(who, in.IncidentID)
	if err != nil {
		return incidentOut{}, s.unknown(err)
	}
	return s.shown(r), nil
}

// visible finds an incident that an account may see: private ones are for their creator and the people added.
func (s *Server) visible(who *account, id string) (*record, error) {
	if r := s.record(id); r != nil && r.visibleTo(who) {
		return r, nil
	}
	return nil, pluginError(404, "incident not found")
}

func (i Incident) visibleTo(who *account) bool {
	return i.IncidentType != "private" || i.CreatedBy.UserID == who.user.UserID ||
		slices.ContainsFunc(i.Assignments, func(a Assignment) bool { return a.User.UserID == who.user.UserID })
}

// unknown is the answer for an unknown incident: a 404 by default.
func (s *Server) unknown(err error) error {
	if s.o.UnknownInBand {
		return &refusal{status: 200, body: map[string]any{"incident": map[string]any{"incidentID": ""}, "error": ""}}
	}
	return err
}

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
	start, _ := time.Parse(time.RFC3339, r.IncidentStart)
	end, _ := time.Parse(time.RFC3339, r.IncidentEnd)
	r.DurationSeconds = max(int(end.Sub(start)/time.Second), 0)
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

// update changes an incident by f, which gives the item for its timeline and changes nothing when it fails.
func (s *Server) update(who *account, id string, f func(*record) (Activity, error)) (incidentOut, error) {
	r, err := s.visible(who, id)
	if err != nil {
		return incidentOut{}, s.unknown(err)
	}
	a, err := f(r)
	if err != nil {
		return incidentOut{}, err
	}
	a.Immutable = true
	s.changed(r, who, a)
	return s.shown(r), nil
}

// changed notes that an incident was changed, and how.
func (s *Server) changed(r *record, who *account, a Activity) *Activity {
	item := s.log(r, who, a)
	s.touch(r)
	return item
}

// touch marks an incident as changed now.
func (s *Server) touch(r *record) {
	r.Version++
	r.ModifiedTime = s.stamp()
	s.remember(r)
}

// log adds an item to an incident's timeline.
func (s *Server) log(r *record, who *account, a Activity) *Activity {
	a.User = who.user
	s.fillActivity(r.ID, s.stamp(), &a)
	r.Activity = append(r.Activity, a)
	return &r.Activity[len(r.Activity)-1]
}

// slug is how the API writes a title in a URL.
func slug(title string) string {
	words := strings.FieldsFunc(strings.ToLower(title), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	if len(words) == 0 {
		return "incident"
	}
	return strings.Join(words, "-")
}
