package blocks

import (
	"strings"
	"unicode/utf8"

	"github.com/slack-go/slack"
)

// eachText calls yield with the text objects that a block of this package shows, in reading order. said tells texts
// that tell something from those that name what can be done (labels of buttons and options).
func eachText(block slack.Block, yield func(t *slack.TextBlockObject, said bool)) {
	switch b := block.(type) {
	case *slack.HeaderBlock:
		yield(b.Text, true)
	case *slack.SectionBlock:
		yield(b.Text, true)
		for _, f := range b.Fields {
			yield(f, true)
		}
		if b.Accessory != nil {
			eachElementText(b.Accessory.ButtonElement, yield)
			eachElementText(b.Accessory.SelectElement, yield)
		}
	case *slack.ContextBlock:
		for _, e := range b.ContextElements.Elements {
			if t, ok := e.(*slack.TextBlockObject); ok {
				yield(t, true)
			}
		}
	case *slack.ActionBlock:
		if b.Elements == nil {
			return
		}
		for _, e := range b.Elements.ElementSet {
			eachElementText(e, yield)
		}
	case *slack.InputBlock:
		yield(b.Label, false)
		yield(b.Hint, false)
		eachElementText(b.Element, yield)
	}
}

func eachElementText(element slack.BlockElement, yield func(t *slack.TextBlockObject, said bool)) {
	switch e := element.(type) {
	case *slack.ButtonBlockElement:
		if e != nil {
			yield(e.Text, false)
		}
	case *slack.SelectBlockElement:
		if e != nil {
			eachOption(e.Options, yield)
		}
	case *slack.CheckboxGroupsBlockElement:
		eachOption(e.Options, yield)
	}
}

func eachOption(options []*slack.OptionBlockObject, yield func(t *slack.TextBlockObject, said bool)) {
	for _, o := range options {
		yield(o.Text, false)
	}
}

// textSize counts the characters that a block shows.
func textSize(block slack.Block) int {
	n := 0
	eachText(block, func(t *slack.TextBlockObject, _ bool) {
		if t != nil {
			n += utf8.RuneCountInString(t.Text)
		}
	})
	return n
}

// blocksText collects what blocks tell.
func blocksText(b []slack.Block) Mrkdwn {
	var lines []string
	for _, block := range b {
		eachText(block, func(t *slack.TextBlockObject, said bool) {
			switch {
			case t == nil || !said:
			case t.Type == slack.MarkdownType:
				lines = append(lines, t.Text)
			default:
				lines = append(lines, string(Escape(t.Text)))
			}
		})
	}
	return Mrkdwn(strings.Join(lines, "\n"))
}
