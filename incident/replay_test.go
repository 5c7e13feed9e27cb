package incident

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// committer is a server that counts what it committed, and resets connections after it did.
type committer struct {
	url     string
	commits atomic.Int32
	resets  atomic.Int32
}

// newCommitter answers the first few requests of a connection and resets it once the next one is read and committed.
func newCommitter(t *testing.T, answered int) *committer {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	c := &committer{url: "http://" + l.Addr().String()}
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go c.serve(conn.(*net.TCPConn), answered)
		}
	}()
	return c
}

func (c *committer) serve(conn *net.TCPConn, answered int) {
	defer conn.Close()
	in := bufio.NewReader(conn)
	for n := 0; ; n++ {
		r, err := http.ReadRequest(in)
		if err != nil {
			return
		}
		_, _ = io.Copy(io.Discard, r.Body)
		c.commits.Add(1)
		if n >= answered {
			c.resets.Add(1)
			_ = conn.SetLinger(0) // RST instead of FIN
			return
		}
		w := httptest.NewRecorder()
		_, _ = io.WriteString(w, oneIncident)
		resp := w.Result()
		resp.ContentLength = int64(len(oneIncident))
		_ = resp.Write(conn)
	}
}

// net/http sends some requests again by itself when a kept connection turns out dead. A change that was committed before
// the connection broke must not be one of them.
func TestCommittedThenReset(t *testing.T) {
	for name, answered := range map[string]int{"a new connection": 0, "a kept connection": 1} {
		t.Run(name, func(t *testing.T) {
			server := newCommitter(t, answered)
			client := NewHTTP()
			defer client.CloseIdleConnections()
			s := newTestStack(t, server.url, client.Transport)
			for range answered {
				if _, err := s.Declare(within(t), Declaration{Title: "x"}); err != nil {
					t.Fatal(err)
				}
			}
			before := server.commits.Load()
			_, err := s.Declare(within(t), Declaration{Title: "x"})
			if e := wantCode(t, err, Lost); !e.Uncertain() {
				t.Error("it happened, and the error says that it did not")
			}
			if n := server.commits.Load() - before; n != 1 {
				t.Errorf("one change was committed %d times", n)
			}
		})
	}
}

// The same over connections that the server closes while they idle or work: a change is made once, or not at all and
// then its error says so or is uncertain, but never twice.
func TestConnectionsThatDie(t *testing.T) {
	var mu sync.Mutex
	commits := map[string]int{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var in struct{ Title string }
		if json.NewDecoder(r.Body).Decode(&in) != nil {
			return
		}
		mu.Lock()
		commits[in.Title]++
		mu.Unlock()
		_, _ = io.WriteString(w, oneIncident)
	}))
	client := NewHTTP()
	defer client.CloseIdleConnections()
	s := newTestStack(t, server.URL, client.Transport)
	failed := map[string]*Error{}
	var closing sync.WaitGroup
	for i := range 300 {
		title := fmt.Sprint("outage ", i)
		if _, err := s.Declare(within(t), Declaration{Title: title}); err != nil {
			failed[title] = fault(t, err)
		}
		closing.Go(server.CloseClientConnections)
	}
	closing.Wait()
	server.Close() // waits for what is still at work
	mu.Lock()
	defer mu.Unlock()
	for i := range 300 {
		title := fmt.Sprint("outage ", i)
		made, err := commits[title], failed[title]
		if err == nil && made != 1 || made > 1 || made == 1 && err != nil && !err.Uncertain() {
			t.Errorf("%s: %d commits, %v", title, made, err)
		}
	}
}

// The transport replays by GetBody. Over HTTP/1 it does so only when nothing was written; over HTTP/2 also after a
// reset by PROTOCOL_ERROR, which proves nothing, so a change is not given to it a second time.
func TestReplayOverHTTP2(t *testing.T) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ProtoMajor != 2 {
			t.Errorf("%s", r.Proto)
		}
		_, _ = io.WriteString(w, oneIncident)
	}))
	server.EnableHTTP2 = true
	server.StartTLS()
	defer server.Close()
	var replayed error
	s := newTestStack(t, server.URL, roundTripper(func(r *http.Request) (*http.Response, error) {
		resp, err := server.Client().Transport.RoundTrip(r)
		_, replayed = r.GetBody()
		return resp, err
	}))
	if _, err := s.Declare(within(t), Declaration{Title: "x"}); err != nil || replayed != errNoReplay {
		t.Errorf("%v; a change over HTTP/2 may be sent again: %v", err, replayed)
	}
	if _, err := s.Incident(within(t), "42"); err != nil || replayed != nil {
		t.Errorf("%v; a read over HTTP/2 may not be sent again: %v", err, replayed)
	}
}

// A replay over HTTP/1 starts from a clean slate: if the second connection is refused, nothing was sent at all.
func TestReplayOverHTTP1(t *testing.T) {
	s := newTestStack(t, "https://my-stack.grafana.net", roundTripper(func(r *http.Request) (*http.Response, error) {
		gotConn(r.Context(), &net.TCPConn{})
		body, err := r.GetBody()
		if err != nil {
			t.Error(err)
		}
		if got := drain(body); len(got) == 0 {
			t.Error("the replay has no body")
		}
		return nil, &net.OpError{Op: "dial", Err: io.EOF}
	}))
	s.timeout = 50 * time.Millisecond
	_, err := s.Declare(within(t), Declaration{Title: "x"})
	if e := wantCode(t, err, Unavailable); e.Uncertain() {
		t.Error("nothing was written, and the error says that it may have been")
	}
}

func gotConn(ctx context.Context, c net.Conn) {
	httptrace.ContextClientTrace(ctx).GotConn(httptrace.GotConnInfo{Conn: c})
}

func TestUntrustedCertificate(t *testing.T) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("reached") }))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	defer server.Close()
	s := newTestStack(t, server.URL, &http.Transport{TLSClientConfig: &tls.Config{}})
	s.timeout = 300 * time.Millisecond
	_, err := s.Declare(within(t), Declaration{Title: "x"})
	wantCode(t, err, Unavailable)
}
