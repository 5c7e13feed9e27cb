package bot

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// editAll puts a message in the place of every message that shows its label. Edits wait for nobody's answer: their
// failures are logged, and the next change brings the next edit.
func (s *Sender) editAll(ctx context.Context, r *Request, e Edit) {
	w := encodeMessage(e.Message)
	if e.Clicked && r.Place.Ephemeral {
		// Only its own response URL can change an ephemeral message.
		if one := s.hookWay(r, true); r.Response.live(time.Now()) {
			if err := s.attempt(ctx, r, &w, one); err != nil {
				s.notice(r, one.name, err)
			}
		}
	}
	one, ok := s.ws.byID(r.Workspace)
	if !ok {
		return
	}
	edit := pendingEdit{workspace: one, request: r, label: e.Label, at: e.At, wire: w}
	s.coming.missed(labelKey{r.Workspace, e.Label}, edit)
	refs := s.labels.find(r.Workspace, e.Label)
	clicked := messageRef{r.Workspace, r.Place.ChannelID, r.Place.MessageTS}
	if e.Clicked && !r.Place.Ephemeral && clicked.channel != "" && clicked.ts != "" && !slices.Contains(refs, clicked) {
		refs = append(refs, clicked)
	}
	for _, ref := range refs {
		s.edits.put(ctx, ref, edit)
	}
}

// edit makes one edit for the editor.
func (s *Sender) edit(ctx context.Context, ref messageRef, e pendingEdit) {
	w := e.wire
	err := s.attempt(ctx, e.request, &w, way{"chat.update", func(ctx context.Context, w wire) error {
		return s.update(ctx, e.workspace, ref, e.label, w)
	}})
	if err != nil {
		s.notice(e.request, "chat.update", err)
	}
}

// update changes one message. Its metadata is sent again: whether Slack keeps it otherwise is not documented. A message
// that is gone or closed to changes is forgotten.
func (s *Sender) update(ctx context.Context, one *workspace, ref messageRef, label string, w wire) error {
	return s.updateAs(ctx, one, ref, firstOf(s.labels.key(ref), "edit"), label, w)
}

// updateAs is update of a message that carries another key from now on.
func (s *Sender) updateAs(ctx context.Context, one *workspace, ref messageRef, key, label string, w wire) error {
	_, err := s.call(ctx, one, "chat.update", "", messageBody{
		Channel: ref.channel, TS: ref.ts, Text: w.text, Metadata: newMetadata(key, label),
	}, w.blocks)
	switch faultOf(err).code {
	case "":
		if label != "" {
			s.labels.remember(ref, labelled{label, key})
		}
	case "message_not_found", "cant_update_message", "edit_window_closed", "channel_not_found", "is_archived":
		s.labels.forget(ref)
	}
	if err != nil {
		return fmt.Errorf("edit %s of %s: %w", label, ref.channel, err)
	}
	return nil
}
