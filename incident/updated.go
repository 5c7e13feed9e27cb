package incident

import (
	"context"
	"time"

	api "github.com/grafana/incident-go"
)

// Updated says whether a status update of this content was posted to an incident at or after a time. It is how to find
// out whether an AddUpdate that was Uncertain happened. since is compared with Grafana's clock: take it from before the
// attempt, and leave room for another clock's difference.
//
// White space in the content is left aside, and its markup is asked for as it was sent. An update that a person edited or
// removed meanwhile is not found. When it is not among the latest 1,000 although there are more since then, that is an
// error (Unreadable, ReasonTooMany) and not false. Errors are Unchanged.
func (s *Stack) Updated(ctx context.Context, id, mrkdwn string, since time.Time) (bool, error) {
	op := "look for an update of " + id
	if err := checkID(op, id); err != nil {
		return false, unchanged(err)
	}
	if err := checkText(op, mrkdwn); err != nil {
		return false, unchanged(err)
	}
	return seek(op, func(at api.Cursor) (leaf, error) {
		out, err := look(ctx, s, op, api.NewKeyUpdatesService(s.api).QueryKeyUpdates, api.QueryKeyUpdatesRequest{
			Query: api.KeyUpdatesQuery{IncidentID: id, Limit: maxLimit, OrderDirection: "DESC", OrderField: "createdTime",
				ContentType: typeMrkdwn},
			Cursor: at,
		})
		if err != nil {
			return leaf{}, err
		}
		page := leaf{items: len(out.KeyUpdates), next: out.Cursor}
		for _, u := range out.KeyUpdates {
			posted := parseTime(u.CreatedTime)
			page.found = page.found || !posted.Before(since) && sameText(mrkdwn, u.Content)
			page.past = page.past || !posted.IsZero() && posted.Before(since)
		}
		return page, nil
	})
}
