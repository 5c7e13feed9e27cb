package slacktest

import (
	"net"
	"sync"
)

// gatedConn is a connection that can be made deaf and dumb without either end noticing, as a NAT that forgot it does.
type gatedConn struct {
	net.Conn
	mu   sync.Mutex
	shut chan struct{} // not nil while the gate is shut; closed when it opens
	done chan struct{}
	once sync.Once
}

type gatedListener struct{ net.Listener }

func (l gatedListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &gatedConn{Conn: c, done: make(chan struct{})}, nil
}

func (c *gatedConn) gate(shut bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case shut && c.shut == nil:
		c.shut = make(chan struct{})
	case !shut && c.shut != nil:
		close(c.shut)
		c.shut = nil
	}
}

func (c *gatedConn) wait() error {
	c.mu.Lock()
	shut := c.shut
	c.mu.Unlock()
	if shut == nil {
		return nil
	}
	select {
	case <-shut:
		return nil
	case <-c.done:
		return net.ErrClosed
	}
}

func (c *gatedConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if gate := c.wait(); gate != nil {
		return 0, gate
	}
	return n, err
}

func (c *gatedConn) Write(p []byte) (int, error) {
	if err := c.wait(); err != nil {
		return 0, err
	}
	return c.Conn.Write(p)
}

func (c *gatedConn) Close() error {
	c.once.Do(func() { close(c.done) })
	return c.Conn.Close()
}

// reset closes the connection so that the other end sees a reset, not an end.
func (c *gatedConn) reset() {
	if t, ok := c.Conn.(*net.TCPConn); ok {
		_ = t.SetLinger(0)
	}
	_ = c.Close()
}
