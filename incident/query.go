package incident

import (
	"strconv"
	"strings"
	"unicode"
)

// maxLimit is the largest page of previews and incidents (docs: Limit at most 100).
const maxLimit = 100

// queryString writes a Query in the API's language. Terms beside each other mean AND. There is no escape in it, so a
// value stands in double quotes and may not hold one; a backslash at the end is refused too, in case there is one after
// all. Keyed labels are not asked for: the API does not find them (grafana/gcx).
func (q Query) queryString() (string, error) {
	var terms []string
	if q.Drills != nil {
		// status:active alone may include drills or not: say it always.
		terms = append(terms, "isdrill:"+strconv.FormatBool(*q.Drills))
	}
	label := q.Label.Value
	if q.Label.Key != "" {
		label = ""
	}
	for _, t := range []struct{ name, value string }{
		{"status", q.Status}, {"severity", q.Severity}, {"title", q.Title}, {"context", q.Context}, {"label", label},
	} {
		value := strings.TrimSpace(t.value)
		if value == "" {
			continue
		}
		if !quotable(value) {
			return "", &Error{Op: "search incidents", Code: Invalid, Reason: ReasonQuery,
				Message: "a search cannot hold double quotes or control characters (in the " + t.name + ")"}
		}
		terms = append(terms, t.name+`:"`+value+`"`)
	}
	return strings.Join(terms, " "), nil
}

func quotable(value string) bool {
	return !strings.ContainsFunc(value, func(r rune) bool { return r == '"' || unicode.IsControl(r) }) &&
		!strings.HasSuffix(value, `\`)
}

// limit is the page size to ask for.
func (q Query) limit() int {
	if q.Limit < 1 || q.Limit > maxLimit {
		return maxLimit
	}
	return q.Limit
}

// keeps says whether an incident passes what is filtered on our side.
func (q Query) keeps(i Incident) bool {
	if q.Drills != nil && i.Drill != *q.Drills {
		return false
	}
	if q.Label.Key == "" {
		return true
	}
	for _, l := range i.Labels {
		if strings.EqualFold(l.Key, q.Label.Key) && (q.Label.Value == "" || strings.EqualFold(l.Value, q.Label.Value)) {
			return true
		}
	}
	return false
}
