package slacktest

import (
	"math/rand/v2"
	"net"
	"net/http"
	"sync"
	"time"
)

// Server is one simulated Slack with one app, its workspaces and its sockets. Its methods may be called from any
// goroutine.
type Server struct {
	opts     Options
	appID    string
	appToken string
	base     string // http://127.0.0.1:port
	http     *http.Server
	methods  map[string]method
	events   map[string]bool // subscriptions
	done     chan struct{}
	wait     sync.WaitGroup

	mu       sync.Mutex // guards all that follows, and the unexported fields of what it reaches
	closed   bool
	rand     *rand.Rand
	ids      int
	lastTS   int64
	changed  chan struct{}
	notes    []string // violations
	tokens   map[string]*install
	teams    map[string]*Workspace
	users    map[string]*User
	channels map[string]*Channel
	calls    ring[Call]
	faults   map[string][]*Fault
	limits   *limiter
	triggers *recent[*trigger]
	hooks    *recent[*hook]
	views    map[string]*View

	tickets  *recent[bool]
	disabled bool // Socket Mode was switched off
	sockets  []*socket
	sockSeq  int
	pending  map[string]*delivery
	finished *recent[*ended]
	poison   map[*Act]time.Time // acts whose acknowledgement was too long, to be delivered at each reconnect until then
	stats    Stats
}

// New starts a simulated Slack.
func New(o Options) *Server {
	o = o.withDefaults()
	s := &Server{
		opts: o, rand: rand.New(rand.NewPCG(o.Seed, 1)), methods: methods(), events: map[string]bool{},
		done: make(chan struct{}), tokens: map[string]*install{}, teams: map[string]*Workspace{},
		users: map[string]*User{}, channels: map[string]*Channel{}, calls: ring[Call]{max: o.KeepCalls},
		faults: map[string][]*Fault{}, limits: newLimiter(), triggers: newRecent[*trigger](),
		hooks: newRecent[*hook](), views: map[string]*View{}, tickets: newRecent[bool](),
		pending: map[string]*delivery{}, finished: newRecent[*ended](), poison: map[*Act]time.Time{},
	}
	s.appID = s.id("A")
	s.appToken = "xapp-1-" + s.appID + "-1-" + s.secret(48)
	for _, e := range o.Events {
		s.events[e] = true
	}
	s.listen()
	return s
}

func (s *Server) listen() {
	l := s.opts.Listener
	if l == nil {
		var err error
		if l, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
			panic("slacktest: listen: " + err.Error()) // nothing runs on a machine without a loopback
		}
	}
	s.base = "http://" + l.Addr().String()
	mux := http.NewServeMux()
	mux.HandleFunc("/api/", s.serveAPI)
	mux.HandleFunc("/link/", s.serveSocket)
	mux.HandleFunc("/commands/", s.serveHook)
	mux.HandleFunc("/actions/", s.serveHook)
	s.http = &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	s.wait.Go(func() { _ = s.http.Serve(gatedListener{l}) })
}

// APIURL is where the Web API answers, with a trailing slash, as SLACK_API_URL wants it.
func (s *Server) APIURL() string { return s.base + "/api/" }

// AppToken is the app-level token, with the scope connections:write.
func (s *Server) AppToken() string { return s.appToken }

// AppID is the app's id.
func (s *Server) AppID() string { return s.appID }

// Close ends every socket and call and waits for their goroutines.
func (s *Server) Close() {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return
	}
	s.closed = true
	close(s.done)
	for _, d := range s.pending {
		d.stop()
	}
	for _, k := range s.sockets {
		k.drop()
	}
	s.touch()
	s.mu.Unlock()
	_ = s.http.Close()
	s.wait.Wait()
}

// later runs f with mu held after the wait, unless the server is closed by then.
func (s *Server) later(wait time.Duration, f func()) *time.Timer {
	return time.AfterFunc(wait, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if !s.closed {
			f()
		}
	})
}
