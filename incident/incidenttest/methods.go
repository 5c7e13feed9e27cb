package incidenttest

// methods is the list of everything the API answers. SeveritiesService, IncidentContextService and
// ConfigurationTrackerService answer outside /v1 only (grafana/gcx).
func methods() map[string]method {
	unversioned := func(m method) method {
		m.unversioned = true
		return m
	}
	return map[string]method{
		"IncidentsService.CreateIncident":        writes(create),
		"IncidentsService.GetIncident":           reads(get),
		"IncidentsService.QueryIncidentPreviews": reads(queryPreviews),
		"IncidentsService.UpdateStatus":          writes(updateStatus),
		"IncidentsService.UpdateSeverity":        writes(updateSeverity),
		"IncidentsService.UpdateTitle":           writes(updateTitle),
		"IncidentsService.UpdateIncidentIsDrill": writes(updateIsDrill),
		"ActivityService.AddActivity":            writes(addActivity),
		"ActivityService.QueryActivity":          reads(queryActivity),
		"ActivityService.RemoveActivity":         writes(removeActivity),
		"KeyUpdatesService.CreateKeyUpdate":      writes(createKeyUpdate),
		"KeyUpdatesService.GetLastKeyUpdate":     reads(getLastKeyUpdate),
		"KeyUpdatesService.QueryKeyUpdates":      reads(queryKeyUpdates),
		"RolesService.GetRoles":                  reads(getRoles),
		"StatusService.QueryOrgStatuses":         reads(queryOrgStatuses),
		"UsersService.QueryUsers":                reads(queryUsers),
		"SeveritiesService.GetOrgSeverities":     unversioned(reads(getOrgSeverities)),
	}
}
