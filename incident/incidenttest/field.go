package incidenttest

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
