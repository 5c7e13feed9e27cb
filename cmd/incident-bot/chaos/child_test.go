package chaos

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// child is one life of the bot's process.
type child struct {
	cmd  *exec.Cmd
	log  *logbook
	done chan struct{}
}

// startChild starts the binary with an environment of its own.
func startChild(t *testing.T, env map[string]string) *child {
	t.Helper()
	c := &child{cmd: exec.Command(os.Getenv(binaryEnv)), log: &logbook{}, done: make(chan struct{})}
	c.cmd.Env = []string{}
	for k, v := range env {
		c.cmd.Env = append(c.cmd.Env, k+"="+v)
	}
	out := io.Writer(c.log)
	if dir := os.Getenv("CHAOS_LOG"); dir != "" { // to be read afterwards
		f, err := os.OpenFile(filepath.Join(dir, strings.ReplaceAll(t.Name(), "/", "-")+".log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = f.Close() })
		out = io.MultiWriter(c.log, f)
	}
	c.cmd.Stdout, c.cmd.Stderr = out, out
	if err := c.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { defer close(c.done); _ = c.cmd.Wait() }()
	return c
}

// kill ends the process as a crash does, and waits until it is gone.
func (c *child) kill() {
	_ = c.cmd.Process.Kill()
	<-c.done
}

// ended says whether the process is gone.
func (c *child) ended() bool {
	select {
	case <-c.done:
		return true
	default:
		return false
	}
}

// ready asks /readyz; the status is 0 while nothing answers.
func (c *child) ready() (status int, body string) {
	addr := c.log.addr()
	if addr == "" {
		return 0, "not listening"
	}
	client := http.Client{Timeout: 5 * time.Second}
	resp, err := client.Get("http://" + addr + "/readyz")
	if err != nil {
		return 0, err.Error()
	}
	defer func() { _ = resp.Body.Close() }()
	text, _ := io.ReadAll(resp.Body)
	return resp.StatusCode, string(text)
}

// logKept is how much of a log is remembered.
const logKept = 256 << 10

// logbook keeps the beginning and the end of what a process writes. It may be read meanwhile.
type logbook struct {
	mu    sync.Mutex
	first []byte // up to the line that says where the process listens
	http  string
	rest  []byte
}

func (l *logbook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.http == "" && len(l.first) < logKept {
		l.first = append(l.first, p...)
		l.http = listening(l.first)
	}
	l.rest = append(l.rest, p...)
	if len(l.rest) > 2*logKept {
		l.rest = append([]byte(nil), l.rest[len(l.rest)-logKept:]...)
	}
	return len(p), nil
}

// listening finds the address in the log's first line.
func listening(log []byte) string {
	for line := range bytes.Lines(log) {
		var one struct{ Message, HTTP string }
		if json.Unmarshal(line, &one) == nil && one.Message == "starting" {
			return one.HTTP
		}
	}
	return ""
}

func (l *logbook) addr() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.http
}

// tail gives the last lines.
func (l *logbook) tail(n int) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	lines := strings.Split(strings.TrimRight(string(l.rest), "\n"), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}
