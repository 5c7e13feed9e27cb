package blocks

import (
	"testing"
	"time"
)

func TestDate(t *testing.T) {
	at := time.Date(2026, 11, 24, 15, 32, 59, 0, time.FixedZone("CET", 3600))
	if got, want := Date(at), Mrkdwn("<!date^1795530779^{date_short_pretty} at {time}|2026-11-24 14:32 UTC>"); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := Date(time.Time{}); got != "an unknown time" {
		t.Errorf("zero time: %q", got)
	}
	if got := Plain(Date(at)); got != "2026-11-24 14:32 UTC" {
		t.Errorf("plain: %q", got)
	}
}

func TestSince(t *testing.T) {
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		ago  time.Duration
		want string
	}{
		{-time.Hour, "less than a minute"}, {0, "less than a minute"}, {59 * time.Second, "less than a minute"},
		{time.Minute, "1 min"}, {12*time.Minute + 59*time.Second, "12 min"}, {time.Hour, "1 h 00 min"},
		{3*time.Hour + 5*time.Minute, "3 h 05 min"}, {24*time.Hour - 1, "23 h 59 min"}, {24 * time.Hour, "1 day"},
		{48 * time.Hour, "2 days"}, {90 * 24 * time.Hour, "90 days"},
	} {
		if got := Since(now.Add(-c.ago), now); got != c.want {
			t.Errorf("%v ago: %q, want %q", c.ago, got, c.want)
		}
	}
	if got := Since(time.Time{}, now); got != "" {
		t.Errorf("zero time: %q", got)
	}
}
