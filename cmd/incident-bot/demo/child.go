package demo

import (
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"
)

// child is the bot as a process of its own.
type child struct {
	executable string
	env        []string
	log        tailLog

	mu   sync.Mutex
	cmd  *exec.Cmd
	done chan struct{}
}

// newChild takes the whole environment of the bot but for what a process needs to run at all: nothing that this
// process was given for a real Slack or Grafana reaches it.
func newChild(executable string, env []string) *child {
	for _, name := range []string{"PATH", "HOME", "TMPDIR", "SYSTEMROOT"} {
		if value, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+value)
		}
	}
	return &child{executable: executable, env: env}
}

// start starts the process.
func (c *child) start() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	cmd := exec.Command(c.executable)
	cmd.Env, cmd.Stdout, cmd.Stderr = c.env, &c.log, &c.log
	cmd.SysProcAttr = apart()
	if err := cmd.Start(); err != nil {
		return err
	}
	done := make(chan struct{})
	c.cmd, c.done = cmd, done
	go func() {
		defer close(done)
		_ = cmd.Wait()
	}()
	return nil
}

// exited is closed when the process has ended.
func (c *child) exited() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.done
}

// stopTime is how long the bot may take to finish what it does.
const stopTime = 25 * time.Second

// stop asks the process to end, and ends it when it does not.
func (c *child) stop() {
	c.end(syscall.SIGTERM, stopTime)
}

// kill ends the process without a word, as a crash does.
func (c *child) kill() { c.end(os.Kill, stopTime) }

func (c *child) end(how os.Signal, patience time.Duration) {
	c.mu.Lock()
	cmd, done := c.cmd, c.done
	c.mu.Unlock()
	if cmd == nil {
		return
	}
	_ = cmd.Process.Signal(how)
	select {
	case <-done:
	case <-time.After(patience):
		_ = cmd.Process.Kill()
		<-done
	}
}

// tail is the end of the log.
func (c *child) tail(lines int) string { return c.log.tail(lines) }

// logKept is how much of the log is kept.
const logKept = 64 << 10

// tailLog keeps the end of what is written.
type tailLog struct {
	mu   sync.Mutex
	text []byte
}

func (l *tailLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text = append(l.text, p...)
	if over := len(l.text) - logKept; over > 0 {
		l.text = append([]byte(nil), l.text[over:]...)
	}
	return len(p), nil
}

func (l *tailLog) tail(n int) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	lines := strings.Split(strings.TrimRight(string(l.text), "\n"), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}
