package incident

import (
	"bytes"
	"strconv"
)

// mend repairs what would make incident-go's strict decoding give up on a whole answer (measured): a number where its
// type has a string, as for a numeric incidentID, and a fraction or a quoted number where it has an int, as for
// durationSeconds. The body must be valid JSON. A sound body comes back as it is.
func mend(body []byte) []byte {
	for _, key := range stringFields() {
		body = mendField(body, key, quoted)
	}
	for _, key := range intFields() {
		body = mendField(body, key, whole)
	}
	return body
}

func stringFields() []string {
	return []string{`"incidentID"`, `"activityItemID"`, `"taskID"`, `"userID"`, `"statusID"`, `"severityID"`, `"orgID"`,
		`"internalUserID"`, `"grafanaUserID"`, `"id"`, `"nextValue"`}
}

func intFields() []string {
	return []string{`"durationSeconds"`, `"version"`, `"roleID"`, `"level"`, `"position"`, `"limit"`, `"todoCount"`, `"doneCount"`,
		`"totalAssignments"`, `"totalParticipants"`}
}

// mendField rewrites the numbers, bare or quoted, that follow a key. A key's name inside a string cannot be taken for
// the key: its quotes would be escaped.
func mendField(body []byte, key string, better func(value []byte) []byte) []byte {
	var out []byte // what is mended, nil while nothing had to be
	copied := 0
	for from := 0; ; {
		i := bytes.Index(body[from:], []byte(key))
		if i < 0 {
			break
		}
		start := skipColon(body, from+i+len(key))
		from = endOfScalar(body, start)
		if start == from {
			continue
		}
		if value := better(body[start:from]); value != nil {
			out = append(append(out, body[copied:start]...), value...)
			copied = from
		}
	}
	if out == nil {
		return body
	}
	return append(out, body[copied:]...)
}

// skipColon is where the value after a key begins.
func skipColon(body []byte, i int) int {
	for i < len(body) && bytes.IndexByte([]byte(" \t\r\n:"), body[i]) >= 0 {
		i++
	}
	return i
}

// endOfScalar is where a number ends, with its quotes if it has some; start itself, if there is no number.
func endOfScalar(body []byte, start int) int {
	i := start
	if i < len(body) && body[i] == '"' {
		i++
	}
	digits := i
	for i < len(body) && bytes.IndexByte([]byte("0123456789+-.eE"), body[i]) >= 0 {
		i++
	}
	if i == digits {
		return start
	}
	if body[start] == '"' {
		if i >= len(body) || body[i] != '"' {
			return start
		}
		i++
	}
	return i
}

// quoted puts a bare number in quotes.
func quoted(value []byte) []byte {
	if value[0] == '"' {
		return nil
	}
	return []byte(`"` + string(value) + `"`)
}

// whole cuts a number to an integer, and takes quotes off.
func whole(value []byte) []byte {
	text := string(bytes.Trim(value, `"`))
	if _, err := strconv.ParseInt(text, 10, 64); err == nil && value[0] != '"' {
		return nil
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || f > 1<<53 || f < -1<<53 {
		return nil
	}
	return strconv.AppendInt(nil, int64(f), 10)
}
