package incidenttest_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	api "github.com/grafana/incident-go"

	"incident-bot/incident/incidenttest"
)

// TestURLsOfANoteAreFound holds that each URL in a note becomes context, as it is searched for.
func TestURLsOfANoteAreFound(t *testing.T) {
	s := start(t, incidenttest.Options{})
	c, id := client(s), s.Add(incidenttest.Incident{Title: "x"})
	body := "See https://example.com/a. And (http://example.com/b), <https://example.com/c?d=e|words> or https:// and https://example.com/a!"
	must(api.NewActivityService(c).AddActivity(t.Context(), api.AddActivityRequest{IncidentID: id, ActivityKind: "userNote", Body: body}))(t)
	one, _ := s.Incident(id)
	if want := []string{"https://example.com/a", "http://example.com/b", "https://example.com/c?d=e"}; !slices.Equal(one.Context, want) {
		t.Errorf("%q, want %q", one.Context, want)
	}
	if got := found(t, api.NewIncidentsService(c), api.IncidentPreviewsQuery{QueryString: `context:"https://example.com/c?d=e"`}); got != id {
		t.Errorf("found %q", got)
	}
}

// TestEmptyEventTime moves a note to the time it was written.
func TestEmptyEventTime(t *testing.T) {
	c := newClock()
	s := start(t, incidenttest.Options{Now: c.Now})
	notes, id := api.NewActivityService(client(s)), s.Add(incidenttest.Incident{Title: "x"})
	item := must(notes.AddActivity(t.Context(), api.AddActivityRequest{IncidentID: id, ActivityKind: "userNote", Body: "x", EventTime: "2026-01-01T00:00:00Z"}))(t).ActivityItem
	c.Add(time.Hour)
	moved := must(notes.UpdateActivityEventTime(t.Context(), api.UpdateActivityEventTimeRequest{IncidentID: id, ActivityItemID: item.ActivityItemID}))(t).ActivityItem
	if item.EventTime != "2026-01-01T00:00:00Z" || moved.EventTime != item.CreatedTime {
		t.Errorf("%+v\n%+v", item, moved)
	}
}

func TestDuration(t *testing.T) {
	c := newClock()
	s := start(t, incidenttest.Options{Now: c.Now})
	inc := api.NewIncidentsService(client(s))
	id := must(inc.CreateIncident(t.Context(), api.CreateIncidentRequest{Title: "x"}))(t).Incident.IncidentID
	lasts := func(when string, want int) {
		t.Helper()
		if got := must(inc.GetIncident(t.Context(), api.GetIncidentRequest{IncidentID: id}))(t).Incident.DurationSeconds; got != want {
			t.Errorf("%s: %d s, want %d", when, got, want)
		}
	}
	lasts("at once", 0)
	c.Add(90 * time.Second)
	lasts("open", 90)
	must(inc.UpdateStatus(t.Context(), api.UpdateStatusRequest{IncidentID: id, Status: "resolved"}))(t)
	c.Add(time.Hour)
	lasts("closed", 90)
	must(inc.UpdateIncidentEventTime(t.Context(), api.UpdateIncidentEventTimeRequest{IncidentID: id, EventName: "incidentStart", EventTime: "2026-01-02T15:03:05Z"}))(t)
	lasts("started earlier", 150)
	must(inc.UpdateIncidentEventTime(t.Context(), api.UpdateIncidentEventTimeRequest{IncidentID: id, EventName: "incidentEnd", EventTime: "2026-01-02T15:00:00Z"}))(t)
	lasts("ended before it started", 0)
}

// TestParticipantsHoldNoRole counts those who wrote and hold no role.
func TestParticipantsHoldNoRole(t *testing.T) {
	s := start(t, incidenttest.Options{})
	user := s.AddUser(incidenttest.User{Name: "Ana"})
	inc := api.NewIncidentsService(client(s))
	id := must(inc.CreateIncident(t.Context(), api.CreateIncidentRequest{Title: "x"}))(t).Incident.IncidentID
	m := must(inc.AssignRole(t.Context(), api.AssignRoleRequest{IncidentID: id, UserID: user, Role: "observer"}))(t).Incident.IncidentMembership
	if m.TotalAssignments != 1 || m.TotalParticipants != 1 { // the service account took part
		t.Errorf("%+v", m)
	}
}

func TestChannelNamesAreCleanedAndTheirOwn(t *testing.T) {
	s := start(t, incidenttest.Options{})
	c := client(s)
	long := strings.Repeat("long ", 30)
	for _, step := range []struct{ wanted, want string }{
		{"INC 1: Checkout!", "inc-1-checkout"},
		{"inc-1-checkout", "inc-1-checkout-2"},
		{"Inc 1 checkout", "inc-1-checkout-3"},
		{long, strings.Repeat("long-", 16)},
		{long, strings.Repeat("long-", 15) + "lon-2"},
	} {
		id := s.Add(incidenttest.Incident{Title: "x"})
		got := must(api.NewIntegrationService(c).CreateIncidentSlackChannel(t.Context(), api.CreateIncidentSlackChannelRequest{IncidentID: id, ChannelName: step.wanted}))(t)
		if got.ChannelName != step.want {
			t.Errorf("%q: %q, want %q", step.wanted, got.ChannelName, step.want)
		}
		runs := must(api.NewIntegrationService(c).GetHookRuns(t.Context(), api.GetHookRunsRequest{IncidentID: id}))(t).HookRuns
		if len(runs) != 1 || runs[0].HookID != "grate.irm.slack.createChannel" || runs[0].Status != "success" {
			t.Errorf("%+v", runs)
		}
	}
}

// TestCreateTakesWhatGcxSends holds the fields that incident-go lacks.
func TestCreateTakesWhatGcxSends(t *testing.T) {
	s := start(t, incidenttest.Options{HonourSeverityOnCreate: true})
	s.Seed()
	token := s.NewToken(incidenttest.Editor)
	for body, want := range map[string]string{
		`{"title":"x","labels":null,"severityID":"sev-1","incidentType":"internal","fieldGroupUUID":"","fieldValues":[{"fieldUUID":"field-owner","value":"option-owner-web"}]}`: `"severity":"Critical"`,
		`{"title":"x","severityID":"sev-9"}`:                                        "Severity.FindOne: not found",
		`{"title":"x","incidentType":"secret"}`:                                     "unknown type",
		`{"title":"x","fieldValues":[{"fieldUUID":"none","value":"1"}]}`:            "unknown field",
		`{"title":"x","fieldValues":[{"fieldUUID":"field-customers","value":"x"}]}`: "no number",
	} {
		if got := call(t, s, declare, token, body); !strings.Contains(got.body, want) || (got.status == http.StatusOK) != strings.HasPrefix(want, `"sev`) {
			t.Errorf("%s: %d %s", body, got.status, got.body)
		}
	}
	if all := s.Incidents(); len(all) != 9 || len(all[8].FieldValues) != 1 {
		t.Errorf("%d incidents", len(all))
	}
}

// TestEveryChangeIsSeen holds that each method that changes an incident raises its version and its modifiedTime, which
// is all that a poll of previews sees.
func TestEveryChangeIsSeen(t *testing.T) {
	c := newClock()
	s := start(t, incidenttest.Options{Now: c.Now})
	s.Seed()
	token := s.NewToken(incidenttest.Editor)
	before, _ := s.Incident("41")
	note := before.Activity[len(before.Activity)-1].ActivityItemID
	update, task := before.KeyUpdates[0].ID, before.Tasks[0].TaskID
	for _, change := range [][2]string{
		{"IncidentsService.UpdateStatus", `"status":"mitigated"`}, {"IncidentsService.UpdateSeverity", `"severity":"Minor"`},
		{"IncidentsService.UpdateTitle", `"title":"y"`}, {"IncidentsService.UpdateIncidentIsDrill", `"isDrill":true`},
		{"IncidentsService.UpdateIncidentEventTime", `"eventName":"incidentStart","eventTime":"2026-01-02T15:00:00Z"`},
		{"IncidentsService.AssignRole", `"userID":"grafana-incident:3","role":"observer"`}, {"IncidentsService.UnassignRole", `"userID":"grafana-incident:3","role":"observer"`},
		{"IncidentsService.AddLabel", `"label":{"label":"security"}`}, {"IncidentsService.RemoveLabel", `"label":"security"`},
		{"IncidentsService.AssignLabel", `"key":"team","value":"web"`}, {"IncidentsService.UnassignLabel", `"key":"team","value":"web"`},
		{"ActivityService.AddActivity", `"activityKind":"userNote","body":"x"`}, {"ActivityService.UpdateActivityBody", `"body":"y","activityItemID":"` + note + `"`},
		{"ActivityService.RemoveActivity", `"activityItemID":"` + note + `"`},
		{"KeyUpdatesService.CreateKeyUpdate", `"content":"x","contentType":"text/plain","statusID":"status-internal-active","severityID":"sev-1"`},
		{"KeyUpdatesService.DeleteKeyUpdate", `"id":"` + update + `"`}, {"IntegrationService.CreateIncidentSlackChannel", `"channelName":"x"`},
		{"TasksService.AddTask", `"text":"x"`}, {"TasksService.UpdateTaskStatus", `"status":"done","taskID":"` + task + `"`}, {"TasksService.DeleteTask", `"taskID":"` + task + `"`},
	} {
		c.Add(time.Second)
		before, _ := s.Incident("41")
		if got := call(t, s, change[0], token, `{"incidentID":"41",`+change[1]+`}`); got.status != 200 {
			t.Errorf("%s: %d %s", change[0], got.status, got.body)
		}
		if after, _ := s.Incident("41"); after.Version != before.Version+1 || after.ModifiedTime <= before.ModifiedTime {
			t.Errorf("%s: version %d, then %d at %s", change[0], before.Version, after.Version, after.ModifiedTime)
		}
	}
}
