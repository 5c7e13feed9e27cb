package bot

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// bot gives what lists and drops.
func (p *patientRig) bot() *Bot {
	return &Bot{inbox: p.inbox, lanes: p.lanes, router: p.in.router.(*Router)}
}

// of is a request of somebody.
func of(user string) *Request {
	return &Request{Delivery: Delivery{Actor: Actor{UserID: user}}, Workspace: "T1"}
}

// types has somebody type a command.
func (p *patientRig) types(user, text string) {
	d := p.delivery(Command, text)
	d.Actor.UserID = user
	d.Key += user + text
	p.in.keep(p, &d)
}

func TestWaitingListsOnesOwn(t *testing.T) {
	patiently(t, func(t *testing.T, p *patientRig) {
		p.fails = time.Now().Add(time.Hour)
		began := time.Now()
		p.types("U1", "slow &amp; steady")
		time.Sleep(time.Second)
		p.types("U2", "slow too")
		p.types("U1", "slow again")
		p.does(Mention)
		time.Sleep(time.Second)
		own, others, err := p.bot().Waiting(t.Context(), of("U1"))
		want := []Waits{
			{ID: 1, Kind: Command, Text: "/incident slow &amp; steady", Since: began, Why: "Grafana is down", Begun: true},
			{ID: 3, Kind: Command, Text: "/incident slow again", Since: began.Add(time.Second)},
			{ID: 4, Kind: Mention, Text: "slow", Since: began.Add(time.Second)},
		}
		if diff := cmp.Diff(want, own); diff != "" || others != 1 || err != nil {
			t.Errorf("%d others, %v, -want +got:\n%s", others, err, diff)
		}
		itself := of("U1")
		itself.act = &act{id: 3}
		if own, others, _ := p.bot().Waiting(t.Context(), itself); len(own) != 2 || others != 1 {
			t.Errorf("it lists itself: %v", own)
		}
		elsewhere := of("U1")
		elsewhere.Workspace = "T2"
		if own, others, err := p.bot().Waiting(t.Context(), elsewhere); len(own) != 0 || others != 0 || err != nil {
			t.Errorf("another workspace sees %v and %d others", own, others)
		}
	})
}

// TestDropByItsOwnerAlone: what is taken back is not done, and the message that said to wait says so.
func TestDropByItsOwnerAlone(t *testing.T) {
	patiently(t, func(t *testing.T, p *patientRig) {
		p.fails = time.Now().Add(time.Hour)
		p.does(Mention)
		time.Sleep(5 * time.Second)
		elsewhere := of("U1")
		elsewhere.Workspace = "T2"
		for name, r := range map[string]*Request{"another user": of("U2"), "another workspace": elsewhere} {
			start := time.Now()
			if _, dropped, err := p.bot().Drop(t.Context(), r, 1); dropped || err != nil || time.Since(start) > 0 {
				t.Errorf("%s: dropped %v, %v, after %v", name, dropped, err, time.Since(start))
			}
		}
		if _, dropped, err := p.bot().Drop(t.Context(), of("U1"), 99); dropped || err != nil {
			t.Errorf("dropped what is not there: %v, %v", dropped, err)
		}
		was, dropped, err := p.bot().Drop(t.Context(), of("U1"), 1)
		if !dropped || err != nil || was.Text != "slow" || was.Kind != Mention {
			t.Errorf("dropped %v, %v, %+v", dropped, err, was)
		}
		if _, dropped, _ := p.bot().Drop(t.Context(), of("U1"), 1); dropped {
			t.Error("dropped twice")
		}
		time.Sleep(2 * time.Hour)
		calls := p.calls("chat.update")
		if got := p.methods(); got != "chat.postMessage chat.update" || !strings.Contains(calls[0].arg("text"), "✗ taken back") {
			t.Errorf("%s: %v", got, calls)
		}
	})
}

// TestDropOfWhatIsTried waits for the try, and gives up when that takes long.
func TestDropOfWhatIsTried(t *testing.T) {
	for takes, want := range map[time.Duration]bool{time.Second: true, time.Minute - time.Second: false} {
		patiently(t, func(t *testing.T, p *patientRig) {
			p.takes, p.fails = takes, time.Now().Add(time.Hour)
			p.does(Command)
			synctest.Wait()
			start := time.Now()
			_, dropped, err := p.bot().Drop(t.Context(), of("U1"), 1)
			if took := time.Since(start); dropped != want || err != nil || took > dropTime || want && took > takes+dropPause {
				t.Errorf("dropped %v, %v, after %v", dropped, err, took)
			}
		})
	}
}

// TestDropOfWhatWasDone: when a part of it happened, or may have, it is not taken back.
func TestDropOfWhatWasDone(t *testing.T) {
	for name, c := range map[string]struct {
		log  func(in Inbox)
		want bool
	}{
		"in doubt": {func(in Inbox) { _, _ = in.Begin(context.Background(), 1, "declare", nil) }, false},
		"done":     {func(in Inbox) { in.Concluded(1, "declare", []byte(`"42"`)) }, false},
		"undone": {func(in Inbox) {
			_, _ = in.Begin(context.Background(), 1, "declare", nil)
			in.Undone(1, "declare")
		}, true},
		"noted and told": {func(in Inbox) { in.Concluded(1, "chosen", nil) }, true},
	} {
		t.Run(name, func(t *testing.T) {
			patiently(t, func(t *testing.T, p *patientRig) {
				p.fails = time.Now().Add(time.Hour)
				p.does(Command)
				time.Sleep(5 * time.Second)
				c.log(p.inbox)
				if _, dropped, err := p.bot().Drop(t.Context(), of("U1"), 1); dropped != c.want || err != nil {
					t.Errorf("dropped %v, %v", dropped, err)
				}
			})
		})
	}
}

// TestDropOfWhatAnotherProcessHas tells the person, too.
func TestDropOfWhatAnotherProcessHas(t *testing.T) {
	patiently(t, func(t *testing.T, p *patientRig) {
		p.fails = time.Now().Add(time.Hour)
		p.does(Mention)
		time.Sleep(5 * time.Second)
		p.on("conversations.replies", times(9, p.sees(false))...)
		had := p.lanes
		p.process() // which has nothing of it in its lanes
		if _, dropped, err := p.bot().Drop(t.Context(), of("U1"), 1); !dropped || err != nil {
			t.Errorf("dropped %v, %v", dropped, err)
		}
		time.Sleep(time.Second)
		if calls := p.calls("chat.update"); len(calls) != 1 || !strings.Contains(calls[0].arg("text"), "✗ taken back") {
			t.Errorf("%s: %v", p.methods(), calls)
		}
		had.close()
		had.abandon()
	})
}

// unlisted is an inbox that cannot say what waits.
type unlisted struct{ *memory }

func (unlisted) Waiting(context.Context, string, int) ([]Entry, error) { return nil, ErrUnkept }

func TestWhatWaitsCannotBeListed(t *testing.T) {
	b := &Bot{inbox: unlisted{newMemory(time.Now, 1)}}
	if _, _, err := b.Waiting(t.Context(), of("U1")); !errors.Is(err, ErrUnkept) {
		t.Errorf("got %v", err)
	}
	if _, dropped, err := b.Drop(t.Context(), of("U1"), 1); dropped || !errors.Is(err, ErrUnkept) {
		t.Errorf("dropped %v, %v", dropped, err)
	}
}
