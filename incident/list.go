package incident

import (
	"context"
	"strconv"
	"strings"

	api "github.com/grafana/incident-go"
)

// maxPages is how many pages one call of Incidents reads to fill its own when it filters on our side.
const maxPages = 10

// Incidents lists a page of incidents, newest first. cursor is "" for the first page and Page.Next after that. A page
// may hold fewer than Limit, even none, and still have a Next when the label is rare. A text that cannot be searched for
// is Invalid with ReasonQuery, before anything is called.
func (s *Stack) Incidents(ctx context.Context, q Query, cursor string) (Page, error) {
	if _, err := q.queryString(nil); err != nil {
		return Page{}, err
	}
	query, err := q.queryString(s.statusNames(ctx, q))
	if err != nil {
		return Page{}, err
	}
	size := q.limit()
	if q.Label.Key != "" {
		size = maxLimit
	}
	page, at := Page{}, parseCursor(cursor)
	for range maxPages {
		out, err := s.previews(ctx, "list incidents", query, size, at.next)
		if err != nil {
			return Page{}, err
		}
		taken := page.take(s.kept(q, out.IncidentPreviews, at.skip), q.limit())
		next := nextPage(at.next, out.Cursor, len(out.IncidentPreviews))
		if taken >= 0 { // full in the middle of a page of Grafana's
			at.skip += taken
			page.Next = at.String()
			return page, nil
		}
		page.Next, at = next, position{next: next}
		if next == "" || len(page.Incidents) >= q.limit() || q.Label.Key == "" {
			return page, nil
		}
	}
	return page, nil
}

// kept are a page's incidents that pass the filters of our side, without those already given.
func (s *Stack) kept(q Query, in []api.IncidentPreview, skip int) []Incident {
	var out []Incident
	for _, p := range in {
		if i := s.fromPreview(p); p.IncidentID != "" && q.keeps(i) {
			out = append(out, i)
		}
	}
	return out[min(skip, len(out)):]
}

// take adds incidents up to a limit. It gives how many it took when some were left over, else −1.
func (p *Page) take(more []Incident, limit int) int {
	room := limit - len(p.Incidents)
	if len(more) > room {
		p.Incidents = append(p.Incidents, more[:room]...)
		return room
	}
	p.Incidents = append(p.Incidents, more...)
	return -1
}

// previews asks for one page as the API has it. The cursor stands beside the query: inside, it is ignored, and page one
// comes again for ever (reported: gcx#829). A limit is always sent.
func (s *Stack) previews(ctx context.Context, op, query string, limit int, cursor string) (*api.QueryIncidentPreviewsResponse, error) {
	return look(ctx, s, op, api.NewIncidentsService(s.api).QueryIncidentPreviews, api.QueryIncidentPreviewsRequest{
		Query:                    api.IncidentPreviewsQuery{Limit: limit, OrderDirection: "DESC", OrderField: "createdTime", QueryString: query},
		Cursor:                   api.Cursor{NextValue: cursor, HasMore: cursor != ""},
		IncludeMembershipPreview: true,
	})
}

// nextPage is the next cursor; "" at the end, which is no more, no cursor, an empty page, or the same page once more.
func nextPage(this string, c api.Cursor, items int) string {
	if !c.HasMore || items == 0 || c.NextValue == this {
		return ""
	}
	return c.NextValue
}

// position is where a list goes on: at a page of Grafana's, after so many of its incidents that pass our filters.
type position struct {
	next string
	skip int
}

// String writes a position as Page.Next: Grafana's own cursor, or "skip:12:" before it.
func (p position) String() string {
	if p.skip == 0 && !strings.HasPrefix(p.next, "skip:") {
		return p.next
	}
	return "skip:" + strconv.Itoa(p.skip) + ":" + p.next
}

func parseCursor(text string) position {
	if rest, ok := strings.CutPrefix(text, "skip:"); ok {
		count, next, _ := strings.Cut(rest, ":")
		if n, err := strconv.Atoi(count); err == nil && n >= 0 {
			return position{next: next, skip: n}
		}
	}
	return position{next: text}
}
