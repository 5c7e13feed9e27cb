package bot

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// What dashboards and alerts are made of: a name that changes breaks them in silence.
func TestMetricNames(t *testing.T) {
	registry := prometheus.NewRegistry()
	m, err := newMetrics(registry)
	if err != nil {
		t.Fatal(err)
	}
	m.envelope(typeCommand, "command")
	m.handled(Command, "list", "ok", time.Second)
	m.called("chat.postMessage", "ok", time.Second)
	m.unknownWorkspace(Command)
	for _, c := range []*prometheus.CounterVec{m.opens, m.disconnects, m.acksLost, m.seen, m.panics} {
		c.WithLabelValues("x").Inc()
	}
	m.refused.WithLabelValues("command", "busy").Inc()
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range families {
		if f.GetHelp() == "" {
			t.Errorf("%s has no help", f.GetName())
		}
		got = append(got, strings.TrimPrefix(f.GetName(), namespace+"_"))
	}
	want := []string{
		"deliveries_refused_total", "deliveries_seen_total", "deliveries_unknown_workspace_total", "deliveries_waiting",
		"handler_seconds", "lanes", "panics_total", "slack_acknowledge_seconds", "slack_acknowledgements_lost_total",
		"slack_call_seconds", "slack_envelopes_total", "slack_frames_undecodable_total", "slack_socket_disconnects_total",
		"slack_socket_opens_total", "slack_sockets_open",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// Slack may invent types and reasons; each would be a time series for ever.
func TestLabelsAreFew(t *testing.T) {
	registry := prometheus.NewRegistry()
	m, err := newMetrics(registry)
	if err != nil {
		t.Fatal(err)
	}
	for _, invented := range []string{"carrier_pigeon", "smoke", ""} {
		m.envelope(invented, "odd")
		m.disconnects.WithLabelValues(disconnectLabel(invented)).Inc()
	}
	if n := sumOf(t, registry, "slack_envelopes_total", "type", "other"); n != 3 {
		t.Errorf("%v envelopes of other types", n)
	}
	if n := sumOf(t, registry, "slack_socket_disconnects_total", "reason", "other"); n != 3 {
		t.Errorf("%v other reasons", n)
	}
}
