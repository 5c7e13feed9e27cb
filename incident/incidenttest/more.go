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
		all = slices.DeleteFunc(all, func(i Incident) bool { return !in.Query.keeps(i) })
	}
	if err := order(all, "", in.Query.OrderDirection); err != nil {
		return incidentsOut{}, err
	}
	cut, next, err := pageOf(all, in.Query.Limit, in.Cursor)
	if err != nil {
		return incidentsOut{}, err
	}
	out := incidentsOut{Incidents: []full{}, Query: in.Query, Cursor: next}
	for _, i := range cut {
		i.Channels = nil
		out.Incidents = append(out.Incidents, s.inFull(i))
	}
	return out, nil
}

func (q incidentsQuery) keeps(i Incident) bool {
	has := func(label string) bool {
		return slices.ContainsFunc(i.Labels, func(l Label) bool { return l.Label == label })
	}
	return (len(q.IncludeStatuses) == 0 || slices.Contains(q.IncludeStatuses, i.Status)) && !slices.Contains(q.ExcludeStatuses, i.Status) &&
		(!q.OnlyDrills || i.IsDrill) && (q.Severity == "" || strings.EqualFold(q.Severity, i.Severity)) &&
		!slices.ContainsFunc(q.IncidentLabels, func(label string) bool { return !has(label) })
}

type eventTimeIn struct {
	IncidentID       string `json:"incidentID"`
	EventTime        string `json:"eventTime"`
	ActivityItemKind string `json:"activityItemKind"` // deprecated
	EventName        string `json:"eventName"`
}

// updateEventTime sets the start or the end of an incident.
func updateEventTime(s *Server, who *account, in eventTimeIn) (empty, error) {
	name := in.EventName
	if name == "" {
		name = in.ActivityItemKind
	}
	_, err := s.update(who, in.IncidentID, func(r *record) (Activity, error) {
		at, err := eventTime(in.EventTime)
		switch {
		case err != nil:
			return Activity{}, err
		case at == "":
			return Activity{}, invalid("eventTime: must not be empty")
		case name == "incidentStart":
			r.IncidentStart = at
		case name == "incidentEnd":
			r.IncidentEnd = at
		default:
			return Activity{}, invalid("eventName: must be incidentStart or incidentEnd, not %q", name)
		}
		return Activity{ActivityKind: name, Body: "changed the time to " + at, EventTime: at}, nil
	})
	return empty{}, err
}

type channelsOut struct {
	Channels []Channel `json:"incidentChannels"`
}

func getChannels(s *Server, who *account, in idIn) (channelsOut, error) {
	r, err := s.visible(who, in.IncidentID)
	if err != nil {
		return channelsOut{}, err
	}
	return channelsOut{list(slices.Clone(r.Channels))}, nil
}

type slackChannelIn struct {
	IncidentID  string `json:"incidentID"`
	ChannelName string `json:"channelName"`
	PostUpdates bool   `json:"postUpdates"`
	InviteUsers bool   `json:"inviteUsers"`
}

type slackChannelOut struct {
	ChannelID   string `json:"channelID"`
	ChannelName string `json:"channelName"`
}

// createSlackChannel makes the one channel an incident may have, in a Slack that is not simulated here.
func createSlackChannel(s *Server, who *account, in slackChannelIn) (slackChannelOut, error) {
	r, err := s.visible(who, in.IncidentID)
	switch {
	case err != nil:
		return slackChannelOut{}, err
	case strings.TrimSpace(in.ChannelName) == "":
		return slackChannelOut{}, invalid("channelName: must not be empty")
	case len(r.Channels) > 0:
		return slackChannelOut{}, invalid("the incident has a channel already")
	}
	id := strings.ToUpper("C" + strings.ReplaceAll(s.nextID("channel"), "-", ""))
	r.Channels = []Channel{{Provider: "slack", ChannelID: id, TeamID: "T0ACME0000"}}
	s.changed(r, who, Activity{ActivityKind: "actionRun", Body: "created a Slack channel", Immutable: true})
	return slackChannelOut{id, slug(in.ChannelName)}, nil
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

type contextItem struct {
	ContextID  string `json:"contextID"`
	IncidentID string `json:"incidentID"`
	Kind       string `json:"kind"`
	URL        string `json:"url"`
}

type contextOut struct {
	Context []contextItem `json:"incidentContext"`
}

type contextIn struct {
	Query idIn `json:"query"`
}

// queryContext lists the URLs attached to an incident. The real answer's shape is not documented; this one is a guess.
func queryContext(s *Server, who *account, in contextIn) (contextOut, error) {
	r, err := s.visible(who, in.Query.IncidentID)
	if err != nil {
		return contextOut{}, err
	}
	out := contextOut{Context: []contextItem{}}
	for _, url := range r.Context {
		out.Context = append(out.Context, contextItem{ContextID: slug(url), IncidentID: r.ID, Kind: "genericURL", URL: url})
	}
	return out, nil
}

type trackerOut struct {
	ChatOps bool `json:"isChatOpsInstalled"`
}

func getTracker(*Server, *account, empty) (trackerOut, error) { return trackerOut{}, nil }
