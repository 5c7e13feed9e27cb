package incident

import "time"

// Incident is an incident as a person needs it, from either of the API's two shapes (Incident and IncidentPreview).
// Times the API gave as "" are zero.
type Incident struct {
	ID       string
	Title    string
	Severity string // label, "" when none is set
	Status   string // name or slug as the API gave it: "active", "resolved" or one of the stack's own
	Drill    bool
	Private  bool
	Labels   []Label
	Declared time.Time
	Modified time.Time
	Started  time.Time
	Ended    time.Time
	Closed   time.Time
	Creator  string // name of the Grafana user or service account
	Roles    []Assignment
	Tasks    []Task
	Summary  string
	URL      string // absolute, "" when the API gave none that can be trusted
	Version  int    // previews only
}

// Label is a key and value; the default key is "tags".
type Label struct{ Key, Value string }

// Assignment is a person in a role.
type Assignment struct{ Role, UserID, Name string }

// Task is one entry of an incident's task list.
type Task struct {
	ID, Text, Assignee string
	Done, Immutable    bool
}

// Severity is a level of the stack's own list.
type Severity struct {
	ID    string
	Label string
	Level int // 1 is highest; Pending is −1 or last
}

// Status is one of the stack's own statuses.
type Status struct {
	ID, Name, Slug string
	Category       string // "active" or "resolved"
	Private        bool   // of private incidents, which may have statuses of their own
}

// Declaration is what CreateIncident takes.
type Declaration struct {
	Title         string // required
	Severity      string // label; "" leaves the stack's default
	Labels        []Label
	Drill         bool
	AttachURL     string // becomes context of the incident
	AttachCaption string
}

// Query says which incidents to list. The zero Query is all of them, newest first.
type Query struct {
	Status   string // "active" or "resolved" with all the stack's own of that category, or one status's name; "" for any
	Severity string
	Title    string // part of the title
	Context  string // an attached URL
	Label    Label  // filtered on our side when Key is not "" (the API cannot); Value "" is any value of the key
	Drills   *bool  // nil: both
	Limit    int    // 1 to 100; 0 means 100
}

// Page is one page of a list. Next is "" on the last one.
type Page struct {
	Incidents []Incident
	Next      string
}

// Note is a timeline entry (userNote).
type Note struct {
	Text string    // required; at most 65,536 bytes
	At   time.Time // back-dates the entry; zero is now
}
