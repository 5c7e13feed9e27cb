package slacktest

import (
	"net"
	"time"
)

// Options sets how strict and how patient the fake is. The zero value behaves like Slack.
type Options struct {
	// Now is the clock of trigger ids, response URLs, rate limits and message timestamps. Default time.Now. Deadlines of
	// acknowledgements and waits before redelivery run on real time (or a synctest bubble's, see Pipe).
	Now func() time.Time
	// AckTimeout is how long an envelope waits for its acknowledgement. Default 3 s.
	AckTimeout time.Duration
	// EventRetries are the waits before the first, second and third redelivery of an event that was not acknowledged.
	// Default 0, 1 min, 5 min (docs: apis/events-api). Empty but not nil: never.
	EventRetries []time.Duration
	// SameSocketAcks makes an acknowledgement count only on the socket that its envelope came from. Whether Slack minds
	// is not documented; the default takes it from any socket and counts it in Stats.Elsewhere.
	SameSocketAcks bool

	// PingEvery is the pause between the server's pings on a socket. Default 10 s. Three pings without an answer end the
	// socket.
	PingEvery time.Duration
	// MaxSockets is the number of sockets an app may hold. Default 10 (docs: using-socket-mode).
	MaxSockets int
	// SocketLife is how long a socket lives before Slack asks for a refresh; 0 is for ever.
	SocketLife time.Duration
	// SocketGrace is the time between a disconnect frame and the close. Payloads may still arrive in it. Default 1 s.
	SocketGrace time.Duration
	// Seed picks the socket a payload goes to. The same seed gives the same picks and ids.
	Seed uint64

	// NoRateLimits answers any number of calls.
	NoRateLimits bool
	// Latency is added to every Web API call and response URL post.
	Latency time.Duration
	// KeepCalls bounds the memory of Calls: the oldest are forgotten. Default 10 000.
	KeepCalls int
	// KeepMessages bounds the messages kept per channel. Default 10 000.
	KeepMessages int

	// Events are the bot events the app is subscribed to ("app_mention", "message.im", "reaction_added", …). Default
	// app_mention and message.im. app_uninstalled and tokens_revoked are always sent.
	Events []string
	// UnfurlDomains are the hosts whose links make a link_shared event, if the app is subscribed to it.
	UnfurlDomains []string
	// HookReplaces makes replace_original on the response URL of a command change what that URL posted last. What Slack does
	// there is not documented; the default posts another message. Nothing posted yet is nothing to change: it posts.
	HookReplaces bool
	// NoEscape switches the should_escape of slash commands off.
	NoEscape bool

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
	o.KeepMessages = orDefault(o.KeepMessages, 10_000)
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
