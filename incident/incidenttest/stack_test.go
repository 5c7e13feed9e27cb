package incidenttest_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"incident-bot/incident"
	"incident-bot/incident/incidenttest"
)

type secret string

func (s secret) Reveal() string { return string(s) }

// stack is the product's own client.
func stack(t *testing.T, s *incidenttest.Server, role incidenttest.Role) *incident.Stack {
	t.Helper()
	return must(incident.New(incident.Config{URL: s.URL(), Token: secret(s.NewToken(role))}))(t)
}

func TestStack(t *testing.T) {
	for name, o := range map[string]incidenttest.Options{
		"as gcx found it": {},
		"slugs":           {StatusBySlug: true},
		"ids":             {StatusByID: true, HonourSeverityOnCreate: true},
		"in-band":         {BadQueryInBand: true, UnknownInBand: true, OldForbidden: true},
	} {
		t.Run(name, func(t *testing.T) {
			s := start(t, o)
			own := s.AddStatus("", "Under watch", "active")
			st, ctx := stack(t, s, incidenttest.Editor), t.Context()
			if err := st.Check(ctx); err != nil {
				t.Fatal(err)
			}
			made := must(st.Declare(ctx, incident.Declaration{Title: "x", Severity: "Critical", AttachURL: "https://example.com/1", AttachCaption: "here"}))(t)
			if made.ID != "1" || made.Severity != "Critical" || made.URL != s.URL()+"/a/grafana-irm-app/incidents/1/x" {
				t.Errorf("%+v", made)
			}
			if got := must(st.SetStatus(ctx, "1", "under watch"))(t); got.Status != "Under watch" {
				t.Errorf("%+v (%s)", got, own)
			}
			if err := st.AddNote(ctx, "1", incident.Note{Text: "noted"}); err != nil {
				t.Error(err)
			}
			if err := st.AddUpdate(ctx, "1", "*updated*"); err != nil {
				t.Error(err)
			}
			page := must(st.Incidents(ctx, incident.Query{Severity: "critical", Context: "https://example.com/1"}, ""))(t)
			if len(page.Incidents) != 1 || page.Next != "" {
				t.Errorf("%+v", page)
			}
			var e *incident.Error
			if _, err := st.Incident(ctx, "99"); !errors.As(err, &e) || e.Code != incident.NotFound {
				t.Errorf("unknown incident: %v", err)
			}
			viewer := stack(t, s, incidenttest.Viewer)
			if _, err := viewer.SetSeverity(ctx, "1", "Minor"); !errors.As(err, &e) || e.Code != incident.Forbidden {
				t.Errorf("a viewer writes: %v", err)
			}
			one, _ := s.Incident("1")
			if len(one.KeyUpdates) != 1 || one.KeyUpdates[0].StatusID != own || one.Severity != "Critical" {
				t.Errorf("%+v", one)
			}
		})
	}
}

func TestManyAtOnce(t *testing.T) {
	s := start(t, incidenttest.Options{SearchLag: time.Millisecond})
	s.Fail("", incidenttest.Fault{Status: 429, RetryAfter: time.Second, Every: 50, Times: -1})
	token := s.NewToken(incidenttest.Editor)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 20 {
				post(context.Background(), s, v1+declare, token, `{"title":"x"}`)
				post(context.Background(), s, v1+"IncidentsService.UpdateTitle", token, `{"incidentID":"1","title":"y"}`)
				post(context.Background(), s, v1+"IncidentsService.QueryIncidentPreviews", token, `{"query":{"limit":100}}`)
				s.Incidents()
				s.Calls("")
			}
		})
	}
	all.Wait()
	seen, failed := map[string]bool{}, 0
	for _, i := range s.Incidents() {
		seen[i.ID] = true
	}
	for _, c := range s.Calls(declare) {
		if !c.Committed {
			failed++
		}
	}
	if len(seen)+failed != 160 || len(s.Calls("")) != 480 {
		t.Errorf("%d incidents, %d refused, %d calls", len(seen), failed, len(s.Calls("")))
	}
}
