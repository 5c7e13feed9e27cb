package incidenttest_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	api "github.com/grafana/incident-go"

	"incident-bot/incident/incidenttest"
)

// pages reads a query page by page and gives the ids in order. A page longer than its limit, an empty one in between and
// a cursor that goes on without moving fail.
func pages(t *testing.T, inc *api.IncidentsService, q api.IncidentPreviewsQuery) []string {
	t.Helper()
	var ids []string
	in := api.QueryIncidentPreviewsRequest{Query: q}
	for {
		out := must(inc.QueryIncidentPreviews(t.Context(), in))(t)
		if n := len(out.IncidentPreviews); n > q.Limit || out.Cursor.HasMore && (n != q.Limit || out.Cursor == in.Cursor || out.Cursor.NextValue == "") {
			t.Fatalf("%+v: a page of %d, then %+v", q, n, out.Cursor)
		}
		for _, p := range out.IncidentPreviews {
			ids = append(ids, p.IncidentID)
		}
		if !out.Cursor.HasMore {
			return ids
		}
		in.Cursor = out.Cursor
	}
}

// TestPagesAreTheWhole holds, for random stacks and limits, that the pages put together are the whole list, each
// incident once, in the order asked, which upwards is the reverse of downwards.
func TestPagesAreTheWhole(t *testing.T) {
	for seed := range uint64(12) {
		draw := rand.New(rand.NewPCG(seed, 0))
		c := newClock()
		s := start(t, incidenttest.Options{Now: c.Now, KeepCalls: -1})
		n := draw.IntN(120)
		for range n {
			s.Add(incidenttest.Incident{Title: fmt.Sprint(draw.IntN(5)), IsDrill: draw.IntN(2) == 0, Severity: "Major"})
			c.Add(time.Duration(draw.IntN(2)) * time.Minute)
		}
		inc := api.NewIncidentsService(client(s))
		for _, field := range []string{"", "createdTime", "title", "isDrill", "severity", "incidentID", "closedTime"} {
			q := api.IncidentPreviewsQuery{Limit: 1 + draw.IntN(100), OrderField: field, OrderDirection: "ASC"}
			up := pages(t, inc, q)
			q.OrderDirection = "DESC"
			down := pages(t, inc, q)
			slices.Reverse(down)
			if !slices.Equal(up, down) {
				t.Errorf("%s: up %v, down reversed %v", field, up, down)
			}
			slices.Sort(up)
			if len(slices.Compact(up)) != n {
				t.Errorf("%s, pages of %d: %d of %d incidents", field, q.Limit, len(slices.Compact(up)), n)
			}
		}
	}
}

// TestPagesOfTheRest holds the same for timelines, status updates and people.
func TestPagesOfTheRest(t *testing.T) {
	s := start(t, incidenttest.Options{})
	one := incidenttest.Incident{Title: "x"}
	for n := range 7 {
		s.AddUser(incidenttest.User{Name: fmt.Sprint(n)})
		one.Activity = append(one.Activity, incidenttest.Activity{Body: fmt.Sprint(n)})
		one.KeyUpdates = append(one.KeyUpdates, incidenttest.KeyUpdate{Content: fmt.Sprint(n)})
	}
	id, token := s.Add(one), s.NewToken(incidenttest.Viewer)
	for method, c := range map[string]struct{ list, word, want string }{
		"ActivityService.QueryActivity":     {"activityItems", "body", "6 5 4 3 2 1 0"},
		"KeyUpdatesService.QueryKeyUpdates": {"keyUpdates", "content", "6 5 4 3 2 1 0"},
		"UsersService.QueryUsers":           {"users", "name", "0 1 2 3 4 5 6"},
	} {
		query, cursor := `{"incidentID":"`+id+`","limit":3}`, `{}`
		if strings.HasPrefix(method, "Users") {
			query = `{"limit":3}`
		}
		var got []string
		for range 3 {
			out := call(t, s, method, token, `{"query":`+query+`,"cursor":`+cursor+`}`).object(t)
			for _, item := range out[c.list].([]any) {
				got = append(got, item.(map[string]any)[c.word].(string))
			}
			cursor = canonical(t, out["cursor"])
		}
		if strings.Join(got, " ") != c.want || !strings.Contains(cursor, `"hasMore":false`) {
			t.Errorf("%s: %v, then %s", method, got, cursor)
		}
	}
}
