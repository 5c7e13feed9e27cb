package incident

import (
	"context"
	"errors"
	"slices"
	"strings"

	api "github.com/grafana/incident-go"
)

// SetStatus changes an incident's status to "active", "resolved" or one of the stack's own, given by name, slug or id,
// and gives the incident as it is then. A status that the stack does not have is refused before anything is called
// (Invalid, ReasonStatusUnknown), unless the stack's list cannot be had.
//
// What UpdateStatus takes for a status of the stack's own is not documented. The name is tried first, then the slug, then
// the id; an incident that shows the status proves which it was, and that is tried first from then on.
func (s *Stack) SetStatus(ctx context.Context, id, status string) (Incident, error) {
	op := "set status of " + id
	if err := checkID(op, id); err != nil {
		return Incident{}, err
	}
	if err := checkText(op, status); err != nil {
		return Incident{}, err
	}
	aim, err := s.aimAt(ctx, op, strings.TrimSpace(status))
	if err != nil {
		return Incident{}, err
	}
	return s.tryStatuses(ctx, op, id, aim)
}

// aim is a status to be set: the ways to write it, in the order to try, and how to know it when it is there.
type aim struct {
	ways    []way
	reached func(now Incident) bool
}

// way is one way to write a status.
type way struct {
	word string
	form int32 // byName, bySlug or byID
}

const (
	byName int32 = iota
	bySlug
	byID
)

// aimAt finds out what a word means.
func (s *Stack) aimAt(ctx context.Context, op, word string) (aim, error) {
	if category := strings.ToLower(word); category == statusActive || category == statusResolved {
		return aim{ways: []way{{category, byName}}, reached: s.inCategory(category)}, nil
	}
	all, err := s.statuses.get(ctx)
	st, ok := findStatus(all, word, false)
	if !ok && err == nil {
		all, err = s.statuses.since(ctx, justNow) // it may be new
		st, ok = findStatus(all, word, false)
	}
	switch {
	case ok:
		return s.spelt(all, st), nil
	case err != nil:
		return aim{ways: []way{{word, byName}}, reached: Status{Name: word}.at}, nil
	}
	names := make([]string, 0, len(all))
	for _, one := range ordinary(all) {
		names = append(names, one.Name)
	}
	return aim{}, &Error{Op: op, Code: Invalid, Reason: ReasonStatusUnknown, Message: plain("this stack has " + strings.Join(names, ", "))}
}

// at says whether an incident has the status.
func (st Status) at(now Incident) bool { return st.is(now.Status) }

// inCategory says whether an incident has a status of a category: that itself, or one of the stack's own. A name that no
// list explains is believed, unless it is the opposite.
func (s *Stack) inCategory(category string) func(Incident) bool {
	return func(now Incident) bool {
		if st, ok := findStatus(s.statuses.known(), now.Status, now.Private); ok && st.Category != "" {
			return st.Category == category
		}
		opposite := map[string]string{statusActive: statusResolved, statusResolved: statusActive}[category]
		return !strings.EqualFold(now.Status, opposite)
	}
}

// spelt lists the ways to write a status, the one that worked last time first. Private incidents have statuses of their
// own, perhaps of the same name: both ids are tried.
func (s *Stack) spelt(all []Status, st Status) aim {
	a := aim{ways: []way{{st.Name, byName}, {st.Slug, bySlug}, {st.ID, byID}}, reached: st.at}
	if twin, ok := findStatus(all, st.Name, true); ok && twin.ID != st.ID {
		a.ways = append(a.ways, way{twin.ID, byID})
		a.reached = func(now Incident) bool { return st.at(now) || twin.at(now) }
	}
	a.ways = slices.DeleteFunc(a.ways, func(w way) bool {
		return w.word == "" || w.form == bySlug && w.word == st.Name
	})
	worked := s.spelling.Load()
	first := func(w way) int {
		if w.form == worked {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(a.ways, func(x, y way) int { return first(x) - first(y) })
	return a
}

// tryStatuses sends one word after the other until the incident shows the status.
func (s *Stack) tryStatuses(ctx context.Context, op, id string, a aim) (Incident, error) {
	ignored := &Error{Op: op, Code: Failed, Status: 200, Reason: ReasonStatusIgnored}
	var last error = ignored
	doubt := false // an earlier word may have done it after all
	for _, w := range a.ways {
		now, err := s.updateStatus(ctx, op, id, w.word)
		if err == nil && !a.reached(now) {
			now, err = s.reread(ctx, op, id) // the answer may be older than the change
		}
		switch {
		case err == nil && a.reached(now):
			if len(a.ways) > 1 {
				s.spelling.Store(w.form)
			}
			return now, nil
		case err == nil:
			ignored.Message = plain("it is still " + now.Status)
			last = ignored
		case !wrongWord(err):
			return Incident{}, err
		default:
			last, doubt = err, doubt || !isCode(err, Invalid)
		}
	}
	if doubt {
		if now, err := s.reread(ctx, op, id); err != nil || a.reached(now) {
			return now, err
		}
	}
	return Incident{}, last
}

// updateStatus sends one word. A 404 may mean the incident or the word; reading the incident tells.
func (s *Stack) updateStatus(ctx context.Context, op, id, word string) (Incident, error) {
	out, err := call(ctx, s, op, api.NewIncidentsService(s.api).UpdateStatus, api.UpdateStatusRequest{IncidentID: id, Status: word})
	if err == nil {
		return s.changed(ctx, op, id, out.Incident)
	}
	var e *Error
	if errors.As(err, &e) && e.Code == NotFound {
		if _, gone := s.Incident(ctx, id); gone != nil {
			return Incident{}, gone
		}
		e.Code, e.Reason = Invalid, ReasonStatusUnknown
	}
	return Incident{}, err
}

// wrongWord says whether a refusal is about the word, so that another way to write it may do.
func wrongWord(err error) bool {
	var e *Error
	return errors.As(err, &e) && (e.Code == Invalid ||
		e.Code == Failed && strings.Contains(strings.ToLower(e.Message), "status"))
}
