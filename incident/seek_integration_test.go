package incident_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"incident-bot/incident"
	"incident-bot/incident/incidenttest"
)

// A long timeline is read as far as it can matter, in either order, and no further than ten pages.
func TestLongTimelines(t *testing.T) {
	c := &clock{}
	when := func(minutes int) string {
		return c.Now().Add(time.Duration(minutes) * time.Minute).Format(time.RFC3339Nano)
	}
	for _, by := range []bool{false, true} {
		server, stack := grafana(t, incidenttest.Options{Now: c.Now, TimelineByCreation: by})
		one := incidenttest.Incident{Title: "x"}
		for n := range 1300 {
			one.Activity = append(one.Activity, incidenttest.Activity{Body: fmt.Sprint(n), CreatedTime: when(n), EventTime: when(n)})
			one.KeyUpdates = append(one.KeyUpdates, incidenttest.KeyUpdate{Content: fmt.Sprint(n), CreatedTime: when(n)})
		}
		// What was written long ago of a time to come says nothing of what is behind it.
		one.Activity = append(one.Activity, incidenttest.Activity{Body: "plan", CreatedTime: when(0), EventTime: when(9999)})
		id := server.Add(one)
		for _, want := range []struct {
			n, pages int
			found    bool
			code     incident.Code
		}{{1299, 1, true, ""}, {1150, 2, true, ""}, {310, 10, true, ""}, {100, 10, false, incident.Unreadable}} {
			at := c.Now().Add(time.Duration(want.n) * time.Minute)
			asked := func(method string) int { return len(server.Calls(method)) }
			notes, updates := asked("ActivityService.QueryActivity"), asked("KeyUpdatesService.QueryKeyUpdates")
			noted, err := stack.Noted(limited(t), id, incident.Note{Text: fmt.Sprint(want.n), At: at})
			if n := asked("ActivityService.QueryActivity") - notes; noted != want.found || code(t, err) != want.code || n != want.pages {
				t.Errorf("note %d: %v, %v after %d pages", want.n, noted, err, n)
			}
			updated, err := stack.Updated(limited(t), id, fmt.Sprint(want.n), at)
			if n := asked("KeyUpdatesService.QueryKeyUpdates") - updates; updated != want.found || code(t, err) != want.code || n != want.pages {
				t.Errorf("update %d: %v, %v after %d pages", want.n, updated, err, n)
			}
		}
		before := len(server.Calls(""))
		noted, err1 := stack.Noted(limited(t), id, incident.Note{Text: "never", At: c.Now().Add(1250 * time.Minute)})
		updated, err2 := stack.Updated(limited(t), id, "never", c.Now().Add(1250*time.Minute))
		if n := len(server.Calls("")) - before; noted || updated || err1 != nil || err2 != nil || n != 2 {
			t.Errorf("%v, %v, %v, %v after %d pages", noted, err1, updated, err2, n)
		}
	}
}

// What cannot be looked for is refused before anything is called.
func TestLookingForNothing(t *testing.T) {
	server, stack := grafana(t, incidenttest.Options{})
	server.Add(incidenttest.Incident{Title: "x"})
	const id = "1"
	attached := func(url string) error { _, _, err := stack.Attached(limited(t), url); return err }
	noted := func(id string, n incident.Note) error { _, err := stack.Noted(limited(t), id, n); return err }
	updated := func(id, text string) error { _, err := stack.Updated(limited(t), id, text, time.Now()); return err }
	now := time.Now()
	for name, err := range map[string]error{
		"no url": attached(" "), "a url with quotes": attached(`https://example.com/"x`), "no time": noted(id, incident.Note{Text: "x"}),
		"no note": noted(id, incident.Note{Text: " ", At: now}), "no id": noted("", incident.Note{Text: "x", At: now}),
		"no update": updated(id, "\n"), "too long": updated(id, strings.Repeat("x", 65_537)), "a strange id": updated("../1", "x"),
	} {
		if e := fault(t, err); e.Code != incident.Invalid || !e.Unchanged || e.Uncertain() {
			t.Errorf("%s: %+v", name, e)
		}
	}
	if n := len(server.Calls("")); n != 0 {
		t.Errorf("%d calls for what cannot be looked for", n)
	}
	if e := fault(t, noted("404", incident.Note{Text: "x", At: now})); e.Code != incident.NotFound || !e.Unchanged {
		t.Errorf("%+v", e)
	}
}
