package incident

import (
	"bytes"
	"crypto/tls"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
)

// wire watches one exchange from the request's side.
type wire struct{ connected, http2 atomic.Bool }

// touched says whether something of the request may have reached Grafana.
func (w *wire) touched() bool { return w.connected.Load() }

var errNoReplay = errors.New("not sent again: it may have happened")

// request makes the request of one attempt: the token, our name, the base's path, and a body that net/http may send
// again only where that is safe.
//
// net/http replays a request by itself when a kept connection turns out to be dead. Over HTTP/1 it replays a POST only
// when not a byte of it was written (a POST without an Idempotency-Key is not "replayable"), which proves that nothing
// happened. Over HTTP/2 it also replays one after the peer reset its stream with PROTOCOL_ERROR, which proves nothing. It
// calls GetBody to replay; there a change over HTTP/2 is refused.
func (g *guard) request(r *http.Request, payload []byte, unversioned bool) (*http.Request, *wire) {
	w, read := &wire{}, isRead(methodOf(r.URL.Path))
	ctx := httptrace.WithClientTrace(r.Context(), &httptrace.ClientTrace{
		GotConn: func(got httptrace.GotConnInfo) {
			if c, ok := got.Conn.(interface{ ConnectionState() tls.ConnectionState }); ok {
				w.http2.Store(c.ConnectionState().NegotiatedProtocol == "h2")
			}
			w.connected.Store(true)
		},
	})
	req := r.WithContext(ctx) // a shallow copy: what is changed below is made anew, since r is the caller's
	if unversioned {
		at := *r.URL
		at.Path, at.RawPath = atBase(at.Path, true), ""
		req.URL = &at
	}
	req.Header = http.Header{
		"Accept":          {"application/json; charset=utf-8"},
		"Accept-Encoding": {"gzip"},
		"Authorization":   {g.auth()},
		"Content-Type":    {"application/json; charset=utf-8"},
		"User-Agent":      {g.agent},
	}
	req.ContentLength = int64(len(payload))
	req.Body = io.NopCloser(bytes.NewReader(payload))
	req.GetBody = func() (io.ReadCloser, error) {
		if !read && w.http2.Load() {
			return nil, errNoReplay
		}
		w.connected.Store(false)
		return io.NopCloser(bytes.NewReader(payload)), nil
	}
	return req, w
}
