package incidenttest_test

import (
	api "github.com/grafana/incident-go"
)

func (u *tour) declares() string {
	inc := api.NewIncidentsService(u.client)
	made := does(u, inc.CreateIncident, api.CreateIncidentRequest{Title: "Checkout", Severity: "Major", AttachURL: "https://example.com/1",
		AttachCaption: "alert", InitialStatusUpdate: "We look", Labels: []api.IncidentLabel{{Label: "database"}}}).Incident
	does(u, inc.GetIncident, api.GetIncidentRequest{IncidentID: made.IncidentID})
	return made.IncidentID
}

func (u *tour) changes(id string) {
	inc := api.NewIncidentsService(u.client)
	does(u, inc.UpdateSeverity, api.UpdateSeverityRequest{IncidentID: id, Severity: "Critical"})
	does(u, inc.UpdateTitle, api.UpdateTitleRequest{IncidentID: id, Title: "Checkout is down"})
	does(u, inc.UpdateIncidentIsDrill, api.UpdateIncidentIsDrillRequest{IncidentID: id, IsDrill: true})
	does(u, inc.UpdateStatus, api.UpdateStatusRequest{IncidentID: id, Status: "mitigated"})
	does(u, inc.UpdateStatus, api.UpdateStatusRequest{IncidentID: id, Status: "resolved"})
	does(u, inc.UpdateIncidentEventTime, api.UpdateIncidentEventTimeRequest{IncidentID: id, EventTime: "2026-01-02T15:04:05Z",
		EventName: "incidentStart", ActivityItemKind: "incidentStart"})
}

func (u *tour) labels(id string) {
	inc, fields := api.NewIncidentsService(u.client), api.NewFieldsService(u.client)
	does(u, fields.AddLabelKey, api.AddLabelKeyRequest{Key: "region"})
	does(u, fields.AddLabelValue, api.AddLabelValueRequest{Key: "region", Value: "eu"})
	does(u, inc.AddLabel, api.AddLabelRequest{IncidentID: id, Label: api.IncidentLabel{Label: "urgent"}})
	does(u, inc.RemoveLabel, api.RemoveLabelRequest{IncidentID: id, Label: "urgent"})
	one := does(u, inc.AssignLabel, api.AssignLabelRequest{IncidentID: id, Key: "region", Value: "eu"}).Labels
	does(u, inc.GetLabels, api.GetLabelsRequest{IncidentID: id})
	does(u, inc.UnassignLabel, api.UnassignLabelRequest{IncidentID: id, Key: "region", Value: "eu"})
	last := one[len(one)-1]
	does(u, inc.AssignLabelByUUID, api.AssignLabelByUUIDRequest{IncidentID: id, KeyUUID: last.KeyUUID, ValueUUID: last.ValueUUID})
	does(u, inc.UnassignLabelByUUID, api.UnassignLabelByUUIDRequest{IncidentID: id, KeyUUID: last.KeyUUID, ValueUUID: last.ValueUUID})
}

func (u *tour) notes(id string) {
	notes := api.NewActivityService(u.client)
	item := does(u, notes.AddActivity, api.AddActivityRequest{IncidentID: id, ActivityKind: "userNote", Body: "see https://example.com/2",
		FieldValues: map[string]any{"by": "Ana"}}).ActivityItem.ActivityItemID
	does(u, notes.QueryActivity, api.QueryActivityRequest{Query: api.ActivityQuery{IncidentID: id, Limit: 3, OrderDirection: "ASC"}})
	does(u, notes.UpdateActivityBody, api.UpdateActivityBodyRequest{IncidentID: id, ActivityItemID: item, Body: "changed"})
	does(u, notes.UpdateActivityEventTime, api.UpdateActivityEventTimeRequest{IncidentID: id, ActivityItemID: item})
	does(u, notes.UpdateActivityRelevance, api.UpdateActivityRelevanceRequest{IncidentID: id, ActivityItemID: item, Relevance: "low"})
	does(u, notes.RemoveActivity, api.RemoveActivityRequest{IncidentID: id, ActivityItemID: item})
}

func (u *tour) updates(id string) {
	updates := api.NewKeyUpdatesService(u.client)
	title := "Cause found"
	one := does(u, updates.CreateKeyUpdate, api.CreateKeyUpdateRequest{IncidentID: id, Title: &title, Content: "*found*",
		ContentType: "text/markdown+slack", StatusID: "status-internal-active", SeverityID: "sev-1", Scope: "internal"}).KeyUpdate
	does(u, updates.GetInitialKeyUpdate, api.GetInitialKeyUpdateRequest{IncidentID: id})
	does(u, updates.GetLastKeyUpdate, api.GetLastKeyUpdateRequest{IncidentID: id, ContentType: "text/plain"})
	does(u, updates.GetKeyUpdate, api.GetKeyUpdateRequest{IncidentID: id, ID: one.ID})
	does(u, updates.QueryKeyUpdates, api.QueryKeyUpdatesRequest{Query: api.KeyUpdatesQuery{IncidentID: id, Limit: 1, OrderField: "title"}})
	does(u, updates.UpdateKeyUpdate, api.UpdateKeyUpdateRequest{IncidentID: id, ID: one.ID, Content: "found", ContentType: "text/plain",
		StatusID: one.StatusID, SeverityID: one.SeverityID, Scope: "public"})
	does(u, updates.DeleteKeyUpdate, api.DeleteKeyUpdateRequest{IncidentID: id, ID: one.ID})
}

func (u *tour) tasks(id string) {
	tasks := api.NewTasksService(u.client)
	task := does(u, tasks.AddTask, api.AddTaskRequest{IncidentID: id, Text: "restart", AssignToUserId: "grafana-incident:1"}).Task.TaskID
	does(u, tasks.UpdateTaskStatus, api.UpdateTaskStatusRequest{IncidentID: id, TaskID: task, Status: "progress"})
	does(u, tasks.UpdateTaskText, api.UpdateTaskTextRequest{IncidentID: id, TaskID: task, Text: "restart it"})
	does(u, tasks.UpdateTaskUser, api.UpdateTaskUserRequest{IncidentID: id, TaskID: task})
	does(u, tasks.DeleteTask, api.DeleteTaskRequest{IncidentID: id, TaskID: task})
}

func (u *tour) people(id string) {
	inc, users := api.NewIncidentsService(u.client), api.NewUsersService(u.client)
	in := api.AssignRoleRequest{IncidentID: id, UserID: "grafana-incident:1", Role: "commander"}
	does(u, inc.AssignRole, in)
	does(u, inc.GetIncidentMembership, api.GetIncidentMembershipRequest{IncidentID: id})
	does(u, inc.UnassignRole, api.UnassignRoleRequest(in))
	does(u, users.QueryUsers, api.QueryUsersRequest{Query: api.UsersQuery{Limit: 2}})
	does(u, users.GetUser, api.GetUserRequest{UserID: "grafana-incident:1"})
}

func (u *tour) fields(id string) {
	fields := api.NewFieldsService(u.client)
	f := does(u, fields.AddField, api.AddFieldRequest{Field: api.CustomMetadataField{Name: "Root cause", Type: "single-select", DomainName: "incident"}}).Field.UUID
	option := does(u, fields.AddFieldSelectOption, api.AddFieldSelectOptionRequest{FieldUUID: f,
		FieldSelectOption: api.CustomMetadataFieldSelectOption{Value: "deploy"}}).FieldSelectOptionUUID
	does(u, fields.UpdateFieldSelectOption, api.UpdateFieldSelectOptionRequest{FieldUUID: f, SelectOptionUUID: option, Value: "release"})
	does(u, fields.RecordFieldValue, api.RecordFieldValueRequest{FieldUUID: f, Value: option, TargetKind: "incident", TargetID: id})
	does(u, fields.GetFieldValues, api.GetFieldValuesRequest{TargetKind: "incident", TargetID: id})
	does(u, fields.GetFields, api.GetFieldsRequest{})
	does(u, fields.GetField, api.GetFieldRequest{FieldUUID: f})
	does(u, fields.UpdateField, api.UpdateFieldRequest{FieldUUID: f, Name: "Cause"})
	does(u, fields.ArchiveField, api.ArchiveFieldRequest{FieldUUID: f})
	does(u, fields.UnarchiveField, api.UnarchiveFieldRequest{FieldUUID: f})
	does(u, fields.DeleteFieldSelectOption, api.DeleteFieldSelectOptionRequest{FieldUUID: f, SelectOptionUUID: option})
	does(u, fields.DeleteField, api.DeleteFieldRequest{FieldUUID: f})
}

func (u *tour) roles() {
	roles := api.NewRolesService(u.client)
	one := does(u, roles.CreateRole, api.CreateRoleRequest{Role: api.Role{Name: "scribe"}}).Role
	one.Description = "Writes"
	does(u, roles.UpdateRole, api.UpdateRoleRequest{Role: one})
	does(u, roles.ArchiveRole, api.ArchiveRoleRequest{RoleID: one.RoleID})
	does(u, roles.UnarchiveRole, api.UnarchiveRoleRequest{RoleID: one.RoleID})
	does(u, roles.GetRoles, api.GetRolesRequest{})
	does(u, roles.DeleteRole, api.DeleteRoleRequest{RoleID: one.RoleID})
}

func (u *tour) statuses() {
	statuses := api.NewStatusService(u.client)
	in := api.CreateOrgStatusRequest{IncidentType: "private", Name: "Contained", Category: "active"}
	one := does(u, statuses.CreateOrgStatus, in).Status
	does(u, statuses.UpdateOrgStatus, api.UpdateOrgStatusRequest{StatusID: one.StatusID, IncidentType: "private", Name: "Held", Category: "active"})
	does(u, statuses.GetStatusByID, api.GetStatusByIDRequest{StatusID: one.StatusID})
	does(u, statuses.QueryOrgStatuses, api.QueryOrgStatusesRequest{})
}

func (u *tour) hooks(id string) {
	hooks := api.NewIntegrationService(u.client)
	does(u, hooks.CreateIncidentSlackChannel, api.CreateIncidentSlackChannelRequest{IncidentID: id, ChannelName: "INC 42"})
	one := does(u, hooks.EnableHook, api.EnableHookRequest{IntegrationID: "grate.webhook.out", HookID: "post", EventName: "incidentFilter",
		IncidentFilter: "isdrill:false", HookConfig: api.HookConfig{Fields: []api.Field{{Key: "url", Value: "https://example.com/"}}}}).EnabledHookID
	does(u, hooks.GetEnabledHooks, api.GetEnabledHooksRequest{})
	does(u, hooks.GetHookRuns, api.GetHookRunsRequest{IncidentID: id})
	does(u, hooks.DisableHook, api.DisableHookRequest{IntegrationID: "grate.webhook.out", EnabledHookID: one})
	does(u, api.NewIncidentsService(u.client).GetIncidentChannels, api.GetIncidentChannelsRequest{IncidentID: id})
}

func (u *tour) searches() {
	inc := api.NewIncidentsService(u.client)
	does(u, inc.QueryIncidents, api.QueryIncidentsRequest{Query: api.IncidentsQuery{Limit: 3}})
	does(u, inc.QueryIncidentPreviews, api.QueryIncidentPreviewsRequest{Query: api.IncidentPreviewsQuery{Limit: 3}, IncludeCustomFieldValues: true,
		IncludeMembershipPreview: true, IncludeIncidentChannels: true})
	does(u, inc.QueryIncidentPreviews, api.QueryIncidentPreviewsRequest{Query: api.IncidentPreviewsQuery{QueryString: "title:none", Limit: 1}})
}
