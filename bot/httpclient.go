package bot

import (
	"errors"
	"io"
	"net/http"
	"time"
)

// maxAnswer is more than any answer of Slack's that the bot asks for.
const maxAnswer = 4 << 20

// newHTTPClient makes the one client that all calls to Slack share. Each call has its own deadline besides; this one is
// for what forgets. Redirects are not followed: Slack's API has none, and a token must not travel further.
func newHTTPClient() *http.Client {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 32
	transport.MaxIdleConns = 64
	transport.ResponseHeaderTimeout = 15 * time.Second
	return &http.Client{
		Transport:     capped{transport},
		Timeout:       30 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// capped ends the body of an answer that grows too large.
type capped struct{ next http.RoundTripper }

func (c capped) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := c.next.RoundTrip(r)
	if err == nil {
		resp.Body = &cappedBody{ReadCloser: resp.Body, left: maxAnswer}
	}
	return resp, err
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
}

func (b *cappedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if b.left -= n; b.left < 0 {
		return 0, errTooLarge
	}
	return n, err
}
