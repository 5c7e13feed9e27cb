package incidenttest

import (
	"slices"
	"strings"
)

type incidentsQuery struct {
	Limit           int      `json:"limit"`
	IncludeStatuses []string `json:"includeStatuses"`
	ExcludeStatuses []string `json:"excludeStatuses"`
	IncidentLabels  []string `json:"incidentLabels"`
	DateFrom        string   `json:"dateFrom"` // ignored, as the real one does
	DateTo          string   `json:"dateTo"`   // the same
	OnlyDrills      bool     `json:"onlyDrills"`
	OrderDirection  string   `json:"orderDirection"`
	Severity        string   `json:"severity"`
	QueryString     string   `json:"queryString"`
	misplaced
}

type incidentsIn struct {
	Query  incidentsQuery `json:"query"`
	Cursor cursor         `json:"cursor"`
}

type incidentsOut struct {
	Incidents []full         `json:"incidents"`
	Query     incidentsQuery `json:"query"`
	Cursor    cursor         `json:"cursor"`
}

// queryIncidents is the deprecated search. It never fills the channels, and a queryString makes it ignore the filters.
func queryIncidents(s *Server, who *account, in incidentsIn) (incidentsOut, error) {
	all, err := s.search(who, in.Query.QueryString)
	if err != nil {
		return incidentsOut{}, err
	}
	if in.Query.QueryString == "" {
		all = slices.DeleteFunc(all, func(i *Incident) bool { return !in.Query.keeps(i) })
	}
	all, err = order(all, "", in.Query.OrderDirection)
	if err != nil {
		return incidentsOut{}, err
	}
	cut, next, err := pageOf(all, in.Query.Limit, in.Cursor)
	if err != nil {
		return incidentsOut{}, err
	}
	out := incidentsOut{Incidents: []full{}, Query: in.Query, Cursor: next}
	for _, i := range cut {
		one := *i
		one.Channels = nil
		out.Incidents = append(out.Incidents, s.inFull(&one))
	}
	return out, nil
}

func (q incidentsQuery) keeps(i *Incident) bool {
	has := func(label string) bool {
		return slices.ContainsFunc(i.Labels, func(l Label) bool { return l.Label == label })
	}
	return (len(q.IncludeStatuses) == 0 || slices.Contains(q.IncludeStatuses, i.Status)) && !slices.Contains(q.ExcludeStatuses, i.Status) &&
		(!q.OnlyDrills || i.IsDrill) && (q.Severity == "" || strings.EqualFold(q.Severity, i.Severity)) &&
		!slices.ContainsFunc(q.IncidentLabels, func(label string) bool { return !has(label) })
}
