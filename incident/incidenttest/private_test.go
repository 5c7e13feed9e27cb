package incidenttest

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// bodiesFor are requests about one incident that each method takes. TASK and NOTE stand for ids of the seed.
func bodiesFor(id string) map[string]string {
	me := `{"incidentID":"` + id + `"`
	key := `,"content":"x","contentType":"text/plain","statusID":"status-internal-active","severityID":"sev-1"`
	return map[string]string{
		"ActivityService.AddActivity": me + `,"activityKind":"userNote","body":"x"}`, "ActivityService.QueryActivity": `{"query":` + me + `,"limit":1}}`,
		"FieldsService.GetFieldValues":                  `{"targetKind":"incident","targetID":"` + id + `"}`,
		"FieldsService.RecordFieldValue":                `{"targetKind":"incident","targetID":"` + id + `","fieldUUID":"field-owner","value":""}`,
		"IncidentContextService.QueryIncidentContext":   `{"query":` + me + `}}`,
		"IncidentsService.AddLabel":                     me + `,"label":{"label":"x"}}`,
		"IncidentsService.AssignLabel":                  me + `,"key":"team","value":"web"}`,
		"IncidentsService.AssignLabelByUUID":            me + `,"keyUUID":"field-team","valueUUID":"option-team-web"}`,
		"IncidentsService.AssignRole":                   me + `,"userID":"grafana-incident:1","role":"observer"}`,
		"IncidentsService.GetIncident":                  me + `}`,
		"IncidentsService.GetIncidentChannels":          me + `}`,
		"IncidentsService.GetIncidentMembership":        me + `}`,
		"IncidentsService.GetLabels":                    me + `}`,
		"IncidentsService.RemoveLabel":                  me + `,"label":"x"}`,
		"IncidentsService.UnassignLabel":                me + `,"key":"team","value":"web"}`,
		"IncidentsService.UnassignLabelByUUID":          me + `,"keyUUID":"field-team","valueUUID":"option-team-web"}`,
		"IncidentsService.UnassignRole":                 me + `,"userID":"grafana-incident:1","role":"observer"}`,
		"IncidentsService.UpdateIncidentEventTime":      me + `,"eventName":"incidentStart","eventTime":"2026-01-02T14:00:00Z"}`,
		"IncidentsService.UpdateIncidentIsDrill":        me + `,"isDrill":true}`,
		"IncidentsService.UpdateSeverity":               me + `,"severity":"Minor"}`,
		"IncidentsService.UpdateStatus":                 me + `,"status":"resolved"}`,
		"IncidentsService.UpdateTitle":                  me + `,"title":"x"}`,
		"IntegrationService.CreateIncidentSlackChannel": me + `,"channelName":"x"}`,
		"IntegrationService.GetHookRuns":                me + `}`,
		"KeyUpdatesService.CreateKeyUpdate":             me + key + `}`,
		"KeyUpdatesService.GetInitialKeyUpdate":         me + `}`,
		"KeyUpdatesService.GetLastKeyUpdate":            me + `}`,
		"KeyUpdatesService.QueryKeyUpdates":             `{"query":` + me + `,"limit":1}}`,
		"TasksService.AddTask":                          me + `,"text":"x"}`,
	}
}

// TestPrivateForEveryMethod holds that a private incident is not there for an account that was not added, not even for
// an Admin, whatever the method, and is there for its creator and for one who was added.
func TestPrivateForEveryMethod(t *testing.T) {
	s := New(Options{KeepCalls: -1})
	defer s.Close()
	s.Seed()
	creator, added, other := s.NewToken(Editor), s.NewToken(Editor), s.NewToken(Admin)
	role, _ := s.org.role("observer")
	id := s.Add(Incident{Title: "secret", IncidentType: "private", CreatedBy: s.accounts[creator].user, Context: []string{"https://example.com/secret"},
		Assignments: []Assignment{{User: s.accounts[added].user, Role: role, RoleID: role.RoleID}}})
	bodies := bodiesFor(id)
	for _, name := range slices.Sorted(maps.Keys(bodies)) {
		base := "grafana-irm-app/resources/api/"
		if got := ask(s, http.MethodPost, base+name, other, bodies[name]); got.Code != 404 || strings.Contains(got.Body.String(), "secret") {
			t.Errorf("%s for another: %d %s", name, got.Code, got.Body)
		}
		if got := ask(s, http.MethodPost, base+name, added, bodies[name]); got.Code != 200 {
			t.Errorf("%s for one added: %d %s", name, got.Code, got.Body)
		}
	}
	for _, query := range []string{``, `title:secret`, `title:x`, `context:\"https://example.com/secret\"`, `or(isdrill:true isdrill:false)`} {
		for _, name := range []string{"QueryIncidentPreviews", "QueryIncidents"} {
			body := `{"query":{"limit":100,"queryString":"` + query + `"}}`
			got := ask(s, http.MethodPost, "grafana-irm-app/resources/api/v1/IncidentsService."+name, other, body)
			if got.Code != 200 || strings.Contains(got.Body.String(), `"incidentID":"`+id+`"`) {
				t.Errorf("%s %s shows it: %d", name, query, got.Code)
			}
		}
	}
	if got := ask(s, http.MethodPost, "grafana-irm-app/resources/api/v1/IncidentsService.GetIncident", creator, bodies["IncidentsService.GetIncident"]); got.Code != 200 {
		t.Errorf("the creator: %d %s", got.Code, got.Body)
	}
}

// TestBodiesFor keeps the list above whole: every method that takes an incident and no part of one is in it.
func TestBodiesFor(t *testing.T) {
	parts := []string{"RemoveActivity", "UpdateActivity", "GetKeyUpdate", "UpdateKeyUpdate", "DeleteKeyUpdate", "UpdateTask", "DeleteTask"}
	bodies, setup := bodiesFor("1"), setupMethods()
	for name := range methods() {
		_, listed := bodies[name]
		_, shared := setup[name]
		part := slices.ContainsFunc(parts, func(p string) bool { return strings.Contains(name, "."+p) })
		none := slices.Contains([]string{"IncidentsService.CreateIncident", "IncidentsService.QueryIncidents", "IncidentsService.QueryIncidentPreviews",
			"FieldsService.GetField", "FieldsService.GetFields", "FieldsService.AddLabelKey", "FieldsService.AddLabelValue", "RolesService.GetRoles",
			"StatusService.GetStatusByID", "StatusService.QueryOrgStatuses", "UsersService.GetUser", "UsersService.QueryUsers",
			"SeveritiesService.GetOrgSeverities", "ConfigurationTrackerService.GetConfigurationTracker"}, name)
		if listed == (shared || part || none) {
			t.Errorf("%s: listed %t", name, listed)
		}
	}
}
