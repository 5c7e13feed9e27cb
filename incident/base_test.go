package incident

import (
	"strings"
	"testing"

	api "github.com/grafana/incident-go"
)

// atPaths answers by the whole path, so that the two bases can differ.
func paths(s *script) string {
	var out []string
	for _, c := range s.calls("") {
		_, end, _ := strings.Cut(c.path, "/resources/api/")
		out = append(out, end)
	}
	return strings.Join(out, " ")
}

func TestSeveritiesAreUnversioned(t *testing.T) {
	script := newScript(t).on("SeveritiesService.GetOrgSeverities", ok(someSeverities))
	if _, err := script.stack().Severities(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := paths(script); got != "SeveritiesService.GetOrgSeverities" {
		t.Error(got)
	}
	if body := script.calls("")[0].body; body == nil || len(body) != 0 {
		t.Errorf("the empty request is %v, and must be {}", body)
	}
}

func TestOtherBaseOnceAndRemembered(t *testing.T) {
	for _, c := range []struct {
		name    string
		answers []reply
		want    string
		code    Code
	}{
		{"moved to the unversioned base", []reply{answer(404, "404 page not found"), ok(oneIncident)},
			"v1/IncidentsService.GetIncident IncidentsService.GetIncident IncidentsService.GetIncident", ""},
		{"known at v1, then a 404 that says nothing", []reply{ok(oneIncident), answer(404, "")},
			"v1/IncidentsService.GetIncident v1/IncidentsService.GetIncident", NotFound},
		{"an unknown incident is no reason", []reply{answer(404, `{"error":"incident not found"}`)},
			"v1/IncidentsService.GetIncident v1/IncidentsService.GetIncident", NotFound},
		{"nor is a missing plugin", []reply{answer(404, `{"message":"Plugin not found"}`)},
			"v1/IncidentsService.GetIncident v1/IncidentsService.GetIncident", PluginMissing},
		{"nor a sleeping stack", []reply{answer(404, `{"code":"NotFound","message":"We do not recognize the instance URL you're trying to reach."}`)},
			"v1/IncidentsService.GetIncident v1/IncidentsService.GetIncident", StackUnknown},
		{"at neither", []reply{answer(404, "")},
			"v1/IncidentsService.GetIncident IncidentsService.GetIncident v1/IncidentsService.GetIncident IncidentsService.GetIncident", NotFound},
	} {
		t.Run(c.name, func(t *testing.T) {
			script := newScript(t).on("IncidentsService.GetIncident", c.answers...)
			s := script.stack()
			_, _ = s.Incident(t.Context(), "42")
			_, err := s.Incident(t.Context(), "42")
			if c.code != "" {
				wantCode(t, err, c.code)
			} else if err != nil {
				t.Error(err)
			}
			if got := paths(script); got != c.want {
				t.Errorf("asked at\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

// A 404 proves that a change did not happen: it may be tried at the other base.
func TestChangesMoveToo(t *testing.T) {
	script := newScript(t).on("IntegrationService.CreateIncidentSlackChannel", answer(404, ""), ok(`{"channelID":"C1","error":""}`))
	s := script.stack()
	out, err := call(t.Context(), s, "make a channel", api.NewIntegrationService(s.api).CreateIncidentSlackChannel, api.CreateIncidentSlackChannelRequest{IncidentID: "42"})
	if err != nil || out.ChannelID != "C1" {
		t.Fatal(out, err)
	}
	if got := paths(script); got != "v1/IntegrationService.CreateIncidentSlackChannel IntegrationService.CreateIncidentSlackChannel" {
		t.Error(got)
	}
}

// A 404 that speaks of something missing can only mean the method where the request names no incident.
func TestNotFoundWithoutAnIncident(t *testing.T) {
	script := newScript(t).on("SeveritiesService.GetOrgSeverities", answer(404, `{"error":"not found"}`)).
		on(previews, ok(`{"incidentPreviews":[{"incidentID":"1","severityID":"s","severityLabel":"Major"}]}`)).
		on("StatusService.QueryOrgStatuses", answer(404, `{"error":"not found"}`), ok(someStatuses))
	s := script.stack()
	if all, err := s.Severities(t.Context()); err != nil || len(all) != 1 {
		t.Error(all, err)
	}
	if all, err := s.Statuses(t.Context()); err != nil || len(all) != 3 {
		t.Error(all, err)
	}
	if got := paths(script); got != "SeveritiesService.GetOrgSeverities v1/SeveritiesService.GetOrgSeverities v1/IncidentsService.QueryIncidentPreviews "+
		"v1/StatusService.QueryOrgStatuses StatusService.QueryOrgStatuses" {
		t.Error(got)
	}
}

func TestIsRead(t *testing.T) {
	for method, want := range map[string]bool{
		"IncidentsService.GetIncident": true, "IncidentsService.QueryIncidentPreviews": true, "SeveritiesService.GetOrgSeverities": true,
		"IncidentsService.CreateIncident": false, "IncidentsService.UpdateStatus": false, "ActivityService.AddActivity": false,
		"IncidentsService.AssignRole": false, "TasksService.DeleteTask": false, "": false, "Get": false,
	} {
		if isRead(method) != want {
			t.Errorf("isRead(%q) = %v", method, !want)
		}
	}
}
