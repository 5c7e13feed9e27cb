package incidenttest

import (
	"slices"
	"strings"
)

// labelKey finds a label key by name.
func (o *org) labelKey(name string) *Field {
	at := slices.IndexFunc(o.fields, func(f Field) bool { return f.DomainName == "labels" && !f.Archived && strings.EqualFold(f.Name, name) })
	if at < 0 {
		return nil
	}
	return &o.fields[at]
}

// field finds a field by id.
func (o *org) field(uuid string) *Field {
	at := slices.IndexFunc(o.fields, func(f Field) bool { return f.UUID == uuid })
	if at < 0 {
		return nil
	}
	return &o.fields[at]
}

// option finds an option by its value.
func (f *Field) option(value string) (Option, bool) {
	at := slices.IndexFunc(f.Options, func(o Option) bool { return strings.EqualFold(o.Value, value) })
	if at < 0 {
		return Option{}, false
	}
	return f.Options[at], true
}

func (f Field) copy() Field {
	f.Options = list(slices.Clone(f.Options))
	return f
}

type fieldsIn struct {
	DomainName string `json:"domainName"`
}

type fieldsOut struct {
	Fields []Field `json:"fields"`
}

func getFields(s *Server, _ *account, in fieldsIn) (fieldsOut, error) {
	out := fieldsOut{Fields: []Field{}}
	for _, f := range s.org.fields {
		if (in.DomainName == "" || f.DomainName == in.DomainName) && !f.Archived {
			out.Fields = append(out.Fields, f.copy())
		}
	}
	return out, nil
}

type fieldIn struct {
	FieldUUID       string `json:"fieldUUID"`
	IncludeArchived bool   `json:"includeArchived"`
}

type fieldOut struct {
	Field Field `json:"field"`
}

func getField(s *Server, _ *account, in fieldIn) (fieldOut, error) {
	f := s.org.field(in.FieldUUID)
	if f == nil || f.Archived && !in.IncludeArchived {
		return fieldOut{}, pluginError(404, "field not found")
	}
	return fieldOut{f.copy()}, nil
}

type fieldValuesIn struct {
	TargetKind string `json:"targetKind"`
	TargetID   string `json:"targetID"`
	DomainName string `json:"domainName"`
}

type fieldAndValue struct {
	Field Field  `json:"field"`
	Value string `json:"value"`
}

type fieldValuesOut struct {
	FieldValues []fieldAndValue `json:"fieldValues"`
}

func getFieldValues(s *Server, who *account, in fieldValuesIn) (fieldValuesOut, error) {
	out := fieldValuesOut{FieldValues: []fieldAndValue{}}
	if in.TargetKind != "incident" {
		return out, invalid("targetKind: must be incident, not %q", in.TargetKind)
	}
	r, err := s.visible(who, in.TargetID)
	if err != nil {
		return out, err
	}
	for _, v := range r.FieldValues {
		if f := s.org.field(v.FieldUUID); f != nil && (in.DomainName == "" || f.DomainName == in.DomainName) {
			out.FieldValues = append(out.FieldValues, fieldAndValue{f.copy(), v.Value})
		}
	}
	return out, nil
}

type recordValueIn struct {
	FieldUUID  string `json:"fieldUUID"`
	Value      string `json:"value"`
	TargetKind string `json:"targetKind"`
	TargetID   string `json:"targetID"`
}

// recordFieldValue sets a custom field of an incident; "" clears it.
func recordFieldValue(s *Server, who *account, in recordValueIn) (empty, error) {
	if in.TargetKind != "incident" {
		return empty{}, invalid("targetKind: must be incident, not %q", in.TargetKind)
	}
	r, err := s.visible(who, in.TargetID)
	if err != nil {
		return empty{}, err
	}
	f := s.org.field(in.FieldUUID)
	if f == nil || f.DomainName != "incident" {
		return empty{}, pluginError(404, "field not found")
	}
	if err := f.takes(in.Value); err != nil {
		return empty{}, err
	}
	values := slices.DeleteFunc(slices.Clone(r.FieldValues), func(v FieldValue) bool { return v.FieldUUID == f.UUID })
	if in.Value != "" {
		values = append(values, FieldValue{f.UUID, in.Value})
	}
	r.FieldValues = values
	s.changed(r, who, Activity{ActivityKind: "incidentUpdated", Body: "changed " + f.Name, Immutable: true})
	return empty{}, nil
}

type labelKeyIn struct {
	Key         string `json:"key"`
	Description string `json:"description"`
	ColorHex    string `json:"colorHex"`
}

func addLabelKey(s *Server, _ *account, in labelKeyIn) (fieldOut, error) {
	if strings.TrimSpace(in.Key) == "" {
		return fieldOut{}, invalid("key: must not be empty")
	}
	if s.org.labelKey(in.Key) != nil {
		return fieldOut{}, invalid("label key %q already exists", in.Key)
	}
	f := Field{UUID: s.nextID("field"), Name: in.Key, Slug: slug(in.Key), Description: in.Description, Color: in.ColorHex, Type: "single-select",
		DomainName: "labels", Source: "native", Version: 1}
	s.org.fields = append(s.org.fields, f)
	return fieldOut{f.copy()}, nil
}

type labelValueIn struct {
	Key         string `json:"key"`
	Value       string `json:"value"`
	Description string `json:"description"`
	ColorHex    string `json:"colorHex"`
}

func addLabelValue(s *Server, _ *account, in labelValueIn) (fieldOut, error) {
	f := s.org.labelKey(in.Key)
	if f == nil {
		return fieldOut{}, invalid("unknown label key %q", in.Key)
	}
	if strings.TrimSpace(in.Value) == "" {
		return fieldOut{}, invalid("value: must not be empty")
	}
	if _, ok := f.option(in.Value); ok {
		return fieldOut{}, invalid("label value %q already exists", in.Value)
	}
	f.Options = append(f.Options, Option{UUID: s.nextID("option"), Value: in.Value, Label: in.Value, Description: in.Description, Color: in.ColorHex, Source: "native"})
	f.Version++
	return fieldOut{f.copy()}, nil
}
