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

	"incident-bot/incident/incidenttest"
)

// maxBinary is what the static binary may weigh. SQLite in pure Go and the driver of PostgreSQL are more than a third
// of it.
const maxBinary = 24 << 20

// nobody is the user of the image.
const nobody = 65532

// buildBinary builds the program as the image does, alone in a folder but for the image's folder of data.
func buildBinary(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	path := filepath.Join(root, "incident-bot")
	cmd := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w -X main.version=v0.0.0-test", "-o", path, ".")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	// The folder becomes the root of a process that is nobody's.
	for _, dir := range []string{filepath.Dir(root), root} {
		if err := os.Chmod(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	makeData(t, filepath.Join(root, dataFolder))
	return path
}

// dataFolder is the only place of the image that can be written to.
const dataFolder = "data"

// makeData makes the folder of data, which is nobody's where this test has the right to give it away.
func makeData(t *testing.T, path string) {
	t.Helper()
	if err := os.Mkdir(path, 0o700); err != nil {
		t.Fatal(err)
	}
	if os.Getuid() == 0 {
		if err := os.Chown(path, nobody, nobody); err != nil {
			t.Fatal(err)
		}
	}
}

// database is the DATABASE_URL of a binary that runs alone: as in the image where that is its root.
func database(binary, name string) string {
	if os.Getuid() == 0 {
		return "sqlite:///" + dataFolder + "/" + name
	}
	return "sqlite://" + filepath.Join(filepath.Dir(binary), dataFolder, name)
}

// alone prepares the binary to run as in the image: with an environment of its own, as nobody, in a root that holds
// nothing else but the folder of data. Without the rights for that it runs as whoever tests, where it is.
func alone(t *testing.T, binary string, env map[string]string, args ...string) *exec.Cmd {
	t.Helper()
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
	t.Run("nowhere to write", func(t *testing.T) { nowhere(t, binary) })
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
	env := w.env()
	env["DATABASE_URL"] = database(binary, "life.db")
	c := startChild(t, binary, env)
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
	info, err := os.Stat(filepath.Join(filepath.Dir(binary), dataFolder, "life.db"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("what people typed is to be kept for its owner alone: %v, %v", info, err)
	}
}

// nowhere starts where no database can be made: the person is told which variable that is about.
func nowhere(t *testing.T, binary string) {
	w := newWorld(t)
	env := w.env()
	env["DATABASE_URL"] = "sqlite:///nowhere/incident-bot.db"
	c := startChild(t, binary, env)
	c.wait()
	if code, said := c.cmd.ProcessState.ExitCode(), c.stderr.String(); code != exitFailed || !strings.HasPrefix(said, "incident-bot: DATABASE_URL: ") {
		t.Errorf("exit %d, stderr %q", code, said)
	}
}

// secondSignal stops while Grafana hangs: the first signal waits for it, the second does not.
func secondSignal(t *testing.T, binary string) {
	w := newWorld(t)
	env := w.env()
	env["DATABASE_URL"] = database(binary, "signal.db")
	c := startChild(t, binary, env)
	c.becomes(200, "ready")
	w.grafana.Fail("IncidentsService.CreateIncident", incidenttest.Fault{Hang: true})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
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
