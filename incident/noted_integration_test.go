package incident_test

import (
	"testing"
	"time"

	"incident-bot/incident"
	"incident-bot/incident/incidenttest"
)

// tries are the ways a change can go wrong, and whether it happened all the same.
func tries() map[string]struct {
	fault    incidenttest.Fault
	happened bool
} {
	return map[string]struct {
		fault    incidenttest.Fault
		happened bool
	}{
		"reset before": {incidenttest.Fault{ResetBefore: true}, false},
		"reset after":  {incidenttest.Fault{ResetAfter: true}, true},
		"cut off":      {incidenttest.Fault{Truncate: true}, true},
		"500":          {incidenttest.Fault{}, false},
	}
}

// What Noted and Updated say after an uncertain change is what happened, at once, over each account of how the API
// orders a timeline and keeps a text.
func TestNotedAndUpdatedTellTheTruth(t *testing.T) {
	for name, o := range map[string]incidenttest.Options{
		"as it happened": {}, "as it was written": {TimelineByCreation: true}, "trimmed": {TrimTexts: true}, "lagging": {SearchLag: time.Hour},
	} {
		for how, try := range tries() {
			t.Run(name+"/"+how, func(t *testing.T) {
				c := &clock{}
				o.Now = c.Now
				server, stack := grafana(t, o)
				id := server.Add(incidenttest.Incident{Title: "x"})
				c.minutes.Add(5)
				began := c.Now()
				n := incident.Note{Text: "CPU back\n  — Ana via Slack\n", At: began.Add(-time.Minute - 123456*time.Nanosecond)}
				server.Fail("ActivityService.AddActivity", try.fault)
				server.Fail("KeyUpdatesService.CreateKeyUpdate", try.fault)
				noteErr, updateErr := stack.AddNote(limited(t), id, n), stack.AddUpdate(limited(t), id, n.Text)
				if noteErr == nil || updateErr == nil {
					t.Fatal(noteErr, updateErr)
				}
				c.minutes.Add(1)
				for _, later := range []string{"one more", "and one"} {
					if err := stack.AddNote(limited(t), id, incident.Note{Text: later}); err != nil {
						t.Fatal(err)
					}
				}
				if got, err := stack.Noted(limited(t), id, n); got != try.happened || err != nil {
					t.Errorf("noted: %v, %v", got, err)
				}
				if got, err := stack.Updated(limited(t), id, n.Text, began); got != try.happened || err != nil {
					t.Errorf("updated: %v, %v", got, err)
				}
			})
		}
	}
}

// A note of other words or of another time is another note; an update from before, or of other words, another update.
func TestNotedAndUpdatedAreExact(t *testing.T) {
	c := &clock{}
	server, stack := grafana(t, incidenttest.Options{Now: c.Now})
	id, other := server.Add(incidenttest.Incident{Title: "x"}), server.Add(incidenttest.Incident{Title: "y"})
	n := incident.Note{Text: "CPU back", At: c.Now().Add(7 * time.Millisecond)}
	if err := stack.AddNote(limited(t), id, n); err != nil {
		t.Fatal(err)
	}
	for _, o := range []incident.Note{{Text: "CPU backs", At: n.At}, {Text: "cpu back", At: n.At}, {Text: n.Text, At: n.At.Add(time.Millisecond)}, {Text: n.Text, At: n.At.Add(-time.Millisecond)}} {
		if got, err := stack.Noted(limited(t), id, o); got || err != nil {
			t.Errorf("%+v: %v, %v", o, got, err)
		}
	}
	if got, err := stack.Noted(limited(t), id, incident.Note{Text: n.Text, At: n.At.In(time.FixedZone("NZDT", 13*3600)).Add(999 * time.Microsecond)}); !got || err != nil {
		t.Errorf("the same millisecond elsewhere: %v, %v", got, err)
	}
	if err := stack.AddUpdate(limited(t), id, "*done*"); err != nil {
		t.Fatal(err)
	}
	for content, want := range map[string]bool{"*done*": true, "done": false} {
		if got, err := stack.Updated(limited(t), id, content, c.Now()); got != want || err != nil {
			t.Errorf("%s: %v, %v", content, got, err)
		}
	}
	if got, err := stack.Updated(limited(t), id, "*done*", c.Now().Add(time.Millisecond)); got || err != nil {
		t.Errorf("an update from before: %v, %v", got, err)
	}
	noted, err1 := stack.Noted(limited(t), other, n)
	updated, err2 := stack.Updated(limited(t), other, "*done*", c.Now())
	if noted || updated || err1 != nil || err2 != nil {
		t.Errorf("of another incident: %v, %v, %v, %v", noted, updated, err1, err2)
	}
}
