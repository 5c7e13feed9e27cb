package incidenttest

import "strconv"

// maxLimit is the largest page (docs: Limit at most 100).
const maxLimit = 100

// cursor says where a page ends. It stands beside the query, never in it.
type cursor struct {
	NextValue string `json:"nextValue"`
	HasMore   bool   `json:"hasMore"`
}

// misplaced is a cursor inside a query, where grafana/gcx found that it is ignored: the first page comes again and again.
type misplaced struct {
	Cursor any `json:"cursor,omitempty"`
}

// pageOf cuts one page out of a list. A cursor is opaque to callers; here it is a place in the list.
func pageOf[T any](all []T, limit int, at cursor) ([]T, cursor, error) {
	switch {
	case limit < 0 || limit > maxLimit:
		return nil, cursor{}, invalid("query.limit: must be at most %d", maxLimit)
	case limit == 0: // what the server then takes is not documented: be mean
		limit = 10
	}
	from := 0
	if at.NextValue != "" {
		n, err := strconv.Atoi(at.NextValue)
		if err != nil || n < 0 {
			return nil, cursor{}, invalid("cursor: cannot read %q", at.NextValue)
		}
		from = min(n, len(all))
	}
	to := min(from+limit, len(all))
	if to == len(all) {
		return list(all[from:to]), cursor{}, nil
	}
	return all[from:to], cursor{NextValue: strconv.Itoa(to), HasMore: true}, nil
}
