package incidenttest

import (
	"slices"
	"strings"
)

// keyLabel is a label in the shape of the methods that take a key and a value.
type keyLabel struct {
	Key         string `json:"key"`
	KeyUUID     string `json:"keyUUID"`
	ValueUUID   string `json:"valueUUID"`
	Value       string `json:"value"`
	Description string `json:"description"`
	ColorHex    string `json:"colorHex"`
}

type labelsOut struct {
	Labels []keyLabel `json:"labels"`
}

func (s *Server) keyLabels(i Incident) labelsOut {
	out := labelsOut{Labels: []keyLabel{}}
	for _, l := range i.Labels {
		one := keyLabel{Key: l.Key, Value: l.Label, Description: l.Description, ColorHex: l.ColorHex}
		if f := s.org.labelKey(l.Key); f != nil {
			one.KeyUUID = f.UUID
			if o, ok := f.option(l.Label); ok {
				one.ValueUUID = o.UUID
			}
		}
		out.Labels = append(out.Labels, one)
	}
	return out
}

func getLabels(s *Server, who *account, in idIn) (labelsOut, error) {
	r, err := s.visible(who, in.IncidentID)
	if err != nil {
		return labelsOut{}, err
	}
	return s.keyLabels(r.Incident), nil
}

type keyValueIn struct {
	IncidentID string `json:"incidentID"`
	Key        string `json:"key"`
	Value      string `json:"value"`
}

// assignLabel puts a label on an incident. Key and value must be known, but with FreeLabels: AddLabelKey and
// AddLabelValue make them so.
func assignLabel(s *Server, who *account, in keyValueIn) (labelsOut, error) {
	r, err := s.visible(who, in.IncidentID)
	if err != nil {
		return labelsOut{}, err
	}
	if s.o.FreeLabels { // what is there already is refused, and that is well
		_, _ = addLabelKey(s, who, labelKeyIn{Key: in.Key})
		_, _ = addLabelValue(s, who, labelValueIn{Key: in.Key, Value: in.Value})
	}
	f := s.org.labelKey(in.Key)
	if f == nil {
		return labelsOut{}, invalid("unknown label key %q", in.Key)
	}
	o, ok := f.option(in.Value)
	if !ok {
		return labelsOut{}, invalid("unknown value %q of the label key %q", in.Value, in.Key)
	}
	s.label(r, who, Label{Key: f.Name, Label: o.Value, Description: o.Description, ColorHex: o.Color})
	return s.keyLabels(r.Incident), nil
}

// label puts a label on an incident that lacks it.
func (s *Server) label(r *record, who *account, l Label) {
	if slices.ContainsFunc(r.Labels, l.is) {
		return
	}
	r.Labels = append(r.Labels, l)
	s.changed(r, who, Activity{ActivityKind: "labelAdded", Body: "added the label " + l.Key + ":" + l.Label, Immutable: true})
}

func (l Label) is(other Label) bool {
	return strings.EqualFold(l.Key, other.Key) && strings.EqualFold(l.Label, other.Label)
}

func unassignLabel(s *Server, who *account, in keyValueIn) (labelsOut, error) {
	r, err := s.visible(who, in.IncidentID)
	if err != nil {
		return labelsOut{}, err
	}
	s.unlabel(r, who, Label{Key: in.Key, Label: in.Value})
	return s.keyLabels(r.Incident), nil
}

// unlabel takes a label off an incident that has it.
func (s *Server) unlabel(r *record, who *account, l Label) {
	if !slices.ContainsFunc(r.Labels, l.is) {
		return
	}
	r.Labels = slices.DeleteFunc(slices.Clone(r.Labels), l.is)
	s.changed(r, who, Activity{ActivityKind: "labelRemoved", Body: "removed the label " + l.Key + ":" + l.Label, Immutable: true})
}

type uuidsIn struct {
	IncidentID string `json:"incidentID"`
	KeyUUID    string `json:"keyUUID"`
	ValueUUID  string `json:"valueUUID"`
}

// named finds the words of a label's ids.
func (s *Server) named(in uuidsIn) (keyValueIn, error) {
	for _, f := range s.org.fields {
		for _, o := range f.Options {
			if f.DomainName == "labels" && f.UUID == in.KeyUUID && o.UUID == in.ValueUUID {
				return keyValueIn{in.IncidentID, f.Name, o.Value}, nil
			}
		}
	}
	return keyValueIn{}, invalid("unknown label %q of the key %q", in.ValueUUID, in.KeyUUID)
}

func assignLabelByUUID(s *Server, who *account, in uuidsIn) (labelsOut, error) {
	words, err := s.named(in)
	if err != nil {
		return labelsOut{}, err
	}
	return assignLabel(s, who, words)
}

func unassignLabelByUUID(s *Server, who *account, in uuidsIn) (labelsOut, error) {
	words, err := s.named(in)
	if err != nil {
		return labelsOut{}, err
	}
	return unassignLabel(s, who, words)
}

type addLabelIn struct {
	IncidentID string `json:"incidentID"`
	Label      Label  `json:"label"`
}

// addLabel is the older way: a value of the default key, or of a key that is given, known or not.
func addLabel(s *Server, who *account, in addLabelIn) (incidentOut, error) {
	r, err := s.visible(who, in.IncidentID)
	if err != nil {
		return incidentOut{}, s.unknown(err)
	}
	if in.Label.Label == "" {
		return incidentOut{}, invalid("label: must not be empty")
	}
	if in.Label.Key == "" {
		in.Label.Key = "tags"
	}
	s.label(r, who, in.Label)
	return s.shown(r), nil
}

type removeLabelIn struct {
	IncidentID string `json:"incidentID"`
	Label      string `json:"label"`
}

func removeLabel(s *Server, who *account, in removeLabelIn) (incidentOut, error) {
	r, err := s.visible(who, in.IncidentID)
	if err != nil {
		return incidentOut{}, s.unknown(err)
	}
	s.unlabel(r, who, Label{Key: "tags", Label: in.Label})
	return s.shown(r), nil
}
