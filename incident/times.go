package incident

import (
	"strings"
	"time"
)

// parseTime reads the API's times: RFC 3339, "" for none, and what its samples also hold, 2022-02-11 00:50:20.574137,
// which is UTC. What cannot be read is the zero time: a strange time must not hide an incident.
func parseTime(text string) time.Time {
	text = strings.TrimSpace(text)
	if text == "" {
		return time.Time{} // each layout that fails makes an error
	}
	for _, layout := range []string{
		time.RFC3339Nano,
		"2006-01-02 15:04:05.999999999",
		"2006-01-02T15:04:05.999999999",
		"2006-01-02 15:04:05.999999999Z07:00",
		"2006-01-02 15:04:05.999999999 -0700 MST", // time.Time's String
		"2006-01-02",
	} {
		if t, err := time.Parse(layout, text); err == nil && t.Year() > 1 {
			return t.UTC()
		}
	}
	return time.Time{}
}

// formatTime writes a time as the API takes it, to the millisecond; "" for the zero time.
func formatTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Truncate(time.Millisecond).Format(time.RFC3339Nano)
}
