package journal

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"incident-bot/bot"
)

// benchAt opens a journal that says nothing.
func benchAt(b *testing.B, path string) Journal {
	b.Helper()
	j, err := Open(b.Context(), "sqlite:"+path, Options{Log: zerolog.Nop()})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = j.Close() })
	return j
}

// cpu is the processor time that the process has used.
func cpu(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// probe is how long a plain append and sync of a page takes in a folder: what no durable put alone can be faster than.
func probe(b *testing.B, dir string) time.Duration {
	b.Helper()
	f, err := os.Create(filepath.Join(dir, "probe"))
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	const rounds = 200
	page := make([]byte, 4096)
	began := time.Now()
	for range rounds {
		if _, err := f.Write(page); err != nil {
			b.Fatal(err)
		}
		if err := syscall.Fdatasync(int(f.Fd())); err != nil {
			b.Fatal(err)
		}
	}
	return time.Since(began) / rounds
}

// body is about what a command takes.
func body() []byte { return make([]byte, 1200) }

func benchEntry(worker, i int) *bot.Entry {
	return &bot.Entry{
		Key: fmt.Sprint("command:", worker, "/", i), Names: []string{fmt.Sprint("envelope:", worker, "/", i)},
		Workspace: "T0123456789", User: "U0123456789", Lane: "T0123456789/C0123456789", Received: time.Now(), Body: body(),
	}
}

// BenchmarkPut puts from a number of goroutines, and ends what was put, as the bot does.
func BenchmarkPut(b *testing.B) {
	for _, writers := range []int{1, 16, 64} {
		b.Run(fmt.Sprint("writers=", writers), func(b *testing.B) { benchPut(b, writers) })
	}
}

func benchPut(b *testing.B, writers int) {
	dir := b.TempDir()
	sync1 := probe(b, dir)
	j := benchAt(b, filepath.Join(dir, "journal.db"))
	used := cpu(b)
	b.ResetTimer()
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() {
			for i := range b.N / writers {
				e := benchEntry(w, i)
				if seen, err := j.Put(b.Context(), e); seen || err != nil {
					b.Errorf("put: %v, %v", seen, err)
					return
				}
				j.End(e.ID, false, "")
			}
		})
	}
	all.Wait()
	b.StopTimer()
	puts := float64(b.N / writers * writers)
	perSecond := puts / b.Elapsed().Seconds()
	b.ReportMetric(perSecond, "puts/s")
	b.ReportMetric(float64((cpu(b)-used).Microseconds())/puts, "cpu-µs/put")
	b.ReportMetric(float64(sync1.Microseconds()), "sync-µs")
	b.ReportMetric(perSecond*sync1.Seconds(), "puts/sync")
}

// BenchmarkPutToStart measures from the call of Put to the end of Start: how long a person waits for the handler to
// begin, because what was typed is written down first.
func BenchmarkPutToStart(b *testing.B) {
	for _, writers := range []int{1, 16, 64} {
		b.Run(fmt.Sprint("writers=", writers), func(b *testing.B) { benchStart(b, writers) })
	}
}

func benchStart(b *testing.B, writers int) {
	dir := b.TempDir()
	sync1 := probe(b, dir)
	j := benchAt(b, filepath.Join(dir, "journal.db"))
	took, afterCommit := make([][]time.Duration, writers), make([][]time.Duration, writers)
	b.ResetTimer()
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() {
			for i := range max(1, b.N/writers) {
				e := benchEntry(w, i)
				began := time.Now()
				if seen, err := j.Put(b.Context(), e); seen || err != nil {
					b.Errorf("put: %v, %v", seen, err)
					return
				}
				committed := time.Now()
				if ours, err := j.Start(b.Context(), e.ID); !ours || err != nil {
					b.Errorf("start: %v, %v", ours, err)
					return
				}
				took[w], afterCommit[w] = append(took[w], time.Since(began)), append(afterCommit[w], time.Since(committed))
				j.End(e.ID, false, "")
			}
		})
	}
	all.Wait()
	b.StopTimer()
	all1, after := slices.Concat(took...), slices.Concat(afterCommit...)
	slices.Sort(all1)
	slices.Sort(after)
	b.ReportMetric(micros(all1, 50), "p50-µs")
	b.ReportMetric(micros(all1, 99), "p99-µs")
	b.ReportMetric(micros(after, 99), "p99-after-commit-µs")
	b.ReportMetric(float64(sync1.Microseconds()), "sync-µs")
}

// micros gives a percentile of sorted times.
func micros(sorted []time.Duration, percent int) float64 {
	if len(sorted) == 0 {
		return 0
	}
	return float64(sorted[(len(sorted)-1)*percent/100].Nanoseconds()) / 1000
}
