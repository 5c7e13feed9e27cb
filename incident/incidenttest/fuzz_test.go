package incidenttest

import (
	"encoding/json"
	"errors"
	"maps"
	"reflect"
	"slices"
	"testing"
	"time"
)

func fixed() time.Time { return time.Date(2026, 1, 2, 15, 4, 5, 0, time.UTC) }

// FuzzBody sends any body to any method: the answer is an object in JSON, a refusal has a reason and changes no incident,
// and nothing panics.
func FuzzBody(f *testing.F) {
	all := methods()
	names := slices.Sorted(maps.Keys(all))
	for n, name := range names {
		f.Add(uint8(n), `{"incidentID":"41","title":"x","status":"resolved","severity":"Minor"}`)
		if name == "IncidentsService.CreateIncident" {
			f.Add(uint8(n), `{"title":"x","labels":[{"label":"a"}],"fieldValues":[{"fieldUUID":"field-owner","value":""}]}`)
		}
	}
	f.Add(uint8(0), `{"query":{"incidentID":"41","limit":3,"cursor":null},"cursor":{"nextValue":"99999999999999999999"}}`)
	f.Fuzz(func(t *testing.T, n uint8, body string) {
		s := &Server{o: Options{Now: fixed, PluginID: "grafana-irm-app", SystemTasks: true, SpacedTimes: true}, byID: map[string]*record{}}
		s.org = newOrg(s.stamp())
		s.Seed()
		before := s.Incidents()
		m := all[names[int(n)%len(names)]]
		out, err := m.run(s, &account{role: Admin, user: UserPreview{UserID: "sa"}}, []byte(body))
		var no *refusal
		switch {
		case errors.As(err, &no):
			if no.status < 400 || len(encode(no.body)) < len(`{"error":"x"}`) {
				t.Errorf("%s: %v", body, no)
			}
			if !reflect.DeepEqual(before, s.Incidents()) {
				t.Errorf("%s: refused (%v), and changed", body, no)
			}
		case err != nil:
			t.Errorf("%s: %v", body, err)
		default:
			var object map[string]any
			if answer := succeed(encode(out)); json.Unmarshal(answer, &object) != nil || object["error"] != "" {
				t.Errorf("%s: %s", body, answer)
			}
		}
	})
}
