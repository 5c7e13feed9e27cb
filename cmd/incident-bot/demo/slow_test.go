package demo

import (
	"io"
	"net"
	"testing"
	"time"
)

// TestSlow delays what a server says, and ends the delay with the connection.
func TestSlow(t *testing.T) {
	by := &slowness{}
	l, err := listenSlowly(by)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	client, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = client.Close() }()
	server, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	says := func() time.Duration {
		began := time.Now()
		go func() { _, _ = server.Write([]byte("x")) }()
		if _, err := io.ReadFull(client, make([]byte, 1)); err != nil {
			t.Fatal(err)
		}
		return time.Since(began)
	}
	by.set(80 * time.Millisecond)
	if took := says(); took < 80*time.Millisecond {
		t.Errorf("it took %v", took)
	}
	by.set(0)
	says()
	by.set(time.Hour)
	failed := make(chan error)
	go func() { _, err := server.Write([]byte("x")); failed <- err }()
	_ = server.Close()
	_ = server.Close()
	if err := <-failed; err == nil {
		t.Error("a closed connection takes no words")
	}
}
