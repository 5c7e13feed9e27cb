package incidenttest_test

import (
	"strings"
	"testing"

	api "github.com/grafana/incident-go"

	"incident-bot/incident/incidenttest"
)

func TestClientTasks(t *testing.T) {
	s := start(t, incidenttest.Options{})
	user := s.AddUser(incidenttest.User{Name: "Ana", Email: "ana@example.com"})
	tasks, ctx, id := api.NewTasksService(client(s)), t.Context(), s.Add(incidenttest.Incident{Title: "x", Tasks: []incidenttest.Task{{TaskID: "must-choose-severity", Immutable: true}}})
	made := must(tasks.AddTask(ctx, api.AddTaskRequest{IncidentID: id, Text: "call", AssignToUserId: user}))(t)
	if made.Task.AssignedUser.Name != "Ana" || made.Task.Status != "todo" || made.TaskList.TodoCount != 2 || made.IncidentID != id {
		t.Errorf("%+v", made)
	}
	must(tasks.UpdateTaskText(ctx, api.UpdateTaskTextRequest{IncidentID: id, TaskID: made.Task.TaskID, Text: "call back"}))(t)
	must(tasks.UpdateTaskUser(ctx, api.UpdateTaskUserRequest{IncidentID: id, TaskID: made.Task.TaskID}))(t)
	got := must(tasks.UpdateTaskStatus(ctx, api.UpdateTaskStatusRequest{IncidentID: id, TaskID: made.Task.TaskID, Status: "done"}))(t)
	if got.Task.Text != "call back" || got.Task.AssignedUser != nil || got.TaskList.DoneCount != 1 {
		t.Errorf("%+v", got)
	}
	_, err := tasks.UpdateTaskStatus(ctx, api.UpdateTaskStatusRequest{IncidentID: id, TaskID: "must-choose-severity", Status: "done"})
	refused(t, err, "immutable")
	_, err = tasks.UpdateTaskStatus(ctx, api.UpdateTaskStatusRequest{IncidentID: id, TaskID: made.Task.TaskID, Status: "later"})
	refused(t, err, "must be todo, progress or done")
	_, err = tasks.AddTask(ctx, api.AddTaskRequest{IncidentID: id, Text: "x", AssignToUserId: "nobody"})
	refused(t, err, "user not found")
	if left := must(tasks.DeleteTask(ctx, api.DeleteTaskRequest{IncidentID: id, TaskID: made.Task.TaskID}))(t); len(left.TaskList.Tasks) != 1 {
		t.Errorf("%+v", left)
	}
	_, err = tasks.DeleteTask(ctx, api.DeleteTaskRequest{IncidentID: id, TaskID: made.Task.TaskID})
	refused(t, err, "task not found")
}

func TestClientRolesAndPeople(t *testing.T) {
	s := start(t, incidenttest.Options{})
	s.AddUser(incidenttest.User{UserID: "grafana-incident:7", Name: "Ana", SlackUserID: "U1"})
	c, ctx, id := client(s), t.Context(), s.Add(incidenttest.Incident{Title: "x"})
	inc := api.NewIncidentsService(c)
	in := api.AssignRoleRequest{IncidentID: id, UserID: "slack:U1", Role: "commander"}
	first, again := must(inc.AssignRole(ctx, in))(t), must(inc.AssignRole(ctx, in))(t)
	if !first.DidChange || again.DidChange || first.Incident.IncidentMembership.TotalAssignments != 1 {
		t.Errorf("%+v %+v", first, again)
	}
	if got := must(inc.GetIncidentMembership(ctx, api.GetIncidentMembershipRequest{IncidentID: id}))(t).Assignments; len(got) != 1 ||
		got[0].Role.Name != "commander" || got[0].User.UserID != "grafana-incident:7" {
		t.Errorf("%+v", got)
	}
	in.Role = "clown"
	_, err := inc.AssignRole(ctx, in)
	refused(t, err, `unknown role "clown"`)
	out := api.UnassignRoleRequest{IncidentID: id, UserID: "grafana-incident:7", Role: "commander"}
	if !must(inc.UnassignRole(ctx, out))(t).DidChange || must(inc.UnassignRole(ctx, out))(t).DidChange {
		t.Error("unassigned wrongly")
	}
	users := api.NewUsersService(c)
	if got := must(users.QueryUsers(ctx, api.QueryUsersRequest{Query: api.UsersQuery{Limit: 100}}))(t).Users; len(got) != 1 ||
		got[0].SlackUserID != "U1" {
		t.Errorf("%+v", got)
	}
	if got := must(users.GetUser(ctx, api.GetUserRequest{UserID: "grafana-incident:7"}))(t).User; got.Name != "Ana" {
		t.Errorf("%+v", got)
	}
	_, err = users.GetUser(ctx, api.GetUserRequest{UserID: "grafana-incident:8"})
	refused(t, err, "user not found")
	if roles := must(api.NewRolesService(c).GetRoles(ctx, api.GetRolesRequest{}))(t).Roles; len(roles) != 3 {
		t.Errorf("%+v", roles)
	}
}

func TestClientLabels(t *testing.T) {
	s := start(t, incidenttest.Options{})
	c, ctx, id := client(s), t.Context(), s.Add(incidenttest.Incident{Title: "x"})
	inc, fields := api.NewIncidentsService(c), api.NewFieldsService(c)
	_, err := inc.AssignLabel(ctx, api.AssignLabelRequest{IncidentID: id, Key: "team", Value: "web"})
	refused(t, err, "unknown label key")
	must(fields.AddLabelKey(ctx, api.AddLabelKeyRequest{Key: "team"}))(t)
	_, err = fields.AddLabelKey(ctx, api.AddLabelKeyRequest{Key: "Team"})
	refused(t, err, "already exists")
	_, err = inc.AssignLabel(ctx, api.AssignLabelRequest{IncidentID: id, Key: "team", Value: "web"})
	refused(t, err, "unknown value")
	field := must(fields.AddLabelValue(ctx, api.AddLabelValueRequest{Key: "team", Value: "web"}))(t).Field
	_, err = fields.AddLabelValue(ctx, api.AddLabelValueRequest{Key: "team", Value: "web"})
	refused(t, err, "already exists")
	got := must(inc.AssignLabel(ctx, api.AssignLabelRequest{IncidentID: id, Key: "team", Value: "web"}))(t).Labels
	if len(got) != 1 || got[0].KeyUUID != field.UUID || got[0].ValueUUID != field.Selectoptions[0].UUID {
		t.Errorf("%+v", got)
	}
	byID := api.UnassignLabelByUUIDRequest{IncidentID: id, KeyUUID: field.UUID, ValueUUID: got[0].ValueUUID}
	if left := must(inc.UnassignLabelByUUID(ctx, byID))(t).Labels; len(left) != 0 {
		t.Errorf("%+v", left)
	}
	must(inc.AssignLabelByUUID(ctx, api.AssignLabelByUUIDRequest(byID)))(t)
	must(inc.UnassignLabel(ctx, api.UnassignLabelRequest{IncidentID: id, Key: "team", Value: "web"}))(t)
	must(inc.AddLabel(ctx, api.AddLabelRequest{IncidentID: id, Label: api.IncidentLabel{Label: "urgent"}}))(t)
	if all := must(inc.GetLabels(ctx, api.GetLabelsRequest{IncidentID: id}))(t).Labels; len(all) != 1 ||
		all[0].Key != "tags" || all[0].Value != "urgent" {
		t.Errorf("%+v", all)
	}
	if left := must(inc.RemoveLabel(ctx, api.RemoveLabelRequest{IncidentID: id, Label: "urgent"}))(t).Incident.Labels; len(left) != 0 {
		t.Errorf("%+v", left)
	}
}

func TestClientFields(t *testing.T) {
	s := start(t, incidenttest.Options{})
	s.Seed()
	c, ctx := client(s), t.Context()
	fields := api.NewFieldsService(c)
	if got := must(fields.GetFields(ctx, api.GetFieldsRequest{DomainName: "incident"}))(t).Fields; len(got) != 2 {
		t.Errorf("%+v", got)
	}
	if got := must(fields.GetField(ctx, api.GetFieldRequest{FieldUUID: "field-owner"}))(t).Field; got.Slug != "owner" || len(got.Selectoptions) != 3 {
		t.Errorf("%+v", got)
	}
	in := api.RecordFieldValueRequest{TargetKind: "incident", TargetID: "41"}
	for _, c := range []struct{ field, value, says string }{
		{"field-owner", "option-owner-web", ""},
		{"field-owner", `"web"`, "no option"},
		{"field-customers", "12.5", ""},
		{"field-customers", "many", "no number"},
		{"field-none", "x", "field not found"},
		{"field-owner", "", ""},
	} {
		in.FieldUUID, in.Value = c.field, c.value
		_, err := fields.RecordFieldValue(ctx, in)
		if c.says != "" {
			refused(t, err, c.says)
		} else if err != nil {
			t.Errorf("%+v: %v", c, err)
		}
	}
	got := must(fields.GetFieldValues(ctx, api.GetFieldValuesRequest{TargetKind: "incident", TargetID: "41"}))(t).FieldValues
	if len(got) != 1 || got[0].Value != "12.5" || got[0].Field.Slug != "customers" {
		t.Errorf("%+v", got)
	}
}

func TestClientStatusesAndChannels(t *testing.T) {
	s := start(t, incidenttest.Options{})
	own := s.AddStatus("", "Under watch", "active")
	s.SetSeverities("SEV1", "SEV2")
	c, ctx, id := client(s), t.Context(), s.Add(incidenttest.Incident{Title: "x"})
	statuses := api.NewStatusService(c)
	if got := must(statuses.QueryOrgStatuses(ctx, api.QueryOrgStatusesRequest{}))(t).Configurations; len(got) != 2 ||
		len(got[0].Statuses) != 3 || got[0].Default || !got[1].Default {
		t.Errorf("%+v", got)
	}
	if got := must(statuses.QueryOrgStatuses(ctx, api.QueryOrgStatusesRequest{IncidentType: "private"}))(t).Configurations; len(got) != 1 {
		t.Errorf("%+v", got)
	}
	if got := must(statuses.GetStatusByID(ctx, api.GetStatusByIDRequest{StatusID: own}))(t).Status; got.Slug != "under-watch" {
		t.Errorf("%+v", got)
	}
	_, err := statuses.GetStatusByID(ctx, api.GetStatusByIDRequest{StatusID: "none"})
	refused(t, err, "status not found")
	if one, _ := s.Incident(id); one.Severity != "SEV2" {
		t.Errorf("starts as %q", one.Severity)
	}
	integrations := api.NewIntegrationService(c)
	in := api.CreateIncidentSlackChannelRequest{IncidentID: id, ChannelName: "INC 1: x"}
	made := must(integrations.CreateIncidentSlackChannel(ctx, in))(t)
	_, err = integrations.CreateIncidentSlackChannel(ctx, in)
	refused(t, err, "channel already")
	got := must(api.NewIncidentsService(c).GetIncidentChannels(ctx, api.GetIncidentChannelsRequest{IncidentID: id}))(t).IncidentChannels
	if len(got) != 1 || got[0].ChannelID != made.ChannelID || made.ChannelName != "inc-1-x" {
		t.Errorf("%+v %+v", made, got)
	}
	raw := post(ctx, s, strings.TrimSuffix(v1, "v1/")+"ConfigurationTrackerService.GetConfigurationTracker", s.NewToken(incidenttest.Viewer), `{}`)
	if raw.status != 200 || raw.object(t)["isChatOpsInstalled"] != true {
		t.Errorf("%d %s", raw.status, raw.body)
	}
}
