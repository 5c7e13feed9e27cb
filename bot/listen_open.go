package bot

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack"
)

// The websocket's buffers, in bytes.
const (
	readBuffer = 16 << 10
	// writeBuffer makes an acknowledgement one frame: Slack may not join continuation frames. It is what slack-go has.
	writeBuffer = 32 << 10
)

// opener asks Slack for the address of a new socket. The address holds a ticket that works once.
type opener interface {
	StartSocketModeContext(ctx context.Context) (*slack.SocketModeConnection, string, error)
}

func newDialer(handshake time.Duration) *websocket.Dialer {
	return &websocket.Dialer{
		Proxy: http.ProxyFromEnvironment, HandshakeTimeout: handshake,
		ReadBufferSize: readBuffer, WriteBufferSize: writeBuffer,
	}
}

// connect opens one socket. Its error never shows the address.
func (l *listener) connect(ctx context.Context, slot int) (*socket, error) {
	if err := l.bucket.Wait(ctx); err != nil {
		return nil, err
	}
	address, err := l.address(ctx)
	if err != nil {
		return nil, err
	}
	conn, resp, err := l.dialer.DialContext(ctx, address, nil)
	if err != nil {
		return nil, dialError(resp, err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	s := startSocket(conn, l, l.timing, slot, l.log.With().Int("slot", slot).Logger())
	l.live[s] = true
	return s, nil
}

func (l *listener) address(ctx context.Context) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, l.timing.open)
	defer cancel()
	_, address, err := l.open.StartSocketModeContext(ctx)
	if err != nil {
		return "", fmt.Errorf("apps.connections.open: %w", err)
	}
	if u, err := url.Parse(address); err != nil || !strings.HasPrefix(u.Scheme, "ws") || u.Host == "" {
		return "", errors.New("apps.connections.open: no usable address in the answer")
	}
	return address, nil
}

// dialError explains a handshake that failed. 408 happens now and then (node-slack-sdk#1472).
func dialError(resp *http.Response, err error) error {
	var address *url.Error
	if errors.As(err, &address) {
		err = address.Err // its text would show the ticket
	}
	if resp != nil {
		return fmt.Errorf("open socket: %w: %s", err, resp.Status)
	}
	return fmt.Errorf("open socket: %w", err)
}
