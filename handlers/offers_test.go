package handlers

import (
	"crypto/rand"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"incident-bot/bot"
)

// of2 is an offer of two words.
func of2() offer { return offer{words: []string{"list", "help"}} }

func TestOffers(t *testing.T) {
	o, r := newOffers(), typing("note", "x")
	id := o.put(r, of2())
	click := func(value string, change func(*bot.Request)) *bot.Request {
		again := clicking(buttonOffer, value)
		again.Key = rand.Text()
		if change != nil {
			change(again)
		}
		return again
	}
	for name, test := range map[string]struct {
		r    *bot.Request
		want standing
	}{
		"somebody else":     {click(id+":0", func(r *bot.Request) { r.Actor.UserID = "U2" }), others},
		"another workspace": {click(id+":0", func(r *bot.Request) { r.Workspace = "T2" }), gone},
		"an hour later":     {click(id+":0", func(r *bot.Request) { r.Now = night().Add(offerTime) }), gone},
		"unknown":           {click("nothing:0", nil), gone},
		"empty":             {click("", nil), gone},
		"no such button":    {click(id+":2", nil), gone},
		"no number":         {click(id+":x", nil), gone},
		"negative":          {click(id+":-1", nil), gone},
	} {
		if words, is := o.take(test.r); is != test.want || words != "" {
			t.Errorf("%s: %q, %d", name, words, is)
		}
	}
	if words, ok := o.peek(click(id+":1", nil)); !ok || words != "help" {
		t.Errorf("peeked %q", words)
	}
	late := click(id+":1", func(r *bot.Request) { r.Now = night().Add(offerTime - time.Second) })
	if words, is := o.take(late); is != open || words != "help" {
		t.Errorf("took %q, %d", words, is)
	}
	if _, is := o.take(click(id+":0", nil)); is != spent {
		t.Errorf("taken twice: %d", is)
	}
	if _, ok := o.peek(click(id+":0", nil)); ok {
		t.Error("what was taken has words still")
	}
}

// TestOffersAreTakenOnce however many taps come at once.
func TestOffersAreTakenOnce(t *testing.T) {
	o := newOffers()
	id := o.put(typing("note", "x"), of2())
	var taken atomic.Int32
	var taps sync.WaitGroup
	for range 50 {
		taps.Go(func() {
			tap := clicking(buttonOffer, id+":0")
			tap.Key = rand.Text()
			if _, is := o.take(tap); is == open {
				taken.Add(1)
			}
		})
	}
	taps.Wait()
	if taken.Load() != 1 {
		t.Errorf("taken %d times", taken.Load())
	}
}

func TestOffersAreBounded(t *testing.T) {
	o, r := newOffers(), typing("note", "x")
	first := o.put(r, of2())
	for range offersKept {
		o.put(r, of2())
	}
	if _, is := o.find(r, first); is != gone || len(o.byID) != offersKept || len(o.order) != offersKept {
		t.Errorf("the first is %d of %d", is, len(o.byID))
	}
	r.Now = night().Add(2 * offerTime)
	if o.put(r, of2()); len(o.byID) != 1 || len(o.order) != 1 {
		t.Errorf("%d old offers are kept", len(o.byID)-1)
	}
}

// TestTake answers each kind of click.
func TestTake(t *testing.T) {
	d := newDesk(newStack())
	r := typing("resolve", "")
	value := d.choices(r, []choice{{"#42", "resolve #42 bad deploy &amp; cache"}})[0].value
	other := clicking(buttonOffer, value)
	other.Actor.UserID = "U2"
	wants(t, d.run(t, other, d.take), "These buttons are for the person who asked, so nothing was done.")
	reply := d.run(t, clicking(buttonOffer, value), d.take)
	wants(t, reply, "You chose: resolve #42 bad deploy & cache")
	if got := readable("declare " + another + "disk &amp; cache sev:major"); got != "declare disk & cache sev:major" {
		t.Errorf("a second declaration reads %q", got)
	}
	if reply.Run != "resolve #42 bad deploy &amp; cache" || !reply.Answer.Replace {
		t.Errorf("it runs %q, replacing %t", reply.Run, reply.Answer.Replace)
	}
	second := clicking(buttonOffer, value)
	second.Key = "k2"
	again := d.run(t, second, d.take)
	wants(t, again, "You tapped this already, so nothing was done again.")
	wants(t, d.run(t, clicking(buttonOffer, "old:0"), d.take), "over an hour old")
	if again.Run != "" {
		t.Errorf("a second tap runs %q", again.Run)
	}
}

func TestOfferLane(t *testing.T) {
	d := newDesk(newStack())
	for words, want := range map[string]string{
		"note #42 x": "incident/42", "severity #42 sev:\"Major\"": "incident/42", "status 43 \"Needs review\"": "incident/43", "list": "", "nonsense 42": "",
		"declare x": "declare/x", "help note": "own/U1",
	} {
		value := d.choices(typing("", ""), []choice{{"a", words}})[0].value
		if got := d.offerLane(clicking(buttonOffer, value)); got != want {
			t.Errorf("%s: lane %q", words, got)
		}
	}
	if got := d.offerLane(clicking(buttonOffer, "gone:0")); got != "" {
		t.Errorf("lane %q of nothing", got)
	}
}

func TestThreads(t *testing.T) {
	th := newThreads()
	begins := inThread("", "declare", "x") // the mention begins the thread in which it is answered
	in := inThread("99.0", "note", "y")
	if got := found(th, in); got != "" {
		t.Errorf("about %q", got)
	}
	th.remember(t.Context(), begins, "42")
	th.remember(t.Context(), begins, "42")
	if got := found(th, in); got != "42" {
		t.Errorf("about %q", got)
	}
	elsewhere, foreign := inThread("98.0", "note", ""), inThread("99.0", "note", "")
	foreign.Workspace = "T2"
	if found(th, elsewhere) != "" || found(th, foreign) != "" {
		t.Error("another thread is about it too")
	}
	th.remember(t.Context(), in, "43")
	if got := found(th, in); got != "" {
		t.Errorf("about %q of two", got)
	}
	th.remember(t.Context(), typing("show", "42"), "42")
	direct := inThread("97.0", "show", "42")
	direct.Place.ChannelID = "D1"
	th.remember(t.Context(), direct, "42")
	if len(th.about) != 1 {
		t.Errorf("remembered %v", th.about)
	}
	for n := range threadsKept {
		th.remember(t.Context(), inThread(strconv.Itoa(n)+".5", "show", "42"), "42")
	}
	if len(th.about) != threadsKept || len(th.order) != threadsKept {
		t.Errorf("%d are kept", len(th.about))
	}
}

func found(th *threads, r *bot.Request) string {
	id, _ := th.find(r)
	return id
}

// TestOffersAreTakenByOneProcess: a tap that another process took an offer for is known here too, also where the offer
// was made, and what was taken here is not open again.
func TestOffersAreTakenByOneProcess(t *testing.T) {
	o := newOffers()
	asked := typing("note", "x")
	kept := keptOffer{User: "U1", Words: []string{"list", "help"}, Until: night().Add(offerTime)}
	tap := func(id, key string) (string, standing) {
		r := clicking(buttonOffer, id+":0")
		r.Key = key
		return o.take(r)
	}
	own, foreign := o.put(asked, of2()), "foreign"
	taken := kept
	taken.Used = "there"
	o.learn("T1", own, taken)
	if _, is := tap(own, "here"); is != spent {
		t.Errorf("taken twice: %d", is)
	}
	if words, is := tap(own, "there"); is != open || words != "list" {
		t.Errorf("the tap itself, handled again here: %q, %d", words, is)
	}
	o.learn("T1", foreign, kept)
	if words, is := tap(foreign, "here"); is != open || words != "list" {
		t.Errorf("another process's offer: %q, %d", words, is)
	}
	o.learn("T1", foreign, kept)
	o.learn("T1", foreign, taken)
	if _, is := tap(foreign, "again"); is != spent {
		t.Errorf("open again: %d", is)
	}
	o.learn("T2", own, kept)
	if one, _ := o.find(clicking(buttonOffer, own+":0"), own); one.workspace != "T1" {
		t.Errorf("it is %s's now", one.workspace)
	}
}
