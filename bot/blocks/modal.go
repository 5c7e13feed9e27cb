package blocks

import (
	"encoding/json"
	"math"

	"github.com/slack-go/slack"
)

// Modal is a form or a window. Title and submit show 24 characters; metadata (ids only, they come back from the
// client) takes 3,000. At most 100 blocks and 250 KB are kept, what is over is counted in a last line. An empty submit
// is left out, unless there is an input: Slack wants a button then.
func Modal(callbackID, title, submit, metadata string, b ...slack.Block) slack.ModalViewRequest {
	view := slack.ModalViewRequest{
		Type:            slack.VTModal,
		Title:           plainText(title, maxViewTitle),
		Close:           plainText("Close", maxViewTitle),
		CallbackID:      cutValue(callbackID, maxID),
		PrivateMetadata: cutValue(metadata, MaxMetadata),
		Blocks:          slack.Blocks{BlockSet: limitBlocks(b, maxViewBlocks, math.MaxInt)},
	}
	if submit == "" && hasInput(view.Blocks.BlockSet) {
		submit = "Send"
	}
	if submit != "" {
		view.Submit = plainText(submit, maxViewTitle)
		view.Close = plainText("Cancel", maxViewTitle)
	}
	if len(view.Blocks.BlockSet) == 0 {
		view.Blocks.BlockSet = []slack.Block{Section(nothing)}
	}
	shrink(&view)
	return view
}

func hasInput(b []slack.Block) bool {
	for _, block := range b {
		if block.BlockType() == slack.MBTInput {
			return true
		}
	}
	return false
}

// shrink drops blocks from the end until the view's JSON is small enough.
func shrink(view *slack.ModalViewRequest) {
	kept := view.Blocks.BlockSet
	for dropped := 0; len(kept) > 1 && encodedSize(view) > maxViewBytes; {
		n := max(1, len(kept)/8)
		dropped += n
		kept = kept[:len(kept)-n]
		view.Blocks.BlockSet = append(kept[:len(kept):len(kept)], Context(andMore(dropped)))
	}
}

func encodedSize(view *slack.ModalViewRequest) int {
	encoded, err := json.Marshal(view)
	if err != nil {
		return 0 // it cannot be sent at all, which the sender finds out
	}
	return len(encoded)
}
