//go:build unix && !linux

package demo

import "syscall"

// apart puts the bot into a process group of its own, so that Ctrl-C in the terminal is for the demo alone, which then
// stops the bot in order.
func apart() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }
