package grammar

import (
	"errors"
	"strings"
	"time"
)

// Why a time that was meant cannot be used.
var (
	ErrFuture     = errors.New("the time is still to come")
	ErrUnreadable = errors.New("the time cannot be read")
)

// ahead is how far a time may lie ahead: clocks differ.
const ahead = time.Minute

// Time reads a text that begins with "at" and a time: 14:32, 14:32:05, 2:32pm, 2 pm, 2026-11-24 14:32, RFC 3339.
// A time of day is the latest one not after now in loc. found is false when the text begins with no time ("at last");
// err is ErrFuture or ErrUnreadable when it begins with one that cannot be used. rest is the text behind the time.
func Time(text string, now time.Time, loc *time.Location) (at time.Time, rest string, found bool, err error) {
	word, rest := cutWord(text)
	if !strings.EqualFold(word, "at") {
		return time.Time{}, text, false, nil
	}
	one, after := cutWord(rest)
	two, last := cutWord(after)
	three, end := cutWord(last)
	for _, try := range []struct{ said, rest string }{{one + " " + two + " " + three, end}, {one + " " + two, last}, {one, after}} {
		at, ok := readTime(strings.TrimRight(try.said, ",;:"), now.In(loc))
		if !ok {
			continue
		}
		if at.After(now.Add(ahead)) {
			return time.Time{}, text, true, ErrFuture
		}
		return at, try.rest, true, nil
	}
	if meansTime(one) {
		return time.Time{}, text, true, ErrUnreadable
	}
	return time.Time{}, text, false, nil
}

// meansTime says whether a word can only be meant as a time: digits with a colon between, or a date.
func meansTime(word string) bool {
	if word == "" || word[0] < '0' || word[0] > '9' {
		return false
	}
	return strings.Contains(word, ":") || len(word) >= 10 && word[4] == '-' && word[7] == '-'
}

// readTime reads one time; now is in the zone of the person.
func readTime(said string, now time.Time) (time.Time, bool) {
	said = strings.ToUpper(said)
	if at, err := time.Parse(time.RFC3339, said); err == nil {
		return at, true
	}
	for _, layout := range []string{
		"2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02T15:04:05", "2006-01-02T15:04",
		"2006-01-02 3:04PM", "2006-01-02 3:04 PM", "2006-01-02 3PM", "2006-01-02 3 PM",
	} {
		if at, err := time.ParseInLocation(layout, said, now.Location()); err == nil {
			return at, true
		}
	}
	for _, layout := range []string{"15:04:05", "15:04", "3:04PM", "3:04 PM", "3PM", "3 PM"} {
		if at, err := time.Parse(layout, said); err == nil {
			return latest(at, now), true
		}
	}
	return time.Time{}, false
}

// latest gives the last moment at that time of day.
func latest(clock, now time.Time) time.Time {
	on := func(day int) time.Time {
		return time.Date(now.Year(), now.Month(), day, clock.Hour(), clock.Minute(), clock.Second(), 0, now.Location())
	}
	if today := on(now.Day()); !today.After(now.Add(ahead)) {
		return today
	}
	return on(now.Day() - 1)
}

// cutWord splits off the first word.
func cutWord(text string) (word, rest string) {
	text = strings.TrimSpace(text)
	end := strings.IndexAny(text, " \t\n\r")
	if end < 0 {
		return text, ""
	}
	return text[:end], strings.TrimSpace(text[end:])
}
