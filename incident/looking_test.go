package incident

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// looks are the ways to look for what became of a change, by the method they end with.
func looks(s *Stack) map[string]func(context.Context) (bool, error) {
	at := time.Date(2026, 11, 24, 14, 32, 0, 7_900_000, time.UTC)
	return map[string]func(context.Context) (bool, error){
		"IncidentsService.QueryIncidentPreviews": func(ctx context.Context) (bool, error) {
			_, found, err := s.Attached(ctx, "https://example.com/1")
			return found, err
		},
		"ActivityService.QueryActivity": func(ctx context.Context) (bool, error) {
			return s.Noted(ctx, "42", Note{Text: "CPU\nback", At: at})
		},
		"KeyUpdatesService.QueryKeyUpdates": func(ctx context.Context) (bool, error) {
			return s.Updated(ctx, "42", "CPU\nback", at)
		},
	}
}

// What is asked for is the newest first, in the largest pages, with the cursor beside the query.
func TestWhatLookingSends(t *testing.T) {
	none := map[string]any{"nextValue": "", "hasMore": false}
	for method, want := range map[string]map[string]any{
		"IncidentsService.QueryIncidentPreviews": {"limit": 100.0, "orderDirection": "DESC", "orderField": "createdTime",
			"queryString": `context:"https://example.com/1"`},
		"ActivityService.QueryActivity": {"incidentID": "42", "limit": 100.0, "orderDirection": "DESC", "tag": "", "activityKind": []any{"userNote"}},
		"KeyUpdatesService.QueryKeyUpdates": {"incidentID": "42", "limit": 100.0, "orderDirection": "DESC", "orderField": "createdTime",
			"contentType": "text/markdown+slack", "scope": ""},
	} {
		script := newScript(t).on(method, ok(`{"error":""}`))
		if found, err := looks(script.stack())[method](t.Context()); found || err != nil {
			t.Errorf("%s: %v, %v", method, found, err)
		}
		sent := script.calls("")
		if diff := cmp.Diff(want, sent[0].body["query"]); diff != "" || len(sent) != looked(method) || !cmp.Equal(sent[0].body["cursor"], any(none)) {
			t.Errorf("%s, %d calls, cursor %v: %s", method, len(sent), sent[0].body["cursor"], diff)
		}
	}
}

// looked is how often is asked for what is not there: for an incident twice, since a search may leave drills out.
func looked(method string) int {
	if method == "IncidentsService.QueryIncidentPreviews" {
		return 2
	}
	return 1
}

func TestAttachedLooksForDrills(t *testing.T) {
	const method = "IncidentsService.QueryIncidentPreviews"
	script := newScript(t).on(method, ok(`{"error":""}`))
	if _, found, err := script.stack().Attached(t.Context(), "https://example.com/1"); found || err != nil {
		t.Fatal(found, err)
	}
	query, _ := script.calls(method)[1].body["query"].(map[string]any)
	if query["queryString"] != `context:"https://example.com/1" isdrill:true` {
		t.Errorf("asked %v", query["queryString"])
	}
}

// A look that fails is repeated like any read, and proves that nothing changed.
func TestLookingThatFails(t *testing.T) {
	broken, slow := answer(500, `{"error":"broke"}`), answer(429, `{"message":"slow down"}`)
	for method := range looks(nil) {
		synctest.Test(t, func(t *testing.T) {
			script := newScript(t).on(method, broken, slow, ok(`{"error":""}`))
			if found, err := looks(script.stack())[method](t.Context()); found || err != nil || len(script.calls("")) != 2+looked(method) {
				t.Errorf("%s: %v, %v after %d calls", method, found, err, len(script.calls("")))
			}
			script.on(method, broken)
			found, err := looks(script.stack())[method](t.Context())
			if e := wantCode(t, err, Failed); found || !e.Unchanged || e.Uncertain() || !e.Temporary() || e.Op == "" {
				t.Errorf("%s: %+v", method, e)
			}
		})
	}
}

// An incident that a search shows and that cannot be read is not found, and that is an error.
func TestAttachedThatCannotBeRead(t *testing.T) {
	script := newScript(t).on("IncidentsService.QueryIncidentPreviews", ok(`{"incidentPreviews":[{"incidentID":"42"}],"error":""}`)).
		on("IncidentsService.GetIncident", answer(403, `{"message":"Permission denied"}`))
	i, found, err := script.stack().Attached(t.Context(), "https://example.com/1")
	if e := wantCode(t, err, Forbidden); found || i.ID != "" || !e.Unchanged {
		t.Errorf("%+v, %v, %+v", i, found, e)
	}
}

// Times that cannot be read end no search, and nothing but a note is a note.
func TestNotedAmongStrangeItems(t *testing.T) {
	const strange = `{"activityKind":"userNote","body":"CPU back","createdTime":"yesterday","eventTime":""},
		{"activityKind":"userNote","body":"CPU back","createdTime":"","eventTime":"2026-11-24T10:00:00Z"},
		{"activityKind":"incidentUpdated","body":"CPU back","createdTime":"2026-11-24T14:32:01Z","eventTime":"2026-11-24T14:32:00.007Z"},`
	for body, want := range map[string]bool{
		`{"activityKind":"userNote","body":" CPU  back\n","createdTime":"2026-11-24T14:33:00Z","eventTime":"2026-11-24 14:32:00.007123"}`: true,
		`{"activityKind":"userNote","body":"CPU","createdTime":"2026-11-24T14:33:00Z","eventTime":"2026-11-24T14:32:00.007Z"}`:            false,
	} {
		script := newScript(t).on("ActivityService.QueryActivity",
			ok(`{"activityItems":[`+strange[:len(strange)-1]+`],"cursor":{"nextValue":"2","hasMore":true},"error":""}`),
			ok(`{"activityItems":[`+body+`],"cursor":{"nextValue":"","hasMore":false},"error":""}`))
		got, err := looks(script.stack())["ActivityService.QueryActivity"](t.Context())
		if got != want || err != nil || len(script.calls("")) != 2 {
			t.Errorf("%v, %v after %d calls", got, err, len(script.calls("")))
		}
	}
}

func TestUpdatedAmongStrangeItems(t *testing.T) {
	script := newScript(t).on("KeyUpdatesService.QueryKeyUpdates",
		ok(`{"keyUpdates":[{"content":"CPU back","createdTime":"yesterday"}],"cursor":{"nextValue":"2","hasMore":true},"error":""}`),
		ok(`{"keyUpdates":[{"content":"\tCPU  back","createdTime":"2026-11-24T14:32:00.0079Z"}],"cursor":{"nextValue":"","hasMore":false},"error":""}`))
	if got, err := looks(script.stack())["KeyUpdatesService.QueryKeyUpdates"](t.Context()); !got || err != nil || len(script.calls("")) != 2 {
		t.Errorf("%v, %v after %d calls", got, err, len(script.calls("")))
	}
}
