package demo

import (
	"io"
	"os"
	"os/signal"
	"syscall"
)

// outlet is a standard output that somebody may stop reading: then the demo ends in order, where a process is otherwise
// killed by the system, which would leave the bot and its folder behind.
type outlet struct {
	io.Writer
	broken func()
}

// heldOpen calls broken when nothing can be written any more.
func heldOpen(out io.Writer, broken func()) io.Writer {
	// Whoever takes the signal gets an error from the write instead (docs: os/signal, SIGPIPE). The signal itself says
	// nothing: it may be about any connection.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	return outlet{out, broken}
}

// Write writes, and says so when that cannot be done.
func (o outlet) Write(p []byte) (int, error) {
	n, err := o.Writer.Write(p)
	if err != nil {
		o.broken()
	}
	return n, err
}
