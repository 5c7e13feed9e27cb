package demo

import (
	"net"
	"sync/atomic"
	"time"
)

// slowness is how late a server's words arrive; it may be changed at any time.
type slowness struct{ nanos atomic.Int64 }

func (s *slowness) set(d time.Duration) { s.nanos.Store(int64(d)) }

// slowListener is a loopback listener whose server's words arrive late, as over a bad line: answers of the Web API and
// frames of sockets alike.
type slowListener struct {
	net.Listener
	by *slowness
}

// listenSlowly listens on a free port of this machine.
func listenSlowly(by *slowness) (net.Listener, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	return slowListener{l, by}, err
}

func (l slowListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &slowConn{Conn: c, by: l.by, closed: make(chan struct{})}, nil
}

// slowConn delays what is written.
type slowConn struct {
	net.Conn
	by     *slowness
	closed chan struct{}
	ended  atomic.Bool
}

func (c *slowConn) Write(p []byte) (int, error) {
	if late := time.Duration(c.by.nanos.Load()); late > 0 {
		timer := time.NewTimer(late)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-c.closed:
			return 0, net.ErrClosed
		}
	}
	return c.Conn.Write(p)
}

func (c *slowConn) Close() error {
	if c.ended.CompareAndSwap(false, true) {
		close(c.closed)
	}
	return c.Conn.Close()
}
