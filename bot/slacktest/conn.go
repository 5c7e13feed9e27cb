package slacktest

import (
	"net"
	"sync"
)

// gatedConn is a connection that can be made deaf and dumb without either end noticing, as a NAT that forgot it does.
// What is written meanwhile is kept, as a kernel would, and goes out when the gate opens.
type gatedConn struct {
	net.Conn
	mu   sync.Mutex
	shut chan struct{} // not nil while the gate is shut; closed when it opens
	held []byte
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
		_, _ = c.Conn.Write(c.held) // a failure shows at the next write
		close(c.shut)
		c.shut, c.held = nil, nil
	}
}

// Read gives nothing while the gate is shut.
func (c *gatedConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.mu.Lock()
	shut := c.shut
	c.mu.Unlock()
	if shut == nil {
		return n, err
	}
	select {
	case <-shut:
		return n, err
	case <-c.done:
		return 0, net.ErrClosed
	}
}

func (c *gatedConn) Write(p []byte) (int, error) {
	c.mu.Lock()
	if c.shut != nil {
		defer c.mu.Unlock()
		c.held = append(c.held, p...)
		return len(p), nil
	}
	c.mu.Unlock()
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
