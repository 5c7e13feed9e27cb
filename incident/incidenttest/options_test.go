package incidenttest_test

import (
	"strings"
	"testing"
	"time"

	api "github.com/grafana/incident-go"

	"incident-bot/incident/incidenttest"
)

func TestPluginForbidden(t *testing.T) {
	s := start(t, incidenttest.Options{PluginForbidden: true})
	got := call(t, s, "IncidentsService.UpdateTitle", s.NewToken(incidenttest.Viewer), `{}`)
	if got.status != 403 || got.body != `{"error":"forbidden"}` {
		t.Errorf("%d %s", got.status, got.body)
	}
}

// TestHooksAreForAdmins: an Editor edits all but integrations and outgoing webhooks (docs).
func TestHooksAreForAdmins(t *testing.T) {
	s := start(t, incidenttest.Options{})
	const body = `{"integrationID":"i","hookID":"h","eventName":"incidentCreated"}`
	for role, want := range map[incidenttest.Role]int{incidenttest.Viewer: 403, incidenttest.Editor: 403, incidenttest.Admin: 200} {
		if got := call(t, s, "IntegrationService.EnableHook", s.NewToken(role), body); got.status != want {
			t.Errorf("%s: %d %s", role, got.status, got.body)
		}
	}
}

func TestTokensAreOfOneStack(t *testing.T) {
	one, other := start(t, incidenttest.Options{}), start(t, incidenttest.Options{})
	got := call(t, one, "RolesService.GetRoles", other.NewToken(incidenttest.Admin), `{}`)
	if got.status != 401 || !strings.Contains(got.body, `"api-key.invalid"`) {
		t.Errorf("%d %s", got.status, got.body)
	}
	if calls := one.Calls(""); len(calls) != 1 || calls[0].Role != "" || calls[0].Status != 401 {
		t.Errorf("%+v", calls)
	}
}

func TestLabelsOnCreate(t *testing.T) {
	in := api.CreateIncidentRequest{Title: "x", Labels: []api.IncidentLabel{{Key: "team", Label: "web"}, {Label: "urgent"}}}
	for key, o := range map[string]incidenttest.Options{"team": {}, "tags": {IgnoreLabelKeyOnCreate: true}} {
		made := must(api.NewIncidentsService(client(start(t, o))).CreateIncident(t.Context(), in))(t).Incident.Labels
		if len(made) != 2 || made[0].Key != key || made[0].Label != "web" || made[1].Key != "tags" {
			t.Errorf("%+v: %+v", o, made)
		}
	}
}

func TestFreeLabels(t *testing.T) {
	s := start(t, incidenttest.Options{FreeLabels: true})
	inc, id := api.NewIncidentsService(client(s)), s.Add(incidenttest.Incident{Title: "x"})
	for _, value := range []string{"web", "web", "payments"} {
		must(inc.AssignLabel(t.Context(), api.AssignLabelRequest{IncidentID: id, Key: "team", Value: value}))(t)
	}
	got := must(inc.GetLabels(t.Context(), api.GetLabelsRequest{IncidentID: id}))(t).Labels
	if len(got) != 2 || got[1].Value != "payments" || got[0].KeyUUID == "" || got[0].KeyUUID != got[1].KeyUUID {
		t.Errorf("%+v", got)
	}
}

func TestUnknownInBandWhereAnIncidentIsAnswered(t *testing.T) {
	s := start(t, incidenttest.Options{UnknownInBand: true})
	token := s.NewToken(incidenttest.Editor)
	for _, method := range []string{"GetIncident", "UpdateTitle", "UpdateStatus", "UpdateSeverity", "UpdateIncidentIsDrill", "AddLabel", "RemoveLabel", "AssignRole", "UnassignRole"} {
		got := call(t, s, "IncidentsService."+method, token, `{"incidentID":"9"}`)
		if got.status != 200 || !strings.Contains(got.body, `"incidentID":""`) || strings.Contains(got.body, "not found") {
			t.Errorf("%s: %d %s", method, got.status, got.body)
		}
	}
	for _, c := range s.Calls("") {
		if c.Committed {
			t.Errorf("%s committed", c.Method)
		}
	}
}

func TestSystemTasks(t *testing.T) {
	s := start(t, incidenttest.Options{SystemTasks: true})
	user := s.AddUser(incidenttest.User{Name: "Ana"})
	c, ctx := client(s), t.Context()
	inc := api.NewIncidentsService(c)
	made := must(inc.CreateIncident(ctx, api.CreateIncidentRequest{Title: "x"}))(t).Incident
	shows := func(want string) {
		t.Helper()
		var got []string
		list := must(inc.GetIncident(ctx, api.GetIncidentRequest{IncidentID: made.IncidentID}))(t).Incident.TaskList
		for _, task := range list.Tasks {
			got = append(got, task.TaskID+" "+task.Status)
		}
		if strings.Join(got, ", ") != want {
			t.Errorf("%v, want %s", got, want)
		}
	}
	shows("must-choose-severity todo, assign-role-commander todo")
	in := api.AssignRoleRequest{IncidentID: made.IncidentID, UserID: user, Role: "commander"}
	must(inc.AssignRole(ctx, in))(t)
	shows("must-choose-severity todo, assign-role-commander done")
	must(inc.UpdateSeverity(ctx, api.UpdateSeverityRequest{IncidentID: made.IncidentID, Severity: "Major"}))(t)
	must(inc.UnassignRole(ctx, api.UnassignRoleRequest(in)))(t)
	shows("must-choose-severity done, assign-role-commander todo")
	_, err := api.NewTasksService(c).DeleteTask(ctx, api.DeleteTaskRequest{IncidentID: made.IncidentID, TaskID: "must-choose-severity"})
	refused(t, err, "immutable")
}

func TestSpacedTimes(t *testing.T) {
	s := start(t, incidenttest.Options{SpacedTimes: true, Now: newClock().Now})
	inc := api.NewIncidentsService(client(s))
	made := must(inc.CreateIncident(t.Context(), api.CreateIncidentRequest{Title: "x", Status: "resolved"}))(t).Incident
	p := must(inc.QueryIncidentPreviews(t.Context(), api.QueryIncidentPreviewsRequest{}))(t).IncidentPreviews[0]
	const want = "2026-01-02 15:04:05.000000"
	if made.IncidentStart != want || made.IncidentEnd != want || p.IncidentStart != want || p.IncidentEnd != want || made.CreatedTime != "2026-01-02T15:04:05Z" {
		t.Errorf("%+v\n%+v", made, p)
	}
	open := must(inc.CreateIncident(t.Context(), api.CreateIncidentRequest{Title: "y"}))(t).Incident
	if open.IncidentEnd != "" {
		t.Errorf("%+v", open)
	}
}

func TestNoSlackApp(t *testing.T) {
	s := start(t, incidenttest.Options{NoSlackApp: true})
	id := s.Add(incidenttest.Incident{Title: "x"})
	_, err := api.NewIntegrationService(client(s)).CreateIncidentSlackChannel(t.Context(), api.CreateIncidentSlackChannelRequest{IncidentID: id, ChannelName: "x"})
	refused(t, err, "Slack is not installed")
	raw := post(t.Context(), s, strings.TrimSuffix(v1, "v1/")+"ConfigurationTrackerService.GetConfigurationTracker", s.NewToken(incidenttest.Viewer), `{}`)
	if raw.status != 200 || raw.object(t)["isChatOpsInstalled"] != false {
		t.Errorf("%d %s", raw.status, raw.body)
	}
}

func TestLatency(t *testing.T) {
	s := start(t, incidenttest.Options{Latency: 30 * time.Millisecond})
	from := time.Now()
	if got := call(t, s, "RolesService.GetRoles", s.NewToken(incidenttest.Viewer), `{}`); got.status != 200 || time.Since(from) < 30*time.Millisecond {
		t.Errorf("%d after %v", got.status, time.Since(from))
	}
}
