package demo

import (
	"strings"
	"testing"
)

// What the bot has to do is read from its figures; those of anything else do not count.
func TestDeliveries(t *testing.T) {
	for _, c := range []struct {
		metrics string
		want    int
	}{
		{"", 0},
		{"# TYPE incident_bot_inbox_deliveries gauge\nincident_bot_inbox_deliveries{state=\"running\"} 1\nincident_bot_inbox_deliveries{state=\"waiting\"} 2\n", 3},
		{"incident_bot_deliveries_waiting 7\nincident_bot_inbox_dead_total 3\n", 0},
		{"incident_bot_inbox_deliveries{state=\"waiting\"} 0\n", 0},
	} {
		if got := deliveries(strings.NewReader(c.metrics)); got != c.want {
			t.Errorf("%q: %d, want %d", c.metrics, got, c.want)
		}
	}
}

// While the stack is down, a command that its person was told to wait for is not waited for; once it is up, it is.
func TestPatience(t *testing.T) {
	s := newSession(&transcript{out: &strings.Builder{}})
	s.scripted = true
	realWorld(t, s)
	if err := s.do(t.Context(), "grafana down"); err != nil {
		t.Fatal(err)
	}
	if err := s.do(t.Context(), "/incident declare it"); err != nil {
		t.Fatal(err)
	}
	if s.told() != 1 || s.accepted(t.Context()) != 1 || s.busy(t.Context(), false) || !s.busy(t.Context(), true) {
		t.Errorf("told %d, accepted %d", s.told(), s.accepted(t.Context()))
	}
	if err := s.do(t.Context(), "grafana up"); err != nil {
		t.Fatal(err)
	}
	if s.told() != 0 || s.accepted(t.Context()) != 0 || !s.saw("✓ Declared #42") {
		t.Errorf("told %d, accepted %d", s.told(), s.accepted(t.Context()))
	}
}
