package bot

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"time"

	"github.com/gorilla/websocket"
)

// Slack's reasons in a disconnect frame.
const (
	reasonTooMany  = "too_many_websockets"
	reasonDisabled = "link_disabled"
)

// read is the socket's loop. It decodes each frame and hands it to the owner, one after the other.
func (s *socket) read() {
	defer s.over()
	buffer := make([]byte, 0, smallFrame)
	for bad := 0; bad < maxBad; {
		kind, r, err := s.conn.NextReader()
		if err != nil {
			s.ends(endOf(err))
			return
		}
		received := time.Now()
		s.alive(received)
		if buffer, err = readAll(r, buffer); err != nil {
			s.ends(endOf(err))
			return
		}
		if kind == websocket.TextMessage && s.frame(buffer, received) {
			bad = 0
		} else {
			bad++
		}
		if cap(buffer) > largeFrame {
			buffer = make([]byte, 0, smallFrame)
		}
	}
	s.ends("unreadable frames")
}

// over closes what is left.
func (s *socket) over() {
	s.pinger.Stop()
	_ = s.conn.Close()
	s.ask()
	s.unsettled.close()
	s.owner.ended(s)
	close(s.gone) // whoever waited for the end finds it counted
}

// ask asks for a replacement, from the read loop alone.
func (s *socket) ask() {
	select {
	case <-s.asked:
	default:
		close(s.asked)
	}
}

// frame works on one text frame. It says whether the frame meant anything. A panic ends the frame, not the socket.
func (s *socket) frame(raw []byte, received time.Time) (meant bool) {
	s.hand.Lock()
	defer s.hand.Unlock()
	defer func() {
		if p := recover(); p != nil {
			s.owner.unreadable(s, fmt.Errorf("panic: %v", p))
		}
	}()
	if s.closed {
		return true // nothing could be acknowledged any more
	}
	f, err := parseFrame(raw)
	if err != nil {
		s.owner.unreadable(s, err)
		return false
	}
	switch f.Type {
	case typeHello:
		s.greeted = true
		s.owner.greeted(s, f)
	case typeDisconnect:
		s.ends(cmp.Or(f.Reason, typeDisconnect))
		s.ask()
	default:
		if f.EnvelopeID == "" {
			s.owner.unreadable(s, errors.New("a frame without an envelope id"))
			return false
		}
		s.carried.Add(1)
		s.owner.envelope(s, f, received)
	}
	return true
}

// endOf names why reading ended, as the label of a metric.
func endOf(err error) string {
	var (
		closed  *websocket.CloseError
		timeout net.Error
	)
	switch {
	case errors.As(err, &closed):
		return "closed " + strconv.Itoa(closed.Code)
	case errors.As(err, &timeout) && timeout.Timeout():
		return "silence"
	case errors.Is(err, websocket.ErrReadLimit):
		return "frame too long"
	default:
		return "cut"
	}
}

// readAll reads one message into b, which it may replace by a larger one.
func readAll(r io.Reader, b []byte) ([]byte, error) {
	b = b[:0]
	for {
		if len(b) == cap(b) {
			b = append(b, 0)[:len(b)]
		}
		n, err := r.Read(b[len(b):cap(b)])
		b = b[:len(b)+n]
		if errors.Is(err, io.EOF) {
			return b, nil
		}
		if err != nil {
			return b, err
		}
	}
}
