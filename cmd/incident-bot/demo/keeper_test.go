//go:build unix

package demo

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// kept is a keeper of a shell script that stands in for the bot: it is ready when it has written "ready".
type kept struct {
	*keeper
	cancel context.CancelFunc

	mu   sync.Mutex
	told []string
	gone bool
}

func keeping(t *testing.T, script string) (*kept, error) {
	t.Helper()
	k := &kept{}
	log := &tailLog{}
	lives := func() int { return strings.Count(strings.Join(log.tail(1000), "\n"), "ready") }
	before := 0
	k.keeper = &keeper{
		program: program{executable: fake(t, script), env: []string{"MARK=given"}, dir: t.TempDir(), log: log},
		reset:   func() { before = lives() },
		ready: func(ctx context.Context) error {
			err := poll(ctx, func() bool { return lives() > before })
			_ = os.WriteFile(filepath.Join(k.program.dir, "seen"), nil, 0o600)
			return err
		},
		tell: func(what string, gone bool) {
			k.mu.Lock()
			defer k.mu.Unlock()
			k.told, k.gone = append(k.told, what), gone
		},
	}
	ctx, cancel := context.WithCancel(t.Context())
	k.cancel = cancel
	t.Cleanup(func() { cancel(); <-k.done })
	return k, startKeeper(ctx, k.keeper)
}

// poll waits for a condition.
func poll(ctx context.Context, ok func() bool) error {
	again := time.NewTicker(5 * time.Millisecond)
	defer again.Stop()
	for !ok() {
		select {
		case <-again.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// eventually waits for a condition, for a minute at most.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if poll(ctx, ok) != nil {
		t.Fatalf("not in a minute: %s", what)
	}
}

func (k *kept) heard() ([]string, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return append([]string(nil), k.told...), k.gone
}

// dead says whether a process is gone for good: it has ended, and was waited for.
func dead(process *os.Process) bool {
	return syscall.Kill(process.Pid, 0) == syscall.ESRCH
}

const lives = "trap 'echo leaving; exit 0' TERM; echo ready; while :; do sleep 0.05; done"

// TestKeeperEnds ends the bot in order when the demo ends, and leaves no zombie.
func TestKeeperEnds(t *testing.T) {
	c := &child{}
	k, err := keeping(t, "echo pid $$; "+lives)
	if err != nil {
		t.Fatal(err)
	}
	var pid int
	for _, row := range k.program.log.tail(10) {
		if text, ok := strings.CutPrefix(row, "pid "); ok {
			pid = atoi(t, text)
		}
	}
	c.process, _ = os.FindProcess(pid)
	if dead(c.process) {
		t.Fatal("it does not live")
	}
	k.cancel()
	<-k.done
	if !dead(c.process) {
		t.Error("the bot still lives, or is a zombie")
	}
	if got := strings.Join(k.program.log.tail(1), ""); got != "leaving" {
		t.Errorf("the last it said is %q", got)
	}
}

// TestKeeperAgain ends the bot when it is asked to, and starts it again.
func TestKeeperAgain(t *testing.T) {
	k, err := keeping(t, lives)
	if err != nil {
		t.Fatal(err)
	}
	if err := k.again(t.Context(), inOrder); err != nil {
		t.Error(err)
	}
	if err := k.again(t.Context(), atOnce); err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff([]string{"ready", "leaving", "ready", "ready"}, k.program.log.tail(10)); diff != "" {
		t.Errorf("its lives:\n%s", diff)
	}
	if told, gone := k.heard(); told != nil || gone {
		t.Errorf("what was asked for is no news: %q", told)
	}
	k.cancel()
	<-k.done
	if err := k.again(t.Context(), inOrder); err == nil {
		t.Error("a keeper that has ended starts nothing")
	}
}

// TestKeeperRevives starts a bot that died by itself again, gives up a bot that does so again and again, shows the end
// of its log, and tries once more when asked.
func TestKeeperRevives(t *testing.T) {
	k, err := keeping(t, "echo ready; [ -e fine ] || { until [ -e seen ]; do sleep 0.01; done; rm seen; echo out of memory >&2; exit 7; }\n"+lives)
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, "it is given up", func() bool { _, gone := k.heard(); return gone })
	told, _ := k.heard()
	if len(told) != deaths {
		t.Errorf("told %d times: %q", len(told), told)
	}
	for i, one := range told {
		if !strings.Contains(one, "exit status 7") || !strings.Contains(one, "out of memory") {
			t.Errorf("%d: %s", i, one)
		}
	}
	if !strings.Contains(told[0], "is started again") || !strings.Contains(told[deaths-1], "restart bot tries again") {
		t.Errorf("told: %q", told)
	}
	if err := os.WriteFile(k.program.dir+"/fine", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := k.again(t.Context(), inOrder); err != nil {
		t.Error(err)
	}
}

// TestKeeperStart says why a bot does not start.
func TestKeeperStart(t *testing.T) {
	for name, c := range map[string]struct{ script, want string }{
		"ends": {"echo no token is set >&2; exit 2", "the bot ended at its start (exit status 2); the end of its log:\nno token is set"},
		"dies": {"kill -9 $$", "the bot ended at its start (signal: killed)"},
	} {
		if _, err := keeping(t, c.script); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	k := &keeper{program: program{executable: "/does/not/exist"}, reset: func() {}}
	if err := startKeeper(t.Context(), k); err == nil || !strings.Contains(err.Error(), "start the bot: ") {
		t.Errorf("no such program: %v", err)
	}
}

// TestKeeperInterrupted ends while the bot starts, which never gets ready.
func TestKeeperInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	log := &tailLog{}
	k := &keeper{
		program: program{executable: fake(t, "echo here; while :; do sleep 0.05; done"), dir: t.TempDir(), log: log},
		reset:   func() {},
		ready: func(ctx context.Context) error {
			_ = poll(ctx, func() bool { return len(log.tail(1)) > 0 })
			cancel()
			<-ctx.Done()
			return ctx.Err()
		},
	}
	if err := startKeeper(ctx, k); err == nil {
		t.Error("it was not ready")
	}
}

// TestChildEnd kills a child that does not leave in time.
func TestChildEnd(t *testing.T) {
	log := &tailLog{}
	c, err := program{executable: fake(t, "trap '' TERM; echo stubborn; while :; do sleep 0.05; done"), dir: t.TempDir(), log: log}.launch()
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, "it has begun", func() bool { return len(log.tail(1)) > 0 })
	if killed := c.end(inOrder, 50*time.Millisecond); !killed {
		t.Error("it left by itself")
	}
	if !dead(c.process) || c.how() != "signal: killed" {
		t.Errorf("it lives, or %s", c.how())
	}
	if killed := c.end(inOrder, time.Minute); killed {
		t.Error("a dead child is not killed again")
	}
}

// TestChildEnvironment gives the child its own environment and folder.
func TestChildEnvironment(t *testing.T) {
	t.Setenv("SLACK_BOT_TOKEN", "xoxb-of-a-real-bot")
	k, err := keeping(t, "env; pwd; "+lives)
	if err != nil {
		t.Fatal(err)
	}
	log := strings.Join(k.program.log.tail(50), "\n")
	if strings.Contains(log, "of-a-real-bot") || !strings.Contains(log, "MARK=given") || !strings.Contains(log, k.program.dir) {
		t.Errorf("the child says:\n%s", log)
	}
}

func atoi(t *testing.T, text string) int {
	t.Helper()
	n := 0
	for _, r := range text {
		if r < '0' || r > '9' {
			t.Fatalf("%q is no number", text)
		}
		n = 10*n + int(r-'0')
	}
	return n
}
