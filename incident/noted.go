package incident

import (
	"context"
	"time"

	api "github.com/grafana/incident-go"
)

// clockDrift is how much earlier than its own time a note may be written, by Grafana's clock: a note tells what has
// happened, so only two clocks that differ can make it so. They are kept by NTP and differ by seconds.
const clockDrift = 10 * time.Minute

// Noted says whether an incident's timeline holds a note of this text and time. It is how to find out whether an AddNote
// that was Uncertain happened, and so the note must have had a time, which is compared to the millisecond; one without is
// Invalid. A note's time must not lie in the future.
//
// White space in the text is left aside. Two notes of the same text and time cannot be told apart, and one that a person
// edited or removed meanwhile is not found. When it is not among the latest 1,000 notes although there are more, that is
// an error (Unreadable, ReasonTooMany) and not false. Errors are Unchanged.
func (s *Stack) Noted(ctx context.Context, id string, n Note) (bool, error) {
	op := "look for a note of " + id
	if err := checkNoted(op, id, n); err != nil {
		return false, unchanged(err)
	}
	n.At = n.At.Truncate(time.Millisecond)
	return seek(op, func(at api.Cursor) (leaf, error) {
		out, err := look(ctx, s, op, api.NewActivityService(s.api).QueryActivity, api.QueryActivityRequest{
			Query:  api.ActivityQuery{IncidentID: id, Limit: maxLimit, OrderDirection: "DESC", ActivityKind: []string{kindNote}},
			Cursor: at,
		})
		if err != nil {
			return leaf{}, err
		}
		page := leaf{items: len(out.ActivityItems), next: out.Cursor}
		for _, item := range out.ActivityItems {
			page.found = page.found || n.is(item)
			page.past = page.past || n.after(item)
		}
		return page, nil
	})
}

func checkNoted(op, id string, n Note) error {
	if err := checkID(op, id); err != nil {
		return err
	}
	if n.At.IsZero() {
		return &Error{Op: op, Code: Invalid, Reason: ReasonEmpty, Message: "a note without a time cannot be looked for"}
	}
	return checkText(op, n.Text)
}

// is says whether an item of a timeline is this note.
func (n Note) is(item api.ActivityItem) bool {
	at := parseTime(item.EventTime).Truncate(time.Millisecond)
	return item.ActivityKind == kindNote && at.Equal(n.At) && sameText(n.Text, item.Body)
}

// after says whether this note cannot come behind an item of a timeline. The API does not say whether it orders items by
// when they happened or by when they were written, so the item must be older in both.
func (n Note) after(item api.ActivityItem) bool {
	happened, written := parseTime(item.EventTime), parseTime(item.CreatedTime)
	return !happened.IsZero() && happened.Before(n.At) && !written.IsZero() && written.Before(n.At.Add(-clockDrift))
}
