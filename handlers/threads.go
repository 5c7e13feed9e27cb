package handlers

import (
	"context"
	"strings"
	"sync"
	"time"

	"incident-bot/bot"
)

// threadsKept is how many threads are remembered; the oldest go first.
const threadsKept = 10_000

// threads knows what the threads are about in which a mention was answered with a card. Such a thread hangs on the
// person's own message, which carries no label. What is not in memory is asked of the request's own memory, which
// other processes share.
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
func (t *threads) remember(ctx context.Context, r *bot.Request, id string) {
	at := threadOf(r)
	if r.Kind != bot.Mention || r.Place.Direct() || at.ts == "" {
		return
	}
	var kept []byte
	if _, known := t.find(r); !known {
		kept = r.Kept(ctx, at.key()) // by another process; empty of several
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	was, known := t.about[at]
	if !known && kept != nil {
		was, known = string(kept), true
	}
	switch {
	case !known:
		r.Keep(at.key(), []byte(id), r.Now.Add(threadTime))
	case was != id:
		id = ""
		r.Keep(at.key(), nil, r.Now.Add(threadTime))
	}
	t.put(at, id)
}

// put puts into memory what a thread is about. mu is held.
func (t *threads) put(at thread, id string) {
	if _, known := t.about[at]; !known {
		if len(t.order) == threadsKept {
			delete(t.about, t.order[0])
			t.order = t.order[1:]
		}
		t.order = append(t.order, at)
	}
	t.about[at] = id
}

// threadTime is how long a thread is remembered beyond the process.
const threadTime = 30 * 24 * time.Hour

func (at thread) key() string { return "thread/" + at.channel + "/" + at.ts }

// recall finds out what another process remembered.
func (t *threads) recall(ctx context.Context, r *bot.Request) string {
	return string(r.Kept(ctx, threadOf(r).key()))
}

// find gives the incident that the request's thread is about, "" when it is about several, or not known.
func (t *threads) find(r *bot.Request) (id string, known bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	id, known = t.about[threadOf(r)]
	return id, known
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
	if id, known := d.threads.find(r); known {
		return id
	}
	return d.threads.recall(ctx, r)
}
