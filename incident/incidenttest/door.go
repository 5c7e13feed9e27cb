package incidenttest

import (
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"
)

// door is where calls come in.
type door struct {
	doorMu   sync.Mutex // guards all of it
	http     *http.Server
	listener net.Listener
	reopen   func() (net.Listener, error) // nil while the door is open
}

// Close ends the stack and every call that hangs.
func (s *Server) Close() {
	s.once.Do(func() { close(s.closed) })
	s.doorMu.Lock()
	defer s.doorMu.Unlock()
	s.reopen = nil
	s.shut()
}

// Down makes the stack refuse connections, and cuts those that are open, until it is called with false: then it listens
// at the same address again. It panics when another program has taken the address, which it cannot where the system lets
// an address be held.
func (s *Server) Down(on bool) {
	s.doorMu.Lock()
	defer s.doorMu.Unlock()
	if s.isClosed() {
		return
	}
	if on {
		if s.shut() {
			s.reopen = hold(s.addr)
		}
		return
	}
	if s.reopen == nil {
		return
	}
	listener, err := s.reopen()
	if err != nil {
		panic(fmt.Sprintf("incidenttest: listen again: %v", err))
	}
	s.listen(listener)
}

func (s *Server) isClosed() bool {
	select {
	case <-s.closed:
		return true
	default:
		return false
	}
}

// listen answers calls from a listener on. The door is held, but by New.
func (s *Server) listen(listener net.Listener) {
	server := &http.Server{Handler: s, ReadHeaderTimeout: 10 * time.Second}
	s.http, s.listener, s.reopen = server, listener, nil
	go func() { _ = server.Serve(listener) }()
}

// shut stops listening and cuts what is open. It says whether there was anything to shut.
func (s *Server) shut() bool {
	if s.http == nil {
		return false
	}
	_ = s.listener.Close() // the server does not know it yet when it has just been started
	_ = s.http.Close()
	s.http, s.listener = nil, nil
	return true
}
