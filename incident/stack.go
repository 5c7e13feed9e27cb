package incident

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	api "github.com/grafana/incident-go"
	"github.com/rs/zerolog"
)

// callTimeout bounds one call with its retries. A person waits meanwhile.
const callTimeout = 10 * time.Second

// Stack is one Grafana stack, called with one service account's token. It may be used by many goroutines at once. It
// is cheap: besides its lists it holds a client over the transport that it was given.
type Stack struct {
	at      address
	guard   *guard
	http    *http.Client
	api     *api.Client
	log     zerolog.Logger
	timeout time.Duration

	severities *cache[severityList]
	statuses   *cache[[]Status]
	roles      *cache[[]Role]
	users      *cache[[]User]
	spelling   atomic.Int32 // the form of a status that UpdateStatus took last
}

// New makes a Stack and calls nothing. The error is for people: it says what is wrong with the address or the token, and
// the fix.
func New(c Config) (*Stack, error) {
	at, err := parseAddress(c.URL)
	if err != nil {
		return nil, fmt.Errorf("the address of the Grafana stack cannot be used: %w", err)
	}
	if c.Token == nil {
		return nil, fmt.Errorf("the service account token cannot be used: %w", CheckToken(""))
	}
	if err := CheckToken(c.Token.Reveal()); err != nil {
		return nil, fmt.Errorf("the service account token cannot be used: %w", err)
	}
	s := &Stack{at: at, guard: newGuard(c), log: c.Log, timeout: callTimeout}
	if c.timeout > 0 {
		s.timeout = c.timeout
	}
	s.http = &http.Client{Transport: s.guard}
	s.api = &api.Client{RemoteHost: at.base(), HTTPClient: s.http, Debug: func(string) {}}
	s.severities = newCache(s.fetchSeverities)
	s.statuses = newCache(s.fetchStatuses)
	s.roles = newCache(s.fetchRoles)
	s.users = newCache(s.fetchUsers)
	return s, nil
}

func newGuard(c Config) *guard {
	token := c.Token
	g := &guard{
		auth:    func() string { return "Bearer " + unwrap(token.Reveal()) },
		agent:   c.UserAgent,
		observe: c.Observe,
		log:     c.Log,
	}
	if g.agent == "" {
		g.agent = "incident-bot"
	}
	if c.HTTP == nil {
		c.HTTP = NewHTTP()
	}
	if g.next = c.HTTP.Transport; g.next == nil {
		g.next = http.DefaultTransport
	}
	return g
}

// NewHTTP makes a client whose transport suits a Stack, to be shared by all stacks of a process. It speaks HTTP/1, where
// it is known exactly whether a request was written; see request.
func NewHTTP() *http.Client {
	var protocols http.Protocols
	protocols.SetHTTP1(true)
	return &http.Client{Transport: &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            (&net.Dialer{Timeout: 5 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		Protocols:              &protocols,
		TLSHandshakeTimeout:    5 * time.Second,
		ResponseHeaderTimeout:  callTimeout,
		IdleConnTimeout:        60 * time.Second,
		MaxIdleConns:           64,
		MaxIdleConnsPerHost:    4,
		MaxConnsPerHost:        16,
		MaxResponseHeaderBytes: 64 << 10,
	}}
}

// Format shows the address alone, whatever the verb: a printer must not reach a token through the fields.
func (s *Stack) Format(f fmt.State, _ rune) {
	if s == nil {
		_, _ = io.WriteString(f, "<nil>")
		return
	}
	_, _ = io.WriteString(f, "incident.Stack("+s.at.stack+")")
}
