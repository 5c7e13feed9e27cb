package incident

import (
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/rs/zerolog"
)

// Secret is a service account token that shows itself only to who asks for it.
type Secret interface{ Reveal() string }

// Config is what a Stack needs. URL and Token are required.
type Config struct {
	// URL is the stack, "https://my-stack.grafana.net", or a full API URL of either plugin; see CheckURL.
	URL string
	// Token is the service account's, role Editor; see CheckToken.
	Token Secret
	// HTTP gives the transport, to be shared by the stacks of a process; nil means one of the Stack's own, as NewHTTP
	// makes it. Time limits, redirects and cookies are the Stack's own affair, whatever the client says about them.
	HTTP *http.Client
	// Observe is told of every HTTP attempt: "IncidentsService.CreateIncident", the failure's code or "" for success, and
	// the time until the answer was read. It may be called from several goroutines at once. May be nil.
	Observe func(method string, code Code, took time.Duration)
	// Log gets a line at debug for every attempt, and bodies at trace. The zero Logger is silent.
	Log zerolog.Logger
	// UserAgent names the program, "incident-bot/1.2.3". The default is "incident-bot".
	UserAgent string

	timeout time.Duration // of one call with its retries; tests shorten it
}

// Format shows the stack's address alone, whatever the verb: a printer must not reach a token through the fields.
func (c Config) Format(f fmt.State, _ rune) {
	at, _ := parseAddress(c.URL)
	_, _ = io.WriteString(f, "incident.Config("+at.stack+")")
}
