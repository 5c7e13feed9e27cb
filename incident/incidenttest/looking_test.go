package incidenttest_test

import (
	"strings"
	"testing"
	"time"

	"incident-bot/incident/incidenttest"
)

// timeline is the bodies of an incident's notes as QueryActivity lists them.
func timeline(t *testing.T, s *incidenttest.Server, id string) string {
	t.Helper()
	got := call(t, s, "ActivityService.QueryActivity", s.NewToken(incidenttest.Viewer),
		`{"query":{"incidentID":"`+id+`","limit":100,"orderDirection":"DESC","activityKind":["userNote"]}}`).object(t)
	var bodies []string
	for _, item := range got["activityItems"].([]any) {
		bodies = append(bodies, item.(map[string]any)["body"].(string))
	}
	return strings.Join(bodies, "|")
}

// TestTimelineByCreation holds that a back-dated note then stands where it was written, and else where it happened.
func TestTimelineByCreation(t *testing.T) {
	for want, o := range map[string]incidenttest.Options{"late|early": {}, "early|late": {TimelineByCreation: true}} {
		c := newClock()
		o.Now = c.Now
		s := start(t, o)
		id, token := s.Add(incidenttest.Incident{Title: "x"}), s.NewToken(incidenttest.Editor)
		call(t, s, "ActivityService.AddActivity", token, `{"incidentID":"`+id+`","activityKind":"userNote","body":"late"}`)
		c.Add(time.Minute)
		call(t, s, "ActivityService.AddActivity", token, `{"incidentID":"`+id+`","activityKind":"userNote","body":"early","eventTime":"2026-01-01T00:00:00Z"}`)
		if got := timeline(t, s, id); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestTextsAreKept holds texts to the byte, and without the white space at their ends when that is asked for.
func TestTextsAreKept(t *testing.T) {
	for want, o := range map[string]incidenttest.Options{" a\n b \n": {}, "a\n b": {TrimTexts: true}} {
		s := start(t, o)
		id, token := s.Add(incidenttest.Incident{Title: "x"}), s.NewToken(incidenttest.Editor)
		call(t, s, "ActivityService.AddActivity", token, `{"incidentID":"`+id+`","activityKind":"userNote","body":" a\n b \n"}`)
		call(t, s, "KeyUpdatesService.CreateKeyUpdate", token, `{"incidentID":"`+id+`","content":" a\n b \n","contentType":"text/plain","statusID":"status-internal-active","severityID":"sev-1"}`)
		one, _ := s.Incident(id)
		if got := timeline(t, s, id); got != want || len(one.KeyUpdates) != 1 || one.KeyUpdates[0].Content != want {
			t.Errorf("%q and %+v, want %q", got, one.KeyUpdates, want)
		}
	}
}

// TestNoLagOfTheTimeline holds that a search lag is a search's: notes and status updates are listed at once.
func TestNoLagOfTheTimeline(t *testing.T) {
	s := start(t, incidenttest.Options{Now: newClock().Now, SearchLag: time.Hour})
	id, token := s.Add(incidenttest.Incident{Title: "x"}), s.NewToken(incidenttest.Editor)
	call(t, s, "ActivityService.AddActivity", token, `{"incidentID":"`+id+`","activityKind":"userNote","body":"x"}`)
	call(t, s, "KeyUpdatesService.CreateKeyUpdate", token, `{"incidentID":"`+id+`","content":"x","contentType":"text/plain","statusID":"status-internal-active","severityID":"sev-1"}`)
	updates := call(t, s, "KeyUpdatesService.QueryKeyUpdates", token, `{"query":{"incidentID":"`+id+`","limit":1}}`).object(t)
	if got := timeline(t, s, id); got != "x" || len(updates["keyUpdates"].([]any)) != 1 {
		t.Errorf("%q, %v", got, updates)
	}
}

// TestUnknownKinds holds that a filter by a kind that there is not is refused instead of finding nothing.
func TestUnknownKinds(t *testing.T) {
	s := start(t, incidenttest.Options{})
	id := s.Add(incidenttest.Incident{Title: "x"})
	got := call(t, s, "ActivityService.QueryActivity", s.NewToken(incidenttest.Viewer), `{"query":{"incidentID":"`+id+`","limit":1,"activityKind":["userNotes"]}}`)
	if got.status != 400 || !strings.Contains(got.body, `unknown kind`) {
		t.Errorf("%d %s", got.status, got.body)
	}
}
