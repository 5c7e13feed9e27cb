package blocks

import (
	"strconv"
	"strings"

	"github.com/slack-go/slack"
)

// NewMessage makes a message that Slack accepts: text of at most 4,000 characters, at most 50 blocks (what is over is
// counted in a last line), nil blocks passed over. Without text the blocks' own text is taken, as the text alone has to
// tell the story. Making a message of a message's parts again changes nothing.
func NewMessage(text Mrkdwn, b ...slack.Block) Message {
	kept := limitBlocks(b, maxMessageBlocks)
	if blank(string(text)) {
		text = blocksText(kept)
	}
	if text = CutMrkdwn(Mrkdwn(tidy(string(text))), MaxMessageText); blank(string(text)) {
		text = nothing
	}
	return Message{Text: text, Blocks: kept}
}

// limitBlocks gives the first n blocks that are not nil. A block id that was there before is made distinct: Slack
// refuses a message or view that has one twice.
func limitBlocks(b []slack.Block, n int) []slack.Block {
	kept := make([]slack.Block, 0, min(len(b), n))
	seen := make(map[string]bool, len(b))
	left := 0
	for _, block := range b {
		switch {
		case block == nil:
		case len(kept) < n:
			kept = append(kept, withDistinctID(block, seen))
		default:
			left++
		}
	}
	if left > 0 {
		kept[n-1] = Context(andMore(left + 1))
	}
	return kept
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

// blocksText collects the text that blocks show.
func blocksText(b []slack.Block) Mrkdwn {
	var lines []string
	add := func(t *slack.TextBlockObject) {
		switch {
		case t == nil:
		case t.Type == slack.MarkdownType:
			lines = append(lines, t.Text)
		default:
			lines = append(lines, string(Escape(t.Text)))
		}
	}
	for _, block := range b {
		switch b := block.(type) {
		case *slack.HeaderBlock:
			add(b.Text)
		case *slack.SectionBlock:
			add(b.Text)
			for _, f := range b.Fields {
				add(f)
			}
		case *slack.ContextBlock:
			for _, e := range b.ContextElements.Elements {
				if t, ok := e.(*slack.TextBlockObject); ok {
					add(t)
				}
			}
		}
	}
	return Mrkdwn(strings.Join(lines, "\n"))
}
