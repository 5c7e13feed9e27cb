package incidenttest

import "slices"

// Incident is an incident as the stack holds it, written as the API writes it. Times are RFC 3339 in UTC, or "".
type Incident struct {
	ID              string       `json:"incidentID"`
	Severity        string       `json:"severity"` // the label
	Labels          []Label      `json:"labels"`
	IsDrill         bool         `json:"isDrill"`
	IncidentType    string       `json:"incidentType"` // "internal" or "private"
	CreatedTime     string       `json:"createdTime"`
	ModifiedTime    string       `json:"modifiedTime"`
	CreatedBy       UserPreview  `json:"createdByUser"`
	ClosedTime      string       `json:"closedTime"`
	DurationSeconds int          `json:"durationSeconds"`
	Status          string       `json:"status"` // the name
	Title           string       `json:"title"`
	OverviewURL     string       `json:"overviewURL"` // a path
	Summary         string       `json:"summary"`
	IncidentStart   string       `json:"incidentStart"`
	IncidentEnd     string       `json:"incidentEnd"`
	Channels        []Channel    `json:"incidentChannels"`
	Refs            []Ref        `json:"refs"`
	Assignments     []Assignment `json:"-"`
	Tasks           []Task       `json:"-"`
	Activity        []Activity   `json:"-"` // oldest first
	KeyUpdates      []KeyUpdate  `json:"-"` // oldest first
	FieldValues     []FieldValue `json:"-"`
	Context         []string     `json:"-"` // attached URLs
	HookRuns        []HookRun    `json:"-"` // what integrations did for it
	Version         int          `json:"-"` // grows with every change; previews alone show it
}

// Label is a key and value; the API calls the value "label". The default key is "tags".
type Label struct {
	Key         string `json:"key"`
	Label       string `json:"label"`
	Description string `json:"description"`
	ColorHex    string `json:"colorHex"`
}

// UserPreview is a person or service account in short.
type UserPreview struct {
	UserID   string `json:"userID"`
	Name     string `json:"name"`
	PhotoURL string `json:"photoURL"`
}

// Channel is a chat channel that belongs to an incident.
type Channel struct {
	Provider  string `json:"provider"`
	ChannelID string `json:"channelID"`
	TeamID    string `json:"teamID"`
}

// Ref is an outside thing an incident refers to.
type Ref struct {
	Key string `json:"key"`
	Ref string `json:"ref"`
	URL string `json:"url"`
}

// Assignment is a person in a role.
type Assignment struct {
	User   UserPreview `json:"user"`
	Role   OrgRole     `json:"role"`
	RoleID int         `json:"roleID"`
}

// Task is an entry of an incident's task list. Status is "todo", "progress" or "done".
type Task struct {
	TaskID       string       `json:"taskID"`
	Immutable    bool         `json:"immutable"`
	CreatedTime  string       `json:"createdTime"`
	ModifiedTime string       `json:"modifiedTime"`
	Text         string       `json:"text"`
	Status       string       `json:"status"`
	AuthorUser   *UserPreview `json:"authorUser"`
	AssignedUser *UserPreview `json:"assignedUser"`
}

// Activity is an item of an incident's timeline; people's notes have the ActivityKind "userNote".
type Activity struct {
	ActivityItemID string         `json:"activityItemID"`
	IncidentID     string         `json:"incidentID"`
	User           UserPreview    `json:"user"`
	SubjectUser    UserPreview    `json:"subjectUser"`
	CreatedTime    string         `json:"createdTime"`
	EventTime      string         `json:"eventTime"`
	ActivityKind   string         `json:"activityKind"`
	Body           string         `json:"body"`
	URL            string         `json:"url"`
	Tags           []string       `json:"tags"`
	Immutable      bool           `json:"immutable"`
	FieldValues    map[string]any `json:"fieldValues"`
	Attachments    []any          `json:"attachments"`
	Relevance      string         `json:"relevance"`
}

// KeyUpdate is a status update, which the API calls a key update.
type KeyUpdate struct {
	ID             string      `json:"id"`
	OrgID          string      `json:"orgID"`
	IncidentID     string      `json:"incidentID"`
	Title          *string     `json:"title"`
	Content        string      `json:"content"`
	ContentType    string      `json:"contentType"`
	CreatedTime    string      `json:"createdTime"`
	ModifiedTime   string      `json:"modifiedTime"`
	CreatedBy      UserPreview `json:"createdBy"`
	LastModifiedBy UserPreview `json:"lastModifiedBy"`
	StatusID       string      `json:"statusID"`
	SeverityID     string      `json:"severityID"`
	Scope          string      `json:"scope"`
	Color          *string     `json:"color"`
}

// FieldValue is the value of a custom field of one incident: JSON text, or the bare UUID of an option.
type FieldValue struct {
	FieldUUID string `json:"fieldUUID"`
	Value     string `json:"value"`
}

// copy makes an Incident that shares nothing with i that is ever changed in place.
func (i Incident) copy() Incident {
	i.Labels = slices.Clone(i.Labels)
	i.Channels = slices.Clone(i.Channels)
	i.Refs = slices.Clone(i.Refs)
	i.Assignments = slices.Clone(i.Assignments)
	i.Tasks = slices.Clone(i.Tasks)
	i.Activity = slices.Clone(i.Activity)
	i.KeyUpdates = slices.Clone(i.KeyUpdates)
	i.FieldValues = slices.Clone(i.FieldValues)
	i.Context = slices.Clone(i.Context)
	i.HookRuns = slices.Clone(i.HookRuns)
	return i
}
