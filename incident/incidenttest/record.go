package incidenttest

import (
	"strconv"
	"time"
)

// record is an incident and the versions of it that a search may still see.
type record struct {
	Incident
	old []version // oldest first; empty without a search lag
}

// version is an incident as it was from a time on.
type version struct {
	at time.Time
	Incident
}

// Incidents gives a copy of every incident, in the order they were declared.
func (s *Server) Incidents() []Incident {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]Incident, 0, len(s.records))
	for _, r := range s.records {
		all = append(all, r.copy())
	}
	return all
}

// Incident gives a copy of an incident.
func (s *Server) Incident(id string) (Incident, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.record(id)
	if r == nil {
		return Incident{}, false
	}
	return r.copy(), true
}

// Add puts an incident into the stack as it stands and gives its id. What is left out is filled in: the next id, the
// time, active, the last severity. A private one is seen only by its CreatedBy and the people assigned. An id that is taken
// panics.
func (s *Server) Add(i Incident) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.record(i.ID) != nil {
		panic("incidenttest: incident " + i.ID + " is there already")
	}
	return s.add(i.copy()).ID
}

// add fills in an incident and keeps it. The lock is held.
func (s *Server) add(i Incident) *record {
	if i.ID == "" {
		i.ID = strconv.Itoa(s.last + 1)
	}
	if n, err := strconv.Atoi(i.ID); err == nil {
		s.last = max(s.last, n)
	}
	fill := func(to *string, with string) {
		if *to == "" {
			*to = with
		}
	}
	fill(&i.CreatedTime, s.stamp())
	fill(&i.ModifiedTime, i.CreatedTime)
	fill(&i.IncidentStart, i.CreatedTime)
	fill(&i.IncidentType, "internal")
	fill(&i.Severity, s.org.firstSeverity())
	fill(&i.Status, "active")
	fill(&i.OverviewURL, "/a/"+s.o.PluginID+"/incidents/"+i.ID+"/"+slug(i.Title))
	i.Version = max(i.Version, 1)
	for n := range i.Labels {
		fill(&i.Labels[n].Key, "tags")
	}
	for n := range i.Activity {
		s.fillActivity(i.ID, i.CreatedTime, &i.Activity[n])
	}
	for n := range i.KeyUpdates {
		s.fillUpdate(i, &i.KeyUpdates[n])
	}
	r := &record{Incident: i}
	s.records = append(s.records, r)
	s.byID[i.ID] = r
	s.remember(r)
	return r
}

// fillActivity completes an item of a timeline.
func (s *Server) fillActivity(id, at string, a *Activity) {
	a.IncidentID = id
	if a.ActivityItemID == "" {
		a.ActivityItemID = s.nextID("activity")
	}
	if a.ActivityKind == "" {
		a.ActivityKind = "userNote"
	}
	if a.CreatedTime == "" {
		a.CreatedTime = at
	}
	if a.EventTime == "" {
		a.EventTime = a.CreatedTime
	}
	if a.Relevance == "" {
		a.Relevance = "automatic"
	}
	if a.Tags == nil {
		a.Tags = []string{}
	}
	if a.Attachments == nil {
		a.Attachments = []any{}
	}
}

// fillUpdate completes a status update.
func (s *Server) fillUpdate(i Incident, u *KeyUpdate) {
	u.IncidentID, u.OrgID = i.ID, "1"
	if u.ID == "" {
		u.ID = s.nextID("update")
	}
	if u.CreatedTime == "" {
		u.CreatedTime = i.ModifiedTime
	}
	if u.ModifiedTime == "" {
		u.ModifiedTime = u.CreatedTime
	}
	if u.ContentType == "" {
		u.ContentType = "text/plain"
	}
	if u.Scope == "" {
		u.Scope = "internal"
	}
}

// record finds an incident, nil when there is none. The lock is held.
func (s *Server) record(id string) *record { return s.byID[id] }

// nextID makes an id of anything but an incident.
func (s *Server) nextID(kind string) string {
	s.items++
	return kind + "-" + strconv.Itoa(s.items)
}

// remember keeps the present version of an incident for as long as a search may see it.
func (s *Server) remember(r *record) {
	if s.o.SearchLag <= 0 {
		return
	}
	r.old = append(r.old, version{s.now(), r.copy()})
	edge := s.now().Add(-s.o.SearchLag)
	for len(r.old) > 1 && !r.old[1].at.After(edge) {
		r.old = r.old[1:]
	}
}

// searchable is an incident as a search sees it now, and nil while a search does not see it at all.
func (s *Server) searchable(r *record) *Incident {
	if s.o.SearchLag <= 0 {
		return &r.Incident
	}
	edge := s.now().Add(-s.o.SearchLag)
	for at := len(r.old) - 1; at >= 0; at-- {
		if !r.old[at].at.After(edge) {
			return &r.old[at].Incident
		}
	}
	return nil
}
