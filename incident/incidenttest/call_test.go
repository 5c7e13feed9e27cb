package incidenttest_test

import (
	"fmt"
	"strings"
	"testing"

	"incident-bot/incident/incidenttest"
)

// TestCallsSayWhatCameOfThem holds role, status and commit of each kind of call.
func TestCallsSayWhatCameOfThem(t *testing.T) {
	s := start(t, incidenttest.Options{})
	editor, viewer := s.NewToken(incidenttest.Editor), s.NewToken(incidenttest.Viewer)
	s.Add(incidenttest.Incident{Title: "x"})
	const body = `{"incidentID":"1","title":"y"}`
	for _, c := range []struct {
		name, token string
		fault       *incidenttest.Fault
		want        string
	}{
		{"done", editor, nil, "Editor 200 true"},
		{"refused", viewer, nil, "Viewer 403 false"},
		{"unknown", "glsa_x", nil, " 401 false"},
		{"too many", editor, &incidenttest.Fault{Status: 429}, "Editor 429 false"},
		{"in-band", editor, &incidenttest.Fault{InBand: "no"}, "Editor 200 false"},
		{"redirect", editor, &incidenttest.Fault{Redirect: "https://example.com/"}, "Editor 302 false"},
		{"reset before", editor, &incidenttest.Fault{ResetBefore: true}, "Editor 0 false"},
		{"reset after", editor, &incidenttest.Fault{ResetAfter: true}, "Editor 0 true"},
		{"truncated", editor, &incidenttest.Fault{Truncate: true}, "Editor 200 true"},
	} {
		if c.fault != nil {
			s.Fail("", *c.fault)
		}
		call(t, s, "IncidentsService.UpdateTitle", c.token, body)
		all := s.Calls("IncidentsService.UpdateTitle")
		last := all[len(all)-1]
		if got := fmt.Sprintf("%s %d %t", last.Role, last.Status, last.Committed); got != c.want || string(last.Body) != body || last.At.IsZero() {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestKeepCalls(t *testing.T) {
	for keep, want := range map[int]string{0: "1 2 3 4 5 6 7", 3: "5 6 7", 7: "1 2 3 4 5 6 7", 1: "7", -1: ""} {
		s := start(t, incidenttest.Options{KeepCalls: keep})
		token := s.NewToken(incidenttest.Viewer)
		for n := range 7 {
			call(t, s, "IncidentsService.GetIncident", token, fmt.Sprintf(`{"incidentID":"%d"}`, n+1))
		}
		var got []string
		for _, c := range s.Calls("") {
			got = append(got, strings.Trim(string(c.Body), `{"incdetID:}`))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%d: %v, want %s", keep, got, want)
		}
	}
}

// TestCallsAreCopies holds that a reader cannot change what was heard.
func TestCallsAreCopies(t *testing.T) {
	s := start(t, incidenttest.Options{})
	call(t, s, "RolesService.GetRoles", s.NewToken(incidenttest.Viewer), `{}`)
	s.Calls("")[0].Body[0] = 'x'
	if got := string(s.Calls("")[0].Body); got != "{}" {
		t.Error(got)
	}
}
