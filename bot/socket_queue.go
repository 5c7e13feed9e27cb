package bot

import "sync"

// maxUnsettled is how many envelopes of a socket may be on their way into the inbox. Then the socket is not read: Slack
// waits.
const maxUnsettled = 64

// unsettled are the envelopes of a socket that the inbox has not answered for yet. One goroutine sees to them, in the
// order in which they came, while the socket reads on: what comes meanwhile is committed together.
type unsettled struct {
	queue chan func()
	left  sync.WaitGroup // what is in the queue, or in hand
	over  chan struct{}  // closed when nothing is left, after close
}

func newUnsettled() *unsettled {
	u := &unsettled{queue: make(chan func(), maxUnsettled), over: make(chan struct{})}
	go u.settle()
	return u
}

// add has settle called after all that was added before. It waits while too much is unsettled. Nothing may be added after
// close.
func (u *unsettled) add(settle func()) {
	u.left.Add(1)
	u.queue <- settle
}

func (u *unsettled) settle() {
	defer close(u.over)
	for settle := range u.queue {
		settle()
		u.left.Done()
	}
}

// wait waits until all is settled that was added before.
func (u *unsettled) wait() { u.left.Wait() }

// close ends the goroutine once all is settled, and waits for that.
func (u *unsettled) close() {
	close(u.queue)
	<-u.over
}

// afterwards is for the worker of a frame: it leaves settle, which may wait for a commit, to be done after the frame.
func (o onSocket) afterwards(settle func()) { o.socket.unsettled.add(settle) }
