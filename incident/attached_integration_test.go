package incident_test

import (
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"incident-bot/incident"
	"incident-bot/incident/incidenttest"
)

// clock is a stack's time, which a test moves.
type clock struct{ minutes atomic.Int64 }

func (c *clock) Now() time.Time {
	return time.Date(2026, 11, 24, 14, 0, 0, 0, time.UTC).Add(time.Duration(c.minutes.Load()) * time.Minute)
}

// A declaration whose answer was lost is found again by its context, once a search shows it, and completed.
func TestLostDeclarationIsFound(t *testing.T) {
	const url = "https://example.com/key/1"
	c := &clock{}
	server, stack := grafana(t, incidenttest.Options{Now: c.Now, SearchLag: time.Minute, IgnoreLabelKeyOnCreate: true})
	d := incident.Declaration{Title: "x", Severity: "Major", Labels: []incident.Label{{Key: "team", Value: "web"}}, Drill: true, AttachURL: url}
	server.Fail("IncidentsService.CreateIncident", incidenttest.Fault{ResetAfter: true})
	if _, err := stack.Declare(limited(t), d); code(t, err) != incident.Lost {
		t.Fatal(err)
	}
	if i, found, err := stack.Attached(limited(t), url); found || err != nil {
		t.Fatalf("found %+v before a search shows it, %v", i, err)
	}
	c.minutes.Add(1)
	i, found, err := stack.Attached(limited(t), url)
	if !found || err != nil || i.ID != "1" || !i.Drill || i.Severity != "Pending" {
		t.Fatalf("%+v, %v, %v", i, found, err)
	}
	for range 2 {
		i = must[incident.Incident](t)(stack.Complete(limited(t), i, d))
		if i.Severity != "Major" || fmt.Sprint(i.Labels) != "[{team web}]" {
			t.Errorf("%+v", i)
		}
	}
	kept, _ := server.Incident("1")
	if n := len(server.Incidents()); n != 1 || kept.Severity != "Major" || len(kept.Labels) != 1 || kept.Labels[0].Key != "team" {
		t.Errorf("%d incidents, %+v", n, kept)
	}
	if n := len(server.Calls("IncidentsService.UpdateSeverity")); n != 1 {
		t.Errorf("the severity was set %d times", n)
	}
	// A search still shows the incident as it was; what is given is what it is.
	if again, found, err := stack.Attached(limited(t), url); !found || err != nil || again.Severity != "Major" {
		t.Errorf("%+v, %v, %v", again, found, err)
	}
}

// fault is the *Error in err, or the end of the test.
func fault(t *testing.T, err error) *incident.Error {
	t.Helper()
	var e *incident.Error
	if !errors.As(err, &e) {
		t.Fatalf("got %v (%T), want an *Error", err, err)
	}
	return e
}

func TestAttached(t *testing.T) {
	const url = "https://example.com/key/1"
	c := &clock{}
	server, stack := grafana(t, incidenttest.Options{Now: c.Now})
	server.Add(incidenttest.Incident{Title: "none"})
	server.Add(incidenttest.Incident{Title: "longer", Context: []string{url + "0"}})
	c.minutes.Add(1)
	first := server.Add(incidenttest.Incident{Title: "first", Context: []string{"https://example.com/other", url}, IsDrill: true, Status: "resolved"})
	for range 3 {
		c.minutes.Add(1)
		server.Add(incidenttest.Incident{Title: "twin", Context: []string{url}})
	}
	if i, found, err := stack.Attached(limited(t), url); !found || err != nil || i.ID != first || i.Title != "first" {
		t.Errorf("%+v, %v, %v", i, found, err)
	}
	if i, found, err := stack.Attached(limited(t), url+"/"); found || err != nil || i.ID != "" {
		t.Errorf("%+v, %v, %v", i, found, err)
	}
}
