package grammar_test

import (
	"errors"
	"testing"
	"time"

	"incident-bot/handlers/grammar"
)

func TestTime(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Skipf("no time zones on this machine: %v", err)
	}
	now := time.Date(2026, 11, 24, 3, 10, 0, 0, berlin)
	day := func(d, h, m, s int) time.Time { return time.Date(2026, 11, d, h, m, s, 0, berlin) }
	for _, test := range []struct {
		text, rest string
		at         time.Time
	}{
		{"at 02:32 CPU fine", "CPU fine", day(24, 2, 32, 0)},
		{"AT 2:32 CPU", "CPU", day(24, 2, 32, 0)},
		{"at 14:32, CPU", "CPU", day(23, 14, 32, 0)},
		{"at 14:32:05 x\ny", "x\ny", day(23, 14, 32, 5)},
		{"at 2:32 pm, x", "x", day(23, 14, 32, 0)},
		{"at 2026-11-20 2:32pm x", "x", day(20, 14, 32, 0)},
		{"at 2026-11-20 2:32 PM x", "x", day(20, 14, 32, 0)},
		{"at 2026-11-20 2 pm x", "x", day(20, 14, 0, 0)},
		{"at 2:32pm x", "x", day(23, 14, 32, 0)},
		{"at 2 pm x", "x", day(23, 14, 0, 0)},
		{"at 2am: x", "x", day(24, 2, 0, 0)},
		{"at 3:11 x", "x", day(24, 3, 11, 0)}, // clocks differ by a minute
		{"at 2026-11-20 14:32 x", "x", day(20, 14, 32, 0)},
		{"at 2026-11-20T14:32 x", "x", day(20, 14, 32, 0)},
		{"at 2026-11-20T14:32:00+01:00 x", "x", day(20, 14, 32, 0)},
		{"at 2026-11-20T14:32:00Z x", "x", day(20, 15, 32, 0)},
		{"at 02:32", "", day(24, 2, 32, 0)},
	} {
		at, rest, found, err := grammar.Time(test.text, now, berlin)
		if !found || err != nil || !at.Equal(test.at) || rest != test.rest {
			t.Errorf("%q: %s %q %t %v", test.text, at, rest, found, err)
		}
	}
	for _, text := range []string{"", "at", "at last it works", "at 500 errors", "attack at 14:32", "14:32 x", "at noon x", "at 99 x", "at 14.32 % load", "at 2026"} {
		if _, rest, found, err := grammar.Time(text, now, berlin); found || err != nil || rest != text {
			t.Errorf("%q: %q %t %v", text, rest, found, err)
		}
	}
	for text, want := range map[string]error{
		"at 14:99 x": grammar.ErrUnreadable, "at 25:00 x": grammar.ErrUnreadable, "at 2026-13-01T10:00 x": grammar.ErrUnreadable,
		"at 2026-11-20 x":       grammar.ErrUnreadable,
		"at 2099-01-01 10:00 x": grammar.ErrFuture, "at 2026-11-24T03:20 x": grammar.ErrFuture,
	} {
		if _, _, found, err := grammar.Time(text, now, berlin); !found || !errors.Is(err, want) {
			t.Errorf("%q: %t %v", text, found, err)
		}
	}
}

// TestTimeAtTheChangeOfClocks gives a moment that is over, in the night that has an hour twice and the one that lacks one.
func TestTimeAtTheChangeOfClocks(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Skipf("no time zones on this machine: %v", err)
	}
	for _, now := range []time.Time{
		time.Date(2026, 10, 25, 0, 30, 0, 0, time.UTC), time.Date(2026, 10, 25, 1, 30, 0, 0, time.UTC), time.Date(2026, 3, 29, 1, 10, 0, 0, time.UTC),
	} {
		at, _, found, err := grammar.Time("at 02:20 x", now, berlin)
		if !found || err != nil || at.After(now.Add(time.Minute)) || now.Sub(at) > 26*time.Hour {
			t.Errorf("at %s: %s %t %v", now, at, found, err)
		}
	}
}

// FuzzTime holds that no time is ever ahead, and that text without a time comes back as it was.
func FuzzTime(f *testing.F) {
	for _, seed := range []string{"at 14:32 x", "at 2 pm", "at 2026-11-20 14:32 x", "at", "at\n3:04pm,x", "at 2026-11-20T14:32:00Z"} {
		f.Add(seed)
	}
	now := time.Date(2026, 11, 24, 3, 10, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, text string) {
		at, rest, found, err := grammar.Time(text, now, time.UTC)
		switch {
		case err != nil && !found, !found && rest != text:
			t.Errorf("%q: %q %t %v", text, rest, found, err)
		case found && err == nil && at.After(now.Add(time.Minute)):
			t.Errorf("%q is ahead: %s", text, at)
		}
	})
}
