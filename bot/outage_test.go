package bot

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"incident-bot/bot/blocks"
	"incident-bot/bot/slacktest"
)

// The outage: how long it lasts, how much is typed meanwhile, and where.
const (
	outageLasts    = time.Hour
	outageTyped    = 200
	outageChannels = 10
	appliedWithin  = 30 * time.Second
)

// stackOf is a stack that cannot be reached until it is back, and notes what it takes.
type stackOf struct {
	back time.Time

	mu      sync.Mutex
	applied map[string][]int // by channel
	last    time.Time
	tries   int
}

// take notes a number, in the time that a stack takes.
func (s *stackOf) take(ctx context.Context, channel string, number int) error {
	s.mu.Lock()
	s.tries++
	s.mu.Unlock()
	select {
	case <-time.After(200 * time.Millisecond):
	case <-ctx.Done():
		return ctx.Err()
	}
	if time.Now().Before(s.back) {
		return trouble{temporary: true, outage: true}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.applied[channel] = append(s.applied[channel], number)
	s.last = time.Now()
	return nil
}

func (s *stackOf) routes(r *Routes) {
	r.Words = append(r.Words, Word{Name: "note", Run: func(ctx context.Context, r *Request) (Reply, error) {
		number := 0
		if _, err := fmt.Sscanf(r.Args, "#%d", &number); err != nil {
			return Reply{}, err
		}
		_, err := Once(ctx, r, Effect[bool]{
			Name: "note",
			Do:   func(ctx context.Context) (bool, error) { return true, s.take(ctx, r.Place.ChannelID, number) },
			Find: func(context.Context, []byte) (bool, bool, error) {
				return false, false, errors.New("nothing was ever in doubt")
			},
		})
		return Reply{Answer: &Answer{Message: blocks.NewMessage(blocks.Textf("✓ %s.", r.Args))}}, err
	}})
	r.Later = func(_ *Request, err error) (Delay, bool) {
		var sorted trouble
		return Delay{Why: "Grafana cannot be reached"}, errors.As(err, &sorted) && sorted.temporary
	}
	r.Waiting = func(r *Request, w Wait) blocks.Message {
		return blocks.NewMessage(blocks.Textf("⏳ %s. %s", r.Args, firstOf(w.Why, w.First)))
	}
}

// TestOutage: an hour in which the stack cannot be reached. Whatever is typed is told to wait within 3 s, applied in
// order within half a minute when the stack is back, and each message that said to wait becomes the answer.
func TestOutage(t *testing.T) {
	stack := &stackOf{applied: map[string][]int{}}
	bubble(t, bridgeOptions{routes: stack.routes, slack: slacktest.Options{HookReplaces: true}}, func(t *testing.T, r *bridge) {
		o := &outage{t: t, bridge: r, stack: stack, typed: map[int]typed{}}
		stack.back = time.Now().Add(outageLasts)
		for i := range outageChannels {
			o.channels = append(o.channels, r.ws.NewChannel(fmt.Sprint("c", i)))
		}
		for number := range outageTyped {
			o.types(number)
			time.Sleep(outageLasts/outageTyped - 3*time.Second)
		}
		time.Sleep(time.Until(stack.back) + appliedWithin)
		o.judgeApplied()
		time.Sleep(10 * time.Minute) // Slack takes only so many edits a minute
		o.judgeAnswers()
	})
}

// outage is what was typed and where it is read.
type outage struct {
	*bridge
	t        *testing.T
	stack    *stackOf
	channels []*slacktest.Channel
	typed    map[int]typed
}

type typed struct {
	at      time.Time
	channel *slacktest.Channel
	mention bool
}

// types has Ana type something, as a command or a mention, and sees that she is told to wait.
func (o *outage) types(number int) {
	o.t.Helper()
	ch := o.channels[number%outageChannels]
	as := typed{time.Now(), ch, number/outageChannels%2 == 1}
	o.typed[number] = as
	act := o.ana.Command
	if as.mention {
		act = o.ana.Mention
	}
	where, words := "/incident", fmt.Sprintf("note #%d", number)
	if as.mention {
		where = ""
	}
	if _, err := act(ch, where, words).Acked(o.t.Context()); err != nil {
		o.t.Fatal(err)
	}
	time.Sleep(3*time.Second - time.Since(as.at))
	if got := o.says(ch, number); !slices.Equal(got, []string{"⏳"}) {
		o.t.Errorf("#%d: after 3 s Ana reads %q", number, got)
	}
}

var numbered = regexp.MustCompile(`(⏳|✓|✗) #(\d+)\.`)

// says gives the signs of the messages in a channel that are about a number.
func (o *outage) says(ch *slacktest.Channel, number int) (signs []string) {
	for _, m := range o.ana.Sees(ch) {
		if found := numbered.FindStringSubmatch(m.Text); found != nil && found[2] == fmt.Sprint(number) && !m.Deleted {
			signs = append(signs, found[1])
		}
	}
	return signs
}

func (o *outage) judgeApplied() {
	o.stack.mu.Lock()
	defer o.stack.mu.Unlock()
	total := 0
	for i, ch := range o.channels {
		numbers := o.stack.applied[ch.ID]
		total += len(numbers)
		for at, number := range numbers {
			if number != i+at*outageChannels {
				o.t.Errorf("channel %d: applied as %v", i, numbers)
				break
			}
		}
	}
	if total != outageTyped {
		o.t.Errorf("%d of %d are applied after %v", total, outageTyped, appliedWithin)
	}
	o.t.Logf("%d applied, the last %v after the stack was back; %d tries", total, o.stack.last.Sub(o.stack.back), o.stack.tries)
}

// judgeAnswers: where Ana was told to wait last, she reads the answer in that message's place.
func (o *outage) judgeAnswers() {
	dm, inPlace := o.ws.DM(o.ana), map[string]int{}
	for number, as := range o.typed {
		here, direct := o.says(as.channel, number), o.says(dm, number)
		moved := !as.mention && o.stack.back.Sub(as.at) >= tellAgain
		got := strings.Join(here, "") + "/" + strings.Join(direct, "")
		want := "✓/"
		if moved {
			want = "⏳/✓" // what the response URL said cannot be changed any more
		}
		if got != want {
			o.t.Errorf("#%d, mention %v, typed %v before the end: Ana reads %s, want %s", number, as.mention, o.stack.back.Sub(as.at), got, want)
		}
		inPlace[got]++
	}
	o.t.Logf("read in the end: %v", inPlace)
	for _, v := range o.Violations() {
		o.t.Errorf("Slack would frown: %s", v)
	}
}
