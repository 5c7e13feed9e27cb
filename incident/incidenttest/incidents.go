package incidenttest

import (
	"slices"
	"strings"
	"unicode"
)

type idIn struct {
	IncidentID string `json:"incidentID"`
}

func get(s *Server, who *account, in idIn) (incidentOut, error) {
	r, err := s.visible(who, in.IncidentID)
	if err != nil {
		return incidentOut{}, s.unknown(err)
	}
	return s.shown(r), nil
}

// visible finds an incident that an account may see: private ones are for their creator and the people added.
func (s *Server) visible(who *account, id string) (*record, error) {
	if r := s.record(id); r != nil && r.visibleTo(who) {
		return r, nil
	}
	return nil, pluginError(404, "incident not found")
}

func (i *Incident) visibleTo(who *account) bool {
	return i.IncidentType != "private" || i.CreatedBy.UserID == who.user.UserID ||
		slices.ContainsFunc(i.Assignments, func(a Assignment) bool { return a.User.UserID == who.user.UserID })
}

// unknown is the answer for an unknown incident: a 404 by default.
func (s *Server) unknown(err error) error {
	if s.o.UnknownInBand {
		return &refusal{status: 200, body: map[string]any{"incident": map[string]any{"incidentID": ""}, "error": ""}}
	}
	return err
}

// update changes an incident by f, which gives the item for its timeline and changes nothing when it fails.
func (s *Server) update(who *account, id string, f func(*record) (Activity, error)) (incidentOut, error) {
	r, err := s.visible(who, id)
	if err != nil {
		return incidentOut{}, s.unknown(err)
	}
	a, err := f(r)
	if err != nil {
		return incidentOut{}, err
	}
	a.Immutable = true
	s.changed(r, who, a)
	return s.shown(r), nil
}

// changed notes that an incident was changed, and how.
func (s *Server) changed(r *record, who *account, a Activity) *Activity {
	item := s.log(r, who, a)
	if s.o.SystemTasks {
		s.settle(r)
	}
	s.touch(r)
	return item
}

// touch marks an incident as changed now.
func (s *Server) touch(r *record) {
	r.Version++
	r.ModifiedTime = s.stamp()
	s.remember(r)
}

// log adds an item to an incident's timeline.
func (s *Server) log(r *record, who *account, a Activity) *Activity {
	a.User = who.user
	s.fillActivity(r.ID, s.stamp(), &a)
	r.Activity = append(r.Activity, a)
	return &r.Activity[len(r.Activity)-1]
}

// slug is how the API writes a title in a URL.
func slug(title string) string {
	words := strings.FieldsFunc(strings.ToLower(title), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	if len(words) == 0 {
		return "incident"
	}
	return strings.Join(words, "-")
}
