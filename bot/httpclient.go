package bot

import (
	"context"
	"errors"
	"io"
	"net/http"
	"time"
)

// maxAnswer is more than any answer of Slack's that the bot asks for.
const maxAnswer = 4 << 20

// longestCall bounds a call whose context has no deadline, its body included.
const longestCall = 30 * time.Second

// newHTTPClient makes the one client that all calls to Slack share. Redirects are not followed: Slack's API has none, and
// a token must not travel further. It has no Timeout: over a transport that is not net/http's own, http.Client keeps that
// by a goroutine and a timer for each call, which cost a tenth of a command.
func newHTTPClient() *http.Client {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 32
	transport.MaxIdleConns = 64
	return &http.Client{
		Transport:     capped{transport},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// capped ends the body of an answer that grows too large, and a call that has no end of its own.
type capped struct{ next http.RoundTripper }

func (c capped) RoundTrip(r *http.Request) (*http.Response, error) {
	cancel := context.CancelFunc(func() {})
	if _, ends := r.Context().Deadline(); !ends {
		var ctx context.Context
		ctx, cancel = context.WithTimeout(r.Context(), longestCall)
		r = r.WithContext(ctx)
	}
	resp, err := c.next.RoundTrip(r)
	if err != nil {
		cancel()
		return nil, err
	}
	resp.Body = &cappedBody{ReadCloser: resp.Body, left: maxAnswer, over: cancel}
	return resp, nil
}

// CloseIdleConnections lets http.Client close what it keeps open.
func (c capped) CloseIdleConnections() {
	if closer, ok := c.next.(interface{ CloseIdleConnections() }); ok {
		closer.CloseIdleConnections()
	}
}

var errTooLarge = errors.New("the answer is too large")

type cappedBody struct {
	io.ReadCloser
	left int
	over context.CancelFunc
}

func (b *cappedBody) Close() error {
	defer b.over()
	return b.ReadCloser.Close()
}

func (b *cappedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if b.left -= n; b.left < 0 {
		return 0, errTooLarge
	}
	return n, err
}
