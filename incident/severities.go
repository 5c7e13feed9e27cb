package incident

import (
	"context"
	"slices"
	"strings"
	"time"
)

// severityList is the stack's severities. It is incomplete where the stack has no method that lists them: then it holds
// what was seen on incidents, and a label it lacks may exist all the same.
type severityList struct {
	all      []Severity
	complete bool
}

// Severities gives the stack's own levels, highest first, at most five minutes old; an older list when Grafana cannot be
// asked. On a stack that does not list them, it gives those of the latest incidents.
func (s *Stack) Severities(ctx context.Context) ([]Severity, error) {
	list, err := s.severities.get(ctx)
	return slices.Clone(list.all), err
}

// KnownSeverities is Severities as last fetched, empty before the first time. It never waits.
func (s *Stack) KnownSeverities() []Severity { return slices.Clone(s.severities.known().all) }

// orgSeverities is the answer of SeveritiesService.GetOrgSeverities, which incident-go and the docs leave out
// (grafana/gcx, grafana/oncall).
type orgSeverities struct {
	Severities []struct {
		SeverityID   string `json:"severityID"`
		DisplayLabel string `json:"displayLabel"`
		Level        int    `json:"level"`
		ArchivedAt   string `json:"archivedAt"`
	} `json:"severities"`
}

func (s *Stack) fetchSeverities(ctx context.Context) (severityList, error) {
	out, err := look(ctx, s, "list severities", raw[orgSeverities](s, "SeveritiesService.GetOrgSeverities"), any(struct{}{}))
	if isCode(err, NoMethod) {
		return s.seenSeverities(ctx)
	}
	if err != nil {
		return severityList{}, err
	}
	list := severityList{complete: true}
	for _, one := range out.Severities {
		if one.DisplayLabel != "" && parseTime(one.ArchivedAt).IsZero() {
			list.all = append(list.all, Severity{ID: one.SeverityID, Label: one.DisplayLabel, Level: one.Level})
		}
	}
	if len(list.all) == 0 {
		return s.seenSeverities(ctx) // a stack without any severity cannot be: the list was not had
	}
	sortSeverities(list.all)
	return list, nil
}

// seenSeverities collects the labels of the latest incidents.
func (s *Stack) seenSeverities(ctx context.Context) (severityList, error) {
	out, err := s.previews(ctx, "list severities seen on incidents", "", maxLimit, "")
	if err != nil {
		return severityList{}, err
	}
	var list severityList
	for _, p := range out.IncidentPreviews {
		if _, seen := list.find(p.SeverityLabel); !seen && p.SeverityLabel != "" {
			list.all = append(list.all, Severity{ID: p.SeverityID, Label: p.SeverityLabel, Level: usualLevel(p.SeverityLabel)})
		}
	}
	sortSeverities(list.all)
	return list, nil
}

// usualLevel is the level of Grafana's default labels; others stand between them and Pending.
func usualLevel(label string) int {
	switch strings.ToLower(label) {
	case "critical":
		return 1
	case "major":
		return 2
	case "minor":
		return 3
	case "pending":
		return -1
	}
	return 4
}

// sortSeverities puts the highest first; Pending, whose level is −1 (an oncall test), and others without a level last.
func sortSeverities(all []Severity) {
	slices.SortStableFunc(all, func(a, b Severity) int {
		if (a.Level < 1) != (b.Level < 1) {
			if a.Level < 1 {
				return 1
			}
			return -1
		}
		return a.Level - b.Level
	})
}

// find looks a label or an id up, whatever the label's case.
func (l severityList) find(label string) (Severity, bool) {
	for _, one := range l.all {
		if strings.EqualFold(one.Label, label) || label != "" && one.ID == label {
			return one, true
		}
	}
	return Severity{}, false
}

// severity finds the stack's spelling of a label. Where the list cannot be had, or is incomplete, the label passes as it
// is; where the list is complete and was just read, an unknown label is refused.
func (s *Stack) severity(ctx context.Context, op, label string) (string, error) {
	label = strings.TrimSpace(label)
	list, err := s.severities.get(ctx)
	if one, ok := list.find(label); ok {
		return one.Label, nil
	}
	if err == nil && list.complete {
		list, err = s.severities.since(ctx, justNow) // it may be new
	}
	if one, ok := list.find(label); ok {
		return one.Label, nil
	}
	if err != nil || !list.complete {
		return label, nil
	}
	names := make([]string, len(list.all))
	for i, one := range list.all {
		names[i] = one.Label
	}
	return "", &Error{Op: op, Code: Invalid, Reason: ReasonSeverityUnknown, Message: plain("this stack has " + strings.Join(names, ", "))}
}

// justNow is how old a list may be that is asked again because it lacks a name.
const justNow = 15 * time.Second
