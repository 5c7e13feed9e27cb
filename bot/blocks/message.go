package blocks

import (
	"strconv"

	"github.com/slack-go/slack"
)

// NewMessage makes a message that Slack accepts: text of at most 4,000 characters, at most 50 blocks (what is over is
// counted in a last line), nil blocks passed over. Without text the blocks' own text is taken, as the text alone has to
// tell the story. Making a message of a message's parts again changes nothing.
func NewMessage(text Mrkdwn, b ...slack.Block) Message {
	kept := limitBlocks(b, maxMessageBlocks, maxMessageChars)
	if blank(string(text)) {
		text = blocksText(kept)
	}
	if text = CutMrkdwn(Mrkdwn(tidy(string(text))), MaxMessageText); blank(string(text)) {
		text = nothing
	}
	return Message{Text: text, Blocks: kept}
}

// limitBlocks gives the first blocks that are not nil, at most n of them with at most chars characters of text. A block
// id that was there before is made distinct: Slack refuses a message or view that has one twice.
func limitBlocks(b []slack.Block, n, chars int) []slack.Block {
	kept := make([]slack.Block, 0, len(b))
	seen := make(map[string]bool, len(b))
	for _, block := range b {
		if block != nil {
			kept = append(kept, withDistinctID(block, seen))
		}
	}
	if fit := fitting(kept, n, chars); fit < len(kept) {
		fit = fitting(kept, n-1, chars-len(andMore(len(kept))))
		kept = append(kept[:fit:fit], Context(andMore(len(kept)-fit)))
	}
	return kept
}

// fitting counts the first blocks that are at most n and have at most chars characters of text.
func fitting(b []slack.Block, n, chars int) int {
	for i, block := range b {
		if chars -= textSize(block); i == n || chars < 0 {
			return i
		}
	}
	return len(b)
}

// withDistinctID gives the block, or a copy with another id when the id is taken.
func withDistinctID(block slack.Block, seen map[string]bool) slack.Block {
	id := block.ID()
	if id == "" || !seen[id] {
		seen[id] = true
		return block
	}
	for n := 2; seen[id]; n++ {
		suffix := "~" + strconv.Itoa(n)
		id = cutValue(block.ID(), maxID-len(suffix)) + suffix
	}
	seen[id] = true
	switch b := block.(type) {
	case *slack.ActionBlock:
		other := *b
		other.BlockID = id
		return &other
	case *slack.InputBlock:
		other := *b
		other.BlockID = id
		return &other
	}
	return block
}
