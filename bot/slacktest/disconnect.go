package slacktest

import (
	"context"
	"time"

	"github.com/gorilla/websocket"
)

// Sockets counts the sockets that payloads may go to.
func (s *Server) Sockets() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, k := range s.sockets {
		if k.open {
			n++
		}
	}
	return n
}

// WaitSocket waits until at least n sockets are open.
func (s *Server) WaitSocket(ctx context.Context, n int) error {
	return s.Await(ctx, func() bool { return s.Sockets() >= n })
}

// Disconnect tells every open socket to go, with one of Slack's reasons, and closes it Options.SocketGrace later; until
// then payloads may still arrive on it. After link_disabled every new socket is sent away too, until EnableSocketMode.
func (s *Server) Disconnect(reason string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if reason == "link_disabled" {
		s.disabled = true
	}
	for _, k := range s.sockets {
		k.disconnect(reason)
	}
}

// EnableSocketMode takes sockets again after link_disabled.
func (s *Server) EnableSocketMode() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.disabled = false
}

// disconnect sends the frame and closes later. The caller holds mu.
func (k *socket) disconnect(reason string) {
	if !k.open {
		return
	}
	k.write(k.goodbye(reason))
	k.s.later(k.s.opts.SocketGrace, k.shut)
}

func (k *socket) goodbye(reason string) []byte {
	return mustJSON(map[string]any{"type": "disconnect", "reason": reason, "debug_info": map[string]any{"host": k.host()}})
}

// shut ends the service of the socket with a close frame. The caller holds mu.
func (k *socket) shut() {
	k.open = false
	k.enqueue(outgoing{code: websocket.CloseNormalClosure})
	time.AfterFunc(closeWait, k.drop)
	k.s.touch()
}

// refuse sends a new socket away at once. The caller holds mu.
func (k *socket) refuse(reason string) {
	k.refused = true
	k.write(k.goodbye(reason))
	k.shut()
}

// Cut resets every socket, as a dying network does.
func (s *Server) Cut() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, k := range s.sockets {
		k.open = false
		k.raw.reset()
	}
	s.touch()
}

// Mute makes the sockets that are open now half-open: nothing is read and nothing sent, yet the connection stands, takes
// its share of the payloads and counts among the sockets. Sockets opened later work. Mute(false) ends it.
func (s *Server) Mute(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, k := range s.sockets {
		k.muted = on
		k.raw.gate(on)
	}
}
