package incident

import (
	"encoding/json"
	"strings"
	"testing"

	api "github.com/grafana/incident-go"
)

func TestMend(t *testing.T) {
	for in, want := range map[string]string{
		`{"incidentID":42}`:                              `{"incidentID":"42"}`,
		`{"incidentID" : 42 , "x":1.5}`:                  `{"incidentID" : "42" , "x":1.5}`,
		`{"incidentID":"42","durationSeconds":60}`:       `{"incidentID":"42","durationSeconds":60}`,
		`{"durationSeconds":12.75}`:                      `{"durationSeconds":12}`,
		`{"durationSeconds":-0.5,"version":"3"}`:         `{"durationSeconds":0,"version":3}`,
		`{"durationSeconds":1.2e3}`:                      `{"durationSeconds":1200}`,
		`{"durationSeconds":1e300}`:                      `{"durationSeconds":1e300}`,
		`{"incidentID":null,"version":null}`:             `{"incidentID":null,"version":null}`,
		`{"title":"\"incidentID\": 5","incidentID":5}`:   `{"title":"\"incidentID\": 5","incidentID":"5"}`,
		`{"list":["incidentID",5],"id":7}`:               `{"list":["incidentID",5],"id":"7"}`,
		`[{"userID":1},{"userID":2}]`:                    `[{"userID":"1"},{"userID":"2"}]`,
		`{"version":"v1.0.0","incidentID":"incident-1"}`: `{"version":"v1.0.0","incidentID":"incident-1"}`,
	} {
		if got := string(mend([]byte(in))); got != want {
			t.Errorf("mend(%s)\n got %s\nwant %s", in, got, want)
		}
	}
}

func TestStrangeTypesDoNotHideAnIncident(t *testing.T) {
	body := strings.NewReplacer(`"incidentID":"42"`, `"incidentID":42`, `"durationSeconds":60`, `"durationSeconds":60.25`, `"roleID":1`, `"roleID":1.0`).Replace(oneIncident)
	if json.Unmarshal([]byte(body), &api.GetIncidentResponse{}) == nil {
		t.Fatal("incident-go decodes it by itself now; the mending can go")
	}
	script := newScript(t).on("IncidentsService.GetIncident", ok(body))
	i, err := script.stack().Incident(t.Context(), "42")
	if err != nil || i.ID != "42" || i.Roles[0].Name != "Ana" {
		t.Errorf("%+v, %v", i, err)
	}
}

// Mending keeps JSON valid and leaves a sound answer alone.
func FuzzMend(f *testing.F) {
	for _, seed := range []string{oneIncident, someStatuses, `{"incidentID":1e5,"version":"7"}`, `{"\"id":1,"id\"":2}`, `{"id":[1],"level":"-"}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		if !json.Valid(body) {
			return
		}
		out := mend(body)
		if !json.Valid(out) {
			t.Fatalf("%s became %s", body, out)
		}
		var strict struct {
			IncidentID string `json:"incidentID"`
			Version    int    `json:"version"`
		}
		if json.Unmarshal(body, &strict) == nil {
			again := strict
			if err := json.Unmarshal(out, &again); err != nil || again != strict {
				t.Fatalf("%s was sound and became %s: %v", body, out, err)
			}
		}
	})
}
