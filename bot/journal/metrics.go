package journal

import (
	"errors"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// metrics are the figures of a journal. Every implementation keeps the same.
type metrics struct {
	attempts prometheus.Counter
	dead     prometheus.Counter
	syncs    prometheus.Counter
	commits  prometheus.Histogram
	puts     prometheus.Histogram
}

// namespace begins every name.
const namespace = "incident_bot"

// newMetrics registers the figures with r; with nil they are kept and shown to nobody. depth counts what waits and what
// runs, and says for how long the oldest has waited.
func newMetrics(r prometheus.Registerer, depth func() (waiting, running int, oldest time.Duration)) (*metrics, error) {
	m := &metrics{
		attempts: counter("inbox_attempts_total", "Starts of handlers, further attempts included."),
		dead:     counter("inbox_dead_total", "Deliveries that were given up."),
		syncs:    counter("inbox_syncs_total", "Commits that waited for the disk. SQLite only."),
		commits: histogram("inbox_commit_seconds", "From the start of a commit to its end.",
			.0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5),
		puts: histogram("inbox_puts_per_commit", "Deliveries that shared a commit.", 1, 2, 4, 8, 16, 32, 64, 128, 256),
	}
	if r == nil {
		return m, nil
	}
	var problems []error
	for _, c := range []prometheus.Collector{
		m.attempts, m.dead, m.syncs, m.commits, m.puts,
		depthOf("waiting", func() float64 { n, _, _ := depth(); return float64(n) }),
		depthOf("running", func() float64 { _, n, _ := depth(); return float64(n) }),
		prometheus.NewGaugeFunc(
			prometheus.GaugeOpts{Namespace: namespace, Name: "inbox_oldest_seconds", Help: "For how long the oldest delivery has waited."},
			func() float64 { _, _, age := depth(); return age.Seconds() }),
	} {
		problems = append(problems, r.Register(c))
	}
	return m, errors.Join(problems...)
}

// committed notes a commit, and how many deliveries it took in.
func (m *metrics) committed(took time.Duration, puts int) {
	m.commits.Observe(took.Seconds())
	if puts > 0 {
		m.puts.Observe(float64(puts))
	}
}

// watchFailing registers the figure that says whether nothing can be kept, as failing has it.
func watchFailing(r prometheus.Registerer, failing func() bool) error {
	if r == nil {
		return nil
	}
	return r.Register(prometheus.NewGaugeFunc(
		prometheus.GaugeOpts{Namespace: namespace, Name: "inbox_failing", Help: "1 while nothing can be kept, 0 otherwise."},
		func() float64 {
			if failing() {
				return 1
			}
			return 0
		}))
}

func depthOf(name string, read func() float64) prometheus.Collector {
	return prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Namespace: namespace, Name: "inbox_deliveries", Help: "Deliveries that wait or run.",
		ConstLabels: prometheus.Labels{"state": name},
	}, read)
}

func counter(name, help string) prometheus.Counter {
	return prometheus.NewCounter(prometheus.CounterOpts{Namespace: namespace, Name: name, Help: help})
}

func histogram(name, help string, buckets ...float64) prometheus.Histogram {
	return prometheus.NewHistogram(prometheus.HistogramOpts{Namespace: namespace, Name: name, Help: help, Buckets: buckets})
}
