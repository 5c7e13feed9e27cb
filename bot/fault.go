package bot

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/slack-go/slack"
)

// effect says what a failed call may have done, which decides what may be tried again.
type effect int

const (
	final   effect = iota // Slack said no, and will say it again
	limited               // 429: nothing happened, wait
	refused               // nothing happened: the request did not reach Slack
	failed                // a 5xx or a broken connection: it may have happened
	lost                  // no answer in time: it may have happened
)

// fault is an error of a call to Slack, sorted.
type fault struct {
	effect effect
	code   string // Slack's error name, or one of ours: ratelimited, http_503, unreachable, timeout, unreadable
	after  time.Duration
	needed string // the missing scope
	detail []string
}

// uncertain says whether the call may have had its effect.
func (f fault) uncertain() bool { return f.effect == failed || f.effect == lost }

// tooMany says whether the call was not made, or not taken, because there were too many.
func (f fault) tooMany() bool { return f.effect == limited || f.code == "ratelimited" }

// faultsOf sorts each of several errors that were joined, or the one that err is.
func faultsOf(err error) (all []fault) {
	var joined interface{ Unwrap() []error }
	if !errors.As(err, &joined) {
		return []fault{faultOf(err)}
	}
	for _, one := range joined.Unwrap() {
		all = append(all, faultsOf(one)...)
	}
	return all
}

// faultOf sorts an error of caller or slack-go. The error may be nil.
func faultOf(err error) fault {
	if err == nil {
		return fault{}
	}
	if said, ok := errors.AsType[slack.SlackErrorResponse](err); ok {
		return saidFault(said)
	}
	if limit, ok := errors.AsType[*slack.RateLimitedError](err); ok {
		return fault{effect: limited, code: "ratelimited", after: limit.RetryAfter}
	}
	if status, ok := errors.AsType[slack.StatusCodeError](err); ok {
		return statusFault(status.Code)
	}
	if _, panicked := errors.AsType[*PanicError](err); panicked {
		return fault{code: "panicked"}
	}
	if errors.Is(err, errTooSlow) {
		return fault{code: "ratelimited"}
	}
	if errors.Is(err, errHookSpent) {
		return fault{code: "used_url"}
	}
	return wireFault(err)
}

// saidFault sorts what Slack answered in JSON.
func saidFault(said slack.SlackErrorResponse) fault {
	f := fault{code: said.Err, needed: said.Needed, detail: said.ResponseMetadata.Messages}
	switch said.Err {
	case "ratelimited", "rate_limited":
		f.effect, f.after = limited, time.Second
	case "internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org":
		f.effect = failed // docs: "some aspect of the operation may have succeeded"
	case "":
		f.code = "unreadable"
	}
	return f
}

func statusFault(status int) fault {
	f := fault{code: "http_" + strconv.Itoa(status)}
	switch {
	case status == http.StatusTooManyRequests:
		f.effect, f.after = limited, time.Second
	case status >= 500:
		f.effect = failed
	}
	return f
}

// wireFault sorts errors below Slack's answers.
func wireFault(err error) fault {
	var (
		dial    *net.OpError
		dns     *net.DNSError
		timeout net.Error
		syntax  *json.SyntaxError
		garbage *unreadableError
	)
	switch {
	case errors.As(err, &dns), errors.As(err, &dial) && dial.Op == "dial":
		return fault{effect: refused, code: "unreachable"}
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled),
		errors.As(err, &timeout) && timeout.Timeout():
		return fault{effect: lost, code: "timeout"}
	case errors.As(err, &garbage), errors.As(err, &syntax):
		return fault{effect: failed, code: "unreadable"}
	}
	return fault{effect: failed, code: "connection"}
}

// badBlocks says whether Slack refuses the blocks and might take the text (docs: invalid_blocks; msg_blocks_too_long is
// reported near 13,200 characters).
func (f fault) badBlocks() bool {
	switch f.code {
	case "invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long":
		return true
	}
	return false
}

// deadToken says whether the token itself is refused, until somebody installs the app again.
func (f fault) deadToken() bool {
	switch f.code {
	case "invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "not_allowed_token_type",
		"no_permission", "org_login_required", "team_access_not_granted", "user_removed_from_team", "team_disabled":
		return true
	}
	return false
}
