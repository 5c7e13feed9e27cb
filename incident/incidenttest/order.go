package incidenttest

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// sortKey is what things are ordered by, read once for each of them: a time, then a text, then a number.
type sortKey struct {
	at   time.Time
	text string
	n    int
}

func (k sortKey) compare(other sortKey) int {
	return cmp.Or(k.at.Compare(other.at), strings.Compare(k.text, other.text), cmp.Compare(k.n, other.n))
}

// byTime orders by a time as the API writes it; "" and what cannot be read come first.
func byTime(text string) sortKey { return sortKey{at: moment(text)} }

// sorted orders things by their keys, upwards or downwards. Equal ones keep their order, or have it turned round.
func sorted[T any](all []T, key func(T) sortKey, up bool) []T {
	type keyed struct {
		sortKey
		place int
	}
	keys := make([]keyed, len(all))
	for i, one := range all {
		keys[i] = keyed{key(one), i}
	}
	slices.SortFunc(keys, func(a, b keyed) int { return cmp.Or(a.compare(b.sortKey), cmp.Compare(a.place, b.place)) })
	if !up {
		slices.Reverse(keys)
	}
	out := make([]T, len(all))
	for i, k := range keys {
		out[i] = all[k.place]
	}
	return out
}

// upwards reads an orderDirection, down when it is left out.
func upwards(direction string) (bool, error) {
	switch direction {
	case "ASC":
		return true, nil
	case "", "DESC":
		return false, nil
	}
	return false, invalid("query.orderDirection: must be ASC or DESC, not %q", direction)
}

// order sorts incidents, the latest first when nothing else is asked. What is equal is ordered by id.
func order(all []*Incident, field, direction string) ([]*Incident, error) {
	by := orderField(field)
	if by == nil {
		return nil, invalid("query.orderField: unknown field %q", field)
	}
	up, err := upwards(direction)
	if err != nil {
		return nil, err
	}
	return sorted(all, func(i *Incident) sortKey {
		k := by(i)
		k.n, _ = strconv.Atoi(i.ID)
		return k
	}, up), nil
}

// orderField is the key of a field that incidents may be ordered by, "" being createdTime, and nil for any other.
func orderField(field string) func(*Incident) sortKey {
	switch field {
	case "", "createdTime":
		return func(i *Incident) sortKey { return byTime(i.CreatedTime) }
	case "modifiedTime":
		return func(i *Incident) sortKey { return byTime(i.ModifiedTime) }
	case "incidentStart":
		return func(i *Incident) sortKey { return byTime(i.IncidentStart) }
	case "incidentEnd":
		return func(i *Incident) sortKey { return byTime(i.IncidentEnd) }
	case "closedTime":
		return func(i *Incident) sortKey { return byTime(i.ClosedTime) }
	case "title":
		return func(i *Incident) sortKey { return sortKey{text: i.Title} }
	case "status":
		return func(i *Incident) sortKey { return sortKey{text: i.Status} }
	case "severity":
		return func(i *Incident) sortKey { return sortKey{text: i.Severity} }
	case "isDrill":
		return func(i *Incident) sortKey { return sortKey{text: strconv.FormatBool(i.IsDrill)} }
	case "incidentID", "prefix": // every room has one prefix here
		return func(*Incident) sortKey { return sortKey{} }
	}
	return nil
}
