package bot

import (
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
	"github.com/rs/zerolog"
)

// Bounds of one socket.
const (
	readLimit  = 4 << 20         // bytes of one message, far above any envelope of Slack's
	writeWait  = 5 * time.Second // for one frame; a socket that cannot take it is dead
	closeWait  = time.Second     // for the peer's close frame: Slack leaves the TCP connection open
	maxBad     = 10              // unreadable frames in a row before the socket is given up
	smallFrame = 4 << 10         // most frames are shorter
	largeFrame = 64 << 10        // the buffer of a larger frame is not kept
)

// socket is one Socket Mode connection from its handshake to its end. Its read loop belongs to it alone; everything
// else may be called from anywhere.
type socket struct {
	conn    *websocket.Conn
	owner   socketOwner
	timing  timing
	log     zerolog.Logger
	slot    int
	began   time.Time
	pinger  *time.Timer
	carried atomic.Int64 // envelopes

	greeted bool          // hello was read; to be looked at after asked is closed
	asked   chan struct{} // closed when a replacement is wanted: Slack says so, or the socket is gone
	gone    chan struct{} // closed when nothing more will be read

	write sync.Mutex

	unsettled *unsettled // the read loop adds

	hand   sync.Mutex // held while a frame is worked on; guards the next two
	closed bool       // what comes now is not ours any more
	heard  time.Time  // when the end of silence was moved last

	end    sync.Mutex
	reason string // why it ends, "" while it does not; guarded by end
}

// socketOwner is told what a socket reads.
type socketOwner interface {
	// greeted is called once, at hello.
	greeted(s *socket, f *frame)
	// envelope is called for each envelope.
	envelope(s *socket, f *frame, received time.Time)
	// unreadable is called for each frame that means nothing.
	unreadable(s *socket, err error)
	// ended is called once, when nothing more will be read.
	ended(s *socket)
}

// startSocket takes over a connection and reads it until it ends.
func startSocket(conn *websocket.Conn, owner socketOwner, t timing, slot int, log zerolog.Logger) *socket {
	s := &socket{
		conn: conn, owner: owner, timing: t, slot: slot, log: log, began: time.Now(),
		asked: make(chan struct{}), gone: make(chan struct{}), unsettled: newUnsettled(),
	}
	conn.SetReadLimit(readLimit)
	conn.SetPingHandler(func(data string) error {
		s.alive(time.Now())
		return s.control(websocket.PongMessage, []byte(data))
	})
	conn.SetPongHandler(func(string) error {
		s.alive(time.Now())
		return nil
	})
	_ = conn.SetReadDeadline(time.Now().Add(t.hello))
	s.pinger = time.AfterFunc(time.Hour, s.ping)
	s.pinger.Reset(t.ping) // not before the field is set, which ping uses
	go s.read()
	return s
}

// alive moves the end of silence: any frame will do. Under load it is moved now and then, not for every frame.
func (s *socket) alive(now time.Time) {
	s.hand.Lock()
	defer s.hand.Unlock()
	if !s.closed && now.Sub(s.heard) > s.timing.silence/32 {
		s.heard = now
		_ = s.conn.SetReadDeadline(now.Add(s.timing.silence))
	}
}

// ping asks Slack for a sign of life, again and again. Sockets half-open after a NAT forgot them show no other sign.
func (s *socket) ping() {
	if s.isGone() {
		return
	}
	if s.control(websocket.PingMessage, nil) != nil {
		s.giveUp("write failed")
		return
	}
	s.pinger.Reset(s.timing.ping)
}

// control writes a ping or pong. After our close frame there is nothing to keep alive.
func (s *socket) control(kind int, data []byte) error {
	err := s.conn.WriteControl(kind, data, time.Now().Add(time.Second))
	if errors.Is(err, websocket.ErrCloseSent) {
		return nil
	}
	return err
}

// send writes one text frame. An error closes the socket: the frame may be half out.
func (s *socket) send(text []byte) error {
	s.write.Lock()
	defer s.write.Unlock()
	_ = s.conn.SetWriteDeadline(time.Now().Add(writeWait))
	err := s.conn.WriteMessage(websocket.TextMessage, text)
	if err != nil {
		s.giveUp("write failed")
	}
	return err
}

// ends notes why the socket ends; the first reason counts.
func (s *socket) ends(reason string) {
	s.end.Lock()
	defer s.end.Unlock()
	if s.reason == "" {
		s.reason = reason
	}
}

// why gives the reason, "" while there is none.
func (s *socket) why() string {
	s.end.Lock()
	defer s.end.Unlock()
	return s.reason
}

// isGone says whether nothing more will be read.
func (s *socket) isGone() bool {
	select {
	case <-s.gone:
		return true
	default:
		return false
	}
}

// giveUp ends the socket without a word.
func (s *socket) giveUp(reason string) {
	s.ends(reason)
	_ = s.conn.Close()
}

// stop lets the frame in hand finish and what is unsettled be acknowledged, says goodbye, and waits a moment for the peer
// to do the same. What the peer sends meanwhile is not taken: it could not be acknowledged any more.
func (s *socket) stop(reason string) {
	s.ends(reason)
	s.hand.Lock()
	first := !s.closed
	s.closed = true
	s.hand.Unlock()
	if first {
		s.unsettled.wait()
		_ = s.conn.SetReadDeadline(time.Now().Add(closeWait))
		s.write.Lock()
		_ = s.conn.WriteControl(websocket.CloseMessage,
			websocket.FormatCloseMessage(websocket.CloseNormalClosure, ""), time.Now().Add(closeWait))
		s.write.Unlock()
	}
	select {
	case <-s.gone:
	case <-time.After(closeWait):
	}
	_ = s.conn.Close()
}
