package incidenttest

import (
	"slices"
	"strings"
)

type statusesIn struct {
	IncidentType string `json:"incidentType"`
}

type configuration struct {
	Statuses     []Status `json:"statuses"`
	IncidentType string   `json:"incidentType"`
	Default      bool     `json:"default"`
}

type statusesOut struct {
	Configurations []configuration `json:"configurations"`
}

// queryOrgStatuses gives the statuses of one incident type, or of each.
func queryOrgStatuses(s *Server, _ *account, in statusesIn) (statusesOut, error) {
	out := statusesOut{Configurations: []configuration{}}
	for _, kind := range []string{"internal", "private"} {
		if in.IncidentType != "" && in.IncidentType != kind {
			continue
		}
		c := configuration{Statuses: []Status{}, IncidentType: kind, Default: true}
		for _, st := range s.org.statuses {
			if st.IncidentType == kind {
				c.Statuses = append(c.Statuses, st)
				c.Default = c.Default && st.Immutable
			}
		}
		out.Configurations = append(out.Configurations, c)
	}
	return out, nil
}

type statusIDIn struct {
	StatusID string `json:"statusID"`
}

type statusOut struct {
	Status Status `json:"status"`
}

func getStatusByID(s *Server, _ *account, in statusIDIn) (statusOut, error) {
	for _, st := range s.org.statuses {
		if st.StatusID == in.StatusID {
			return statusOut{st}, nil
		}
	}
	return statusOut{}, pluginError(404, "status not found")
}

// statusEdit is what may be said of a status.
type statusEdit struct {
	IncidentType string `json:"incidentType"`
	Name         string `json:"name"`
	Description  string `json:"description"`
	Category     string `json:"category"`
	Color        string `json:"color"`
	Icon         string `json:"icon"`
}

// checkStatus refuses a status that cannot be, or whose name another one of its type has.
func (o *org) checkStatus(id string, in statusEdit) error {
	switch {
	case in.IncidentType != "internal" && in.IncidentType != "private":
		return invalid("incidentType: unknown type %q", in.IncidentType)
	case in.Category != "active" && in.Category != "resolved":
		return invalid("category: must be active or resolved, not %q", in.Category)
	case strings.TrimSpace(in.Name) == "":
		return invalid("name: must not be empty")
	}
	if other, ok := o.statusNamed(in.IncidentType, in.Name); ok && other.StatusID != id {
		return invalid("status %q already exists", in.Name)
	}
	return nil
}

func createOrgStatus(s *Server, _ *account, in statusEdit) (statusOut, error) {
	if err := s.org.checkStatus("", in); err != nil {
		return statusOut{}, err
	}
	return statusOut{s.addStatus(in)}, nil
}

// addStatus makes a status of the stack's own. The lock is held.
func (s *Server) addStatus(in statusEdit) Status {
	st := Status{StatusID: s.nextID("status"), IncidentType: in.IncidentType, Name: in.Name, Description: in.Description, Category: in.Category,
		Kind: "custom", Color: in.Color, Icon: in.Icon, Slug: slug(in.Name), Position: len(s.org.statuses), CreatedTime: s.stamp(), ModifiedTime: s.stamp()}
	s.org.statuses = append(s.org.statuses, st)
	return st
}

type updateStatusIn struct {
	statusEdit
	StatusID string `json:"statusID"`
}

// updateOrgStatus changes a status of the stack's own. Incidents that have it show its new name.
func updateOrgStatus(s *Server, _ *account, in updateStatusIn) (statusOut, error) {
	at := slices.IndexFunc(s.org.statuses, func(st Status) bool { return st.StatusID == in.StatusID })
	switch {
	case at < 0:
		return statusOut{}, pluginError(404, "status not found")
	case s.org.statuses[at].Immutable:
		return statusOut{}, invalid("the status is immutable")
	}
	if err := s.org.checkStatus(in.StatusID, in.statusEdit); err != nil {
		return statusOut{}, err
	}
	st := &s.org.statuses[at]
	for _, r := range s.records {
		if r.IncidentType == st.IncidentType && r.Status == st.Name {
			r.Status = in.Name
		}
	}
	st.IncidentType, st.Name, st.Description, st.Category, st.Color, st.Icon = in.IncidentType, in.Name, in.Description, in.Category, in.Color, in.Icon
	st.Slug, st.ModifiedTime = slug(in.Name), s.stamp()
	return statusOut{*st}, nil
}
