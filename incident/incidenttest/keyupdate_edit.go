package incidenttest

import "slices"

type updateIDIn struct {
	IncidentID  string `json:"incidentID"`
	ID          string `json:"id"`
	ContentType string `json:"contentType"`
}

// keyUpdate finds a status update.
func (s *Server) keyUpdate(who *account, incident, id string) (*record, int, error) {
	r, err := s.visible(who, incident)
	if err != nil {
		return nil, 0, err
	}
	at := slices.IndexFunc(r.KeyUpdates, func(u KeyUpdate) bool { return u.ID == id })
	if at < 0 {
		return nil, 0, pluginError(404, "key update not found")
	}
	return r, at, nil
}

func getKeyUpdate(s *Server, who *account, in updateIDIn) (updateOut, error) {
	r, at, err := s.keyUpdate(who, in.IncidentID, in.ID)
	if err != nil {
		return updateOut{}, err
	}
	return updateOut{as(in.ContentType, r.KeyUpdates[at])}, nil
}

type firstUpdateOut struct {
	KeyUpdate *KeyUpdate `json:"keyUpdate"`
}

func getInitialKeyUpdate(s *Server, who *account, in edgeIn) (firstUpdateOut, error) {
	r, err := s.visible(who, in.IncidentID)
	if err != nil || len(r.KeyUpdates) == 0 {
		return firstUpdateOut{}, err
	}
	first := as(in.ContentType, r.KeyUpdates[0])
	return firstUpdateOut{&first}, nil
}

type editUpdateIn struct {
	createUpdateIn
	ID string `json:"id"`
}

func updateKeyUpdate(s *Server, who *account, in editUpdateIn) (updateOut, error) {
	r, at, err := s.keyUpdate(who, in.IncidentID, in.ID)
	if err != nil {
		return updateOut{}, err
	}
	if err := s.checkUpdate(in.createUpdateIn); err != nil {
		return updateOut{}, err
	}
	u := r.KeyUpdates[at]
	u.Title, u.Content, u.ContentType, u.StatusID, u.SeverityID, u.Color = in.Title, in.Content, in.ContentType, in.StatusID, in.SeverityID, in.Color
	if in.Scope != "" {
		u.Scope = in.Scope
	}
	u.ModifiedTime, u.LastModifiedBy = s.stamp(), who.user
	r.KeyUpdates[at] = u
	s.touch(r)
	return updateOut{u}, nil
}

type deleteUpdateIn struct {
	ID         string `json:"id"`
	IncidentID string `json:"incidentID"`
}

func deleteKeyUpdate(s *Server, who *account, in deleteUpdateIn) (empty, error) {
	r, at, err := s.keyUpdate(who, in.IncidentID, in.ID)
	if err != nil {
		return empty{}, err
	}
	r.KeyUpdates = slices.Delete(slices.Clone(r.KeyUpdates), at, at+1)
	s.touch(r)
	return empty{}, nil
}
