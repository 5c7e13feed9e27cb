package incidenttest

import (
	"encoding/json"
	"slices"
)

// Field is a custom field of incidents or a label key, by its DomainName ("incident" or "labels").
type Field struct {
	UUID        string   `json:"uuid"`
	Name        string   `json:"name"`
	Slug        string   `json:"slug"`
	Color       string   `json:"color"`
	Icon        string   `json:"icon"`
	Description string   `json:"description"`
	Type        string   `json:"type"` // string, single-select, multi-select, bool, number or date
	Required    bool     `json:"required"`
	Immutable   bool     `json:"immutable"`
	DomainName  string   `json:"domainName"`
	Options     []Option `json:"selectoptions"`
	Source      string   `json:"source"`
	ExternalID  string   `json:"externalID"`
	Archived    bool     `json:"archived"`
	Version     int      `json:"version"`
}

// Option is a value a select field or a label key offers.
type Option struct {
	UUID        string `json:"uuid"`
	Value       string `json:"value"`
	Label       string `json:"label"`
	Color       string `json:"color"`
	Icon        string `json:"icon"`
	Description string `json:"description"`
	Source      string `json:"source"`
	ExternalID  string `json:"externalID"`
}

// takes checks a value: JSON of the field's type, or the UUIDs of its options; "" clears.
func (f *Field) takes(value string) error {
	if value == "" {
		return nil
	}
	var into any
	switch f.Type {
	case "single-select":
		if f.has(value) {
			return nil
		}
		return invalid("value: %q is no option of %s", value, f.Name)
	case "multi-select":
		var ids []string
		if json.Unmarshal([]byte(value), &ids) != nil || slices.ContainsFunc(ids, func(id string) bool { return !f.has(id) }) {
			return invalid("value: %q is no list of options of %s", value, f.Name)
		}
		return nil
	case "bool":
		into = new(bool)
	case "number":
		into = new(float64)
	default: // string, date
		into = new(string)
	}
	if err := json.Unmarshal([]byte(value), into); err != nil {
		return invalid("value: %q is no %s in JSON", value, f.Type)
	}
	return nil
}

func (f *Field) has(option string) bool {
	return slices.ContainsFunc(f.Options, func(o Option) bool { return o.UUID == option })
}
