package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"incident-bot/bot/slacktest"
	"incident-bot/incident/incidenttest"
)

// maxBinary is what the static binary may weigh.
const maxBinary = 20 << 20

// nobody is the user of the image.
const nobody = 65532

// buildBinary builds the program as the image does, alone in a folder.
func buildBinary(tb testing.TB) string {
	tb.Helper()
	root := tb.TempDir()
	path := filepath.Join(root, "incident-bot")
	cmd := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w -X main.version=v0.0.0-test", "-o", path, ".")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		tb.Fatalf("%v\n%s", err, out)
	}
	// The folder becomes the root of a process that is nobody's.
	for _, dir := range []string{filepath.Dir(root), root} {
		if err := os.Chmod(dir, 0o755); err != nil {
			tb.Fatal(err)
		}
	}
	return path
}

// alone prepares the binary to run as in the image: with an environment of its own, as nobody, in a root that holds
// nothing else. Without the rights for that it runs as whoever tests, where it is.
func alone(tb testing.TB, binary string, env map[string]string, args ...string) *exec.Cmd {
	tb.Helper()
	cmd := exec.Command(binary, args...)
	if os.Getuid() == 0 {
		cmd = exec.Command("/incident-bot", args...)
		cmd.Dir = "/"
		cmd.SysProcAttr = &syscall.SysProcAttr{
			Chroot:     filepath.Dir(binary),
			Credential: &syscall.Credential{Uid: nobody, Gid: nobody},
		}
	}
	cmd.Env = []string{}
	for k, v := range env {
		cmd.Env = append(cmd.Env, k+"="+v)
	}
	return cmd
}

// TestBinary lives a life in an empty root, as the container does.
func TestBinary(t *testing.T) {
	binary := buildBinary(t)
	t.Run("size", func(t *testing.T) {
		info, err := os.Stat(binary)
		if err != nil {
			t.Fatal(err)
		}
		if info.Size() > maxBinary {
			t.Errorf("%d bytes, at most %d", info.Size(), maxBinary)
		}
	})
	t.Run("version", func(t *testing.T) {
		out, err := alone(t, binary, nil, "version").Output()
		if err != nil || !strings.HasPrefix(string(out), "incident-bot v0.0.0-test go1.") {
			t.Errorf("%q, %v", out, err)
		}
	})
	t.Run("without configuration", func(t *testing.T) {
		cmd := alone(t, binary, nil)
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		_ = cmd.Run()
		if code := cmd.ProcessState.ExitCode(); code != exitUsage || !strings.Contains(stderr.String(), "No workspace is configured") {
			t.Errorf("exit %d, %s", code, stderr.String())
		}
	})
	t.Run("life", func(t *testing.T) { life(t, binary) })
	t.Run("second signal", func(t *testing.T) { secondSignal(t, binary) })
}

// child is the binary running against the fakes.
type child struct {
	*program
	cmd *exec.Cmd
}

func startChild(t *testing.T, binary string, env map[string]string) child {
	t.Helper()
	c := child{&program{t: t, done: make(chan struct{})}, alone(t, binary, env)}
	c.cmd.Stdout, c.cmd.Stderr = &c.stdout, &c.stderr
	if err := c.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { defer close(c.done); _ = c.cmd.Wait() }()
	t.Cleanup(func() {
		_ = c.cmd.Process.Kill()
		<-c.done
		if t.Failed() {
			t.Logf("log:\n%s\nstderr:\n%s", c.stdout.String(), c.stderr.String())
		}
	})
	return c
}

func life(t *testing.T, binary string) {
	w := newWorld(t)
	c := startChild(t, binary, w.env())
	c.becomes(200, "ready")
	if out, err := alone(t, binary, map[string]string{"HTTP_ADDR": c.addr()}, "healthcheck").CombinedOutput(); err != nil {
		t.Errorf("healthcheck: %v %s", err, out)
	}
	w.ana.Command(w.ops, "/incident", "declare from an empty root")
	sees(t, w.ana, w.ops, "from an empty root")
	if err := c.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	c.wait()
	if code := c.cmd.ProcessState.ExitCode(); code != exitOK {
		t.Errorf("exit %d after SIGTERM", code)
	}
}

// secondSignal stops while Grafana hangs: the first signal waits for it, the second does not.
func secondSignal(t *testing.T, binary string) {
	w := newWorld(t)
	c := startChild(t, binary, w.env())
	c.becomes(200, "ready")
	w.grafana.Fail("IncidentsService.CreateIncident", incidenttest.Fault{Hang: true})
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if _, err := w.ana.Command(w.ops, "/incident", "declare never").Acked(ctx); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	_ = c.cmd.Process.Signal(syscall.SIGTERM)
	c.becomes(503, "stopping")
	_ = c.cmd.Process.Signal(syscall.SIGTERM)
	c.wait()
	if took := time.Since(began); took > drain/2 {
		t.Errorf("it took %v after the second signal", took)
	}
	if c.cmd.ProcessState.Success() {
		t.Error("a stop that was cut short is no success")
	}
}

// BenchmarkProcess measures what the README says can be measured: the size of the binary, the time from its start to
// the first open socket, and the memory of the idle process.
func BenchmarkProcess(b *testing.B) {
	binary := buildBinary(b)
	info, err := os.Stat(binary)
	if err != nil {
		b.Fatal(err)
	}
	var toSocket time.Duration
	var resident float64
	for b.Loop() {
		took, memory := idle(b, binary)
		toSocket += took
		resident += memory
	}
	b.ReportMetric(0, "ns/op") // a life takes as long as it is told to
	b.ReportMetric(float64(info.Size())/(1<<20), "MiB-binary")
	b.ReportMetric(float64(toSocket.Microseconds())/1000/float64(b.N), "ms-to-socket")
	b.ReportMetric(resident/float64(b.N), "MiB-idle")
}

// idle starts the binary, waits for its socket, lets it be for a second and reads its memory.
func idle(b *testing.B, binary string) (toSocket time.Duration, mib float64) {
	b.Helper()
	slack := slacktest.New(slacktest.Options{})
	defer slack.Close()
	grafana := incidenttest.New(incidenttest.Options{})
	defer grafana.Close()
	w := &world{slack: slack, grafana: grafana, team: slack.NewWorkspace("Acme"), token: grafana.NewToken(incidenttest.Editor)}
	env := w.env()
	env["LOG_LEVEL"] = "info"
	cmd := alone(b, binary, env)
	began := time.Now()
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	defer func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	if err := slack.WaitSocket(ctx, 1); err != nil {
		b.Fatal(err)
	}
	toSocket = time.Since(began)
	<-time.After(time.Second)
	return toSocket, residentMiB(b, cmd.Process.Pid)
}
