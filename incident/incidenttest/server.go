package incidenttest

import (
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"
)

// Options say how the stack behaves. The zero Options are a stack as grafana/gcx found it.
type Options struct {
	// Now is the stack's clock; nil means time.Now.
	Now func() time.Time
	// SearchLag is how long a change stays unseen by QueryIncidentPreviews and QueryIncidents.
	SearchLag time.Duration
	// Latency is waited before every answer.
	Latency time.Duration
	// PluginID is the plugin that is installed; "" means "grafana-irm-app".
	PluginID string
	// HonourSeverityOnCreate makes CreateIncident take the severity it is sent, as grafana/oncall expects, and answer an
	// unknown one with 500. Without it the severity is ignored and every incident starts as Pending, as gcx found.
	HonourSeverityOnCreate bool
	// StatusBySlug makes UpdateStatus take slugs alone for statuses of the stack's own; StatusByID, ids alone. Names are
	// taken otherwise. "active" and "resolved" always work.
	StatusBySlug, StatusByID bool
	// BadQueryInBand answers a bad query string with an error in a 200 instead of a 400.
	BadQueryInBand bool
	// UnknownInBand answers for an unknown incident with a 200 that holds no incident instead of a 404.
	UnknownInBand bool
	// OldForbidden refuses a role that is too low with Grafana's older body, {"message":"Permission denied"}.
	OldForbidden bool
	// NoSeverities leaves SeveritiesService out, on both bases.
	NoSeverities bool
}

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
	last     int       // last incident id
	items    int       // last id of anything else
	accounts map[string]*account
	calls    []Call
	faults   []*armed
	sleeping bool
	missing  bool // the plugin is not installed

	door     sync.Mutex // guards http and listener
	http     *http.Server
	listener net.Listener
}

// New starts an empty stack on a loopback address. It panics when there is no address to listen on.
func New(o Options) *Server {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.PluginID == "" {
		o.PluginID = "grafana-irm-app"
	}
	s := &Server{o: o, methods: methods(), closed: make(chan struct{}), accounts: map[string]*account{}}
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

// Close ends the stack and every call that hangs.
func (s *Server) Close() {
	s.once.Do(func() { close(s.closed) })
	s.Down(true)
}

// Down makes the stack refuse connections, and cuts those that are open, until it is called with false: then it listens
// at the same address again. It panics when another program has taken the address.
func (s *Server) Down(on bool) {
	s.door.Lock()
	defer s.door.Unlock()
	if on && s.http != nil {
		_ = s.listener.Close() // the server does not know it yet when it has just been started
		_ = s.http.Close()
		s.http = nil
		return
	}
	if on || s.http != nil || s.isClosed() {
		return
	}
	listener, err := net.Listen("tcp", s.addr)
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
	s.http, s.listener = server, listener
	go func() { _ = server.Serve(listener) }()
}

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
