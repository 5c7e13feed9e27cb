package incident

import "time"

// Code says what kind of failure an Error is. It is also the metric's label.
type Code string

// The codes of Error.
const (
	Unauthorized  Code = "unauthorized"   // 401: the token is unknown, expired, revoked, of another organisation
	Forbidden     Code = "forbidden"      // 403: the service account's role is too low
	NotFound      Code = "not_found"      // no such incident
	PluginMissing Code = "plugin_missing" // 404: the stack has no IRM plugin
	StackUnknown  Code = "stack_unknown"  // 404: no such stack, or it is asleep or archived
	NoMethod      Code = "no_method"      // 404: the method is not at this base
	Invalid       Code = "invalid"        // the request was refused for what it says; asking again will not help
	RateLimited   Code = "rate_limited"   // 429
	Unavailable   Code = "unavailable"    // 503 before the plugin, connection refused, no such host: nothing happened
	Failed        Code = "failed"         // 5xx from the plugin or in-band: it may have happened or not
	Lost          Code = "lost"           // time-out, reset, truncated: the answer was lost, it may have happened
	Unreadable    Code = "unreadable"     // an answer that is not the API's: HTML, a redirect, oversized, empty ids
)

// Error is every failure of a Stack. Its text names the operation and its object and holds nothing of the answer's
// body beyond Message.
type Error struct {
	Op         string // "update severity of 42"
	Code       Code
	Status     int           // HTTP status, 0 without an answer
	Reason     string        // Grafana's messageId, "" when it gave none: "api-key.expired"
	Message    string        // Grafana's own words, one line, at most 300 characters, no markup; for logs and details
	RetryAfter time.Duration // what Grafana asked for, 0 when it did not
	Err        error         // what lies below, if anything
}

// Uncertain says whether the change may have happened although it failed.
func (e *Error) Uncertain() bool { return e.Code == Lost || e.Code == Failed || e.Code == Unreadable }

// Temporary says whether the same request may succeed later.
func (e *Error) Temporary() bool {
	return e.Code == RateLimited || e.Code == Unavailable || e.Code == Failed || e.Code == Lost
}
