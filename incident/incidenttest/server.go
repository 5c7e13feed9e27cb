package incidenttest

import (
	"fmt"
	"net"
	"sync"
	"time"
)

// Server is a running stack.
type Server struct {
	o       Options
	addr    string
	methods map[string]method
	closed  chan struct{}
	once    sync.Once

	mu       sync.Mutex // guards everything below
	org      org
	records  []*record // in the order they were declared
	byID     map[string]*record
	last     int // last incident id
	items    int // last id of anything else
	accounts map[string]*account
	calls    []*Call
	faults   []*armed
	sleeping bool
	missing  bool // the plugin is not installed

	door
}

// New starts an empty stack on a loopback address. It panics when there is no address to listen on.
func New(o Options) *Server {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.PluginID == "" {
		o.PluginID = "grafana-irm-app"
	}
	s := &Server{o: o, methods: methods(), closed: make(chan struct{}), accounts: map[string]*account{}, byID: map[string]*record{}}
	s.org = newOrg(s.stamp())
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(fmt.Sprintf("incidenttest: listen: %v", err))
	}
	s.addr = listener.Addr().String()
	s.listen(listener)
	return s
}

// URL is the stack's address, without a slash at the end.
func (s *Server) URL() string { return "http://" + s.addr }

// Sleep makes every call be answered as for a stack that is asleep, until it is called with false.
func (s *Server) Sleep(on bool) { s.set(func() { s.sleeping = on }) }

// Uninstall takes the plugin away, or with false puts it back. What the stack holds stays.
func (s *Server) Uninstall(on bool) { s.set(func() { s.missing = on }) }

func (s *Server) set(change func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change()
}

// now is the stack's time, in UTC.
func (s *Server) now() time.Time { return s.o.Now().UTC() }

// stamp is now as the API writes it.
func (s *Server) stamp() string { return s.now().Format(time.RFC3339Nano) }
