//go:build !unix

package demo

import "syscall"

// apart asks for nothing where there are no process groups.
func apart() *syscall.SysProcAttr { return nil }
