package slacktest

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// socket is one open Socket Mode connection.
type socket struct {
	s    *Server
	n    int
	conn *websocket.Conn
	raw  *gatedConn
	open bool // guarded by Server.mu: payloads may go here

	mu    sync.Mutex
	queue [][]byte
	ready chan struct{}
	end   chan struct{}
	once  sync.Once
}

func (s *Server) serveSocket(w http.ResponseWriter, r *http.Request) {
	if f := s.fault("handshake"); f != nil {
		s.serveFault(w, r, f)
		return
	}
	ticket := r.URL.Query().Get("ticket")
	s.mu.Lock()
	known := s.tickets[ticket]
	delete(s.tickets, ticket)
	s.mu.Unlock()
	if !known {
		http.Error(w, "invalid ticket", http.StatusForbidden)
		return
	}
	up := websocket.Upgrader{WriteBufferSize: 32 << 10, CheckOrigin: func(*http.Request) bool { return true }}
	conn, err := up.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	raw, _ := conn.NetConn().(*gatedConn)
	k := &socket{s: s, conn: conn, raw: raw, ready: make(chan struct{}, 1), end: make(chan struct{})}
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		k.drop()
		return
	}
	s.sockSeq++
	k.n = s.sockSeq
	s.wait.Add(1)
	s.greet(k)
	s.mu.Unlock()
	defer s.wait.Done()
	go k.writeLoop()
	k.readLoop()
}

// greet says hello on a new socket. The caller holds mu.
func (s *Server) greet(k *socket) {
	s.sockets = append(s.sockets, k)
	k.open = true
	hello := map[string]any{
		"type": "hello", "num_connections": len(s.sockets),
		"connection_info": map[string]any{"app_id": s.appID},
		"debug_info":      map[string]any{"host": "applink-1", "build_number": 1, "approximate_connection_time": 18060},
	}
	k.writeJSON(hello)
	s.touch()
}

func (k *socket) writeJSON(v any) {
	b, err := json.Marshal(v)
	if err != nil {
		panic("slacktest: frame: " + err.Error())
	}
	k.write(b)
}

func (k *socket) write(b []byte) {
	k.mu.Lock()
	k.queue = append(k.queue, b)
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
			_ = k.conn.WriteControl(websocket.PingMessage, []byte("Ping from applink-1"), time.Now().Add(time.Second))
		case <-k.ready:
			k.mu.Lock()
			queue := k.queue
			k.queue = nil
			k.mu.Unlock()
			for _, b := range queue {
				if k.conn.WriteMessage(websocket.TextMessage, b) != nil {
					k.drop()
					return
				}
			}
		}
	}
}

func (k *socket) readLoop() {
	defer k.gone()
	for {
		_, b, err := k.conn.ReadMessage()
		if err != nil {
			return
		}
		var ack struct {
			EnvelopeID string          `json:"envelope_id"`
			Payload    json.RawMessage `json:"payload"`
		}
		err = json.Unmarshal(b, &ack)
		k.s.mu.Lock()
		if err != nil {
			k.s.violate("frame that is not JSON")
		} else {
			k.s.acknowledge(k, ack.EnvelopeID, ack.Payload)
		}
		k.s.mu.Unlock()
	}
}

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

// pick chooses a socket for a payload. The caller holds mu.
func (s *Server) pick() *socket {
	var open []*socket
	for _, k := range s.sockets {
		if k.open {
			open = append(open, k)
		}
	}
	if len(open) == 0 {
		return nil
	}
	return open[s.rand.IntN(len(open))]
}

// Sockets counts the open sockets.
func (s *Server) Sockets() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.sockets)
}

// WaitSocket waits until at least n sockets are open.
func (s *Server) WaitSocket(ctx context.Context, n int) error {
	return s.Await(ctx, func() bool { return s.Sockets() >= n })
}

// Disconnect tells every open socket to go, with one of Slack's reasons, and closes it SocketGrace later.
func (s *Server) Disconnect(reason string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, k := range s.sockets {
		k.writeJSON(map[string]any{"type": "disconnect", "reason": reason, "debug_info": map[string]any{"host": "applink-1"}})
		time.AfterFunc(s.opts.SocketGrace, k.drop)
	}
}

// Cut resets every open socket, as a dying network does.
func (s *Server) Cut() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, k := range s.sockets {
		k.open = false
		k.raw.reset()
	}
}

// Mute makes the sockets that are open now half-open: nothing is read and nothing sent, yet the connection stands.
// Sockets opened later work. Mute(false) ends it.
func (s *Server) Mute(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, k := range s.sockets {
		k.raw.gate(on)
	}
}

func (s *Server) wsURL() string { return "ws" + strings.TrimPrefix(s.base, "http") + "/link/" }
