package main

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"incident-bot/incident"
)

// observer holds the figure of the calls to Grafana. Slack's side registers its own.
type observer struct{ calls *prometheus.HistogramVec }

// newMetrics makes the registry of /metrics: this process, its build, and the calls to Grafana.
func newMetrics() (*prometheus.Registry, observer) {
	o := observer{prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name:    "incident_bot_grafana_call_seconds",
		Help:    "Requests to the Incident API, each attempt by itself; outcome is ok or the reason of the failure.",
		Buckets: []float64{.005, .025, .1, .25, .5, 1, 2.5, 5, 10, 30},
	}, []string{"method", "outcome"})}
	build := prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name:        "incident_bot_build_info",
		Help:        "1, with the version that runs.",
		ConstLabels: prometheus.Labels{"version": currentVersion()},
	}, func() float64 { return 1 })
	registry := prometheus.NewRegistry()
	registry.MustRegister(o.calls, build,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return registry, o
}

// grafana notes one request.
func (o observer) grafana(method string, code incident.Code, took time.Duration) {
	outcome := string(code)
	if outcome == "" {
		outcome = "ok"
	}
	o.calls.WithLabelValues(method, outcome).Observe(took.Seconds())
}
