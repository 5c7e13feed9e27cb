package incidenttest

import (
	"fmt"
	"slices"
	"strings"
)

// Severity is a level of the stack's own list. Level 1 is the highest; Pending has −1.
type Severity struct {
	SeverityID   string `json:"severityID"`
	OrgID        string `json:"orgID"`
	DisplayLabel string `json:"displayLabel"`
	Level        int    `json:"level"`
	Color        string `json:"color"`
	Description  string `json:"description"`
	ArchivedAt   string `json:"archivedAt"`
}

// Status is one of the stack's statuses. Category is "active" or "resolved".
type Status struct {
	StatusID     string `json:"statusID"`
	IncidentType string `json:"incidentType"`
	Name         string `json:"name"`
	Description  string `json:"description"`
	Category     string `json:"category"`
	Kind         string `json:"kind"`
	Color        string `json:"color"`
	Icon         string `json:"icon"`
	Slug         string `json:"slug"`
	Position     int    `json:"position"`
	ArchivedTime string `json:"archivedTime"`
	Immutable    bool   `json:"immutable"`
	CreatedTime  string `json:"createdTime"`
	ModifiedTime string `json:"modifiedTime"`
}

// OrgRole is a role people hold in an incident.
type OrgRole struct {
	RoleID      int    `json:"roleID"`
	OrgID       string `json:"orgID"`
	Name        string `json:"name"`
	Description string `json:"description"`
	Important   bool   `json:"important"`
	Mandatory   bool   `json:"mandatory"`
	Archived    bool   `json:"archived"`
	CreatedAt   string `json:"createdAt"`
	UpdatedAt   string `json:"updatedAt"`
}

// User is a person known to the stack.
type User struct {
	UserID         string `json:"userID"`
	InternalUserID string `json:"internalUserID"`
	Email          string `json:"email"`
	ModifiedTime   string `json:"modifiedTime"`
	Name           string `json:"name"`
	PhotoURL       string `json:"photoURL"`
	GrafanaUserID  string `json:"grafanaUserID"`
	GrafanaLogin   string `json:"grafanaLogin"`
	SlackUserID    string `json:"slackUserID"`
	SlackTeamID    string `json:"slackTeamID"`
	MsTeamsUserID  string `json:"msTeamsUserID"`
}

func (u User) preview() UserPreview {
	return UserPreview{UserID: u.UserID, Name: u.Name, PhotoURL: u.PhotoURL}
}

// org is what a stack's administrators set up.
type org struct {
	severities []Severity
	statuses   []Status
	roles      []OrgRole
	users      []User
	fields     []Field
	hooks      []EnabledHook
	channels   map[string]bool // names of the Slack channels made
}

// newOrg is the set-up of a new stack, as Grafana delivers it.
func newOrg(at string) org {
	o := org{channels: map[string]bool{}, fields: []Field{{UUID: "field-tags", Name: "tags", Slug: "tags", Type: "multi-select", DomainName: "labels",
		Source: "native", Immutable: true, Options: []Option{}, Version: 1}}}
	for i, label := range []string{"Critical", "Major", "Minor", "Pending"} {
		level := i + 1
		if label == "Pending" {
			level = -1
		}
		o.severities = append(o.severities, Severity{SeverityID: fmt.Sprintf("sev-%d", i+1), OrgID: "1", DisplayLabel: label, Level: level, Color: "#c4162a"})
	}
	for _, kind := range []string{"internal", "private"} {
		for i, name := range []string{"active", "resolved"} {
			o.statuses = append(o.statuses, Status{StatusID: "status-" + kind + "-" + name, IncidentType: kind, Name: name, Category: name, Kind: name,
				Slug: name, Position: i, Immutable: true, CreatedTime: at, ModifiedTime: at})
		}
	}
	for i, name := range []string{"commander", "investigator", "observer"} {
		o.roles = append(o.roles, OrgRole{RoleID: i + 1, OrgID: "1", Name: name, Important: i < 2, Mandatory: i == 0, CreatedAt: at, UpdatedAt: at})
	}
	return o
}

// severity finds a severity by label, in any case.
func (o *org) severity(label string) (Severity, bool) {
	at := slices.IndexFunc(o.severities, func(s Severity) bool { return s.ArchivedAt == "" && strings.EqualFold(s.DisplayLabel, label) })
	if at < 0 {
		return Severity{}, false
	}
	return o.severities[at], true
}

// severityAsked finds a severity by label or, when that is "", by id.
func (o *org) severityAsked(label, id string) (Severity, bool) {
	if label != "" {
		return o.severity(label)
	}
	at := slices.IndexFunc(o.severities, func(s Severity) bool { return s.ArchivedAt == "" && s.SeverityID == id })
	if at < 0 {
		return Severity{}, false
	}
	return o.severities[at], true
}

// severityID is the id of a label, "" when there is none.
func (o *org) severityID(label string) string {
	s, _ := o.severity(label)
	return s.SeverityID
}

// statusNamed finds the status of an incident type by the name an incident shows.
func (o *org) statusNamed(kind, name string) (Status, bool) {
	at := slices.IndexFunc(o.statuses, func(s Status) bool { return s.IncidentType == kind && strings.EqualFold(s.Name, name) })
	if at < 0 {
		return Status{}, false
	}
	return o.statuses[at], true
}

// role finds a role by name.
func (o *org) role(name string) (OrgRole, bool) {
	at := slices.IndexFunc(o.roles, func(r OrgRole) bool { return strings.EqualFold(r.Name, name) })
	if at < 0 {
		return OrgRole{}, false
	}
	return o.roles[at], true
}

// user finds a person by any of the ids the API takes.
func (o *org) user(id string) (User, bool) {
	at := slices.IndexFunc(o.users, func(u User) bool {
		return id != "" && (u.UserID == id || u.InternalUserID == id || "grafana:"+u.GrafanaUserID == id || u.SlackUserID != "" && "slack:"+u.SlackUserID == id)
	})
	if at < 0 {
		return User{}, false
	}
	return o.users[at], true
}
