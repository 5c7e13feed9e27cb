package demo

import "syscall"

// apart puts the bot into a process group of its own, so that Ctrl-C in the terminal is for the demo alone, which then
// stops the bot in order; and has it stopped when the demo dies without doing so.
func apart() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGTERM}
}
