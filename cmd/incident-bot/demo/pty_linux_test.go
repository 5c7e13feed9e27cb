package demo

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
	"golang.org/x/term"
)

// pty is a terminal of the system's: what is written to the keyboard is typed, what is read of it is on the screen.
type pty struct {
	t        *testing.T
	keyboard *os.File
	tty      *os.File
	screen   lockedBuffer
}

// newPTY opens a pseudo terminal of a size (pty(7)).
func newPTY(t *testing.T, columns, rows uint16) *pty {
	t.Helper()
	keyboard, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skipf("this machine has no pseudo terminals: %v", err)
	}
	p := &pty{t: t, keyboard: keyboard}
	if err := unix.IoctlSetPointerInt(int(keyboard.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		t.Fatalf("unlock the terminal: %v", err)
	}
	number, err := unix.IoctlGetInt(int(keyboard.Fd()), unix.TIOCGPTN)
	if err != nil {
		t.Fatalf("the terminal's number: %v", err)
	}
	if p.tty, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|syscall.O_NOCTTY, 0); err != nil {
		t.Skipf("this machine has no pseudo terminals: %v", err)
	}
	p.resize(columns, rows)
	go func() {
		chunk := make([]byte, 4096)
		for {
			n, err := keyboard.Read(chunk)
			_, _ = p.screen.Write(chunk[:n])
			if err != nil {
				return
			}
		}
	}()
	t.Cleanup(func() { _ = p.tty.Close(); _ = keyboard.Close() })
	return p
}

func (p *pty) resize(columns, rows uint16) {
	p.t.Helper()
	if err := unix.IoctlSetWinsize(int(p.keyboard.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Row: rows, Col: columns}); err != nil {
		p.t.Fatalf("resize the terminal: %v", err)
	}
}

func (p *pty) types(text string) {
	p.t.Helper()
	if _, err := p.keyboard.WriteString(text); err != nil {
		p.t.Fatal(err)
	}
}

func (p *pty) sees(text string) {
	p.t.Helper()
	eventually(p.t, text+" on the screen", func() bool { return strings.Contains(p.screen.String(), text) })
}

// runs starts the program itself as the leader of the terminal.
func (p *pty) runs(env ...string) (*exec.Cmd, <-chan error) {
	p.t.Helper()
	cmd := exec.Command(*botProgram, "demo")
	cmd.Stdin, cmd.Stdout, cmd.Stderr, cmd.Env = p.tty, p.tty, p.tty, append([]string{"TERM=xterm"}, env...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	p.t.Cleanup(func() { _ = cmd.Process.Kill() })
	return cmd, ended
}

// TestPseudoTerminal types into the program as it is shipped, at a terminal as it is, and ends it by each way there is.
// The terminal is left as it was, the exit code is 0, and no bot stays behind.
func TestPseudoTerminal(t *testing.T) {
	for name, leave := range map[string]func(p *pty, cmd *exec.Cmd){
		"Ctrl-C":       func(p *pty, _ *exec.Cmd) { p.types("half a line\x03") },
		"Ctrl-D":       func(p *pty, _ *exec.Cmd) { p.types("\x04") },
		"quit":         func(p *pty, _ *exec.Cmd) { p.types("quit\r") },
		"SIGTERM":      func(p *pty, cmd *exec.Cmd) { p.types("half a line"); _ = cmd.Process.Signal(syscall.SIGTERM) },
		"SIGHUP":       func(_ *pty, cmd *exec.Cmd) { _ = cmd.Process.Signal(syscall.SIGHUP) },
		"while asking": func(p *pty, cmd *exec.Cmd) { p.types("grafana slow\r/incident show 41\r\x04") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPTY(t, 60, 30)
			before, err := term.GetState(int(p.tty.Fd()))
			if err != nil {
				t.Fatal(err)
			}
			cmd, ended := p.runs("NO_COLOR=1", "GRAFANA_URL=https://acme.grafana.net")
			p.sees("GRAFANA_URL is set")
			p.sees("ana #ops> ")
			p.types("/incident show 41\r")
			p.sees("[Open in Grafana]")
			p.resize(40, 20)
			bots := children(t, cmd.Process.Pid)
			leave(p, cmd)
			select {
			case err := <-ended:
				if err != nil {
					t.Errorf("it ended by %v", err)
				}
			case <-time.After(leaveTime + 10*time.Second):
				t.Fatalf("it does not end:\n%s", p.screen.String())
			}
			if after, err := term.GetState(int(p.tty.Fd())); err != nil || *after != *before {
				t.Errorf("the terminal is left otherwise than it was: %v", err)
			}
			if len(bots) != 1 {
				t.Fatalf("%d bots ran", len(bots))
			}
			if _, err := os.Stat("/proc/" + bots[0]); err == nil {
				t.Error("the bot is still there")
			}
			if text := p.screen.String(); strings.Contains(strings.ReplaceAll(text, "\r\n", ""), "\n") || strings.Contains(text, "\x1b[36m") {
				t.Errorf("a line feed alone, or a colour in spite of NO_COLOR: %q", text)
			}
		})
	}
}

// children lists the processes that a process has started.
func children(t *testing.T, pid int) []string {
	t.Helper()
	var list []string
	tasks, err := os.ReadDir(fmt.Sprintf("/proc/%d/task", pid))
	if err != nil {
		t.Fatal(err)
	}
	for _, task := range tasks {
		text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/task/%s/children", pid, task.Name()))
		for one := range bytes.FieldsSeq(text) {
			list = append(list, string(one))
		}
	}
	return list
}
