package bot

import (
	"context"
	"encoding/json"
	"slices"
	"time"
)

// keptFor is how long it is known beyond the process which messages show a label: Slack lets old ones be changed too, but
// an incident that nobody spoke of for so long is over.
const keptFor = 60 * 24 * time.Hour

// keptRef is a message as it is kept.
type keptRef struct{ Channel, TS string }

func (k labelKey) kept() string { return k.workspace + "/shows/" + k.label }

// keep writes down which messages show a label.
func (l *Labels) keep(at labelKey, refs []messageRef) {
	if l.keeper == nil {
		return
	}
	list := make([]keptRef, len(refs))
	for i, ref := range refs {
		list[i] = keptRef{ref.channel, ref.ts}
	}
	if kept, err := json.Marshal(list); err == nil {
		l.keeper.Keep(at.kept(), kept, time.Now().Add(keptFor))
	}
}

// recallTime bounds asking for what was kept; without it a card stays as it is until the next change.
const recallTime = time.Second

// recall brings back which messages show a label, unless this process knows some already.
func (l *Labels) recall(at labelKey) {
	l.mu.Lock()
	known := len(l.byLabel[at]) > 0
	l.mu.Unlock()
	if known || l.keeper == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), recallTime)
	defer cancel()
	kept, err := l.keeper.Kept(ctx, at.kept())
	var list []keptRef
	if err != nil || kept == nil || json.Unmarshal(kept, &list) != nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.byLabel[at]) > 0 {
		return
	}
	for _, k := range list {
		ref := messageRef{at.workspace, k.Channel, k.TS}
		if gone := l.byPlace.put(ref, labelled{label: at.label}); gone != nil {
			l.unlist(gone.key, gone.value.label)
		}
		l.byLabel[at] = append(slices.DeleteFunc(l.byLabel[at], func(r messageRef) bool { return r == ref }), ref)
	}
}
