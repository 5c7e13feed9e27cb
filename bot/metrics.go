package bot

import (
	"errors"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// metrics are the figures of one Bot. Every label has few values: what Slack or a person chose freely is never one.
type metrics struct {
	sockets      prometheus.Gauge
	opens        *prometheus.CounterVec // outcome
	disconnects  *prometheus.CounterVec // reason
	undecodable  prometheus.Counter
	envelopes    *prometheus.CounterVec // type, kind
	acks         prometheus.Histogram
	acksLost     *prometheus.CounterVec // reason
	seen         *prometheus.CounterVec // kind
	refused      *prometheus.CounterVec // kind, reason
	panics       *prometheus.CounterVec // where
	waiting      prometheus.Gauge
	lanes        prometheus.Gauge
	handlers     *prometheus.HistogramVec // kind, route, outcome
	calls        *prometheus.HistogramVec // method, outcome
	unknownSpace *prometheus.CounterVec   // kind
	restored     *prometheus.CounterVec   // kind
	looks        *prometheus.CounterVec   // outcome
}

// newMetrics registers the figures with r; with nil they are kept and shown to nobody.
func newMetrics(r prometheus.Registerer) (*metrics, error) {
	m := &metrics{
		sockets:     gauge("slack_sockets_open", "Socket Mode connections that have said hello and are not closed."),
		opens:       counters("slack_socket_opens_total", "Attempts to open a socket.", "outcome"),
		disconnects: counters("slack_socket_disconnects_total", "Sockets that ended or were asked to, by Slack's reason or ours.", "reason"),
		undecodable: counter("slack_frames_undecodable_total", "Frames that are not JSON, or an envelope without an id."),
		envelopes:   counters("slack_envelopes_total", "Envelopes received, redeliveries included.", "type", "kind"),
		acks: histogram("slack_acknowledge_seconds", "From reading a frame to its acknowledgement. Slack waits 3 s.",
			.0001, .00025, .0005, .001, .0025, .005, .01, .05, .1, .25, 1, 2.5, 3),
		acksLost:     counters("slack_acknowledgements_lost_total", "Acknowledgements that were not sent, or not whole.", "reason"),
		seen:         counters("deliveries_seen_total", "Deliveries that were recognised as repeated.", "kind"),
		refused:      counters("deliveries_refused_total", "Deliveries that the inbox did not take.", "kind", "reason"),
		panics:       counters("panics_total", "Panics that were caught.", "where"),
		waiting:      gauge("deliveries_waiting", "Deliveries that wait for their turn."),
		lanes:        gauge("lanes", "Lanes with something to do: incidents, or channels where none is known."),
		handlers:     histograms("handler_seconds", "From the start of a handler to the end of its answer.", "kind", "route", "outcome"),
		calls:        histograms("slack_call_seconds", "Calls of the Web API and of response URLs.", "method", "outcome"),
		restored:     counters("deliveries_restored_total", "Deliveries that an earlier process or another one had not finished.", "kind"),
		looks:        counters("effects_looked_up_total", "Looks for an effect of which it was not known whether it happened.", "outcome"),
		unknownSpace: counters("deliveries_unknown_workspace_total", "Deliveries of a workspace that has no token here.", "kind"),
	}
	if r == nil {
		return m, nil
	}
	return m, m.register(r)
}

func (m *metrics) register(r prometheus.Registerer) error {
	var problems []error
	for _, c := range []prometheus.Collector{
		m.sockets, m.opens, m.disconnects, m.undecodable, m.envelopes, m.acks, m.acksLost, m.seen, m.refused, m.panics,
		m.waiting, m.lanes, m.handlers, m.calls, m.unknownSpace, m.restored, m.looks,
	} {
		problems = append(problems, r.Register(c))
	}
	return errors.Join(problems...)
}

// envelope counts an envelope. The types that Slack has today are known; any other counts as "other".
func (m *metrics) envelope(kind, what string) {
	switch kind {
	case typeCommand, typeEvent, typeInteractive:
	default:
		kind = "other"
	}
	m.envelopes.WithLabelValues(kind, what).Inc()
}

// handled notes that a route ran: its name is that of a word, an action id or a callback id that is registered.
func (m *metrics) handled(kind Kind, route, outcome string, took time.Duration) {
	m.handlers.WithLabelValues(string(kind), route, outcome).Observe(took.Seconds())
}

// called notes a call to Slack; outcome is "ok" or the code of what went wrong.
func (m *metrics) called(method, outcome string, took time.Duration) {
	m.calls.WithLabelValues(method, outcome).Observe(took.Seconds())
}

// unknownWorkspace notes a delivery of a workspace without a token.
func (m *metrics) unknownWorkspace(k Kind) { m.unknownSpace.WithLabelValues(string(k)).Inc() }

// looked counts a look for an effect.
func (m *metrics) looked(outcome string) { m.looks.WithLabelValues(outcome).Inc() }

// namespace begins every name.
const namespace = "incident_bot"

func counter(name, help string) prometheus.Counter {
	return prometheus.NewCounter(prometheus.CounterOpts{Namespace: namespace, Name: name, Help: help})
}

func counters(name, help string, labels ...string) *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: namespace, Name: name, Help: help}, labels)
}

func gauge(name, help string) prometheus.Gauge {
	return prometheus.NewGauge(prometheus.GaugeOpts{Namespace: namespace, Name: name, Help: help})
}

func histogram(name, help string, buckets ...float64) prometheus.Histogram {
	return prometheus.NewHistogram(prometheus.HistogramOpts{Namespace: namespace, Name: name, Help: help, Buckets: buckets})
}

func histograms(name, help string, labels ...string) *prometheus.HistogramVec {
	buckets := []float64{.005, .025, .1, .25, .5, 1, 2.5, 5, 10, 30, 60}
	return prometheus.NewHistogramVec(
		prometheus.HistogramOpts{Namespace: namespace, Name: name, Help: help, Buckets: buckets}, labels)
}
