//go:build !unix

package demo

import "syscall"

func apart() *syscall.SysProcAttr { return nil }
