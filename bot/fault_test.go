package bot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"syscall"
	"testing"
	"time"

	"github.com/slack-go/slack"
)

func TestFaults(t *testing.T) {
	said := func(code string) error {
		return fmt.Errorf("chat.postMessage: %w", slack.SlackErrorResponse{Err: code})
	}
	for name, c := range map[string]struct {
		err  error
		want fault
	}{
		"none":             {nil, fault{}},
		"said":             {said("not_in_channel"), fault{code: "not_in_channel"}},
		"said limited":     {said("ratelimited"), fault{effect: limited, code: "ratelimited", after: time.Second}},
		"said internal":    {said("internal_error"), fault{effect: failed, code: "internal_error"}},
		"said nothing":     {said(""), fault{code: "unreadable"}},
		"scope":            {slack.SlackErrorResponse{Err: "missing_scope", Needed: "chat:write"}, fault{code: "missing_scope", needed: "chat:write"}},
		"429":              {&slack.RateLimitedError{RetryAfter: 7 * time.Second}, fault{effect: limited, code: "ratelimited", after: 7 * time.Second}},
		"429 without time": {slack.StatusCodeError{Code: 429}, fault{effect: limited, code: "http_429", after: time.Second}},
		"503":              {slack.StatusCodeError{Code: 503}, fault{effect: failed, code: "http_503"}},
		"404":              {slack.StatusCodeError{Code: 404}, fault{code: "http_404"}},
		"dial":             {&net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}, fault{effect: refused, code: "unreachable"}},
		"no such host":     {&net.DNSError{Err: "no such host"}, fault{effect: refused, code: "unreachable"}},
		"reset":            {&net.OpError{Op: "read", Err: syscall.ECONNRESET}, fault{effect: failed, code: "connection"}},
		"cut off":          {io.ErrUnexpectedEOF, fault{effect: failed, code: "connection"}},
		"deadline":         {fmt.Errorf("x: %w", context.DeadlineExceeded), fault{effect: lost, code: "timeout"}},
		"read timeout":     {&net.OpError{Op: "read", Err: syscall.ETIMEDOUT}, fault{effect: lost, code: "timeout"}},
		"html":             {&unreadableError{errors.New("invalid character")}, fault{effect: failed, code: "unreadable"}},
		"no turn":          {errTooSlow, fault{code: "ratelimited"}},
		"hook spent":       {errHookSpent, fault{code: "used_url"}},
	} {
		got := faultOf(c.err)
		if got.effect != c.want.effect || got.code != c.want.code || got.after != c.want.after || got.needed != c.want.needed {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}

func TestFaultGroups(t *testing.T) {
	for _, code := range []string{"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long"} {
		if !(fault{code: code}).badBlocks() {
			t.Errorf("%s: the text alone would do", code)
		}
	}
	for _, code := range []string{"invalid_auth", "token_revoked", "account_inactive", "token_expired"} {
		if !(fault{code: code}).deadToken() {
			t.Errorf("%s: the token is dead", code)
		}
	}
	if f := (fault{code: "not_in_channel"}); f.badBlocks() || f.deadToken() || f.uncertain() {
		t.Error("not_in_channel is final and says nothing of blocks or tokens")
	}
}
