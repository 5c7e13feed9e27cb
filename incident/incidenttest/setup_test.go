package incidenttest_test

import (
	"strings"
	"testing"

	api "github.com/grafana/incident-go"

	"incident-bot/incident/incidenttest"
)

// TestSetUpIsRefused holds what the administration methods refuse, and that a refusal changes nothing.
func TestSetUpIsRefused(t *testing.T) {
	s := start(t, incidenttest.Options{})
	s.Seed()
	token := s.NewToken(incidenttest.Admin)
	was := setUp(t, s, token)
	for _, c := range []struct{ method, body, says string }{
		{"FieldsService.AddField", `{"field":{"type":"string","domainName":"incident"}}`, "name: must not be empty"},
		{"FieldsService.AddField", `{"field":{"name":"x","type":"text","domainName":"incident"}}`, "unknown type"},
		{"FieldsService.AddField", `{"field":{"name":"x","type":"string","domainName":"people"}}`, "must be incident or labels"},
		{"FieldsService.AddField", `{"field":{"name":"Owner","type":"string","domainName":"incident"}}`, "already exists"},
		{"FieldsService.AddFieldSelectOption", `{"fieldUUID":"field-owner","fieldSelectOption":{"value":"web"}}`, "already exists"},
		{"FieldsService.AddFieldSelectOption", `{"fieldUUID":"none","fieldSelectOption":{"value":"x"}}`, "field not found"},
		{"FieldsService.UpdateFieldSelectOption", `{"fieldUUID":"field-owner","selectOptionUUID":"none","value":"x"}`, "option not found"},
		{"FieldsService.UpdateFieldSelectOption", `{"fieldUUID":"field-owner","selectOptionUUID":"option-owner-web"}`, "must not be empty"},
		{"FieldsService.DeleteFieldSelectOption", `{"fieldUUID":"field-owner","selectOptionUUID":"none"}`, "option not found"},
		{"FieldsService.UpdateField", `{"fieldUUID":"field-tags","name":"x"}`, "immutable"},
		{"FieldsService.UpdateField", `{"fieldUUID":"field-owner","name":"x","slug":"customers"}`, "already exists"},
		{"FieldsService.DeleteField", `{"fieldUUID":"field-tags"}`, "immutable"},
		{"FieldsService.DeleteField", `{"fieldUUID":"none"}`, "field not found"},
		{"FieldsService.ArchiveField", `{"fieldUUID":"none"}`, "field not found"},
		{"FieldsService.UnarchiveField", `{"fieldUUID":"none"}`, "field not found"},
		{"RolesService.CreateRole", `{"role":{"name":" "}}`, "must not be empty"},
		{"RolesService.CreateRole", `{"role":{"name":"Commander"}}`, "already exists"},
		{"RolesService.UpdateRole", `{"role":{"roleID":2,"name":"commander"}}`, "already exists"},
		{"RolesService.UpdateRole", `{"role":{"roleID":99,"name":"x"}}`, "role not found"},
		{"RolesService.ArchiveRole", `{"roleID":99}`, "role not found"},
		{"RolesService.DeleteRole", `{"roleID":99}`, "role not found"},
		{"StatusService.CreateOrgStatus", `{"name":"x","category":"active"}`, "unknown type"},
		{"StatusService.CreateOrgStatus", `{"name":"x","category":"open","incidentType":"internal"}`, "must be active or resolved"},
		{"StatusService.CreateOrgStatus", `{"category":"active","incidentType":"internal"}`, "must not be empty"},
		{"StatusService.CreateOrgStatus", `{"name":"Mitigated","category":"active","incidentType":"internal"}`, "already exists"},
		{"StatusService.UpdateOrgStatus", `{"statusID":"status-internal-active","name":"x"}`, "immutable"},
		{"StatusService.UpdateOrgStatus", `{"statusID":"none","name":"x"}`, "status not found"},
		{"StatusService.UpdateOrgStatus", `{"statusID":"status-own-1","name":"monitoring","category":"active","incidentType":"internal"}`, "already exists"},
		{"IntegrationService.EnableHook", `{"eventName":"incidentCreated"}`, "must not be empty"},
		{"IntegrationService.EnableHook", `{"integrationID":"i","hookID":"h","eventName":"lunch"}`, "unknown event"},
		{"IntegrationService.EnableHook", `{"integrationID":"i","hookID":"h","eventName":"incidentFilter","incidentFilter":"any(a:b)"}`, "Invalid query"},
		{"IntegrationService.DisableHook", `{"integrationID":"i","enabledHookID":"none"}`, "hook not found"},
	} {
		if got := call(t, s, c.method, token, c.body); got.status < 400 || !strings.Contains(got.body, c.says) {
			t.Errorf("%s %s: %d %s", c.method, c.body, got.status, got.body)
		}
	}
	if now := setUp(t, s, token); now != was {
		t.Errorf("a refusal changed\n%s\nto\n%s", was, now)
	}
}

// setUp is everything that administrators set up, as text.
func setUp(t *testing.T, s *incidenttest.Server, token string) string {
	t.Helper()
	var b strings.Builder
	for _, method := range []string{"FieldsService.GetFields", "RolesService.GetRoles", "StatusService.QueryOrgStatuses", "IntegrationService.GetEnabledHooks"} {
		b.WriteString(call(t, s, method, token, `{}`).body + "\n")
	}
	return b.String()
}

// TestSetUpReachesIncidents holds what a change of the set-up does to incidents that use it.
func TestSetUpReachesIncidents(t *testing.T) {
	s := start(t, incidenttest.Options{})
	own := s.AddStatus("", "Watched", "active")
	c, ctx := client(s), t.Context()
	inc, fields, roles := api.NewIncidentsService(c), api.NewFieldsService(c), api.NewRolesService(c)
	user := s.AddUser(incidenttest.User{Name: "Ana"})
	id := s.Add(incidenttest.Incident{Title: "x", Status: "Watched"})
	must(api.NewStatusService(c).UpdateOrgStatus(ctx, api.UpdateOrgStatusRequest{StatusID: own, Name: "Under watch", IncidentType: "internal", Category: "active"}))(t)
	if one, _ := s.Incident(id); one.Status != "Under watch" || found(t, inc, api.IncidentPreviewsQuery{QueryString: "status:under-watch"}) != id {
		t.Errorf("%+v", one)
	}
	f := must(fields.AddField(ctx, api.AddFieldRequest{Field: api.CustomMetadataField{Name: "Cause", Type: "string", DomainName: "incident"}}))(t).Field
	value := api.RecordFieldValueRequest{FieldUUID: f.UUID, Value: `"deploy"`, TargetKind: "incident", TargetID: id}
	must(fields.RecordFieldValue(ctx, value))(t)
	if got := found(t, inc, api.IncidentPreviewsQuery{QueryString: `field:cause:"deploy"`}); got != id {
		t.Errorf("found %q", got)
	}
	must(fields.DeleteField(ctx, api.DeleteFieldRequest{FieldUUID: f.UUID}))(t)
	if one, _ := s.Incident(id); len(one.FieldValues) != 0 {
		t.Errorf("%+v", one.FieldValues)
	}
	_, err := fields.RecordFieldValue(ctx, value)
	refused(t, err, "field not found")
	must(roles.ArchiveRole(ctx, api.ArchiveRoleRequest{RoleID: 3}))(t)
	in := api.AssignRoleRequest{IncidentID: id, UserID: user, Role: "observer"}
	_, err = inc.AssignRole(ctx, in)
	refused(t, err, "unknown role")
	must(roles.UnarchiveRole(ctx, api.UnarchiveRoleRequest{RoleID: 3}))(t)
	must(inc.AssignRole(ctx, in))(t)
}
