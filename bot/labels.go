package bot

import (
	"context"
	"slices"
	"sync"

	"github.com/slack-go/slack"
)

// Limits of what Labels keeps in memory. Messages are asked for again when they were forgotten.
const (
	labelledKept = 20_000 // messages
	perLabelKept = 20     // messages that show the same
)

// metadataEvent is the event_type of every message the bot posts.
const metadataEvent = "incident_bot"

// Labels knows which message shows what. A label ("incident/42") travels in the message's metadata, so that a message
// is recognised after a restart too; what this process posted or saw is remembered, and which messages show a label is
// kept beyond the process, as Slack cannot be asked for that.
type Labels struct {
	ws     *Workspaces
	keeper Keeper // nil keeps nothing

	mu      sync.Mutex
	byPlace *lru[messageRef, labelled]
	byLabel map[labelKey][]messageRef
}

// messageRef is one message in Slack.
type messageRef struct{ workspace, channel, ts string }

type labelKey struct{ workspace, label string }

// labelled is what is known of a message; a label of "" is knowing that it has none.
type labelled struct{ label, key string }

func newLabels(ws *Workspaces) *Labels {
	return &Labels{ws: ws, byPlace: newLRU[messageRef, labelled](labelledKept), byLabel: map[labelKey][]messageRef{}}
}

// Remember notes that a message shows label.
func (l *Labels) Remember(workspace, label, channel, ts string) {
	l.remember(messageRef{workspace, channel, ts}, labelled{label: label})
}

func (l *Labels) remember(ref messageRef, what labelled) {
	if ref.channel == "" || ref.ts == "" {
		return
	}
	if what.label != "" {
		l.recall(labelKey{ref.workspace, what.label})
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	at := labelKey{ref.workspace, what.label}
	if old, ok := l.byPlace.get(ref); ok {
		what.key = firstOf(what.key, old.key)
		if old.label == what.label && slices.Contains(l.byLabel[at], ref) {
			l.byPlace.put(ref, what) // nothing new is known
			return
		}
		l.unlist(ref, old.label)
	}
	if gone := l.byPlace.put(ref, what); gone != nil {
		l.unlist(gone.key, gone.value.label)
	}
	if what.label == "" {
		return
	}
	refs := append(l.byLabel[at], ref)
	if len(refs) > perLabelKept {
		refs = slices.Delete(refs, 0, 1)
	}
	l.byLabel[at] = refs
	l.keep(at, refs)
}

// unlist takes a message from its label's list. mu is held.
func (l *Labels) unlist(ref messageRef, label string) {
	at := labelKey{ref.workspace, label}
	refs := slices.DeleteFunc(l.byLabel[at], func(r messageRef) bool { return r == ref })
	if len(refs) == 0 {
		delete(l.byLabel, at)
		return
	}
	l.byLabel[at] = refs
}

// forget drops a message that is gone or cannot be changed any more.
func (l *Labels) forget(ref messageRef) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if old, ok := l.byPlace.get(ref); ok {
		l.unlist(ref, old.label)
		l.byPlace.drop(ref)
		if at := (labelKey{ref.workspace, old.label}); old.label != "" {
			l.keep(at, l.byLabel[at])
		}
	}
}

// find gives the messages that show label, in the order they were posted.
func (l *Labels) find(workspace, label string) []messageRef {
	l.recall(labelKey{workspace, label})
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.byLabel[labelKey{workspace, label}])
}

// key gives the effect key a message was posted with, "" when it is not known.
func (l *Labels) key(ref messageRef) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	what, _ := l.byPlace.get(ref)
	return what.key
}

// At gives the label of a message of this bot: from memory, else from the message's metadata in Slack. ok is false when
// it has none, is somebody else's, or cannot be read.
func (l *Labels) At(ctx context.Context, workspace, channel, ts string) (label string, ok bool) {
	if channel == "" || ts == "" {
		return "", false
	}
	ref := messageRef{workspace, channel, ts}
	l.mu.Lock()
	what, known := l.byPlace.get(ref)
	l.mu.Unlock()
	if !known {
		if what, known = l.read(ctx, ref); known {
			l.remember(ref, what)
		}
	}
	return what.label, what.label != ""
}

// read asks Slack for one message. conversations.replies gives a thread's first message first, and a message outside a
// thread alone; conversations.history would need the channel's newest messages to be passed over.
func (l *Labels) read(ctx context.Context, ref messageRef) (labelled, bool) {
	one, ok := l.ws.byID(ref.workspace)
	if !ok {
		return labelled{}, false
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	messages, _, _, err := one.api.GetConversationRepliesContext(ctx, &slack.GetConversationRepliesParameters{
		ChannelID: ref.channel, Timestamp: ref.ts, Limit: 1, Inclusive: true, IncludeAllMetadata: true,
	})
	one.note(err)
	if err != nil {
		return labelled{}, false
	}
	for _, m := range messages {
		if m.Timestamp == ref.ts {
			return one.labelOf(m), true
		}
	}
	return labelled{}, false
}

// labelOf reads the metadata of a message, if the bot itself posted it: anybody's app may copy an event_type.
func (w *workspace) labelOf(m slack.Message) labelled {
	if bot := w.botUser(); m.Metadata.EventType != metadataEvent || bot == "" || m.User != bot {
		return labelled{}
	}
	label, _ := m.Metadata.EventPayload["label"].(string)
	key, _ := m.Metadata.EventPayload["key"].(string)
	return labelled{label: label, key: key}
}
