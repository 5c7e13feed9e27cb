package incident

import (
	"context"
	"slices"
	"strings"

	api "github.com/grafana/incident-go"
)

const (
	statusActive   = "active"
	statusResolved = "resolved"
	typeInternal   = "internal"
	typePrivate    = "private"
)

// Statuses gives the stack's own statuses for ordinary incidents in the stack's order, at most five minutes old; an
// older list when Grafana cannot be asked. Private incidents may have others; SetStatus knows them.
func (s *Stack) Statuses(ctx context.Context) ([]Status, error) {
	all, err := s.statuses.get(ctx)
	return ordinary(all), err
}

// KnownStatuses is Statuses as last fetched, empty before the first time. It never waits.
func (s *Stack) KnownStatuses() []Status { return ordinary(s.statuses.known()) }

func ordinary(all []Status) []Status {
	var out []Status
	for _, one := range all {
		if !one.Private {
			out = append(out, one)
		}
	}
	return out
}

// fetchStatuses asks for the statuses of all kinds of incident, without those archived.
func (s *Stack) fetchStatuses(ctx context.Context) ([]Status, error) {
	out, err := look(ctx, s, "list statuses", api.NewStatusService(s.api).QueryOrgStatuses, api.QueryOrgStatusesRequest{})
	if err != nil {
		return nil, err
	}
	var all []Status
	for _, c := range out.Configurations {
		slices.SortStableFunc(c.Statuses, func(a, b api.Status) int { return a.Position - b.Position })
		for _, one := range c.Statuses {
			st := statusOf(c, one)
			if one.ArchivedTime == "" && st.Name != "" && !slices.Contains(all, st) {
				all = append(all, st)
			}
		}
	}
	return all, nil
}

func statusOf(c api.StatusConfiguration, one api.Status) Status {
	kind := one.IncidentType
	if kind == "" {
		kind = c.IncidentType
	}
	st := Status{ID: one.StatusID, Name: one.Name, Slug: one.Slug, Category: one.Category, Private: kind == typePrivate}
	if st.Category == "" {
		st.Category = one.Kind // its older name
	}
	if st.Name == "" {
		st.Name = one.Slug
	}
	return st
}

// is says whether a word means this status: its name, slug or id.
func (st Status) is(word string) bool {
	return word != "" && (strings.EqualFold(st.Name, word) || strings.EqualFold(st.Slug, word) || st.ID == word)
}

// findStatus looks a word up among the statuses of one kind of incident, then of the other.
func findStatus(all []Status, word string, private bool) (Status, bool) {
	for _, kind := range []bool{private, !private} {
		for _, st := range all {
			if st.Private == kind && st.is(word) {
				return st, true
			}
		}
	}
	return Status{}, false
}
