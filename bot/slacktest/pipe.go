package slacktest

import (
	"context"
	"io"
	"net"
	"os"
	"sync"
	"time"
)

// Pipe is a listener in memory for Options.Listener: connections to it are made by DialContext alone and involve no
// operating system, so that a test inside a testing/synctest bubble can give its clients a fake clock.
type Pipe struct {
	conns chan net.Conn
	done  chan struct{}
	once  sync.Once
}

// NewPipe makes a listener that answers as host "slack.test".
func NewPipe() *Pipe { return &Pipe{conns: make(chan net.Conn), done: make(chan struct{})} }

// Accept waits for the next DialContext.
func (p *Pipe) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

// Close ends Accept and DialContext; open connections stay.
func (p *Pipe) Close() error {
	p.once.Do(func() { close(p.done) })
	return nil
}

// Addr is the host that the fake's addresses show.
func (p *Pipe) Addr() net.Addr { return pipeAddr{} }

// DialContext connects to the server, whatever the address. It fits http.Transport and websocket.Dialer.
func (p *Pipe) DialContext(ctx context.Context, _, _ string) (net.Conn, error) {
	up, down := newStream(), newStream()
	select {
	case p.conns <- &pipeConn{in: up, out: down}:
		return &pipeConn{in: down, out: up}, nil
	case <-p.done:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

type pipeAddr struct{}

func (pipeAddr) Network() string { return "pipe" }
func (pipeAddr) String() string  { return "slack.test" }

// stream is one direction of a connection: bytes without bound, as a roomy socket buffer.
type stream struct {
	mu     sync.Mutex
	data   []byte
	ended  bool          // the writer closed
	broken bool          // the reader closed
	signal chan struct{} // closed at the next change
}

func newStream() *stream { return &stream{signal: make(chan struct{})} }

func (st *stream) wake() {
	close(st.signal)
	st.signal = make(chan struct{})
}

func (st *stream) write(p []byte) (int, error) {
	st.mu.Lock()
	defer st.mu.Unlock()
	if st.ended || st.broken {
		return 0, io.ErrClosedPipe
	}
	st.data = append(st.data, p...)
	st.wake()
	return len(p), nil
}

func (st *stream) read(p []byte) (n int, signal chan struct{}, err error) {
	st.mu.Lock()
	defer st.mu.Unlock()
	switch {
	case st.broken:
		return 0, nil, net.ErrClosed
	case len(st.data) > 0:
		n = copy(p, st.data)
		st.data = st.data[n:]
		return n, nil, nil
	case st.ended:
		return 0, nil, io.EOF
	}
	return 0, st.signal, nil
}

func (st *stream) set(flag *bool) {
	st.mu.Lock()
	defer st.mu.Unlock()
	*flag = true
	st.wake()
}

type pipeConn struct {
	in, out *stream
	mu      sync.Mutex
	read    time.Time // deadline
}

func (c *pipeConn) Read(p []byte) (int, error) {
	for {
		n, signal, err := c.in.read(p)
		if n > 0 || err != nil || len(p) == 0 {
			return n, err
		}
		c.mu.Lock()
		deadline := c.read
		c.mu.Unlock()
		if deadline.IsZero() {
			<-signal
			continue
		}
		left := time.Until(deadline)
		if left <= 0 {
			return 0, os.ErrDeadlineExceeded
		}
		t := time.NewTimer(left)
		select {
		case <-signal:
		case <-t.C:
		}
		t.Stop()
	}
}

func (c *pipeConn) Write(p []byte) (int, error) { return c.out.write(p) }

func (c *pipeConn) Close() error {
	c.out.set(&c.out.ended)
	c.in.set(&c.in.broken)
	return nil
}

func (c *pipeConn) LocalAddr() net.Addr  { return pipeAddr{} }
func (c *pipeConn) RemoteAddr() net.Addr { return pipeAddr{} }

func (c *pipeConn) SetDeadline(t time.Time) error { return c.SetReadDeadline(t) }

func (c *pipeConn) SetReadDeadline(t time.Time) error {
	c.mu.Lock()
	c.read = t
	c.mu.Unlock()
	c.in.mu.Lock()
	defer c.in.mu.Unlock()
	c.in.wake() // readers look at the new deadline
	return nil
}

// SetWriteDeadline does nothing: writes never wait.
func (c *pipeConn) SetWriteDeadline(time.Time) error { return nil }
