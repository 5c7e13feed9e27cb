package incidenttest

import (
	"cmp"
	"slices"
	"strings"
)

type addFieldIn struct {
	Field Field `json:"field"`
}

// addField makes a custom field or a label key. Ids and version are the stack's, whatever is sent.
func addField(s *Server, _ *account, in addFieldIn) (fieldOut, error) {
	f := in.Field.copy()
	f.UUID, f.Version, f.Source, f.Archived = s.nextID("field"), 1, "native", false
	f.Slug = cmp.Or(f.Slug, slug(f.Name))
	for n := range f.Options {
		f.Options[n] = s.newOption(f.Options[n])
	}
	if err := s.org.checkField(f); err != nil {
		return fieldOut{}, err
	}
	s.org.fields = append(s.org.fields, f)
	return fieldOut{f.copy()}, nil
}

// newOption gives an option its id.
func (s *Server) newOption(o Option) Option {
	o.UUID, o.Source = s.nextID("option"), "native"
	o.Label = cmp.Or(o.Label, o.Value)
	o.Value = cmp.Or(o.Value, o.Label)
	return o
}

// checkField refuses a field that cannot be, or whose slug another one of its domain has.
func (o *org) checkField(f Field) error {
	kinds := []string{"string", "single-select", "multi-select", "bool", "number", "date"}
	twin := func(other Field) bool {
		return other.UUID != f.UUID && other.DomainName == f.DomainName && other.Slug == f.Slug
	}
	switch {
	case strings.TrimSpace(f.Name) == "":
		return invalid("field.name: must not be empty")
	case !slices.Contains(kinds, f.Type):
		return invalid("field.type: unknown type %q", f.Type)
	case f.DomainName != "incident" && f.DomainName != "labels":
		return invalid("field.domainName: must be incident or labels, not %q", f.DomainName)
	case slices.ContainsFunc(o.fields, twin):
		return invalid("field %q already exists", f.Slug)
	}
	return nil
}

// editField changes a field by f, which changes nothing when it fails.
func (s *Server) editField(uuid string, f func(*Field) error) (fieldOut, error) {
	at := s.org.field(uuid)
	if at == nil {
		return fieldOut{}, pluginError(404, "field not found")
	}
	edited := at.copy()
	if err := f(&edited); err != nil {
		return fieldOut{}, err
	}
	edited.Version++
	*at = edited
	return fieldOut{edited.copy()}, nil
}

type updateFieldIn struct {
	FieldUUID   string   `json:"fieldUUID"`
	Name        string   `json:"name"`
	Slug        string   `json:"slug"`
	Color       string   `json:"color"`
	Icon        string   `json:"icon"`
	Description string   `json:"description"`
	Required    bool     `json:"required"`
	DomainName  string   `json:"domainName"`
	Immutable   bool     `json:"immutable"`
	Options     []Option `json:"selectoptions"`
	Version     int      `json:"version"` // the stack counts itself
}

func updateField(s *Server, _ *account, in updateFieldIn) (fieldOut, error) {
	return s.editField(in.FieldUUID, func(f *Field) error {
		if f.Immutable {
			return invalid("the field is immutable")
		}
		f.Name, f.Slug, f.Color, f.Icon, f.Description = in.Name, cmp.Or(in.Slug, slug(in.Name)), in.Color, in.Icon, in.Description
		f.Required, f.DomainName, f.Immutable = in.Required, cmp.Or(in.DomainName, f.DomainName), in.Immutable
		if in.Options != nil {
			f.Options = slices.Clone(in.Options)
			for n, o := range f.Options {
				if o.UUID == "" {
					f.Options[n] = s.newOption(o)
				}
			}
		}
		return s.org.checkField(*f)
	})
}

type fieldIDIn struct {
	FieldUUID string `json:"fieldUUID"`
}

func archiveField(s *Server, _ *account, in fieldIDIn) (empty, error) {
	_, err := s.editField(in.FieldUUID, func(f *Field) error { f.Archived = true; return nil })
	return empty{}, err
}

func unarchiveField(s *Server, _ *account, in fieldIDIn) (empty, error) {
	_, err := s.editField(in.FieldUUID, func(f *Field) error { f.Archived = false; return nil })
	return empty{}, err
}

// deleteField removes a field and every value of it.
func deleteField(s *Server, _ *account, in fieldIDIn) (empty, error) {
	f := s.org.field(in.FieldUUID)
	switch {
	case f == nil:
		return empty{}, pluginError(404, "field not found")
	case f.Immutable:
		return empty{}, invalid("the field is immutable")
	}
	s.org.fields = slices.DeleteFunc(s.org.fields, func(f Field) bool { return f.UUID == in.FieldUUID })
	for _, r := range s.records {
		r.FieldValues = slices.DeleteFunc(slices.Clone(r.FieldValues), func(v FieldValue) bool { return v.FieldUUID == in.FieldUUID })
	}
	return empty{}, nil
}

type addOptionIn struct {
	FieldUUID string `json:"fieldUUID"`
	Option    Option `json:"fieldSelectOption"`
}

type addOptionOut struct {
	UUID string `json:"fieldSelectOptionUUID"`
}

func addFieldSelectOption(s *Server, _ *account, in addOptionIn) (addOptionOut, error) {
	o := s.newOption(in.Option)
	_, err := s.editField(in.FieldUUID, func(f *Field) error {
		if _, there := f.option(o.Value); there || o.Value == "" {
			return invalid("option %q is empty or already exists", o.Value)
		}
		f.Options = append(f.Options, o)
		return nil
	})
	if err != nil {
		return addOptionOut{}, err
	}
	return addOptionOut{o.UUID}, nil
}

type optionIn struct {
	FieldUUID        string `json:"fieldUUID"`
	SelectOptionUUID string `json:"selectOptionUUID"`
}

// editOption changes or, with nil, removes an option of a field.
func (s *Server) editOption(in optionIn, change func(*Option)) (empty, error) {
	_, err := s.editField(in.FieldUUID, func(f *Field) error {
		at := slices.IndexFunc(f.Options, func(o Option) bool { return o.UUID == in.SelectOptionUUID })
		switch {
		case at < 0:
			return pluginError(404, "option not found")
		case change == nil:
			f.Options = slices.Delete(f.Options, at, at+1)
		default:
			change(&f.Options[at])
		}
		return nil
	})
	return empty{}, err
}

func deleteFieldSelectOption(s *Server, _ *account, in optionIn) (empty, error) {
	return s.editOption(in, nil)
}

type updateOptionIn struct {
	optionIn
	Value       string `json:"value"`
	Label       string `json:"label"`
	Color       string `json:"color"`
	Icon        string `json:"icon"`
	Description string `json:"description"`
}

func updateFieldSelectOption(s *Server, _ *account, in updateOptionIn) (empty, error) {
	if in.Value == "" {
		return empty{}, invalid("value: must not be empty")
	}
	return s.editOption(in.optionIn, func(o *Option) {
		o.Value, o.Label, o.Color, o.Icon, o.Description = in.Value, cmp.Or(in.Label, in.Value), in.Color, in.Icon, in.Description
	})
}
