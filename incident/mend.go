package incident

import (
	"bytes"
	"strconv"
)

// mend repairs what would make incident-go's strict decoding give up on a whole answer (measured): a number where its
// type has a string, as for a numeric incidentID, and a fraction or a quoted number where it has an int, as for
// durationSeconds. The body must be valid JSON. A sound body comes back as it is.
//
// It goes from colon to colon. A colon inside a string cannot be taken for one after a key: the quote before it would be
// escaped.
func mend(body []byte) []byte {
	var out []byte // what is mended, nil while nothing had to be
	copied := 0
	for i := 0; ; i++ {
		next := bytes.IndexByte(body[i:], ':')
		if next < 0 {
			break
		}
		i += next
		start := skipSpace(body, i+1)
		end := endOfNumber(body, start)
		if end == start {
			continue
		}
		if better := mended(keyBefore(body, i), body[start:end]); better != nil {
			out = append(append(out, body[copied:start]...), better...)
			copied = end
		}
	}
	if out == nil {
		return body
	}
	return append(out, body[copied:]...)
}

// mended is what should stand instead of a number, bare or in quotes, nil if it is right as it is.
func mended(key, value []byte) []byte {
	switch string(key) {
	case "incidentID", "activityItemID", "taskID", "userID", "internalUserID", "grafanaUserID", "statusID", "severityID", "orgID", "id", "nextValue":
		return quoted(value)
	case "durationSeconds", "version", "roleID", "level", "position", "limit", "todoCount", "doneCount", "totalAssignments", "totalParticipants":
		return whole(value)
	}
	return nil
}

// keyBefore is the key that ends before a colon; nil, if none does.
func keyBefore(body []byte, colon int) []byte {
	head := bytes.TrimRight(body[:colon], " \t\r\n")
	if len(head) < 2 || head[len(head)-1] != '"' || head[len(head)-2] == '\\' {
		return nil
	}
	head = head[:len(head)-1]
	return head[bytes.LastIndexByte(head, '"')+1:]
}

func skipSpace(body []byte, i int) int {
	for i < len(body) && (body[i] == ' ' || body[i] == '\t' || body[i] == '\r' || body[i] == '\n') {
		i++
	}
	return i
}

// endOfNumber is where a number ends, with its quotes if it has some; start itself, if there is no number.
func endOfNumber(body []byte, start int) int {
	i := start
	if i < len(body) && body[i] == '"' {
		i++
	}
	digits := i
	for i < len(body) && isNumeric(body[i]) {
		i++
	}
	switch {
	case i == digits:
		return start
	case body[start] != '"':
		return i
	case i < len(body) && body[i] == '"':
		return i + 1
	}
	return start
}

func isNumeric(c byte) bool {
	return c >= '0' && c <= '9' || c == '+' || c == '-' || c == '.' || c == 'e' || c == 'E'
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
