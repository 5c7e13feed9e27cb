package incidenttest

import (
	"slices"
	"strings"
)

type activityQuery struct {
	IncidentID     string   `json:"incidentID"`
	Limit          int      `json:"limit"`
	Tag            string   `json:"tag"`
	OrderDirection string   `json:"orderDirection"`
	ActivityKind   []string `json:"activityKind"`
	misplaced
}

type activityIn struct {
	Query  activityQuery `json:"query"`
	Cursor cursor        `json:"cursor"`
}

type activitiesOut struct {
	Items  []Activity    `json:"activityItems"`
	Query  activityQuery `json:"query"`
	Cursor cursor        `json:"cursor"`
}

// queryActivity lists a timeline, by the time things happened unless the Options say otherwise. There is no lag.
func queryActivity(s *Server, who *account, in activityIn) (activitiesOut, error) {
	r, err := s.visible(who, in.Query.IncidentID)
	if err != nil {
		return activitiesOut{}, err
	}
	up, err := upwards(in.Query.OrderDirection)
	if err != nil {
		return activitiesOut{}, err
	}
	if err := checkKinds(in.Query.ActivityKind); err != nil {
		return activitiesOut{}, err
	}
	var all []Activity
	for _, a := range r.Activity {
		if (len(in.Query.ActivityKind) == 0 || slices.Contains(in.Query.ActivityKind, a.ActivityKind)) &&
			(in.Query.Tag == "" || slices.Contains(a.Tags, in.Query.Tag)) {
			all = append(all, a)
		}
	}
	all = sorted(all, s.timelineKey, up)
	items, next, err := pageOf(all, in.Query.Limit, in.Cursor)
	return activitiesOut{list(items), in.Query, next}, err
}

// timelineKey is what a timeline is ordered by.
func (s *Server) timelineKey(a Activity) sortKey {
	if s.o.TimelineByCreation {
		return byTime(a.CreatedTime)
	}
	return byTime(a.EventTime)
}

// checkKinds refuses a filter by a kind that there is not: it would find nothing, and nobody would know why.
func checkKinds(asked []string) error {
	kinds := strings.Fields(`incidentUpdated incidentTitleChanged incidentStatusChanged incidentSeverityChanged incidentCreated
		incidentDeleted incidentClosed roleAssigned roleUnassigned actionRun userNote dataQuery hookRunMetadata taskAdded
		taskUpdated taskCompleted taskDeleted messageReaction contextAttached incidentIsDrillChanged incidentStart incidentEnd
		incidentSummary labelAdded labelRemoved siftResult`)
	for _, kind := range asked {
		if !slices.Contains(kinds, kind) {
			return invalid("query.activityKind: unknown kind %q", kind)
		}
	}
	return nil
}
