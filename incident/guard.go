package incident

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"
)

// guard is the http.RoundTripper between incident-go and the network. It returns the API's own success, mended so that
// incident-go can decode it, or an *Error.
type guard struct {
	next    http.RoundTripper
	auth    func() string // the Authorization header; a func, because a printer would show a string
	agent   string
	observe func(method string, code Code, took time.Duration)
	log     zerolog.Logger
	bases   bases
	pacer   pacer
	refusal atomic.Pointer[Error] // the last answer refused the token or its role
}

// RoundTrip sends a request and, where that is safe, sends it again.
func (g *guard) RoundTrip(r *http.Request) (*http.Response, error) {
	payload, err := payloadOf(r)
	if err != nil {
		return nil, &Error{Code: Invalid, Err: err}
	}
	read := isRead(methodOf(r.URL.Path))
	for attempt := 1; ; attempt++ {
		resp, fail := g.ask(r, payload)
		if fail == nil {
			return resp, nil
		}
		if fail.Code == NoMethod && fail.Status == http.StatusNotFound && namesIncident(payload) {
			fail.Code = NotFound // at neither base: the 404 means the incident
		}
		if wait, ok := again(read, attempt, fail); !ok || !pause(r.Context(), wait) {
			return nil, fail
		}
	}
}

// payloadOf reads a request's body, which must be there: a missing one gives 500 (grafana/oncall).
func payloadOf(r *http.Request) ([]byte, error) {
	if r.Body == nil {
		return []byte("{}"), nil
	}
	defer r.Body.Close()
	if r.ContentLength <= 0 {
		return io.ReadAll(r.Body)
	}
	payload := make([]byte, r.ContentLength)
	_, err := io.ReadFull(r.Body, payload)
	return payload, err
}

// namesIncident says whether a request is about one incident. Text that a person typed cannot look like the key: its
// quotes would be escaped.
func namesIncident(payload []byte) bool { return bytes.Contains(payload, []byte(`"incidentID":`)) }

// ask makes one attempt, and another at the other base when the answer is a 404 that says nothing.
func (g *guard) ask(r *http.Request, payload []byte) (*http.Response, *Error) {
	if fail := g.pacer.admit(r.Context()); fail != nil {
		return nil, fail
	}
	service := serviceOf(methodOf(r.URL.Path))
	unversioned, known := g.bases.unversioned(service)
	resp, fail := g.attempt(r, payload, unversioned)
	if !known && fail != nil && fail.Code == NoMethod {
		unversioned = !unversioned
		resp, fail = g.attempt(r, payload, unversioned)
	}
	if !known && (fail == nil || fail.Code == NotFound || fail.Code == Invalid) {
		g.bases.remember(service, unversioned)
	}
	return resp, fail
}

// attempt is one HTTP exchange. The observer and the log hear of it.
func (g *guard) attempt(r *http.Request, payload []byte, unversioned bool) (*http.Response, *Error) {
	began := time.Now()
	resp, fail := g.exchange(r, payload, unversioned)
	took, method := time.Since(began), methodOf(r.URL.Path)
	code, status := Code(""), http.StatusOK
	if fail != nil {
		code, status = fail.Code, fail.Status
	}
	g.note(method, fail)
	if g.observe != nil {
		g.observe(method, code, took)
	}
	if line := g.log.Debug(); line.Enabled() {
		line.Str("method", method).Str("code", string(code)).Int("status", status).
			Int64("ms", took.Milliseconds()).Bool("unversioned", unversioned).Msg("grafana called")
	}
	return resp, fail
}

// note keeps what later calls and readiness have to know of an answer.
func (g *guard) note(method string, fail *Error) {
	switch {
	case fail == nil:
		g.refusal.Store(nil)
	case fail.Code == Unauthorized || fail.Code == Forbidden:
		kept := *fail
		kept.Op = method
		g.refusal.Store(&kept)
	case fail.Code == RateLimited && fail.RetryAfter > 0:
		g.pacer.hold(fail.RetryAfter)
	}
}

func (g *guard) exchange(r *http.Request, payload []byte, unversioned bool) (*http.Response, *Error) {
	req, wire := g.request(r, payload, unversioned)
	resp, err := g.next.RoundTrip(req)
	if err != nil {
		return nil, noAnswer(r.Context(), err, wire.touched())
	}
	defer resp.Body.Close() // this one: sound puts another in its place
	body, err := readBody(resp)
	if e := g.log.Trace(); e.Enabled() {
		e.Str("method", methodOf(r.URL.Path)).Str("sent", traced(payload)).Str("got", traced(body)).Msg("grafana exchange")
	}
	fail := verdict(resp.StatusCode, resp.Header, body)
	if err != nil && resp.StatusCode < 300 {
		fail = halfRead(r.Context(), resp.StatusCode, err)
	}
	if fail != nil {
		if fail.Code == NotFound && fail.Status == http.StatusNotFound && !namesIncident(payload) {
			fail.Code = NoMethod // there is nothing else that could be missing
		}
		return nil, fail
	}
	return sound(req, resp, mend(body)), nil
}

// noAnswer says what it means that no answer came: before a connection was there, nothing can have happened.
func noAnswer(ctx context.Context, err error, touched bool) *Error {
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	if !touched {
		return &Error{Code: Unavailable, Err: err}
	}
	return &Error{Code: Lost, Err: err}
}

// halfRead is a success whose body did not come whole, or cannot be read.
func halfRead(ctx context.Context, status int, err error) *Error {
	switch {
	case errors.Is(err, errTooLarge):
		return &Error{Code: Unreadable, Status: status, Reason: ReasonTooLarge, Err: err}
	case errors.Is(err, errEncoding):
		return &Error{Code: Unreadable, Status: status, Err: err}
	case ctx.Err() != nil:
		err = context.Cause(ctx)
	}
	return &Error{Code: Lost, Status: status, Err: err}
}

// sound is the answer that incident-go gets: whole, unzipped, mended. It is the transport's own, changed: nobody else
// has it.
func sound(req *http.Request, resp *http.Response, body []byte) *http.Response {
	resp.Request = req
	delete(resp.Header, "Content-Encoding")
	resp.Header["Content-Length"] = []string{strconv.Itoa(len(body))}
	resp.ContentLength, resp.Uncompressed, resp.StatusCode = int64(len(body)), true, http.StatusOK
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp
}

// traced is a body for the log at trace: the beginning of it, and nothing that looks like a token.
func traced(body []byte) string {
	return cut(plain(string(body[:min(len(body), 4096)])), 2000)
}
