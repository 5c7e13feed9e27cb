package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"incident-bot/bot/blocks"
)

// outside is what requests change: under each key something happens, and once is right. It answers late, wrongly or not
// at all, and what happened can be found only after a while.
type outside struct {
	mu        sync.Mutex
	r         *rand.Rand
	down      time.Time // until when
	calm      bool      // nothing goes wrong any more
	happened  map[string]int
	findable  map[string]time.Time
	succeeded map[string]bool // somebody was told that it was done
	denied    map[string]bool // somebody was told that it was not
	explained map[string]bool // somebody was told why nothing more comes of it
	started   map[string]int
}

func newOutside(r *rand.Rand) *outside {
	return &outside{
		r: r, happened: map[string]int{}, findable: map[string]time.Time{}, succeeded: map[string]bool{}, denied: map[string]bool{},
		explained: map[string]bool{},
		started:   map[string]int{},
	}
}

// The bounds of outside: what was sent happens and can be found before visibleWithin is over.
const (
	slowestAnswer = 1500 * time.Millisecond
	slowestChange = 1200 * time.Millisecond
	slowestIndex  = 3 * time.Second
	visibleWithin = 5 * time.Second
)

// change is the call that makes the change. It arrives although the caller dies, once it was sent.
func (o *outside) change(ctx context.Context, key string) error {
	o.mu.Lock()
	answer := time.Duration(o.r.Int64N(int64(slowestAnswer)))
	happens, err := o.fate()
	if happens {
		arrives, found := time.Duration(o.r.Int64N(int64(slowestChange))), time.Duration(o.r.Int64N(int64(slowestIndex)))
		if err == nil {
			arrives = min(arrives, answer)
		}
		time.AfterFunc(arrives, func() { o.make(key, found) })
	}
	o.mu.Unlock()
	select {
	case <-time.After(answer):
		return err
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// fate says what becomes of a call.
func (o *outside) fate() (happens bool, err error) {
	n := o.r.IntN(100)
	switch {
	case o.calm:
		return true, nil
	case time.Now().Before(o.down) && n < 50:
		return false, trouble{temporary: true, outage: true}
	case time.Now().Before(o.down), n < 10:
		return false, lostAnswer()
	case n < 22:
		return true, lostAnswer()
	case n < 30:
		return false, trouble{temporary: true, outage: true}
	case n < 36:
		return false, stubborn()
	case n < 38:
		return true, stubborn()
	case n < 41:
		return false, saidNo()
	}
	return true, nil
}

func (o *outside) make(key string, findable time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.happened[key]++
	o.findable[key] = time.Now().Add(findable)
}

// handled says whether the handler of a key has nothing left to do.
func (o *outside) handled(key string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.succeeded[key] || o.explained[key]
}

// look is the call that finds out whether the change was made.
func (o *outside) look(ctx context.Context, key string) (bool, error) {
	o.mu.Lock()
	fails := !o.calm && (o.r.IntN(10) == 0 || time.Now().Before(o.down))
	answer := time.Duration(o.r.Int64N(int64(slowestAnswer)))
	o.mu.Unlock()
	select {
	case <-time.After(answer):
	case <-ctx.Done():
		return false, context.Cause(ctx)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if fails {
		return false, lostAnswer()
	}
	at, there := o.findable[key]
	return there && !time.Now().Before(at), nil
}

// incarnation is one process from its start to its crash.
type incarnation struct {
	world *outside
	inbox *durableSession
	lanes *lanes
	in    *intake
	chat  *chat
}

// routesOf has one word, which makes the change under its delivery's key.
func (p *incarnation) routes(r *Routes) {
	r.Words = append(r.Words, Word{Name: "do", Run: p.do, Lane: func(r *Request) string { return r.Args }})
	r.Explain = func(r *Request, err error) Reply {
		p.world.mu.Lock()
		defer p.world.mu.Unlock()
		p.world.explained[r.Key] = true
		if certain(err) {
			p.world.denied[r.Key] = true
		}
		return Reply{Answer: &Answer{Message: blocks.NewMessage(blocks.Textf("not %s.", r.Key))}}
	}
	r.Later = func(_ *Request, err error) (Delay, bool) {
		var sorted trouble
		var open *UnsettledError
		if done, no := errors.AsType[*NotDoneError](err); no {
			return Delay{}, done == nil
		}
		return Delay{Why: "down"}, errors.As(err, &open) || errors.As(err, &sorted) && sorted.temporary || errors.Is(err, context.DeadlineExceeded)
	}
	r.Waiting = func(r *Request, _ Wait) blocks.Message { return blocks.NewMessage(blocks.Textf("wait for %s.", r.Key)) }
}

func (p *incarnation) do(ctx context.Context, r *Request) (Reply, error) {
	p.world.mu.Lock()
	p.world.started[r.Key]++
	p.world.mu.Unlock()
	if first := p.inbox.early(r.act.id, p.world.handled); first != "" {
		p.chat.t.Errorf("%s runs before %s is over", r.Key, first)
	}
	_, err := Once(ctx, r, Effect[bool]{
		Name: "do", Visible: visibleWithin,
		Do: func(ctx context.Context) (bool, error) {
			if p.chat.dead() {
				return false, errDied
			}
			return true, p.world.change(ctx, r.Key)
		},
		Find: func(ctx context.Context, _ []byte) (bool, bool, error) {
			there, err := p.world.look(ctx, r.Key)
			return there, there, err
		},
	})
	if err != nil {
		return Reply{}, err
	}
	p.world.mu.Lock()
	defer p.world.mu.Unlock()
	p.world.succeeded[r.Key] = true
	return Reply{Answer: &Answer{Message: blocks.NewMessage(blocks.Textf("did %s.", r.Key))}}, nil
}

// chat is a Slack that remembers its messages. Processes that have ended say nothing.
type chat struct {
	*web
	*board
	ended func() bool
}

// board is what can be read, whoever wrote it.
type board struct {
	mu    sync.Mutex
	posts map[string]webCall // direct messages by ts, as they are now
	hooks []string           // private answers
}

func (c *chat) dead() bool { return c.ended() }

func (c *chat) RoundTrip(r *http.Request) (*http.Response, error) {
	if c.dead() {
		return nil, errDied
	}
	call := readWebCall(r)
	c.board.mu.Lock()
	defer c.board.mu.Unlock()
	body := `{"ok":true}`
	switch call.Method {
	case "auth.test":
		body = `{"ok":true,"team_id":"T1","user_id":"UBOT","bot_id":"BBOT"}`
	case "hook", "chat.postEphemeral":
		c.hooks = append(c.hooks, call.arg("text"))
	case "chat.postMessage":
		ts := fmt.Sprintf("100.%06d", len(c.posts))
		c.posts[ts] = call
		body = fmt.Sprintf(`{"ok":true,"channel":%q,"ts":%q}`, call.arg("channel"), ts)
	case "chat.update":
		c.posts[call.arg("ts")] = call
		body = fmt.Sprintf(`{"ok":true,"channel":%q,"ts":%q}`, call.arg("channel"), call.arg("ts"))
	case "conversations.history":
		body = c.history()
	default:
		c.t.Errorf("nobody expects %s", call.Method)
	}
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
}

func (c *chat) history() string {
	messages := []map[string]any{}
	for ts, m := range maps.All(c.posts) {
		messages = append(messages, map[string]any{"ts": ts, "user": "UBOT", "metadata": m.Args["metadata"]})
	}
	encoded, err := json.Marshal(map[string]any{"ok": true, "messages": messages})
	if err != nil {
		c.t.Error(err)
	}
	return string(encoded)
}

// reads says whether somebody can read a text.
func (b *board) reads(text string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, m := range b.posts {
		if strings.Contains(m.arg("text"), text) {
			return true
		}
	}
	for _, said := range b.hooks {
		if strings.Contains(said, text) {
			return true
		}
	}
	return false
}

// newIncarnation starts a process.
func newIncarnation(t *testing.T, d *durable, o *outside, b *board) *incarnation {
	t.Helper()
	s := d.session()
	p := &incarnation{world: o, inbox: s}
	p.chat = &chat{web: newWeb(t), board: b, ended: func() bool {
		d.mu.Lock()
		defer d.mu.Unlock()
		return s.mine != d.life
	}}
	g := newRigOn(t, p.chat.web, p.chat)
	m := unmeasured(t)
	router := g.router(p.routes)
	p.lanes = newLanes(router, s, m, router.log)
	p.in = &intake{inbox: s, router: router, lanes: p.lanes, metrics: m, log: router.log, fast: newFast(fastSlots, fastBudget, newSeen(time.Now, maxSeen))}
	if err := s.Open(t.Context(), p.in.restore); err != nil {
		t.Fatal(err)
	}
	return p
}
