package incident

import (
	"testing"
	"time"
)

func TestParseTime(t *testing.T) {
	at := time.Date(2022, 2, 11, 0, 50, 20, 0, time.UTC)
	for text, want := range map[string]time.Time{
		"":                                     {},
		"soon":                                 {},
		"0001-01-01T00:00:00Z":                 {},
		"2022-02-11T00:50:20Z":                 at,
		" 2022-02-11T01:50:20+01:00 ":          at,
		"2022-02-11T00:50:20.574137Z":          at.Add(574137 * time.Microsecond),
		"2022-02-11 00:50:20.574137":           at.Add(574137 * time.Microsecond),
		"2022-02-11 00:50:20":                  at,
		"2022-02-11T00:50:20.5":                at.Add(time.Second / 2),
		"2022-02-11 01:50:20+01:00":            at,
		"2022-02-11 00:50:20.574137 +0000 UTC": at.Add(574137 * time.Microsecond),
		"2022-02-11":                           at.Truncate(24 * time.Hour),
		"2022-13-11T00:50:20Z":                 {},
		"2022-02-11T00:50:20Z; DROP TABLE":     {},
	} {
		if got := parseTime(text); !got.Equal(want) || !got.IsZero() && got.Location() != time.UTC {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}

func FuzzParseTime(f *testing.F) {
	for _, seed := range []string{"", "2022-02-11T00:50:20Z", "2022-02-11 00:50:20.574137", "2022-02-11T00:50:20.999999999+14:00", "9999-12-31 23:59:59 -0700 PDT"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := parseTime(text)
		if got.IsZero() {
			return
		}
		if got.Location() != time.UTC || got.Year() < 1 {
			t.Fatalf("%q: %v", text, got)
		}
		if got.Year() <= 9999 {
			if again := parseTime(formatTime(got)); !again.Equal(got.Truncate(time.Millisecond)) {
				t.Fatalf("%q: %v reads back as %v", text, got, again)
			}
		}
	})
}
