package slacktest

import (
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
)

// pingsMax is the number of pings that may go unanswered before the socket is given up.
const pingsMax = 3

// closeWait bounds the wait for the app's half of a close handshake.
const closeWait = time.Second

// socket is one open Socket Mode connection.
type socket struct {
	s    *Server
	n    int
	conn *websocket.Conn
	raw  *gatedConn
	// These are guarded by Server.mu.
	open    bool // payloads may go here
	refused bool // no longer counted: one too many, Socket Mode is off, or given up
	muted   bool

	unanswered atomic.Int32 // pings

	mu    sync.Mutex
	queue []outgoing
	ready chan struct{}
	end   chan struct{}
	once  sync.Once
}

// outgoing is a text frame, or a close frame when code is not 0.
type outgoing struct {
	text []byte
	code int
	why  string
}

func (s *Server) serveSocket(w http.ResponseWriter, r *http.Request) {
	if f := s.fault("handshake"); f != nil {
		s.serveFault(w, r, f)
		return
	}
	ticket := r.URL.Query().Get("ticket")
	s.mu.Lock()
	fresh, _ := s.tickets.get(ticket)
	if fresh {
		s.tickets.put(ticket, false) // the address works once
	}
	s.mu.Unlock()
	if !fresh {
		http.Error(w, "the ticket was used or never given", http.StatusForbidden)
		return
	}
	up := websocket.Upgrader{WriteBufferSize: 32 << 10, CheckOrigin: func(*http.Request) bool { return true }}
	conn, err := up.Upgrade(w, r, nil)
	if err != nil {
		return // the upgrader has answered
	}
	raw, _ := conn.NetConn().(*gatedConn)
	k := &socket{s: s, conn: conn, raw: raw, ready: make(chan struct{}, 1), end: make(chan struct{})}
	if !s.admit(k) {
		k.drop()
		return
	}
	defer s.wait.Done()
	var writing sync.WaitGroup
	writing.Go(k.writeLoop)
	k.readLoop()
	k.gone()
	writing.Wait()
}

// admit takes a new socket in and says hello, or sends it away. It is false when the server is closing.
func (s *Server) admit(k *socket) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return false
	}
	s.wait.Add(1)
	s.sockSeq++
	k.n = s.sockSeq
	held := s.held()
	s.sockets = append(s.sockets, k)
	switch {
	case s.disabled:
		k.refuse("link_disabled")
		return true
	case held >= s.opts.MaxSockets:
		k.write(k.hello(held + 1))
		k.refuse("too_many_websockets")
		return true
	}
	k.open = true
	s.stats.Opened++
	k.write(k.hello(held + 1))
	if s.opts.SocketLife > 0 {
		s.later(s.opts.SocketLife, func() { k.disconnect("refresh_requested") })
	}
	s.resendPoison(k)
	s.touch()
	return true
}

// held counts the sockets that Slack counts: those it has not noticed to be dead too. The caller holds mu.
func (s *Server) held() int {
	n := 0
	for _, k := range s.sockets {
		if !k.refused {
			n++
		}
	}
	return n
}

func (k *socket) host() string { return fmt.Sprintf("applink-%d", k.n) }

func (k *socket) hello(connections int) []byte {
	return mustJSON(map[string]any{
		"type": "hello", "num_connections": connections, "connection_info": map[string]any{"app_id": k.s.appID},
		"debug_info": map[string]any{
			"host": k.host(), "build_number": 1, "approximate_connection_time": 18060, // docs: using-socket-mode
		},
	})
}

func (k *socket) write(text []byte) { k.enqueue(outgoing{text: text}) }

func (k *socket) enqueue(o outgoing) {
	k.mu.Lock()
	k.queue = append(k.queue, o)
	k.mu.Unlock()
	select {
	case k.ready <- struct{}{}:
	default:
	}
}

func (k *socket) writeLoop() {
	ping := time.NewTicker(k.s.opts.PingEvery)
	defer ping.Stop()
	for {
		select {
		case <-k.end:
			return
		case <-ping.C:
			if !k.ping() {
				return
			}
		case <-k.ready:
			if !k.flush() {
				return
			}
		}
	}
}

// flush writes what is queued and says whether the socket is still good.
func (k *socket) flush() bool {
	k.mu.Lock()
	queue := k.queue
	k.queue = nil
	k.mu.Unlock()
	for _, o := range queue {
		var err error
		if o.code != 0 {
			err = k.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(o.code, o.why), time.Now().Add(closeWait))
		} else {
			err = k.conn.WriteMessage(websocket.TextMessage, o.text)
		}
		if err != nil {
			k.drop()
			return false
		}
	}
	return true
}

// ping pings, and gives up a socket that has not answered the last pings. A muted one just goes out of service: the app
// is told nothing of it, as on a connection that some NAT forgot.
func (k *socket) ping() bool {
	if k.unanswered.Add(1) > pingsMax {
		k.s.mu.Lock()
		defer k.s.mu.Unlock()
		k.open, k.refused = false, true
		k.s.touch()
		if !k.muted {
			k.s.violate(fmt.Sprintf("socket %d did not answer %d pings", k.n, pingsMax))
			k.drop()
		}
		return k.muted
	}
	err := k.conn.WriteControl(websocket.PingMessage, []byte("Ping from "+k.host()), time.Now().Add(closeWait))
	return err == nil
}

func (k *socket) readLoop() {
	k.conn.SetPongHandler(func(string) error {
		k.unanswered.Store(0)
		return nil
	})
	for {
		kind, b, err := k.conn.ReadMessage()
		if err != nil {
			return
		}
		if len(b) > frameMax {
			k.s.tooLong(b)
			k.enqueue(outgoing{code: websocket.CloseMessageTooBig, why: "Max frame length of 20480 has been exceeded"})
			k.leave()
			continue
		}
		if kind != websocket.TextMessage {
			k.s.mu.Lock()
			k.s.violate("a binary frame")
			k.s.mu.Unlock()
			continue
		}
		k.s.receive(k, b)
	}
}

// leave takes the socket out of service and ends it when the app has not closed its half in time.
func (k *socket) leave() {
	k.s.mu.Lock()
	defer k.s.mu.Unlock()
	k.open = false
	k.s.touch()
	time.AfterFunc(closeWait, k.drop)
}

// gone forgets a socket that has ended.
func (k *socket) gone() {
	k.drop()
	k.s.mu.Lock()
	defer k.s.mu.Unlock()
	k.open = false
	for i, other := range k.s.sockets {
		if other == k {
			k.s.sockets = append(k.s.sockets[:i:i], k.s.sockets[i+1:]...)
			break
		}
	}
	k.s.touch()
}

// drop ends the connection without a word.
func (k *socket) drop() {
	k.once.Do(func() { close(k.end) })
	_ = k.conn.Close()
}

// pick chooses a socket for a payload, without any pattern (docs: using-socket-mode). The caller holds mu.
func (s *Server) pick() *socket {
	n := 0
	for _, k := range s.sockets {
		if k.open {
			n++
		}
	}
	if n == 0 {
		return nil
	}
	n = s.rand.IntN(n)
	for _, k := range s.sockets {
		if k.open {
			if n == 0 {
				return k
			}
			n--
		}
	}
	return nil
}
