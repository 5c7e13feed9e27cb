package bot

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"
)

func TestLabelsRemember(t *testing.T) {
	l := newLabels(nil)
	l.Remember("T1", "incident/42", "C1", "1.1")
	l.Remember("T1", "incident/42", "C2", "2.2")
	l.Remember("T2", "incident/42", "C1", "1.1") // another workspace's
	l.Remember("T1", "incident/43", "C1", "3.3")
	l.Remember("T1", "incident/42", "", "") // no message
	if got, want := l.find("T1", "incident/42"), []messageRef{{"T1", "C1", "1.1"}, {"T1", "C2", "2.2"}}; !slices.Equal(got, want) {
		t.Errorf("found %v", got)
	}
	if label, ok := l.At(t.Context(), "T1", "C1", "3.3"); !ok || label != "incident/43" {
		t.Errorf("at 3.3: %q, %v", label, ok)
	}
	l.Remember("T1", "incident/43", "C2", "2.2") // it shows something else now
	l.forget(messageRef{"T1", "C1", "1.1"})
	l.forget(messageRef{"T1", "C9", "9.9"})
	if got := l.find("T1", "incident/42"); len(got) != 0 {
		t.Errorf("found %v", got)
	}
	if got := l.find("T1", "incident/43"); len(got) != 2 {
		t.Errorf("found %v", got)
	}
}

func TestLabelsAreBounded(t *testing.T) {
	l := newLabels(nil)
	for i := range labelledKept + 100 {
		l.Remember("T1", fmt.Sprint("incident/", i), "C1", fmt.Sprint(i))
	}
	if n := len(l.byLabel); n != labelledKept {
		t.Errorf("%d labels", n)
	}
	if got := l.find("T1", "incident/0"); len(got) != 0 {
		t.Errorf("the oldest is still there: %v", got)
	}
	for i := range 100 {
		l.Remember("T1", "list", "C2", fmt.Sprint(i))
	}
	if got := l.find("T1", "list"); len(got) != perLabelKept || got[0].ts != "80" {
		t.Errorf("%d messages of one label, from %v", len(got), got[0])
	}
}

const labelledMessage = `{"ok":true,"messages":[{"type":"message","ts":%q,"user":%q,"text":"x","metadata":{"event_type":%q,"event_payload":{"label":"incident/42","key":"k"}}}]}`

func TestLabelsAreReadFromSlack(t *testing.T) {
	for name, c := range map[string]struct {
		answer webAnswer
		want   string
		again  int // how often Slack is asked for two questions
	}{
		"ours":               {says(fmt.Sprintf(labelledMessage, "1.1", "UBOT", "incident_bot")), "incident/42", 1},
		"somebody else's":    {says(fmt.Sprintf(labelledMessage, "1.1", "UEVIL", "incident_bot")), "", 1},
		"another event type": {says(fmt.Sprintf(labelledMessage, "1.1", "UBOT", "other")), "", 1},
		"another message":    {says(fmt.Sprintf(labelledMessage, "0.9", "UBOT", "incident_bot")), "", 2},
		"none":               {says(`{"ok":true,"messages":[]}`), "", 2},
		"missing scope":      {missingScope("channels:history"), "", 2},
		"not there":          {slackError("channel_not_found"), "", 2},
		"a strange payload":  {says(`{"ok":true,"messages":[{"ts":"1.1","user":"UBOT","metadata":{"event_type":"incident_bot","event_payload":{"label":7}}}]}`), "", 1},
	} {
		g := newRig(t)
		g.on("conversations.replies", c.answer, c.answer)
		for range 2 {
			if got, ok := g.sender.Labels().At(t.Context(), "T1", "C1", "1.1"); got != c.want || ok != (c.want != "") {
				t.Errorf("%s: %q, %v", name, got, ok)
			}
		}
		calls := g.calls("conversations.replies")
		if len(calls) != c.again {
			t.Errorf("%s: asked %d times", name, len(calls))
		}
		if call := calls[0]; call.arg("ts") != "1.1" || call.arg("limit") != "1" || call.arg("include_all_metadata") != "1" {
			t.Errorf("%s: asked %v", name, call.Args)
		}
	}
}

func TestLabelsAskNobodyForNothing(t *testing.T) {
	g := newRig(t)
	for _, place := range [][3]string{{"T1", "", "1.1"}, {"T1", "C1", ""}, {"T9", "C1", "1.1"}} {
		if label, ok := g.sender.Labels().At(t.Context(), place[0], place[1], place[2]); ok || label != "" {
			t.Errorf("%v: %q", place, label)
		}
	}
	if got := g.methods(); got != "" {
		t.Errorf("asked %s", got)
	}
}

func TestLabelsTogether(t *testing.T) {
	l := newLabels(nil)
	var group sync.WaitGroup
	for n := range 8 {
		group.Go(func() {
			for i := range 200 {
				label, ts := fmt.Sprint("l", i%7), fmt.Sprint(n*1000+i)
				l.Remember("T1", label, "C1", ts)
				l.find("T1", label)
				if i%3 == 0 {
					l.forget(messageRef{"T1", "C1", ts})
				}
			}
		})
	}
	group.Wait()
}

// TestLabelsOutliveTheProcess: the next process knows which messages show a label, and adds its own to them.
func TestLabelsOutliveTheProcess(t *testing.T) {
	keeper := newMemory(time.Now, 1)
	process := func() *Labels {
		l := newLabels(nil)
		l.keeper = keeper
		return l
	}
	process().Remember("T1", "incident/42", "C1", "1.1")
	second := process()
	second.Remember("T1", "incident/42", "C2", "2.2")
	want := []messageRef{{"T1", "C1", "1.1"}, {"T1", "C2", "2.2"}}
	for name, l := range map[string]*Labels{"the second": second, "the third": process()} {
		if got := l.find("T1", "incident/42"); !slices.Equal(got, want) {
			t.Errorf("%s knows %v", name, got)
		}
	}
	if got := process().find("T2", "incident/42"); len(got) != 0 {
		t.Errorf("another workspace knows %v", got)
	}
	second.remember(want[0], labelled{"incident/42", "edit"}) // which was edited
	if got := process().find("T1", "incident/42"); !slices.Equal(got, want) {
		t.Errorf("after an edit they come in the order %v", got)
	}
	third := process()
	third.find("T1", "incident/42")
	third.forget(messageRef{"T1", "C1", "1.1"})
	if got := third.find("T1", "incident/42"); !slices.Equal(got, want[1:]) {
		t.Errorf("what is gone is known: %v", got)
	}
}
