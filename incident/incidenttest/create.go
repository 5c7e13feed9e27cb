package incidenttest

import (
	"slices"
	"strings"
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
	i, err := s.draft(in)
	if err != nil {
		return incidentOut{}, err
	}
	i.CreatedBy = who.user
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

// draft is the incident that a request describes.
func (s *Server) draft(in createIn) (Incident, error) {
	i := Incident{Title: in.Title, IsDrill: in.IsDrill, IncidentType: in.IncidentType, Labels: slices.Clone(in.Labels), Status: "active"}
	if s.o.IgnoreLabelKeyOnCreate {
		for n := range i.Labels {
			i.Labels[n].Key = ""
		}
	}
	if i.IncidentType != "" && i.IncidentType != "internal" && i.IncidentType != "private" {
		return i, invalid("incidentType: unknown type %q", in.IncidentType)
	}
	switch in.Status {
	case "", "active":
	case "resolved": // a retrospective incident
		i.Status, i.ClosedTime = "resolved", s.stamp()
		i.IncidentEnd = i.ClosedTime
	default:
		return i, invalid("status: unknown status %q", in.Status)
	}
	if s.o.HonourSeverityOnCreate && in.Severity+in.SeverityID != "" {
		found, ok := s.org.severityAsked(in.Severity, in.SeverityID)
		if !ok {
			return i, pluginError(500, "CreateIncident: Severity.FindOne: not found")
		}
		i.Severity = found.DisplayLabel
	}
	if in.AttachURL != "" {
		i.Context = []string{in.AttachURL}
	}
	if s.o.SystemTasks {
		i.Tasks = s.systemTasks()
	}
	return i, s.draftFields(&i, in.FieldValues)
}

// draftFields sets the custom fields of a new incident.
func (s *Server) draftFields(i *Incident, values []FieldValue) error {
	for _, v := range values {
		f := s.org.field(v.FieldUUID)
		if f == nil || f.DomainName != "incident" || f.Archived {
			return invalid("fieldValues: unknown field %q", v.FieldUUID)
		}
		if err := f.takes(v.Value); err != nil {
			return err
		}
		i.FieldValues = append(i.FieldValues, v)
	}
	return nil
}
