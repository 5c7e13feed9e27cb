package journal

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"incident-bot/bot"
)

// store is something that a journal is opened on. Opening it again after Close finds what was written.
type store struct {
	open func(t *testing.T, o Options) Journal
	// ownClock says that the store tells the time itself, so that a test cannot move it.
	ownClock bool
}

// suite is what every Journal has to do, whatever it writes to. fresh makes an empty store.
func suite(t *testing.T, fresh func(t *testing.T) store) {
	for name, test := range map[string]func(*testing.T, store){
		"recognises an act by each of its names":     suiteRecognises,
		"recognises an act after a restart":          suiteRecognisesLater,
		"forgets an act after an hour":               suiteForgets,
		"takes one of many at once":                  suiteOneOfMany,
		"numbers in order of arrival":                suiteNumbers,
		"gives back what waits, in order":            suiteGivesBack,
		"gives nothing back that is new or over":     suiteGivesNothing,
		"counts attempts and crashes":                suiteCounts,
		"lists what waits":                           suiteWaiting,
		"drops what waits, for the one whose it is":  suiteDrop,
		"does not drop what may have happened":       suiteDropEffect,
		"keeps a drop":                               suiteDropKept,
		"keeps effects":                              suiteEffects,
		"keeps results of what was not begun":        suiteUnbegun,
		"keeps effects of one entry from another's":  suiteEffectsApart,
		"begins an effect once":                      suiteEffectOnce,
		"forgets an effect that did not happen":      suiteUndone,
		"keeps small things":                         suiteKeeps,
		"holds bytes as they are":                    suiteBytes,
		"says no after Close":                        suiteClosed,
		"serves many at once without mixing them up": suiteMany,
	} {
		t.Run(name, func(t *testing.T) { test(t, fresh(t)) })
	}
}

// entry is something that arrived now.
func entry(key string, names ...string) *bot.Entry {
	return &bot.Entry{
		Key: key, Names: names, Workspace: "T1", User: "U1", Lane: "T1/lane", Received: time.Now(), Body: []byte("body of " + key),
	}
}

// put puts e, which nobody may have seen.
func put(t *testing.T, j bot.Inbox, e *bot.Entry) int64 {
	t.Helper()
	seen, err := j.Put(t.Context(), e)
	if err != nil || seen || e.ID == 0 {
		t.Fatalf("put %s: seen %v, id %d, %v", e.Key, seen, e.ID, err)
	}
	return e.ID
}

// seen says whether e is recognised.
func seen(t *testing.T, j bot.Inbox, e *bot.Entry) bool {
	t.Helper()
	seen, err := j.Put(t.Context(), e)
	if err != nil {
		t.Fatalf("put %s: %v", e.Key, err)
	}
	return seen
}

// start starts the handler of an entry that is ours.
func start(t *testing.T, j bot.Inbox, id int64) {
	t.Helper()
	if ours, err := j.Start(t.Context(), id); err != nil || !ours {
		t.Fatalf("start %d: %v, %v", id, ours, err)
	}
}

// begin begins an effect.
func begin(t *testing.T, j bot.Inbox, id int64, effect, memo string) bot.Logged {
	t.Helper()
	l, err := j.Begin(t.Context(), id, effect, []byte(memo))
	if err != nil {
		t.Fatalf("begin %s of %d: %v", effect, id, err)
	}
	return l
}

// waiting lists everything of T1.
func waiting(t *testing.T, j bot.Inbox) []bot.Entry {
	t.Helper()
	list, err := j.Waiting(t.Context(), "T1", 1000)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// reopen closes j and gives what the next process finds.
func reopen(t *testing.T, s store, j Journal, o Options) (Journal, []bot.Entry) {
	t.Helper()
	if err := j.Close(); err != nil {
		t.Fatalf("close: %v", err)
	}
	j = s.open(t, o)
	return j, taken(t, j)
}

// taken gives what Open gives.
func taken(t *testing.T, j bot.Inbox) []bot.Entry {
	t.Helper()
	var list []bot.Entry
	var mu sync.Mutex
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	err := j.Open(ctx, func(e bot.Entry) {
		mu.Lock()
		defer mu.Unlock()
		list = append(list, e)
	})
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	mu.Lock()
	defer mu.Unlock()
	return slices.Clone(list)
}

// patient is how long a test waits for what should come soon.
const patient = 30 * time.Second

// eventually waits for what is written soon.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	deadline := time.After(patient)
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("not within %s: %s", patient, what)
		}
	}
}

func keysOf(list []bot.Entry) string {
	var keys []string
	for _, e := range list {
		keys = append(keys, e.Key)
	}
	return fmt.Sprint(keys)
}

func suiteRecognises(t *testing.T, s store) {
	j := s.open(t, Options{})
	put(t, j, entry("event:1", "envelope:1", "message:1"))
	for _, again := range []*bot.Entry{
		entry("event:1"), entry("event:1", "envelope:2"), entry("event:2", "envelope:1"), entry("event:3", "envelope:3", "message:1"),
		entry("message:1"), entry("event:4", "event:1"),
	} {
		if !seen(t, j, again) {
			t.Errorf("%s with %v is not recognised", again.Key, again.Names)
		}
	}
	if got := keysOf(waiting(t, j)); got != "[event:1]" {
		t.Errorf("waiting: %s", got)
	}
	put(t, j, entry("event:2", "envelope:3")) // what was turned away as seen has left none of its names
}

func suiteRecognisesLater(t *testing.T, s store) {
	j := s.open(t, Options{})
	put(t, j, entry("waits", "w"))
	for key, dead := range map[string]bool{"done": false, "dead": true} {
		id := put(t, j, entry(key, "name of "+key))
		start(t, j, id)
		j.End(id, dead, "over")
	}
	j, _ = reopen(t, s, j, Options{})
	for _, e := range []*bot.Entry{
		entry("waits"), entry("x", "w"), entry("done"), entry("y", "name of done"), entry("dead"), entry("z", "name of dead"),
	} {
		if !seen(t, j, e) {
			t.Errorf("%s with %v is not recognised", e.Key, e.Names)
		}
	}
}

func suiteForgets(t *testing.T, s store) {
	if s.ownClock {
		t.Skip("the store tells the time itself")
	}
	c := &clock{now: time.Now()}
	j := s.open(t, Options{Now: c.read})
	put(t, j, entry("a", "name"))
	c.pass(seenWindow - time.Minute)
	if !seen(t, j, entry("a")) || !seen(t, j, entry("b", "name")) {
		t.Error("forgotten within the hour")
	}
	j, _ = reopen(t, s, j, Options{Now: c.read})
	if !seen(t, j, entry("a")) {
		t.Error("forgotten within the hour, after a restart")
	}
	c.pass(2 * time.Minute)
	put(t, j, entry("a"))
	put(t, j, entry("b", "name"))
}

func suiteOneOfMany(t *testing.T, s store) {
	j := s.open(t, Options{})
	for round := range 20 {
		var fresh sync.Map
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				e := entry(fmt.Sprint("key", round))
				if seen, err := j.Put(t.Context(), e); err != nil {
					t.Error(err)
				} else if !seen {
					fresh.Store(e.ID, true)
				}
			})
		}
		all.Wait()
		count := 0
		fresh.Range(func(any, any) bool { count++; return true })
		if count != 1 {
			t.Fatalf("round %d: taken %d times", round, count)
		}
	}
	if got := len(waiting(t, j)); got != 20 {
		t.Errorf("%d wait", got)
	}
}

func suiteNumbers(t *testing.T, s store) {
	j := s.open(t, Options{})
	var last int64
	for i := range 10 {
		id := put(t, j, entry(fmt.Sprint("key", i)))
		if id <= last {
			t.Fatalf("%d after %d", id, last)
		}
		last = id
	}
	for _, e := range waiting(t, j) {
		j.End(e.ID, false, "")
	}
	j, _ = reopen(t, s, j, Options{})
	if id := put(t, j, entry("after a restart")); id <= last {
		t.Errorf("%d after %d", id, last)
	}
}

func suiteGivesBack(t *testing.T, s store) {
	j := s.open(t, Options{})
	if list := taken(t, j); len(list) != 0 {
		t.Fatalf("an empty store gives %v", list)
	}
	want := []bot.Entry{}
	for i := range 5 {
		e := entry(fmt.Sprint("key", i), fmt.Sprint("a", i), fmt.Sprint("b", i))
		put(t, j, e)
		want = append(want, *e)
	}
	due := time.Now().Add(time.Hour).Truncate(time.Millisecond)
	start(t, j, want[3].ID)
	j.Later(want[3].ID, due, "Grafana is away")
	want[3].Attempts, want[3].Due, want[3].Why = 1, due, "Grafana is away"
	_, got := reopen(t, s, j, Options{})
	near := cmpopts.EquateApproxTime(time.Millisecond)
	if diff := cmp.Diff(want, got, near, cmpopts.EquateEmpty(), cmpopts.IgnoreFields(bot.Entry{}, "Elsewhere")); diff != "" {
		t.Error(diff)
	}
}

func suiteGivesNothing(t *testing.T, s store) {
	j := s.open(t, Options{})
	done, dead, waits := put(t, j, entry("done")), put(t, j, entry("dead")), put(t, j, entry("waits"))
	start(t, j, done)
	start(t, j, dead)
	j.End(done, false, "")
	j.End(dead, true, "too old")
	j, list := reopen(t, s, j, Options{})
	if len(list) != 1 || list[0].ID != waits {
		t.Fatalf("given: %s", keysOf(list))
	}
	put(t, j, entry("new"))
	for _, id := range []int64{done, dead, 1 << 40} {
		if ours, err := j.Start(t.Context(), id); ours || err != nil {
			t.Errorf("start of %d, which is over: %v, %v", id, ours, err)
		}
	}
}

func suiteCounts(t *testing.T, s store) {
	j := s.open(t, Options{})
	id := put(t, j, entry("runs"))
	started := 0
	for range 3 {
		start(t, j, id)
		started++
		j.Later(id, time.Now().Add(time.Hour), "not yet")
	}
	for crashes := range 12 {
		start(t, j, id)
		started++
		var list []bot.Entry
		j, list = reopen(t, s, j, Options{})
		if len(list) != 1 || list[0].Attempts != started || list[0].Crashes != crashes+1 {
			t.Fatalf("after %d starts and %d ends while it ran: %+v", started, crashes+1, list)
		}
	}
}

func suiteWaiting(t *testing.T, s store) {
	j := s.open(t, Options{})
	other := entry("of another workspace")
	other.Workspace, other.Lane = "T2", "T2/x"
	put(t, j, other)
	first, second, third := put(t, j, entry("first")), put(t, j, entry("second")), put(t, j, entry("third"))
	start(t, j, first)
	due := time.Now().Add(time.Minute)
	j.Later(second, due, "Grafana is away")
	eventually(t, "the reason is listed", func() bool {
		list := waiting(t, j)
		return len(list) == 3 && list[1].Why == "Grafana is away" && list[1].Due.Sub(due).Abs() < time.Second
	})
	if got := keysOf(waiting(t, j)); got != "[first second third]" {
		t.Errorf("listed: %s", got)
	}
	if list, err := j.Waiting(t.Context(), "T1", 2); err != nil || keysOf(list) != "[first second]" {
		t.Errorf("two at most: %s, %v", keysOf(list), err)
	}
	j.End(third, false, "")
	eventually(t, "what is over is not listed", func() bool { return keysOf(waiting(t, j)) == "[first second]" })
}
