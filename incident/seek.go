package incident

import (
	"fmt"

	api "github.com/grafana/incident-go"
)

// leaf is what seek has to know of a page: whether it holds what is sought, whether nothing behind it can, how many items
// it has, and the API's cursor behind it.
type leaf struct {
	found, past bool
	items       int
	next        api.Cursor
}

// seek goes through a list, newest first, page by page, until what is sought is found or can come no more. Where that is
// not settled after maxPages, it is an error: "not there" could be false.
func seek(op string, read func(api.Cursor) (leaf, error)) (bool, error) {
	at := ""
	for range maxPages {
		page, err := read(api.Cursor{NextValue: at, HasMore: at != ""})
		if err != nil || page.found {
			return page.found, err
		}
		next := nextPage(at, page.next, page.items)
		if page.past || next == "" {
			return false, nil
		}
		at = next
	}
	return false, &Error{Op: op, Code: Unreadable, Status: 200, Reason: ReasonTooMany, Unchanged: true,
		Message: fmt.Sprintf("it is not among the latest %d, and there are more", maxPages*maxLimit)}
}
