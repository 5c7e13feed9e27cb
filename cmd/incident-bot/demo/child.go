package demo

import (
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"time"
)

// A child is one life of the bot: a process of its own.
type child struct {
	process *os.Process
	exited  chan struct{} // closed when it has ended
	state   *os.ProcessState
	began   time.Time
}

// program is what a child is made of.
type program struct {
	executable string
	env        []string // the whole environment
	dir        string   // an empty folder
	log        *tailLog
}

// launch starts a child. Where the system can, the child is told when this process dies without stopping it; Linux ties
// that to the thread that started the child, so the thread is kept until the child has ended (golang/go#27505).
func (p program) launch() (*child, error) {
	cmd := exec.Command(p.executable)
	cmd.Env, cmd.Dir, cmd.Stdout, cmd.Stderr = p.env, p.dir, p.log, p.log
	cmd.SysProcAttr = apart()
	// A grandchild that holds the log open must not keep the end of the child from being seen.
	cmd.WaitDelay = time.Second
	c := &child{exited: make(chan struct{}), began: time.Now()}
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		c.process = cmd.Process
		started <- err
		if err == nil {
			_ = cmd.Wait() // the state says how it ended
			c.state = cmd.ProcessState
			close(c.exited)
		}
	}()
	if err := <-started; err != nil {
		return nil, err
	}
	return c, nil
}

// end sends the child a signal and waits until it has ended; a child that does not end in time is killed. It says
// whether that was necessary.
func (c *child) end(how os.Signal, patience time.Duration) (killed bool) {
	if c.process.Signal(how) != nil { // it has ended, or the system has no such signal
		_ = c.process.Kill()
	}
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case <-c.exited:
	case <-timer.C:
		_ = c.process.Kill()
		<-c.exited
		killed = true
	}
	return killed
}

// how says how the child ended: "exit status 1", "signal: killed".
func (c *child) how() string { return c.state.String() }

// The signals that end a child: in order, and without a word.
const (
	inOrder = syscall.SIGTERM
	atOnce  = syscall.SIGKILL
)
