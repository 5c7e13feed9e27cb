package handlers

import (
	"context"
	"strings"
	"sync"

	"incident-bot/bot"
)

// threadsKept is how many threads are remembered; the oldest go first.
const threadsKept = 10_000

// threads knows what the threads are about in which a mention was answered with a card. Such a thread hangs on the
// person's own message, which carries no label. It is memory only: after a restart the person is asked.
type threads struct {
	mu    sync.Mutex
	about map[thread]string // incident's id; "" when there are cards of several
	order []thread
}

type thread struct{ workspace, channel, ts string }

func newThreads() *threads { return &threads{about: map[thread]string{}} }

// threadOf is the thread in which a request is answered.
func threadOf(r *bot.Request) thread {
	return thread{r.Workspace, r.Place.ChannelID, either(r.Place.ThreadTS, r.Place.MessageTS)}
}

// remember notes that a card of the incident is shown in the request's thread.
func (t *threads) remember(r *bot.Request, id string) {
	at := threadOf(r)
	if r.Kind != bot.Mention || r.Place.Direct() || at.ts == "" {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	switch known, ok := t.about[at]; {
	case ok && known != id:
		t.about[at] = ""
		return
	case ok:
		return
	}
	if len(t.order) == threadsKept {
		delete(t.about, t.order[0])
		t.order = t.order[1:]
	}
	t.about[at] = id
	t.order = append(t.order, at)
}

// find gives the incident that the request's thread is about, "" when it is about none or several.
func (t *threads) find(r *bot.Request) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.about[threadOf(r)]
}

// here is the incident whose card's thread this is: the card begins the thread, or was the answer that began the talk in
// it. "" if it is none's.
func (d *desk) here(ctx context.Context, r *bot.Request) string {
	if r.Place.ThreadTS == "" {
		return ""
	}
	if d.Labels != nil {
		name, _ := d.Labels.At(ctx, r.Workspace, r.Place.ChannelID, r.Place.ThreadTS)
		if id, ok := strings.CutPrefix(name, incidentLane); ok {
			return id
		}
	}
	return d.threads.find(r)
}
