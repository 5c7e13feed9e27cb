package journal

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"
)

// BenchmarkPostgresPut puts from a number of goroutines, each into a lane of its own, and ends what was put.
func BenchmarkPostgresPut(b *testing.B) {
	s := newServer(b)
	for _, writers := range []int{1, 16, 64} {
		b.Run(fmt.Sprint("writers=", writers), func(b *testing.B) { benchPostgres(b, s, writers, false) })
	}
}

// BenchmarkPostgresStart puts and starts, and says how long it took from the put to the start.
func BenchmarkPostgresStart(b *testing.B) {
	s := newServer(b)
	for _, writers := range []int{1, 16, 64} {
		b.Run(fmt.Sprint("writers=", writers), func(b *testing.B) { benchPostgres(b, s, writers, true) })
	}
}

func benchPostgres(b *testing.B, s *server, writers int, start bool) {
	j := openIt(b, s.database(b), Options{Log: zerolog.Nop()}, usualTiming())
	took := make([][2][]time.Duration, writers)
	used := cpu(b)
	b.ResetTimer()
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() {
			for i := range max(1, b.N/writers) {
				e := benchEntry(w, i)
				e.Lane = fmt.Sprint("T0123456789/", w)
				began := time.Now()
				if seen, err := j.Put(b.Context(), e); seen || err != nil {
					b.Errorf("put: %v, %v", seen, err)
					return
				}
				took[w][0] = append(took[w][0], time.Since(began))
				if start {
					if ours, err := j.Start(b.Context(), e.ID); !ours || err != nil {
						b.Errorf("start: %v, %v", ours, err)
						return
					}
					took[w][1] = append(took[w][1], time.Since(began))
				}
				j.End(e.ID, false, "")
			}
		})
	}
	all.Wait()
	b.StopTimer()
	puts := float64(max(1, b.N/writers) * writers)
	b.ReportMetric(puts/b.Elapsed().Seconds(), "puts/s")
	b.ReportMetric(float64((cpu(b)-used).Microseconds())/puts, "cpu-µs/put")
	report(b, "ack", took, 0)
	if start {
		report(b, "start", took, 1)
	}
}

// report says what half and what 99 of 100 took at most.
func report(b *testing.B, what string, took [][2][]time.Duration, which int) {
	b.Helper()
	var all []time.Duration
	for _, t := range took {
		all = append(all, t[which]...)
	}
	slices.Sort(all)
	b.ReportMetric(float64(all[len(all)/2].Microseconds()), what+"-p50-µs")
	b.ReportMetric(float64(all[len(all)*99/100].Microseconds()), what+"-p99-µs")
}
