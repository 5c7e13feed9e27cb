package bench

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// glsa has a right checksum and opens nothing: the vector of Grafana's own tests.
const glsa = "glsa_iNValIdinValiDinvalidinvalidinva_5b582697"

// program builds the binary as the image has it.
func program(b *testing.B) string {
	b.Helper()
	exe := filepath.Join(b.TempDir(), "incident-bot")
	build := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", exe, "incident-bot/cmd/incident-bot")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatalf("build: %v\n%s", err, out)
	}
	return exe
}

// child is one of the three, running against its own peers.
type child struct {
	*peers
	cmd *exec.Cmd
	log bytes.Buffer
	up  time.Duration // from start to its first open socket
}

func start(b *testing.B, exe string, env ...string) *child {
	b.Helper()
	c := &child{peers: newPeers(b), cmd: exec.Command(exe)}
	c.cmd.Dir = b.TempDir()
	c.cmd.Stdout, c.cmd.Stderr = &c.log, &c.log
	c.cmd.Env = append(env, "HOME="+b.TempDir(), "HTTP_ADDR=127.0.0.1:0", "SLACK_SOCKETS=1", "LOG_LEVEL=warn",
		"SLACK_APP_TOKEN=xapp-1-A0BENCH01-1-bench", "SLACK_BOT_TOKEN=xoxb-1-1-bench", "SLACK_API_URL="+c.http.URL+"/api/",
		"GRAFANA_URL="+c.http.URL, "GRAFANA_SERVICE_ACCOUNT_TOKEN="+glsa)
	begin := time.Now()
	if err := c.cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		_ = c.cmd.Process.Signal(syscall.SIGTERM)
		_ = c.cmd.Wait()
	})
	select {
	case <-c.joined:
		c.up = time.Since(begin)
	case <-time.After(20 * time.Second):
		_ = c.cmd.Process.Kill()
		b.Fatalf("no socket opened in 20 s\n%s", &c.log)
	}
	return c
}

// cpu is the processor time the child has used.
func (c *child) cpu(b *testing.B) time.Duration {
	b.Helper()
	var total time.Duration
	tasks, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", c.cmd.Process.Pid))
	if err != nil || len(tasks) == 0 {
		b.Skip("this benchmark reads /proc/PID/task/*/schedstat, which Linux has")
	}
	for _, task := range tasks {
		if text, err := os.ReadFile(task); err == nil {
			ns, _ := strconv.ParseInt(strings.Fields(string(text))[0], 10, 64)
			total += time.Duration(ns)
		}
	}
	return total
}

// status gives a line of /proc/PID/status in KiB.
func (c *child) status(b *testing.B, name string) float64 {
	b.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", c.cmd.Process.Pid))
	if err != nil {
		b.Skip("this benchmark reads /proc/PID/status, which Linux has")
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, name+":"); ok {
			kib, _ := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			return kib
		}
	}
	b.Fatalf("no %s in status", name)
	return 0
}

// A turn is commands sent one after the other: the next when the last was answered.
type turn struct{ cpu, median time.Duration }

func (c *child) turn(b *testing.B, n int, text string) turn {
	b.Helper()
	took := make([]time.Duration, n)
	before := c.cpu(b)
	for i := range took {
		begin := time.Now()
		c.wait(c.command(fmt.Sprint(text, " ", c.next.Load()))) // a title that was declared minutes ago is asked about
		took[i] = time.Since(begin)
	}
	used := c.cpu(b) - before
	slices.Sort(took)
	return turn{cpu: used / time.Duration(n), median: took[n/2]}
}

// BenchmarkCommand is frame in → answer posted, all in turn (A B C D A B C D …) so that a machine whose speed drifts
// treats them alike: the bot, slack-go's handler, a bare loop, and the bot without its journal. One operation is one
// command to each. The ratios are the bot's to the others'.
func BenchmarkCommand(b *testing.B) {
	exe, self := program(b), os.Args[0]
	for _, word := range []string{"note #42 CPU back to normal", "declare checkout returns 500s sev:critical"} {
		name, _, _ := strings.Cut(word, " ")
		b.Run(name, func(b *testing.B) {
			rivals := []*child{start(b, exe), start(b, self, childEnv+"=slack-go"), start(b, self, childEnv+"=bare"), start(b, self, childEnv+"=memory")}
			for _, c := range rivals {
				c.turn(b, 300, word) // connections open, caches full
			}
			const round = 100
			sum := make([]turn, len(rivals))
			rounds := 0
			b.ResetTimer()
			for done := 0; done < b.N; done += round {
				for i, c := range rivals {
					t := c.turn(b, round, word)
					sum[i].cpu += t.cpu
					sum[i].median += t.median
				}
				rounds++
			}
			b.StopTimer()
			us := func(d time.Duration) float64 { return float64(d.Microseconds()) / float64(rounds) }
			b.ReportMetric(us(sum[0].cpu), "ours-cpu-µs")
			b.ReportMetric(us(sum[0].cpu)/us(sum[1].cpu), "cpu/slack-go")
			b.ReportMetric(us(sum[0].cpu)/us(sum[2].cpu), "cpu/bare")
			b.ReportMetric(us(sum[0].cpu)/us(sum[3].cpu), "cpu/unjournaled")
			b.ReportMetric(us(sum[0].median), "ours-median-µs")
			b.ReportMetric(us(sum[0].median)/us(sum[3].median), "median/unjournaled")
			b.ReportMetric(us(sum[0].median)/us(sum[1].median), "median/slack-go")
			b.ReportMetric(us(sum[0].median)/us(sum[2].median), "median/bare")
		})
	}
}

// BenchmarkBurst is an evening on which everybody declares at once: 300 declarations in one channel, all sent before
// the first is answered. Slack takes about one message a second in a channel, so the cards come slowly; the answers
// must not wait for them. One operation is one burst, from its first frame to its last answer. Each has a channel of
// its own, as the cards of those before it are still on their way.
func BenchmarkBurst(b *testing.B) {
	const burst = 300
	c := start(b, program(b))
	c.turn(b, 20, "note #42 CPU back to normal")
	for channel := int64(0); b.Loop(); channel++ {
		var answers []<-chan struct{}
		for range burst {
			n := c.next.Add(1)
			answers = append(answers, c.commandIn(channel, n, fmt.Sprint("declare checkout returns 500s ", n)))
		}
		for _, a := range answers {
			c.wait(a)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N*burst), "ms/answer")
}

// BenchmarkStart is from exec to the first open socket, and what the process weighs once it idles. One operation is one
// start.
func BenchmarkStart(b *testing.B) {
	exe := program(b)
	size, err := os.Stat(exe)
	if err != nil {
		b.Fatal(err)
	}
	var ups []time.Duration
	var idle float64
	for b.Loop() {
		c := start(b, exe)
		ups = append(ups, c.up)
		b.StopTimer()
		c.turn(b, 20, "note #42 CPU back to normal")
		idle = max(idle, c.status(b, "VmRSS"))
		_ = c.cmd.Process.Signal(syscall.SIGTERM)
		_ = c.cmd.Wait()
		b.StartTimer()
	}
	slices.Sort(ups)
	b.ReportMetric(float64(ups[len(ups)/2].Microseconds())/1000, "start-median-ms")
	b.ReportMetric(idle/1024, "resident-MiB")
	b.ReportMetric(float64(size.Size())/(1<<20), "binary-MiB")
}
