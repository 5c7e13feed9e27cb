package blocks

import (
	"fmt"
	"time"
)

// Date shows a time in each reader's own zone and language. Where Slack cannot (notifications, old clients), it reads
// "2026-11-24 14:32 UTC". A zero time is "an unknown time".
func Date(t time.Time) Mrkdwn {
	if t.IsZero() {
		return "an unknown time"
	}
	return Mrkdwn(fmt.Sprintf("<!date^%d^{date_short_pretty} at {time}|%s>",
		t.Unix(), t.UTC().Format("2006-01-02 15:04 UTC")))
}

// Since says how long ago t was, in words that stand for themselves: "12 min", "3 h 05 min", "2 days". Less than a
// minute, and a time that has not come, is "less than a minute"; a zero time is "".
func Since(t, now time.Time) string {
	if t.IsZero() {
		return ""
	}
	minutes := int(now.Sub(t) / time.Minute)
	switch {
	case minutes < 1:
		return "less than a minute"
	case minutes < 60:
		return fmt.Sprintf("%d min", minutes)
	case minutes < 24*60:
		return fmt.Sprintf("%d h %02d min", minutes/60, minutes%60)
	case minutes < 48*60:
		return "1 day"
	}
	return fmt.Sprintf("%d days", minutes/(24*60))
}
