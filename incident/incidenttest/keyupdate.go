package incidenttest

import "slices"

type createUpdateIn struct {
	IncidentID  string  `json:"incidentID"`
	Title       *string `json:"title"`
	Content     string  `json:"content"`
	ContentType string  `json:"contentType"`
	StatusID    string  `json:"statusID"`
	SeverityID  string  `json:"severityID"`
	Scope       string  `json:"scope"`
	Color       *string `json:"color"`
}

type updateOut struct {
	KeyUpdate KeyUpdate `json:"keyUpdate"`
}

func createKeyUpdate(s *Server, who *account, in createUpdateIn) (updateOut, error) {
	r, err := s.visible(who, in.IncidentID)
	if err != nil {
		return updateOut{}, err
	}
	if err := s.checkUpdate(in); err != nil {
		return updateOut{}, err
	}
	made := s.post(r, who, KeyUpdate{Title: in.Title, Content: s.text(in.Content), ContentType: in.ContentType, StatusID: in.StatusID,
		SeverityID: in.SeverityID, Scope: in.Scope, Color: in.Color})
	s.touch(r)
	return updateOut{made}, nil
}

// checkUpdate refuses a status update that names what there is not.
func (s *Server) checkUpdate(in createUpdateIn) error {
	types := []string{"text/plain", "text/markdown+slack", "text/markdown+msteams", "application/x-lexical-editor"}
	switch {
	case in.Content == "" || len(in.Content) > maxText:
		return invalid("content: must hold 1 to %d bytes", maxText)
	case !slices.Contains(types, in.ContentType):
		return invalid("contentType: unknown type %q", in.ContentType)
	case in.Scope != "" && !slices.Contains([]string{"internal", "public", "private"}, in.Scope):
		return invalid("scope: unknown scope %q", in.Scope)
	case !slices.ContainsFunc(s.org.statuses, func(st Status) bool { return st.StatusID == in.StatusID }):
		return invalid("statusID: unknown status %q", in.StatusID)
	case !slices.ContainsFunc(s.org.severities, func(sev Severity) bool { return sev.SeverityID == in.SeverityID }):
		return invalid("severityID: unknown severity %q", in.SeverityID)
	}
	return nil
}

// post adds a status update to an incident.
func (s *Server) post(r *record, who *account, u KeyUpdate) KeyUpdate {
	u.CreatedBy, u.LastModifiedBy, u.CreatedTime = who.user, who.user, s.stamp()
	s.fillUpdate(r.Incident, &u)
	r.KeyUpdates = append(r.KeyUpdates, u)
	return u
}

type edgeIn struct {
	IncidentID  string `json:"incidentID"`
	ContentType string `json:"contentType"`
}

type lastUpdateOut struct {
	KeyUpdate *KeyUpdate `json:"keyUpdate"`
	Count     int        `json:"keyUpdateCount"`
}

func getLastKeyUpdate(s *Server, who *account, in edgeIn) (lastUpdateOut, error) {
	r, err := s.visible(who, in.IncidentID)
	if err != nil || len(r.KeyUpdates) == 0 {
		return lastUpdateOut{}, err
	}
	last := as(in.ContentType, r.KeyUpdates[len(r.KeyUpdates)-1])
	return lastUpdateOut{&last, len(r.KeyUpdates)}, nil
}

// as gives an update in the content type that was asked for. The simulation keeps the text as it is: it converts no
// markup.
func as(contentType string, u KeyUpdate) KeyUpdate {
	if contentType != "" {
		u.ContentType = contentType
	}
	return u
}

type updatesQuery struct {
	IncidentID     string `json:"incidentID"`
	Limit          int    `json:"limit"`
	OrderDirection string `json:"orderDirection"`
	OrderField     string `json:"orderField"`
	Scope          string `json:"scope"`
	ContentType    string `json:"contentType"`
	misplaced
}

type updatesIn struct {
	Query  updatesQuery `json:"query"`
	Cursor cursor       `json:"cursor"`
}

type updatesOut struct {
	KeyUpdates []KeyUpdate  `json:"keyUpdates"`
	Query      updatesQuery `json:"query"`
	Cursor     cursor       `json:"cursor"`
}

func queryKeyUpdates(s *Server, who *account, in updatesIn) (updatesOut, error) {
	r, err := s.visible(who, in.Query.IncidentID)
	if err != nil {
		return updatesOut{}, err
	}
	var all []KeyUpdate
	for _, u := range r.KeyUpdates {
		if in.Query.Scope == "" || u.Scope == in.Query.Scope {
			all = append(all, as(in.Query.ContentType, u))
		}
	}
	all, err = orderUpdates(all, in.Query.OrderField, in.Query.OrderDirection)
	if err != nil {
		return updatesOut{}, err
	}
	cut, next, err := pageOf(all, in.Query.Limit, in.Cursor)
	return updatesOut{list(cut), in.Query, next}, err
}

// orderUpdates sorts status updates, the latest first when nothing else is asked.
func orderUpdates(all []KeyUpdate, field, direction string) ([]KeyUpdate, error) {
	up, err := upwards(direction)
	if err != nil {
		return nil, err
	}
	switch field {
	case "", "createdTime":
		return sorted(all, func(u KeyUpdate) sortKey { return byTime(u.CreatedTime) }, up), nil
	case "modifiedTime":
		return sorted(all, func(u KeyUpdate) sortKey { return byTime(u.ModifiedTime) }, up), nil
	case "title":
		return sorted(all, func(u KeyUpdate) sortKey { return sortKey{text: u.title()} }, up), nil
	}
	return nil, invalid("query.orderField: unknown field %q", field)
}

// title is an update's title, "" when it has none.
func (u KeyUpdate) title() string {
	if u.Title == nil {
		return ""
	}
	return *u.Title
}
