//go:build unix

package incidenttest

import (
	"net"
	"net/netip"
	"os"
	"syscall"
)

// hold keeps an address of this machine while nobody listens there: connections are refused, no other program is given
// the port, and no client of ours is connected to itself by being given it as its own. What it returns listens again.
func hold(addr string) func() (net.Listener, error) {
	fd, err := bind(addr)
	if err != nil {
		return func() (net.Listener, error) { return net.Listen("tcp", addr) }
	}
	held := os.NewFile(uintptr(fd), addr)
	return func() (net.Listener, error) {
		defer held.Close()
		if err := syscall.Listen(fd, syscall.SOMAXCONN); err != nil {
			return nil, os.NewSyscallError("listen", err)
		}
		return net.FileListener(held) // a copy
	}
}

// bind makes a socket that has an IPv4 address and does not listen.
func bind(addr string) (int, error) {
	at, err := netip.ParseAddrPort(addr)
	if err != nil {
		return 0, err
	}
	syscall.ForkLock.RLock()
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
	if err == nil {
		syscall.CloseOnExec(fd)
	}
	syscall.ForkLock.RUnlock()
	if err != nil {
		return 0, os.NewSyscallError("socket", err)
	}
	err = syscall.SetsockoptInt(fd, syscall.SOL_SOCKET, syscall.SO_REUSEADDR, 1)
	if err == nil {
		err = syscall.Bind(fd, &syscall.SockaddrInet4{Port: int(at.Port()), Addr: at.Addr().As4()})
	}
	if err != nil {
		_ = syscall.Close(fd)
		return 0, os.NewSyscallError("bind", err)
	}
	return fd, nil
}
