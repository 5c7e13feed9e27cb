package bot

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"
)

// TestUnsettledIsBounded: no more than so many wait, whoever adds waits then; all are settled in order, before close
// returns.
func TestUnsettledIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u, release := newUnsettled(), make(chan struct{})
		var done []int
		added := 0
		go func() {
			for i := range 2 * maxUnsettled {
				u.add(func() { <-release; done = append(done, i) })
				added++
			}
		}()
		synctest.Wait()
		if added != maxUnsettled+1 { // one is in hand
			t.Errorf("%d were added at once", added)
		}
		close(release)
		synctest.Wait()
		u.wait()
		u.close()
		if len(done) != 2*maxUnsettled || !slices.IsSorted(done) {
			t.Errorf("settled: %v", done)
		}
	})
}

// whileReading has the read loop do something with the next envelope.
func (w *wirePair) whileReading(do func()) {
	w.keeper.mu.Lock()
	defer w.keeper.mu.Unlock()
	w.hold = do
}

// unsettle has an envelope arrive that waits for its commit, and gives what commits it.
func (w *wirePair) unsettle(id string) (commit func()) {
	committed, added := make(chan struct{}), make(chan struct{})
	w.whileReading(func() {
		w.s.unsettled.add(func() {
			<-committed
			ack, _ := encodeAck(id, nil)
			if w.s.send(ack) != nil {
				w.note("not sent %s", id)
			}
		})
		close(added)
	})
	w.says(envelope("with " + id))
	if got := w.reads(); got != `{"envelope_id":"with `+id+`"}` {
		w.t.Errorf("Slack read %s", got)
	}
	<-added
	return func() { close(committed) }
}

// TestStopAcknowledgesWhatIsUnsettled: the close frame comes after the last acknowledgement.
func TestStopAcknowledgesWhatIsUnsettled(t *testing.T) {
	w := newWire(t, nil)
	w.says(hello)
	w.wait(t, 1)
	first, second := w.unsettle("e1"), w.unsettle("e2")
	stopped := make(chan struct{})
	go func() { w.s.stop("stop"); close(stopped) }()
	select {
	case <-stopped:
		t.Error("stopped with an envelope unsettled")
	case <-time.After(20 * time.Millisecond):
	}
	first()
	second()
	if got := w.reads() + w.reads(); got != `{"envelope_id":"e1"}{"envelope_id":"e2"}` {
		t.Errorf("Slack read %s", got)
	}
	if code := w.readsClose(); code != websocket.CloseNormalClosure {
		t.Errorf("close code %d", code)
	}
	<-stopped
	w.expect("hello", "envelope with e1", "envelope with e2", "ended: stop")
}

// TestEndWaitsForWhatIsUnsettled: a socket that is cut is not over before what it carried is settled.
func TestEndWaitsForWhatIsUnsettled(t *testing.T) {
	w := newWire(t, nil)
	w.says(hello)
	w.wait(t, 1)
	commit := w.unsettle("e1")
	_ = w.slack.Close()
	<-w.s.asked // a replacement is wanted at once
	if w.s.isGone() {
		t.Error("over with an envelope unsettled")
	}
	commit()
	<-w.s.gone
	w.expect("hello", "envelope with e1", "not sent e1", "ended: closed 1006")
}
