package slacktest

import (
	"context"
	"math/rand/v2"
	"net"
	"net/http"
	"sync"
	"time"
)

// Options sets how strict and how patient the fake is. The zero value behaves like Slack.
type Options struct {
	// Now is the clock of trigger ids, response URLs, rate limits and message timestamps. Default time.Now.
	Now func() time.Time
	// AckTimeout is how long an envelope waits for its acknowledgement. Default 3 s.
	AckTimeout time.Duration
	// EventRetries are the waits before the first, second and third redelivery of an event that was not acknowledged.
	// Default 0, 1 min, 5 min (docs: apis/events-api). Empty but not nil: never.
	EventRetries []time.Duration
	// PingEvery is the pause between the server's pings on a socket. Default 10 s.
	PingEvery time.Duration
	// MaxSockets is the number of sockets an app may hold. Default 10 (docs: using-socket-mode).
	MaxSockets int
	// SocketLife is how long a socket lives before Slack asks for a refresh; 0 is for ever.
	SocketLife time.Duration
	// SocketGrace is the time between a disconnect frame and the close. Default 1 s.
	SocketGrace time.Duration
	// NoRateLimits answers any number of calls.
	NoRateLimits bool
	// Latency is added to every Web API call and response URL post.
	Latency time.Duration
	// KeepCalls bounds the memory of Calls: the oldest are forgotten. Default 10 000.
	KeepCalls int
	// Events are the bot events the app is subscribed to. Default app_mention and message.im.
	Events []string
	// NoEscape switches the should_escape of slash commands off.
	NoEscape bool
	// Seed picks the socket a payload goes to. The same seed gives the same picks.
	Seed uint64
	// Listener, if not nil, is served in place of a port on 127.0.0.1. See Pipe.
	Listener net.Listener
}

func (o Options) withDefaults() Options {
	if o.Now == nil {
		o.Now = time.Now
	}
	o.AckTimeout = orDefault(o.AckTimeout, 3*time.Second)
	o.PingEvery = orDefault(o.PingEvery, 10*time.Second)
	o.MaxSockets = orDefault(o.MaxSockets, 10)
	o.SocketGrace = orDefault(o.SocketGrace, time.Second)
	o.KeepCalls = orDefault(o.KeepCalls, 10_000)
	if o.EventRetries == nil {
		o.EventRetries = []time.Duration{0, time.Minute, 5 * time.Minute}
	}
	if o.Events == nil {
		o.Events = []string{"app_mention", "message.im"}
	}
	return o
}

func orDefault[T comparable](v, def T) T {
	var zero T
	if v == zero {
		return def
	}
	return v
}

// Server is one simulated Slack with one app, its workspaces and its sockets. Its methods may be called from any
// goroutine.
type Server struct {
	opts     Options
	appID    string
	appToken string
	base     string // http://127.0.0.1:port
	http     *http.Server
	methods  map[string]method
	done     chan struct{}
	wait     sync.WaitGroup

	mu       sync.Mutex // guards all that follows, and the unexported fields of what it reaches
	closed   bool
	rand     *rand.Rand
	ids      int
	lastTS   int64
	changed  chan struct{}
	tokens   map[string]*install
	teams    map[string]*Workspace
	users    map[string]*User
	channels map[string]*Channel
	calls    []Call
	notes    []string // violations
	faults   map[string][]*Fault
	tickets  map[string]bool
	sockets  []*socket
	sockSeq  int
	pending  map[string]*delivery
	finished map[string]*delivery
	stats    Stats
	triggers map[string]*trigger
	hooks    map[string]*hook
	views    map[string]*View
}

// New starts a simulated Slack.
func New(o Options) *Server {
	o = o.withDefaults()
	s := &Server{
		opts: o, appToken: "xapp-1-A0TEST-1-" + token(o.Seed), done: make(chan struct{}),
		rand:   rand.New(rand.NewPCG(o.Seed, 1)),
		tokens: map[string]*install{}, teams: map[string]*Workspace{}, users: map[string]*User{},
		channels: map[string]*Channel{}, faults: map[string][]*Fault{}, tickets: map[string]bool{},
		pending: map[string]*delivery{}, finished: map[string]*delivery{}, triggers: map[string]*trigger{},
		hooks: map[string]*hook{}, views: map[string]*View{},
	}
	s.appID = s.id("A")
	s.methods = methods()
	s.listen()
	return s
}

func (s *Server) listen() {
	l := s.opts.Listener
	if l == nil {
		var err error
		if l, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
			panic("slacktest: listen: " + err.Error()) // a machine without a loopback cannot run anything here
		}
	}
	s.base = "http://" + l.Addr().String()
	mux := http.NewServeMux()
	mux.HandleFunc("/api/", s.serveAPI)
	mux.HandleFunc("/link/", s.serveSocket)
	mux.HandleFunc("/commands/", s.serveHook)
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
	s.mu.Unlock()
	_ = s.http.Close()
	s.wait.Wait()
}

// Await waits until ok says so. It is asked again after every change of the server's state, and from time to time for
// the sake of conditions outside it. It must not be called from inside ok.
func (s *Server) Await(ctx context.Context, ok func() bool) error {
	for {
		s.mu.Lock()
		if s.changed == nil {
			s.changed = make(chan struct{})
		}
		changed := s.changed
		s.mu.Unlock()
		if ok() {
			return nil
		}
		outside := time.NewTimer(20 * time.Millisecond)
		select {
		case <-changed:
		case <-outside.C:
		case <-ctx.Done():
			outside.Stop()
			return ctx.Err()
		}
		outside.Stop()
	}
}

// touch wakes everybody in Await. The caller holds mu.
func (s *Server) touch() {
	if s.changed != nil {
		close(s.changed)
		s.changed = nil
	}
}

// violate records something that Slack would tolerate and a careful app does not do. The caller holds mu.
func (s *Server) violate(text string) {
	s.notes = append(s.notes, text)
	s.touch()
}

// Violations lists what the app did that Slack tolerates, hides or punishes later: a message without text beside its
// blocks, a payload in an acknowledgement that takes none, an acknowledgement of nothing.
func (s *Server) Violations() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.notes...)
}
