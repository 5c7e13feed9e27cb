package journal

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync/atomic"
	"testing"
	"time"

	"incident-bot/bot"
)

// A cutter is a way to the server that can lose answers: when told to, it sends the next message on and breaks the
// connection before anything comes back.
type cutter struct {
	cut    atomic.Int64 // how many answers are still to be lost
	losses atomic.Int64
}

func (c *cutter) dial(ctx context.Context, network, address string) (net.Conn, error) {
	var d net.Dialer
	conn, err := d.DialContext(ctx, network, address)
	return &cutConn{Conn: conn, c: c}, err
}

type cutConn struct {
	net.Conn
	c    *cutter
	over atomic.Bool
}

func (c *cutConn) Write(b []byte) (int, error) {
	// 'S' at the end is the Sync that commits. (docs: protocol-message-formats)
	if bytes.HasSuffix(b, []byte{'S', 0, 0, 0, 4}) && bytes.Contains(b, []byte("journal lost")) && c.c.cut.Load() > 0 {
		c.c.cut.Add(-1)
		n, err := c.Conn.Write(b)
		answer := make([]byte, 1<<16)
		_, _ = c.Conn.Read(answer) // it is committed: the answer has come, and gets lost here
		c.over.Store(true)
		c.c.losses.Add(1)
		return n, errors.Join(err, io.ErrUnexpectedEOF)
	}
	return c.Conn.Write(b)
}

func (c *cutConn) Read(b []byte) (int, error) {
	if c.over.Load() {
		return 0, io.ErrUnexpectedEOF
	}
	return c.Conn.Read(b)
}

func failureLostAnswer(t *testing.T, _ *server, where string) {
	var c cutter
	p := openVia(t, where, c.dial)
	put(t, p, entry("warm up"))
	for i := range 20 {
		c.cut.Store(1)
		id := put(t, p, entry(fmt.Sprint("journal lost ", i)))
		if c.losses.Load() != int64(i+1) {
			t.Fatal("no answer was lost")
		}
		start(t, p, id)
	}
	if list := waiting(t, p); len(list) != 21 {
		t.Errorf("%d wait", len(list))
	}
	other := newReplica(t, where, steady())
	start(t, other, put(t, other, inLane("theirs", "first")))
	for i := range 20 {
		c.cut.Store(1)
		e := inLane("theirs", fmt.Sprint("journal lost there ", i))
		if put(t, p, e); !e.Elsewhere {
			t.Fatal("to be run here, though it is with the other process")
		}
		eventually(t, "the owner is given it", func() bool { return len(other.got()) == i+1 })
	}
}

// failureLostForGood: the answer gets lost until the caller has left, who thinks that nothing was taken.
func failureLostForGood(t *testing.T, _ *server, where string) {
	var c cutter
	p := openVia(t, where, c.dial)
	put(t, p, entry("warm up"))
	c.cut.Store(1000)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go func() { // the caller leaves when an answer was lost
		for c.losses.Load() == 0 && t.Context().Err() == nil {
			<-time.After(time.Millisecond)
		}
		cancel()
	}()
	if _, err := p.Put(ctx, entry("journal lost", "name")); !errors.Is(err, bot.ErrUnkept) || c.losses.Load() == 0 {
		t.Fatalf("put: %v, %d answers lost", err, c.losses.Load())
	}
	c.cut.Store(0)
	put(t, p, entry("journal lost", "name"))
	if list := waiting(t, p); keysOf(list) != "[warm up journal lost]" {
		t.Errorf("waiting: %s", keysOf(list))
	}
}

// openVia opens a journal whose connections are made by dial.
func openVia(t *testing.T, where string, dial func(context.Context, string, string) (net.Conn, error)) *postgres {
	t.Helper()
	p, err := openPostgresDialed(t.Context(), where, Options{}, steady(), dial)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() })
	return p
}
