package incident

import (
	"fmt"
	"strings"
	"time"
)

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
	Reason     string        // Grafana's messageId ("api-key.expired") or one of the Reason constants, "" for neither
	Message    string        // Grafana's own words, one line, at most 300 characters, no markup; for logs and details
	RetryAfter time.Duration // what Grafana asked for, 0 when it did not
	Err        error         // what lies below, if anything
	// Partial says that the change itself happened, and that only the part named by Op did not.
	Partial bool
	// Unchanged says that only reading was tried when it failed, so nothing can have changed.
	Unchanged bool
}

// Reasons that this package gives where Grafana gives no messageId.
const (
	ReasonSeverityUnknown = "severity.unknown"     // the stack has no severity of this label
	ReasonSeverityIgnored = "severity.not_applied" // Grafana answered, but kept another severity
	ReasonStatusUnknown   = "status.unknown"       // the stack has no status of this name
	ReasonStatusIgnored   = "status.not_applied"   // Grafana answered, but kept another status
	ReasonQuery           = "query.invalid"        // a search cannot hold this text: Grafana's query language has no escape for "
	ReasonEmpty           = "text.empty"           // a required text is empty
	ReasonTooLong         = "text.too_long"        // a text is longer than the API takes
	ReasonRBAC            = "access.rbac"          // 403 by RBAC: Message names the permissions needed
	ReasonRole            = "access.role"          // 403 by the older role check
	ReasonPlugin          = "access.plugin"        // 403 by the plugin itself
	ReasonRedirect        = "answer.redirect"      // a redirect: the address is not the API's
	ReasonHTML            = "answer.html"          // a page for browsers, such as a login form or a proxy's error
	ReasonTooLarge        = "answer.too_large"     // a body over 1 MiB
	ReasonTooMany         = "list.too_many"        // what was looked for is not in the part of a list that is looked through
	ReasonNoID            = "answer.no_id"         // a success without the id of what it made
)

// Error names the operation, the code, the status and reason where there are any, and Grafana's words.
func (e *Error) Error() string {
	var b strings.Builder
	if e.Op != "" {
		b.WriteString(e.Op + ": ")
	}
	b.WriteString(strings.ReplaceAll(string(e.Code), "_", " "))
	switch {
	case e.Status != 0 && e.Reason != "":
		fmt.Fprintf(&b, " (%d, %s)", e.Status, e.Reason)
	case e.Status != 0:
		fmt.Fprintf(&b, " (%d)", e.Status)
	case e.Reason != "":
		fmt.Fprintf(&b, " (%s)", e.Reason)
	}
	if e.Message != "" {
		b.WriteString(": " + e.Message)
	}
	if e.Err != nil {
		b.WriteString(": " + e.Err.Error())
	}
	return b.String()
}

// Unwrap gives what lies below.
func (e *Error) Unwrap() error { return e.Err }

// Uncertain says whether the change may have happened although it failed.
func (e *Error) Uncertain() bool {
	return !e.Unchanged && (e.Code == Lost || e.Code == Failed || e.Code == Unreadable)
}

// Temporary says whether the same request may succeed later.
func (e *Error) Temporary() bool {
	return e.Code == RateLimited || e.Code == Unavailable || e.Code == Failed || e.Code == Lost
}

// Outage says whether the failure is the stack's as a whole: it cannot be reached, is too slow, or asks for a pause. What
// Grafana answers to a single request with an error of its own (500, in-band) is no outage.
func (e *Error) Outage() bool {
	switch e.Code {
	case RateLimited, Unavailable, Lost:
		return true
	case Failed:
		return e.Status == 502 || e.Status == 503 || e.Status == 504
	}
	return false
}
