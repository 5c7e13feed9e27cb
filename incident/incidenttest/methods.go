package incidenttest

import "maps"

// methods is the list of everything the API answers.
func methods() map[string]method {
	all := incidentMethods()
	maps.Copy(all, otherMethods())
	maps.Copy(all, setupMethods())
	for name, m := range unversionedMethods() {
		m.unversioned = true
		all[name] = m
	}
	return all
}

func incidentMethods() map[string]method {
	return map[string]method{
		"IncidentsService.AddLabel":                writes(addLabel),
		"IncidentsService.AssignLabel":             writes(assignLabel),
		"IncidentsService.AssignLabelByUUID":       writes(assignLabelByUUID),
		"IncidentsService.AssignRole":              writes(assignRole),
		"IncidentsService.CreateIncident":          writes(create),
		"IncidentsService.GetIncident":             reads(get),
		"IncidentsService.GetIncidentChannels":     reads(getChannels),
		"IncidentsService.GetIncidentMembership":   reads(getMembership),
		"IncidentsService.GetLabels":               reads(getLabels),
		"IncidentsService.QueryIncidentPreviews":   reads(queryPreviews),
		"IncidentsService.QueryIncidents":          reads(queryIncidents),
		"IncidentsService.RemoveLabel":             writes(removeLabel),
		"IncidentsService.UnassignLabel":           writes(unassignLabel),
		"IncidentsService.UnassignLabelByUUID":     writes(unassignLabelByUUID),
		"IncidentsService.UnassignRole":            writes(unassignRole),
		"IncidentsService.UpdateIncidentEventTime": writes(updateEventTime),
		"IncidentsService.UpdateIncidentIsDrill":   writes(updateIsDrill),
		"IncidentsService.UpdateSeverity":          writes(updateSeverity),
		"IncidentsService.UpdateStatus":            writes(updateStatus),
		"IncidentsService.UpdateTitle":             writes(updateTitle),
	}
}

func otherMethods() map[string]method {
	return map[string]method{
		"ActivityService.AddActivity":                   writes(addActivity),
		"ActivityService.QueryActivity":                 reads(queryActivity),
		"ActivityService.RemoveActivity":                writes(removeActivity),
		"ActivityService.UpdateActivityBody":            writes(updateActivityBody),
		"ActivityService.UpdateActivityEventTime":       writes(updateActivityEventTime),
		"ActivityService.UpdateActivityRelevance":       writes(updateActivityRelevance),
		"FieldsService.AddLabelKey":                     writes(addLabelKey),
		"FieldsService.AddLabelValue":                   writes(addLabelValue),
		"FieldsService.GetField":                        reads(getField),
		"FieldsService.GetFieldValues":                  reads(getFieldValues),
		"FieldsService.GetFields":                       reads(getFields),
		"FieldsService.RecordFieldValue":                writes(recordFieldValue),
		"IntegrationService.CreateIncidentSlackChannel": writes(createSlackChannel),
		"IntegrationService.GetHookRuns":                reads(getHookRuns),
		"KeyUpdatesService.CreateKeyUpdate":             writes(createKeyUpdate),
		"KeyUpdatesService.DeleteKeyUpdate":             writes(deleteKeyUpdate),
		"KeyUpdatesService.GetInitialKeyUpdate":         reads(getInitialKeyUpdate),
		"KeyUpdatesService.GetKeyUpdate":                reads(getKeyUpdate),
		"KeyUpdatesService.GetLastKeyUpdate":            reads(getLastKeyUpdate),
		"KeyUpdatesService.QueryKeyUpdates":             reads(queryKeyUpdates),
		"KeyUpdatesService.UpdateKeyUpdate":             writes(updateKeyUpdate),
		"RolesService.GetRoles":                         reads(getRoles),
		"StatusService.GetStatusByID":                   reads(getStatusByID),
		"StatusService.QueryOrgStatuses":                reads(queryOrgStatuses),
		"TasksService.AddTask":                          writes(addTask),
		"TasksService.DeleteTask":                       writes(deleteTask),
		"TasksService.UpdateTaskStatus":                 writes(updateTaskStatus),
		"TasksService.UpdateTaskText":                   writes(updateTaskText),
		"TasksService.UpdateTaskUser":                   writes(updateTaskUser),
		"UsersService.GetUser":                          reads(getUser),
		"UsersService.QueryUsers":                       reads(queryUsers),
	}
}

// setupMethods change what all incidents of the stack share.
func setupMethods() map[string]method {
	return map[string]method{
		"FieldsService.AddField":                writes(addField),
		"FieldsService.AddFieldSelectOption":    writes(addFieldSelectOption),
		"FieldsService.ArchiveField":            writes(archiveField),
		"FieldsService.DeleteField":             writes(deleteField),
		"FieldsService.DeleteFieldSelectOption": writes(deleteFieldSelectOption),
		"FieldsService.UnarchiveField":          writes(unarchiveField),
		"FieldsService.UpdateField":             writes(updateField),
		"FieldsService.UpdateFieldSelectOption": writes(updateFieldSelectOption),
		"IntegrationService.DisableHook":        admins(disableHook),
		"IntegrationService.EnableHook":         admins(enableHook),
		"IntegrationService.GetEnabledHooks":    reads(getEnabledHooks),
		"RolesService.ArchiveRole":              writes(archiveRole),
		"RolesService.CreateRole":               writes(createRole),
		"RolesService.DeleteRole":               writes(deleteRole),
		"RolesService.UnarchiveRole":            writes(unarchiveRole),
		"RolesService.UpdateRole":               writes(updateRole),
		"StatusService.CreateOrgStatus":         writes(createOrgStatus),
		"StatusService.UpdateOrgStatus":         writes(updateOrgStatus),
	}
}

// unversionedMethods answer outside /v1 only (grafana/gcx).
func unversionedMethods() map[string]method {
	return map[string]method{
		"ConfigurationTrackerService.GetConfigurationTracker": reads(getTracker),
		"IncidentContextService.QueryIncidentContext":         reads(queryContext),
		"SeveritiesService.GetOrgSeverities":                  reads(getOrgSeverities),
	}
}
